"""WeCom's card with buttons (模板卡片，按钮交互型): what is sent, and what it has room for."""

import re
from hashlib import sha256

from notifier.channels.outcomes import Refusals
from notifier.channels.protocol import FailureKind, Message
from notifier.channels.wire import Answer
from notifier.messages import Form, escape, render, shorten
from notifier.messages.model import Button

BUTTONS = 6
KEY_BYTES = 1024
TITLE_LETTERS = 36  # what a phone shows of a card: the platform advises, it does not enforce
WORDS_LETTERS = 160
BUTTON_LETTERS = 10
_TASK = re.compile(r"[0-9A-Za-z_@-]{1,64}")
LINES = Form("lines.jinja", escape.plain, lambda _: "")


def is_card(message: Message) -> bool:
    """Tell whether it goes as a card: to one person, with buttons that the platform takes.

    What a card has no room for is better read whole, as long as a link takes the answer.
    """
    keys = [button.key for button in message.buttons]
    return (
        len(message.sections) == 1
        and 0 < len(keys) == len(set(keys)) <= BUTTONS
        and all(_is_good(button) for button in message.buttons)
        and (holds(message) or not _link(message))
    )


def holds(message: Message) -> bool:
    """Tell whether all its words have room in a card."""
    return len(render(message, LINES)) <= WORDS_LETTERS and len(_title(message)) <= TITLE_LETTERS


def card(message: Message) -> dict[str, object]:
    """Give the body; a tap beside the buttons opens the person's own link."""
    words = shorten(message, LINES, lambda text: len(text) <= WORDS_LETTERS)
    link = _link(message)
    tap = {"card_action": {"type": 1, "url": link}} if link else {}
    return {
        "msgtype": "template_card",
        "template_card": {
            "card_type": "button_interaction",
            "main_title": {"title": escape.cut(_title(message), TITLE_LETTERS)},
            "sub_title_text": words or "",
            **tap,
            "task_id": _task(message),
            "button_list": [
                {
                    "text": escape.cut(escape.plain(button.text), BUTTON_LETTERS),
                    "style": 1,
                    "key": button.key,
                }
                for button in message.buttons
            ],
        },
    }


def is_refused(answer: Answer, refusals: Refusals) -> bool:
    """Tell whether the platform minds the card itself, not the receiver, the bot or the pace."""
    if not answer.code:
        return False
    refusal = refusals.get(answer.code)
    return refusal is None or (refusal.kind is FailureKind.PERMANENT and not refusal.closed)


def _is_good(button: Button) -> bool:
    """Tell whether there is something to read on it, and a key that comes back as it went."""
    key = button.key.encode("utf-8", "replace")
    as_it_went = key.decode() == button.key
    return bool(escape.plain(button.text)) and as_it_went and 0 < len(key) <= KEY_BYTES


def _title(message: Message) -> str:
    marks = "〔重发〕" * message.repeated + "〔迟发〕" * message.late
    return f"{marks}【{escape.plain(message.title)}】"


def _link(message: Message) -> str:
    return escape.link(message.sections[0].recipient.link)


def _task(message: Message) -> str:
    """Give the card's number, which an app may use once: a message sent again needs another."""
    code = message.code
    if not _TASK.fullmatch(code):
        code = sha256(code.encode("utf-8", "replace")).hexdigest()[:32]
    return f"{code}-2" if message.repeated else code
