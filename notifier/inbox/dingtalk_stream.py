"""DingTalk's Stream: what people say to the enterprise robot and press, without a public address.

A message that is not acknowledged comes again, so it is acknowledged when it is stored and not
before. A message's sessionWebhook dies after 90 minutes and is not used: answers go out as
messages of our own.
"""

import asyncio
import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from enum import Enum
from urllib.parse import quote_plus

import httpx
from websockets.asyncio.client import ClientConnection
from websockets.exceptions import ConnectionClosed

from notifier.channels.dingtalk_open import Said, read
from notifier.channels.protocol import ChannelError
from notifier.channels.wire import Wire, encode, fetch, read_object
from notifier.inbox.dingtalk_http import pressed, said
from notifier.inbox.intake import Intake
from notifier.inbox.letters import part_of, text_of
from notifier.inbox.sockets import is_safe, open_socket

OPEN_PATH = "/v1.0/gateway/connections/open"
MESSAGES = "/v1.0/im/bot/messages/get"
CARDS = "/v1.0/card/instances/callback"
_SUBSCRIPTIONS = [{"type": "CALLBACK", "topic": topic} for topic in (MESSAGES, CARDS)]
_READERS = {MESSAGES: said, CARDS: pressed}
_OK, _BAD, _UNKNOWN = 200, 400, 404


@dataclass(frozen=True, slots=True)
class App:
    """Whom we listen as: AppKey and AppSecret, and where the gateway is asked for."""

    key: str = field(repr=False)
    secret: str = field(repr=False)
    base: httpx.URL


class Ending(Enum):
    """How a connection ended."""

    LOST = "lost"
    UNREACHED = "unreached"
    REFUSED = "refused"
    SENT_AWAY = "sent away"


@dataclass(slots=True)
class _Life:
    """One connection from its registration to its end."""

    ending: Ending = Ending.LOST
    refusal: str = ""
    wait: float = 0.0
    lasted: float = 0.0


@dataclass(slots=True)
class DingtalkStream:
    """Keeps one connection to the gateway, for ever."""

    app: App
    client: httpx.AsyncClient = field(repr=False)
    intake: Intake

    async def listen(self) -> None:
        """Listen until cancelled; what is being stored then is still stored and acknowledged."""
        losses = 0
        try:
            while True:
                life = await self._live()
                losses = 1 if life.lasted >= self.intake.pace.steady else losses + 1
                is_at_once = life.ending is Ending.SENT_AWAY and losses == 1
                if losses > 1 or life.ending in (Ending.UNREACHED, Ending.REFUSED):
                    self.intake.tell(_words(life))
                wait = 0.0 if is_at_once else max(self.intake.pace.growing(losses), life.wait)
                await self.intake.pace.rest(wait)
        finally:
            await self.intake.settle()

    async def _live(self) -> _Life:
        """Live one connection through to its end."""
        life = _Life()
        address = await self._register(life)
        if not address:
            return life
        socket = await open_socket(address, self.intake.pace, pings=True)
        if socket is None:
            life.ending = Ending.UNREACHED
            return life
        loop = asyncio.get_running_loop()
        opened = loop.time()
        with suppress(ConnectionClosed):  # its end is what we wait for
            async with socket:
                try:
                    await self._hear(socket, life)
                finally:
                    await self.intake.finish()
        life.lasted = loop.time() - opened
        return life

    async def _register(self, life: _Life) -> str:
        """Give the address to connect to, its ticket in it, or "" and why there is none."""
        body = {
            "clientId": self.app.key,
            "clientSecret": self.app.secret,
            "subscriptions": _SUBSCRIPTIONS,
            "ua": "jiaoying",
            "localIp": "127.0.0.1",
        }
        url = self.app.base.copy_with(path=self.app.base.path.rstrip("/") + OPEN_PATH)
        secrets = (self.app.secret, self.app.key)
        wire = Wire(self.intake.way, self.intake.platform, self.client, secrets, "")
        try:
            told = read(wire, await fetch(wire, "POST", url, body))
        except ChannelError as error:
            life.ending = Ending.UNREACHED
            life.wait = error.retry_after.total_seconds() if error.retry_after else 0.0
            return ""
        if isinstance(told, Said):
            life.ending = Ending.REFUSED
            life.refusal = f"错误码{told.code}：{told.words or '没有说明'}"
            return ""
        endpoint, ticket = text_of(told, "endpoint"), text_of(told, "ticket")
        if not ticket or not is_safe(endpoint):
            life.ending, life.refusal = Ending.REFUSED, "平台给的连接地址不能用"
            return ""
        return f"{endpoint}?ticket={quote_plus(ticket)}"

    async def _hear(self, socket: ClientConnection, life: _Life) -> None:
        async for raw in socket:
            frame = read_object(raw)
            if frame is None:
                continue
            match text_of(frame, "type"):
                case "SYSTEM":
                    await socket.send(_ack(frame, _OK, text_of(frame, "data")))
                    if text_of(part_of(frame, "headers"), "topic") == "disconnect":
                        life.ending = Ending.SENT_AWAY
                        return
                    self.intake.tell("")
                case "EVENT":
                    await socket.send(_ack(frame, _OK, json.dumps({"status": "SUCCESS"})))
                case "CALLBACK":
                    self.intake.tell("")
                    await self._take(socket, frame)

    async def _take(self, socket: ClientConnection, frame: Mapping[str, object]) -> None:
        """Store what came in; what will never be readable must not come again for ever."""
        headers = part_of(frame, "headers")
        data = read_object(text_of(frame, "data"))
        topic = text_of(headers, "topic")
        if topic not in _READERS:
            await socket.send(_ack(frame, _UNKNOWN, _response("unknown topic")))
            return
        if data is None:
            await socket.send(_ack(frame, _BAD, _response("unreadable")))
            return
        answer = _ack(frame, _OK, _response("OK" if topic == MESSAGES else {}))

        async def acknowledge() -> None:
            with suppress(ConnectionClosed):  # it will come again, and be known
                await socket.send(answer)

        incoming = _READERS[topic](self.intake.way, data)
        if incoming is None:
            await acknowledge()
        else:
            await self.intake.take(incoming, acknowledge)


def _words(life: _Life) -> str:
    short = "长连接一连上就断，收不到答复；程序会一直重试"
    return {
        Ending.LOST: short,
        Ending.SENT_AWAY: short,
        Ending.UNREACHED: "长连接连不上，收不到答复。请检查网络和代理；程序会一直重试",
        Ending.REFUSED: f"平台不给长连接（{life.refusal}）。"
        "请核对AppKey和AppSecret，并确认机器人用的是Stream模式；程序会一直重试",
    }[life.ending]


def _response(answer: object) -> str:
    return json.dumps({"response": answer}, ensure_ascii=False)


def _ack(frame: Mapping[str, object], code: int, data: str) -> str:
    mark = text_of(part_of(frame, "headers"), "messageId")
    headers = {"messageId": mark, "contentType": "application/json"}
    message = "OK" if code == _OK else "unreadable"
    return encode({"code": code, "headers": headers, "message": message, "data": data}).decode()
