"""WeCom's AI bot platform on this machine: what it documents, over a real WebSocket."""

import asyncio
import json
import logging
from collections import Counter
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from websockets.asyncio.server import Server, ServerConnection, serve
from websockets.exceptions import ConnectionClosed

MARKDOWN_BYTES = 20_480
PER_MINUTE = 30
UPDATE_WITHIN = 5
NEVER_SPOKEN = 846607
Frame = dict[str, Any]
_QUIET = logging.getLogger("tests.wecom_bot")
_QUIET.setLevel(logging.CRITICAL)


@dataclass
class BotPlatform:
    """Bots with their secrets, the one connection of each, and all that was said to the platform.

    ``now`` is the platform's clock in seconds; it stands until the test moves it.
    """

    bots: Mapping[str, str]
    now: float = 0.0
    is_mute: bool = False
    is_slow: bool = False
    answers: bool = True
    port: int = 0
    live: dict[str, ServerConnection] = field(default_factory=dict)
    spoken: set[tuple[str, str]] = field(default_factory=set)
    heard: list[Frame] = field(default_factory=list)
    shown: list[Frame] = field(default_factory=list)
    subscribed: Counter[str] = field(default_factory=Counter)
    _callbacks: dict[str, tuple[str, float, str]] = field(default_factory=dict)
    _tasks: set[str] = field(default_factory=set)
    _sends: dict[str, list[float]] = field(default_factory=dict)
    _changed: asyncio.Condition = field(default_factory=asyncio.Condition)
    _server: Server | None = None

    @property
    def url(self) -> str:
        return f"ws://127.0.0.1:{self.port}"

    async def start(self) -> None:
        self._server = await serve(
            self._attend, "127.0.0.1", self.port, ping_interval=None, logger=_QUIET
        )
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        assert self._server
        self._server.close()
        await self._server.wait_closed()
        self.live.clear()

    async def until(self, is_so: Callable[[], bool]) -> None:
        """Wait until something has come to be, looked at after everything that happens here."""
        async with self._changed:
            await self._changed.wait_for(is_so)

    async def until_live(self, bot: str, times: int = 1) -> None:
        await self.until(lambda: self.subscribed[bot] >= times and bot in self.live)

    async def until_beaten(self, times: int) -> None:
        await self.until(lambda: sum(one["cmd"] == "ping" for one in self.heard) >= times)

    async def until_shown(self, count: int) -> tuple[Frame, ...]:
        await self.until(lambda: len(self.shown) >= count)
        return tuple(self.shown)

    async def say(  # noqa: PLR0913 -- a message has as many sides
        self, bot: str, user: str, text: str, *, chat: str = "", mark: str = "", quote: str = ""
    ) -> str:
        """Let somebody say something to the bot; give the req_id."""
        body: Frame = {"msgtype": "text", "text": {"content": text}}
        if quote:
            body["quote"] = {"msgtype": "text", "text": {"content": quote}}
        return await self.bring(bot, user, body, chat=chat, mark=mark)

    async def bring(
        self, bot: str, user: str, body: Frame, *, chat: str = "", mark: str = ""
    ) -> str:
        self.spoken.add((bot, chat or user))
        envelope = self._envelope(bot, user, chat, mark)
        return await self._call_back(bot, "aibot_msg_callback", {**envelope, **body}, "")

    async def press(self, bot: str, user: str, task: str, key: str, *, mark: str = "") -> str:
        event = {"card_type": "button_interaction", "event_key": key, "task_id": task}
        body = {
            **self._envelope(bot, user, "", mark),
            "msgtype": "event",
            "event": {"eventtype": "template_card_event", "template_card_event": event},
        }
        return await self._call_back(bot, "aibot_event_callback", body, task)

    async def babble(self, bot: str, raw: str | bytes) -> None:
        await self.live[bot].send(raw)

    async def drop(self, bot: str) -> None:
        """Cut the line without a word."""
        connection = self.live.pop(bot)
        connection.transport.abort()

    def _envelope(self, bot: str, user: str, chat: str, mark: str) -> Frame:
        where = {"chattype": "group", "chatid": chat} if chat else {"chattype": "single"}
        return {
            "msgid": mark or uuid4().hex,
            "aibotid": bot,
            "from": {"userid": user},
            "create_time": 1_700_000_000,
            **where,
        }

    async def _call_back(self, bot: str, cmd: str, body: Frame, task: str) -> str:
        req_id = uuid4().hex
        self._callbacks[req_id] = (cmd, self.now, task)
        frame = {"cmd": cmd, "headers": {"req_id": req_id}, "body": body}
        await self.live[bot].send(json.dumps(frame, ensure_ascii=False))
        return req_id

    async def _attend(self, connection: ServerConnection) -> None:
        bot = ""
        try:
            async for raw in connection:
                frame: Frame = json.loads(raw)
                bot = await self._hear(connection, bot, frame)
        except ConnectionClosed:
            pass
        if self.live.get(bot) is connection:
            del self.live[bot]
        await self._notify()

    async def _hear(self, connection: ServerConnection, bot: str, frame: Frame) -> str:
        """Answer one command; give whose connection it is now."""
        if frame["cmd"] == "ping":
            code = 0 if bot else 846609
            answers = not self.is_mute
        elif frame["cmd"] == "aibot_subscribe":
            code = self._admit(frame["body"])
            answers = True
        else:
            code = self._do(bot, frame) if bot else 846609
            answers = self.answers
        if frame["cmd"] == "aibot_subscribe" and code == 0:
            bot = frame["body"]["bot_id"]
            await self._kick(self.live.get(bot))
            self.live[bot] = connection
        self.heard.append(frame)
        if answers:
            said = {
                "headers": frame["headers"],
                "errcode": code,
                "errmsg": "ok" if not code else "no",
            }
            await connection.send(json.dumps(said))
        if frame["cmd"] == "aibot_subscribe" and code == 0:
            self.subscribed[bot] += 1
        await self._notify()
        return bot

    def _admit(self, keys: Frame) -> int:
        if self.is_slow:
            return 45009
        if keys.get("bot_id") not in self.bots:
            return 93019
        return 0 if self.bots[keys["bot_id"]] == keys.get("secret") else 40001

    async def _kick(self, older: ServerConnection | None) -> None:
        if older is None:
            return
        body = {"msgtype": "event", "event": {"eventtype": "disconnected_event"}}
        frame = {"cmd": "aibot_event_callback", "headers": {"req_id": uuid4().hex}, "body": body}
        await older.send(json.dumps(frame))
        await older.close()

    def _do(self, bot: str, frame: Frame) -> int:
        code = {
            "aibot_send_msg": self._push,
            "aibot_respond_msg": self._reply,
            "aibot_respond_update_msg": self._update,
        }[frame["cmd"]](bot, frame)
        if code == 0:
            self.shown.append(frame)
        return code

    def _push(self, bot: str, frame: Frame) -> int:
        chat = frame["body"]["chatid"]
        if (bot, chat) not in self.spoken:
            return NEVER_SPOKEN
        recent = [at for at in self._sends.get(chat, []) if at > self.now - 60]
        if len(recent) >= PER_MINUTE:
            return 45009
        code = self._content(frame["body"])
        if code == 0:
            self._sends[chat] = [*recent, self.now]
        return code

    def _content(self, body: Frame) -> int:
        if body["msgtype"] == "markdown":
            size = len(body["markdown"]["content"].encode())
            return 0 if 0 < size <= MARKDOWN_BYTES else 40058
        if body["msgtype"] == "template_card":
            task = body["template_card"].get("task_id", "")
            if not task or task in self._tasks or "main_title" not in body["template_card"]:
                return 40058
            self._tasks.add(task)
            return 0
        return 0 if body["msgtype"] == "stream" else 40008

    def _reply(self, _bot: str, frame: Frame) -> int:
        cmd, _, _ = self._callbacks.get(frame["headers"]["req_id"], ("", 0.0, ""))
        return self._content(frame["body"]) if cmd == "aibot_msg_callback" else 846605

    def _update(self, _bot: str, frame: Frame) -> int:
        called = self._callbacks.pop(frame["headers"]["req_id"], ("", 0.0, ""))
        cmd, at, task = called
        if cmd != "aibot_event_callback" or self.now > at + UPDATE_WITHIN:
            return 846605
        body = frame["body"]
        is_good = body["response_type"] == "update_template_card"
        return 0 if is_good and body["template_card"]["task_id"] == task else 40058

    async def _notify(self) -> None:
        async with self._changed:
            self._changed.notify_all()


@asynccontextmanager
async def bot_platform(**bots: str) -> AsyncIterator[BotPlatform]:
    platform = BotPlatform(bots)
    await platform.start()
    try:
        yield platform
    finally:
        await platform.stop()
