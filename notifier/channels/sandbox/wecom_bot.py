"""WeCom's AI bot as it answers, and a long connection to it that never breaks.

Everybody here has spoken to the bot already; whoever is estranged has not.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

import httpx

from notifier.channels.sandbox.meters import Meter
from notifier.channels.sandbox.rules import Bot, Call, Reply, Shown, Simulated, links, table
from notifier.channels.sandbox.wecom_corp import said
from notifier.channels.subscriptions import Silence
from notifier.channels.wecom_bot import MARKDOWN_BYTES, MEMBER_LIMITS, PLATFORM, SEND
from notifier.channels.wecom_card import BUTTONS, KEY_BYTES
from notifier.channels.wire import Answer, encode

ROUTE = "/aibot/"
NEVER_SPOKEN = 846607  # the real number is not documented


@dataclass(frozen=True, slots=True)
class Line:
    """A connection that turns each command into a request to the sandbox."""

    client: httpx.AsyncClient = field(repr=False)
    base: str
    bot: str = field(repr=False)

    async def ask(self, cmd: str, body: Mapping[str, object], req_id: str = "") -> Answer | Silence:
        """Give the simulated bot's answer."""
        frame = {"cmd": cmd, "headers": {"req_id": req_id}, "body": body}
        url = f"{self.base}{ROUTE}{self.bot}"
        try:
            told = (await self.client.post(url, content=encode(frame))).json()
        except httpx.HTTPError:
            return Silence.UNANSWERED
        return Answer(int(told["errcode"]), str(told["errmsg"]), told)


@dataclass(slots=True)
class AiBot(Bot):
    """One simulated AI bot and what people have had of it."""

    received: dict[str, tuple[Meter, ...]] = field(default_factory=dict)
    tasks: set[str] = field(default_factory=set)

    def answer(self, call: Call) -> Reply | None:
        """Give the answer to a command where the connection is this bot's."""
        if not call.path.endswith(f"{ROUTE}{self.credentials.account}"):
            return None
        if self.removed:
            return said(93019, "invalid bot_id")
        if self.refusal:
            return said(int(self.refusal.code), self.refusal.words)
        if call.fields.get("cmd") != SEND:
            return said(846605, "invalid req_id")  # nobody presses or says anything here
        return self._send(call.now, table(call.fields, "body"))

    def remember(self, shown: Shown) -> None:
        """Keep who has had how much, and which cards there are."""
        for account in shown.to:
            for meter in self._meters(account):
                meter.calls.append(shown.at)
        if shown.uuid:
            self.tasks.add(shown.uuid)

    def _send(self, now: datetime, body: Mapping[str, object]) -> Reply:
        account, kind = str(body.get("chatid", "")), str(body.get("msgtype", ""))
        if account.lower() in {stranger.lower() for stranger in self.strangers} or not account:
            return said(NEVER_SPOKEN, "user has not sent message to the bot")
        if any(meter.is_full(now) for meter in self._meters(account)):
            return said(45009, "api freq out of limit")
        if kind == "markdown":
            return _markdown(now, account, str(table(body, kind).get("content", "")))
        if kind == "template_card":
            return self._card(now, account, table(body, kind))
        return said(40008, "invalid message type")

    def _card(self, now: datetime, account: str, card: Mapping[str, object]) -> Reply:
        task, title = str(card.get("task_id", "")), table(card, "main_title").get("title")
        buttons = _buttons(card.get("button_list"))
        keys = {key for _, key in buttons}
        if not title or not task or task in self.tasks:
            return said(40058, "template_card.task_id or main_title invalid")
        if not 0 < len(buttons) == len(keys) <= BUTTONS or any(
            not 0 < len(key.encode()) <= KEY_BYTES for key in keys
        ):
            return said(40058, "template_card.button_list invalid")
        link = str(table(card, "card_action").get("url", ""))
        shown = Shown(
            now,
            PLATFORM,
            "template_card",
            str(card.get("sub_title_text", "")),
            str(title),
            links=(link,) if link else (),
            uuid=task,
            to=(account,),
            buttons=buttons,
        )
        return Reply(said(0).body, shown=shown)

    def _meters(self, account: str) -> tuple[Meter, ...]:
        fresh = tuple(Meter(limit) for limit in MEMBER_LIMITS)
        return self.received.setdefault(account.lower(), fresh)


def _markdown(now: datetime, account: str, text: str) -> Reply:
    if not text:
        return said(44004, "empty content")
    if len(text.encode()) > MARKDOWN_BYTES:
        return said(40058, f"markdown.content exceed max length {MARKDOWN_BYTES}")
    shown = Shown(now, PLATFORM, "markdown", text, links=links(text), to=(account,))
    return Reply(said(0).body, shown=shown)


def _buttons(found: object) -> tuple[tuple[str, str], ...]:
    rows = found if isinstance(found, list) else []
    return tuple(
        (str(one.get("text", "")), str(one.get("key", ""))) for one in rows if isinstance(one, dict)
    )


SIMULATED = Simulated(
    PLATFORM,
    (("POST", ROUTE),),
    AiBot,
    lambda _: said(93019, "invalid bot_id"),
)
