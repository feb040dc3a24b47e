"""A message as a mail: subject, plain text, HTML with the link, and an id that retries share."""

import hashlib
import html
import re
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from notifier.messages import Form, Message, escape, marked, render, shorten

TEXT_BYTES = 20_000
_SUBJECT_BYTES = 200
_CODE = re.compile(r"[A-Za-z0-9]{1,40}")
_FORM = Form("plain.jinja", escape.plain, lambda _: "")
_ANSWER = "点此答复："


def fits(message: Message) -> bool:
    """Tell whether a mail holds all of it, with every mark it may ever need."""
    return len(message.sections) == 1 and _is_short(render(marked(message), _FORM))


def compose(message: Message, sender: str, recipient: str, now: datetime) -> EmailMessage | None:
    """Give the mail, cut to fit; None where not even names and links fit."""
    text = shorten(message, _FORM, _is_short)
    if text is None:
        return None
    mail = EmailMessage(policy=SMTP)
    mail["From"] = Address(addr_spec=sender)
    mail["To"] = Address(addr_spec=recipient)
    mail["Subject"] = escape.clip(text.partition("\n")[0], _SUBJECT_BYTES)
    mail["Date"] = format_datetime(now)
    mail["Message-ID"] = message_id(message.code, sender)
    mail["Auto-Submitted"] = "auto-generated"  # no notice of somebody's holiday answers it
    mail.set_content(f"{text}\n", cte="base64")
    mail.add_alternative(_page(text), subtype="html", cte="base64")
    mail.set_boundary(f"=_{_digest(message.code)}")
    return mail


def message_id(code: str, sender: str) -> str:
    """Give the id that is the same each time a message is sent again.

    >>> message_id("K7M2QWER", "anwei@qx.example")
    '<K7M2QWER.jiaoying@qx.example>'
    """
    name = code if _CODE.fullmatch(code) else _digest(code)
    return f"<{name}.jiaoying@{sender.rpartition('@')[2]}>"


def _page(text: str) -> str:
    """Give the text as HTML, its last line as a link to tap."""
    body = "<br>\n".join(map(_line, text.splitlines()))
    return f'<!doctype html>\n<html lang="zh"><body>\n<p>{body}</p>\n</body></html>\n'


def _line(line: str) -> str:
    address = line.removeprefix(_ANSWER) if line.startswith(_ANSWER) else ""
    link = escape.link(address)
    return f'<a href="{html.escape(link)}">点此答复</a>' if link else html.escape(line)


def _digest(code: str) -> str:
    return hashlib.sha256(code.encode("utf-8", "replace")).hexdigest()[:32]


def _is_short(text: str) -> bool:
    return len(text.encode()) <= TEXT_BYTES
