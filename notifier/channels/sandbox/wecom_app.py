"""WeCom's self-built app as it answers: who is not reached is named under errcode 0, or not at all.

What one person gets above 30 a minute or 1,000 an hour is dropped without a word.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import NAMESPACE_URL, uuid5

from notifier.channels.sandbox.meters import Meter
from notifier.channels.sandbox.rules import Call, Reply, Shown, Simulated, links, strings, table
from notifier.channels.sandbox.wecom_corp import TOKEN_ROUTE, CorpApp, said, unknown
from notifier.channels.wecom_app import (
    MARKDOWN_BYTES,
    MEMBER_LIMITS,
    PLATFORM,
    RECEIVERS,
    SEND_PATH,
    UPDATE_PATH,
)
from notifier.channels.wecom_card import BUTTONS, KEY_BYTES

_TEXT_BYTES = 2048
_CODE_LIVES = timedelta(hours=72)
_TASK = re.compile(r"[0-9A-Za-z_@-]{1,128}")
_CARD_SIZES = {"title": 128, "description": 512, "url": 2048}
_UPDATE = "update_template_card"
_REACHED_ALL = ("@all",)


@dataclass(frozen=True, slots=True)
class _Content:
    """What a message says, as the person sees it."""

    text: str
    title: str = ""
    task: str = ""
    links: tuple[str, ...] = ()
    buttons: tuple[tuple[str, str], ...] = ()


@dataclass(slots=True)
class App(CorpApp):
    """One simulated app and what its users have had of it."""

    received: dict[str, tuple[Meter, ...]] = field(default_factory=dict)
    cards: dict[str, datetime] = field(default_factory=dict)  # by response_code
    tasks: set[str] = field(default_factory=set)

    def take(self, call: Call, body: Mapping[str, object]) -> Reply:
        """Give the answer to a message or to the change of a card."""
        if str(body.get("agentid")) != self.credentials.app:
            return said(301002, "not allow operate another agent with this accesstoken")
        return self._send(call, body) if call.path.endswith(SEND_PATH) else self._update(call, body)

    def remember(self, shown: Shown) -> None:
        """Keep who has had how much, and which cards can still be changed."""
        if shown.msgtype == _UPDATE:
            self.cards.pop(self._code(shown.uuid), None)
            return
        for account in shown.to:
            for meter in self._meters(account):
                meter.calls.append(shown.at)
        if shown.uuid:
            self.tasks.add(shown.uuid)
            self.cards[self._code(shown.uuid)] = shown.at

    def _send(self, call: Call, body: Mapping[str, object]) -> Reply:
        named = tuple(filter(None, str(body.get("touser", "")).split("|")))
        if not named or len(named) > RECEIVERS:
            return said(40058, f"touser exceed max count {RECEIVERS}" if named else "no receiver")
        msgtype = str(body.get("msgtype", ""))
        content = _content(msgtype, table(body, msgtype))
        if isinstance(content, Reply):
            return content
        if content.task in self.tasks:
            return said(40058, "template_card.task_id is used already")
        strange = tuple(account for account in named if self._is_strange(account))
        if len(strange) == len(named):
            return said(81013, "user & party & tag all invalid")
        reached = [account for account in named if account not in strange]
        return self._deliver(call, msgtype, content, tuple(reached), strange)

    def _deliver(
        self,
        call: Call,
        msgtype: str,
        content: _Content,
        known: Sequence[str],
        strange: Sequence[str],
    ) -> Reply:
        taken = tuple(account for account in known if self._has_room(account, call.now))
        shown = Shown(
            call.now,
            PLATFORM,
            msgtype,
            content.text,
            content.title,
            links=content.links,
            uuid=content.task,
            to=taken,
            buttons=content.buttons,
        )
        card = {"response_code": self._code(content.task)} if content.task else {}
        invalid = "|".join(account.lower() for account in strange)
        msgid = uuid5(NAMESPACE_URL, f"{call.now.isoformat()}{known}{content.text}").hex
        reply = said(0, invaliduser=invalid, unlicenseduser="", msgid=msgid, **card)
        return Reply(reply.body, shown=shown if taken else None)

    def _update(self, call: Call, body: Mapping[str, object]) -> Reply:
        code = str(body.get("response_code", ""))
        sent = self.cards.get(code)
        if sent is None or call.now > sent + _CODE_LIVES:
            return said(40035, "invalid response_code")  # the real number is not documented
        words = str(table(body, "button").get("replace_name", ""))
        if not words:
            return said(40058, "button.replace_name is empty")
        task = next(task for task in self.tasks if self._code(task) == code)
        to = strings(body, "userids") or _REACHED_ALL
        shown = Shown(call.now, PLATFORM, _UPDATE, words, uuid=task, to=to)
        return Reply(said(0, invaliduser="").body, shown=shown)

    def _is_strange(self, account: str) -> bool:
        return account.lower() in {stranger.lower() for stranger in self.strangers}

    def _has_room(self, account: str, now: datetime) -> bool:
        return not any(meter.is_full(now) for meter in self._meters(account))

    def _meters(self, account: str) -> tuple[Meter, ...]:
        fresh = tuple(Meter(limit) for limit in MEMBER_LIMITS)
        return self.received.setdefault(account.lower(), fresh)

    def _code(self, task: str) -> str:
        return uuid5(NAMESPACE_URL, f"{self.credentials.secret}/{task}").hex


def _content(msgtype: str, inner: Mapping[str, object]) -> _Content | Reply:
    """Give what the person would see, or the refusal."""
    if msgtype in {"text", "markdown"}:
        return _words(msgtype, str(inner.get("content", "")))
    if msgtype == "textcard":
        return _textcard({key: str(inner.get(key, "")) for key in _CARD_SIZES})
    if msgtype == "template_card":
        return _card(inner)
    return said(40008, "invalid message type")


def _words(msgtype: str, content: str) -> _Content | Reply:
    if not content:
        return said(44004, "empty content")
    if msgtype == "markdown" and len(content.encode()) > MARKDOWN_BYTES:
        return said(40058, f"markdown.content exceed max length {MARKDOWN_BYTES}")
    text = content.encode()[:_TEXT_BYTES].decode("utf-8", "ignore")  # what is over is cut
    return _Content(text, links=links(text))


def _textcard(inner: Mapping[str, str]) -> _Content | Reply:
    for key, size in _CARD_SIZES.items():
        if not inner[key]:
            return said(40058, f"textcard.{key} missing")
        if len(inner[key].encode()) > size:
            return said(40058, f"textcard.{key} exceed max length {size}")
    return _Content(inner["description"], inner["title"], links=(inner["url"],))


def _card(inner: Mapping[str, object]) -> _Content | Reply:
    if inner.get("card_type") != "button_interaction":
        return said(40058, "template_card.card_type invalid")
    title = str(table(inner, "main_title").get("title", ""))
    task = str(inner.get("task_id", ""))
    found = inner.get("button_list")
    buttons = tuple(
        (str(one.get("text", "")), str(one.get("key", "")))
        for one in (found if isinstance(found, list) else [])
        if isinstance(one, dict)
    )
    wrong = _wrong_card(title, task, buttons)
    if wrong:
        return said(40058, f"template_card.{wrong}")
    action = str(table(inner, "card_action").get("url", ""))
    text = str(inner.get("sub_title_text", ""))
    return _Content(text, title, task, (action,) if action else (), buttons)


def _wrong_card(title: str, task: str, buttons: tuple[tuple[str, str], ...]) -> str:
    keys = {key for _, key in buttons}
    if not title:
        return "main_title missing"
    if not _TASK.fullmatch(task):
        return "task_id invalid"
    if not 0 < len(buttons) <= BUTTONS or len(keys) < len(buttons):
        return "button_list invalid"
    if any(not text or not 0 < len(key.encode()) <= KEY_BYTES for text, key in buttons):
        return "button_list.key invalid"
    return ""


SIMULATED = Simulated(
    PLATFORM,
    (TOKEN_ROUTE, ("POST", SEND_PATH), ("POST", UPDATE_PATH)),
    App,
    unknown,
)
