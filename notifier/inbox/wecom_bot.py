"""WeCom's AI bot over its long connection: what people say to it and press, and a way to answer.

Only one connection of a bot may live. The platform throws out the older one, so two programs with
one bot throw out each other: who is thrown out says so and waits a minute.
"""

import asyncio
import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from enum import Enum
from uuid import uuid4

from websockets.asyncio.client import ClientConnection
from websockets.exceptions import ConnectionClosed

from notifier.channels.subscriptions import Silence, Subscriptions
from notifier.channels.wecom_bot import CLOSED_KEY
from notifier.channels.wire import Answer, encode, read_object, redact, rows
from notifier.inbox.intake import Intake
from notifier.inbox.letters import part_of, text_of
from notifier.inbox.protocol import Incoming
from notifier.inbox.sockets import open_socket

SUBSCRIBE = "aibot_subscribe"
HEARTBEAT = "ping"
MESSAGE = "aibot_msg_callback"
EVENT = "aibot_event_callback"
KICKED = "disconnected_event"
PRESSED = "template_card_event"
MISSED = 2
_TOO_OFTEN = 45009
_MENTION = re.compile(r"(?<![A-Za-z0-9._%+-])@\S+")
_ID = re.compile(r"\S{1,512}")
_UNSPOKEN = {"image": "[图片]", "file": "[文件]", "video": "[视频]"}


@dataclass(frozen=True, slots=True)
class Bot:
    """Whom we listen as: the bot's id and secret, where, and its name in groups if it is known."""

    id: str
    secret: str = field(repr=False)
    url: str
    name: str = ""


class Ending(Enum):
    """How a connection ended."""

    LOST = "lost"
    UNREACHED = "unreached"
    KICKED = "kicked"
    SLOWED = "slowed"
    REFUSED = "refused"


@dataclass(slots=True)
class _Life:
    """One connection from its opening to its end."""

    missed: int = 0
    is_proven: bool = False
    ending: Ending = Ending.LOST
    refusal: Answer = field(default_factory=lambda: Answer(0))


