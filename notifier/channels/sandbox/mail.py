"""A mail server without a network: it reads the mail as a reader's program would."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

import aiosmtplib
import httpx

from notifier.channels.mail import LIMIT, PLATFORM, Post, Progress
from notifier.channels.sandbox.meters import Meter
from notifier.channels.sandbox.rules import Bot, Call, Reply, Shown, Simulated, links


@dataclass(slots=True)
class Server(Bot):
    """One simulated mail server with one mailbox to send from."""

    meter: Meter = field(default_factory=lambda: Meter(LIMIT))

    def answer(self, call: Call) -> Reply | None:
        """Give the server's answer where the key in the path is its own."""
        if call.path.rpartition("/")[2] != self.credentials.account:
            return None
        if self.removed:
            return _unknown(call)
        if self.meter.overruns(call.now):
            return _said("sender", 451, "4.7.1 too many messages, slow down")
        if self.refusal:
            return _said("data", int(self.refusal.code), self.refusal.words)
        letter = message_from_bytes(call.content, policy=default)
        if str(letter["To"]) in self.strangers:
            return _said("recipient", 550, "5.1.1 no such user here")
        return _said("data", 250, "2.0.0 queued", _shown(call, letter))

    def remember(self, shown: Shown) -> None:
        """Keep nothing: a mail server knows no mail twice."""

    def recall(self, shown: Shown) -> None:
        """Keep when it sent: its limit outlives a restart."""
        self.meter.calls.append(shown.at)

    def busy(self) -> Reply:
        """Give the answer of a server that could not take the mail and wants it again."""
        return _said("data", 451, "4.3.0 try again")


def post_to(client: httpx.AsyncClient, url: str) -> Post:
    """Give the way to hand a mail to the simulated server."""

    async def post(letter: EmailMessage, progress: Progress) -> str:
        progress.under_way = True
        found = await client.post(url, content=letter.as_bytes())
        return _heard(found.json(), letter)

    return post


def _heard(answer: Mapping[str, object], letter: EmailMessage) -> str:
    code, words = int(str(answer["code"])), str(answer["words"])
    if code // 100 == 2:  # noqa: PLR2004 -- SMTP's yes
        return words
    match answer["stage"]:
        case "login":
            raise aiosmtplib.SMTPAuthenticationError(code, words)
        case "sender":
            raise aiosmtplib.SMTPSenderRefused(code, words, str(letter["From"]))
        case "recipient":
            raise aiosmtplib.SMTPRecipientRefused(code, words, str(letter["To"]))
        case _:
            raise aiosmtplib.SMTPDataError(code, words)


def _shown(call: Call, letter: EmailMessage) -> Shown:
    body = letter.get_body(("plain",))
    text = "\n".join(str(body.get_content()).strip().splitlines()) if body else ""
    return Shown(
        call.now,
        PLATFORM,
        "mail",
        text,
        title=str(letter["Subject"]),
        links=links(text),
        uuid=str(letter["Message-ID"]),
        to=(str(letter["To"]),),
    )


def _unknown(_: Call) -> Reply:
    return _said("login", 535, "5.7.8 authentication failed")


def _said(stage: str, code: int, words: str, shown: Shown | None = None) -> Reply:
    return Reply({"stage": stage, "code": code, "words": words}, shown=shown)


SIMULATED = Simulated(PLATFORM, (("POST", "/mail/"),), Server, _unknown)