@dataclass(slots=True)
class WecomBotListener:
    """Holds a bot's one connection, for ever, and lets the bot's channels speak over it."""

    bot: Bot
    subscriptions: Subscriptions
    intake: Intake
    _waiting: dict[str, "asyncio.Future[Answer | Silence]"] = field(default_factory=dict)
    _socket: ClientConnection | None = None

    async def listen(self) -> None:
        """Listen until cancelled; what is being stored then is still stored."""
        losses = 0
        try:
            while True:
                life = await self._live()
                losses = 1 if life.is_proven else losses + 1
                if life.ending is not Ending.LOST or losses > 1:
                    self.intake.tell(self._words(life))
                await self.intake.pace.rest(self._pause(life, losses))
        finally:
            await self.intake.settle()

    def _pause(self, life: _Life, losses: int) -> float:
        pace = self.intake.pace
        is_told_to_wait = life.ending in (Ending.KICKED, Ending.SLOWED)
        return pace.longest if is_told_to_wait else pace.growing(losses)

    async def ask(self, cmd: str, body: Mapping[str, object], req_id: str = "") -> Answer | Silence:
        """Send one command over the living connection and give its answer."""
        if self._socket is None:
            return Silence.UNSENT
        return await self._exchange(self._socket, cmd, body, req_id)

    async def _live(self) -> _Life:
        """Live one connection through to its end."""
        life = _Life()
        socket = await open_socket(self.bot.url, self.intake.pace, pings=False)
        if socket is None:
            life.ending = Ending.UNREACHED
            return life
        keeper = asyncio.create_task(self._keep(socket, life))
        try:
            with suppress(ConnectionClosed):  # its end is what we wait for
                async with socket:
                    try:
                        await self._hear(socket, life)
                    finally:
                        self._part()
        finally:
            keeper.cancel()
            await asyncio.wait((keeper,))
            self._part()  # it may have come to life while it was closing
        if not keeper.cancelled():
            keeper.result()
        return life

    async def _keep(self, socket: ClientConnection, life: _Life) -> None:
        """Subscribe, then beat until two beats stay unanswered."""
        keys = {"bot_id": self.bot.id, "secret": self.bot.secret}
        told = await self._exchange(socket, SUBSCRIBE, keys)
        if isinstance(told, Answer) and told.code == 0:
            self._socket = socket
            self.subscriptions.hold(self.bot.id, self)
            with suppress(ConnectionClosed):
                await self._beat(socket, life)
        elif isinstance(told, Answer):
            life.refusal = told
            life.ending = Ending.SLOWED if told.code == _TOO_OFTEN else Ending.REFUSED
        await socket.close()

    async def _beat(self, socket: ClientConnection, life: _Life) -> None:
        while True:
            await self.intake.pace.rest(self.intake.pace.heartbeat)
            if life.missed == MISSED:
                return
            life.missed += 1
            await socket.send(_frame(HEARTBEAT, _new_id(HEARTBEAT), None))

    async def _hear(self, socket: ClientConnection, life: _Life) -> None:
        async for raw in socket:
            frame = read_object(raw)
            if frame is None:
                continue
            req_id = text_of(part_of(frame, "headers"), "req_id")
            match text_of(frame, "cmd"):
                case "":
                    self._answered(life, req_id, frame)
                case command if command in (MESSAGE, EVENT):
                    if text_of(part_of(part_of(frame, "body"), "event"), "eventtype") == KICKED:
                        life.ending = Ending.KICKED
                        return
                    self._prove(life)
                    await self._take(command, req_id, part_of(frame, "body"))

    async def _take(self, command: str, req_id: str, body: Mapping[str, object]) -> None:
        if command == EVENT:
            incoming = read_press(self.intake.way, req_id, body)
            task = text_of(part_of(part_of(body, "event"), PRESSED), "task_id")
            self.subscriptions.pressed(req_id, task)
        else:
            incoming = read_message(self.intake.way, req_id, body, self.bot.name)
        if incoming:
            await self.intake.take(incoming)

    def _prove(self, life: _Life) -> None:
        """Know that the connection is good, not just open."""
        life.is_proven = True
        self.intake.tell("")

    def _answered(self, life: _Life, req_id: str, frame: Mapping[str, object]) -> None:
        code = frame.get("errcode")
        if type(code) is not int:
            return
        if req_id.startswith(HEARTBEAT) and code == 0:
            life.missed = 0
            self._prove(life)
        waiting = self._waiting.get(req_id)
        if waiting and not waiting.done():
            waiting.set_result(Answer(code, text_of(frame, "errmsg"), frame))

    async def _exchange(
        self, socket: ClientConnection, cmd: str, body: Mapping[str, object], req_id: str = ""
    ) -> Answer | Silence:
        req_id = req_id or _new_id(cmd)
        while req_id in self._waiting:  # the platform tells two answers to one event not apart
            await asyncio.wait((self._waiting[req_id],))
            await asyncio.sleep(0)
        waiting: asyncio.Future[Answer | Silence] = asyncio.get_running_loop().create_future()
        self._waiting[req_id] = waiting
        try:
            async with asyncio.timeout(self.intake.pace.answer):
                await socket.send(_frame(cmd, req_id, body))
                return await waiting
        except (TimeoutError, ConnectionClosed):
            return Silence.UNANSWERED
        finally:
            del self._waiting[req_id]

    def _part(self) -> None:
        """Let nobody speak over the connection any more, nor wait for its answers."""
        self._socket = None
        self.subscriptions.release(self.bot.id, self)
        for waiting in self._waiting.values():
            if not waiting.done():
                waiting.set_result(Silence.UNANSWERED)

    def _words(self, life: _Life) -> str:
        told = redact(life.refusal.words, (self.bot.secret, self.bot.id)) or "没有说明"
        return {
            Ending.LOST: "长连接一连上就断，收不到答复；程序会一直重试",
            Ending.UNREACHED: "长连接连不上，收不到答复也发不出消息。请检查网络和代理；"
            "程序会一直重试",
            Ending.KICKED: "另一个程序用同一个机器人连了上去，本机被挤下线，一分钟后再连。"
            "同一个机器人只能由一台机器连接，请停掉另一个",
            Ending.SLOWED: "连得太频繁，平台要求一分钟后再连",
            Ending.REFUSED: f"平台不让机器人上线（错误码{life.refusal.code}：{told}）。"
            "请核对机器人的编号（Bot ID）和Secret；程序会一直重试",
        }[life.ending]


def read_message(
    way: str, req_id: str, body: Mapping[str, object], name: str = ""
) -> Incoming | None:
    """Give what somebody said, None where nobody said anything we could keep.

    What he quotes stands apart in the body and is left out: these are not his words.

    >>> said = {"msgid": "m1", "from": {"userid": "zhoumin"}, "chatid": "wr1", "chattype": "group",
    ...         "msgtype": "text", "text": {"content": "@应急助手 收到，马上转移"}}
    >>> read_message("值班机器人", "r1", said).text
    '收到，马上转移'
    """
    account, mark = text_of(part_of(body, "from"), "userid"), text_of(body, "msgid") or req_id
    if not (_ID.fullmatch(account) and _ID.fullmatch(mark)):
        return None
    is_group = text_of(body, "chattype") == "group"
    text = _said(body)
    return Incoming(
        mark,
        way,
        account,
        own_words(text, name) if is_group else text.strip(),
        conversation=text_of(body, "chatid") if is_group else "",
    )


def read_press(way: str, req_id: str, body: Mapping[str, object]) -> Incoming | None:
    """Give the button that somebody pressed, None for any other event and for a closed card."""
    event = part_of(body, "event")
    pressed, account = part_of(event, PRESSED), text_of(part_of(body, "from"), "userid")
    key, mark = text_of(pressed, "event_key"), text_of(body, "msgid") or req_id
    if text_of(event, "eventtype") != PRESSED or not key or key == CLOSED_KEY:
        return None
    if not (_ID.fullmatch(account) and _ID.fullmatch(mark)):
        return None
    is_group = text_of(body, "chattype") == "group"
    chat = text_of(body, "chatid") if is_group else ""
    return Incoming(mark, way, account, key=key, conversation=chat, reference=req_id)


def own_words(text: str, name: str = "") -> str:
    """Give what was said in a group without the bot's name.

    Whoever speaks in a group has to name the bot, so a single @ is the bot's wherever it stands;
    of several, the first one is.

    >>> own_words("@应急助手 @李四 你去看一下"), own_words("收到 @应急助手")
    ('@李四 你去看一下', '收到')
    """
    called = f"@{name}"
    start = text.find(called) if name else -1
    if start < 0:
        found = _MENTION.search(text)
        start, called = (found.start(), found[0]) if found else (0, "")
    return f"{text[:start].rstrip()} {text[start + len(called) :].lstrip()}".strip()


def _said(body: Mapping[str, object]) -> str:
    kind = text_of(body, "msgtype")
    if kind == "mixed":
        return " ".join(map(_said, rows(part_of(body, "mixed"), "msg_item")))
    if kind in ("text", "voice"):
        return text_of(part_of(body, kind), "content")
    return _UNSPOKEN.get(kind, "[其他]")


def _frame(cmd: str, req_id: str, body: Mapping[str, object] | None) -> str:
    frame: dict[str, object] = {"cmd": cmd, "headers": {"req_id": req_id}}
    return encode(frame if body is None else {**frame, "body": body}).decode()


def _new_id(cmd: str) -> str:
    return f"{cmd}_{uuid4().hex}"
