"""DingTalk's Stream gateway on this machine: tickets over HTTP, frames over a real WebSocket."""

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

from websockets.asyncio.server import Server, ServerConnection, serve
from websockets.exceptions import ConnectionClosed
from websockets.http11 import Request, Response

TICKET_LIVES = 90
MESSAGES = "/v1.0/im/bot/messages/get"
CARDS = "/v1.0/card/instances/callback"
OPEN = "/v1.0/gateway/connections/open"
Frame = dict[str, Any]
_QUIET = logging.getLogger("tests.dingtalk")
_QUIET.setLevel(logging.CRITICAL)


@dataclass
class Gateway:
    """One app's gateway; a callback that is not acknowledged is kept and brought again.

    ``now`` is its clock in seconds; it stands until the test moves it.
    """

    key: str
    secret: str
    now: float = 0.0
    refusal: tuple[int, str] | None = None
    endpoint: str = ""
    api_port: int = 0
    ws_port: int = 0
    opened: list[Frame] = field(default_factory=list)
    tickets: dict[str, float] = field(default_factory=dict)
    turned_away: int = 0
    connections: list[ServerConnection] = field(default_factory=list)
    acks: list[Frame] = field(default_factory=list)
    unacknowledged: dict[str, Frame] = field(default_factory=dict)
    _topics: set[str] = field(default_factory=set)
    _changed: asyncio.Condition = field(default_factory=asyncio.Condition)
    _api: asyncio.Server | None = None
    _server: Server | None = None

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.api_port}"

    async def start(self) -> None:
        self._server = await serve(
            self._attend,
            "127.0.0.1",
            self.ws_port,
            process_request=self._admit,
            ping_interval=None,
            close_timeout=0.1,
            logger=_QUIET,
        )
        self.ws_port = self._server.sockets[0].getsockname()[1]
        self._api = await asyncio.start_server(self._answer, "127.0.0.1", self.api_port)
        self.api_port = self._api.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        assert self._server
        assert self._api
        self._api.close()
        await self._api.wait_closed()
        self._server.close()
        await self._server.wait_closed()

    async def until(self, is_so: Callable[[], bool]) -> None:
        async with self._changed:
            await self._changed.wait_for(is_so)

    async def until_connected(self, times: int = 1) -> None:
        await self.until(lambda: len(self.connections) >= times)

    async def until_acknowledged(self, count: int) -> tuple[Frame, ...]:
        await self.until(lambda: len(self.acks) >= count)
        return tuple(self.acks)

    async def say(self, user: str, text: str, *, chat: str = "", mark: str = "") -> str:
        """Let somebody say something to the robot; give the frame's messageId."""
        data = {
            "msgId": mark or uuid4().hex,
            "msgtype": "text",
            "text": {"content": f" {text}"},
            "senderStaffId": user,
            "senderId": f"$:LWCP_v1:${user}",
            "senderNick": user,
            "conversationId": chat or f"cid-{user}",
            "conversationType": "2" if chat else "1",
            "robotCode": self.key,
            "createAt": 1_700_000_000_000,
            "sessionWebhook": f"{self.base}/robot/sendBySession?session=x",
            "sessionWebhookExpiredTime": 1_700_005_400_000,
        }
        return await self.call_back(MESSAGES, data)

    async def press(self, user: str, card: str, key: str) -> str:
        private = {"actionIds": [key], "params": {}}
        data = {
            "type": "actionCallback",
            "outTrackId": card,
            "corpId": "ding1",
            "userId": user,
            "content": json.dumps({"cardPrivateData": private}),
        }
        return await self.call_back(CARDS, data)

    async def call_back(self, topic: str, data: object) -> str:
        raw = data if isinstance(data, str) else json.dumps(data, ensure_ascii=False)
        frame = _frame("CALLBACK", topic, raw)
        mark: str = frame["headers"]["messageId"]
        self.unacknowledged[mark] = frame
        await self.connections[-1].send(json.dumps(frame, ensure_ascii=False))
        return mark

    async def system(self, topic: str, data: Mapping[str, object]) -> str:
        frame = _frame("SYSTEM", topic, json.dumps(data))
        await self.connections[-1].send(json.dumps(frame))
        mark: str = frame["headers"]["messageId"]
        return mark

    async def send_away(self) -> None:
        """Ask the client to go, as the gateway does before it is replaced."""
        await self.system("disconnect", {"reason": "connection is expired"})

    async def babble(self, raw: str | bytes) -> None:
        await self.connections[-1].send(raw)

    def cut(self) -> None:
        self.connections[-1].transport.abort()

    def fall_silent(self) -> None:
        """Read nothing any more, so that no ping is answered, with the line still open."""
        transport = self.connections[-1].transport
        assert isinstance(transport, asyncio.Transport)
        transport.pause_reading()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer one HTTP request: the opening of a connection and nothing else."""
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        sizes = [
            int(line.partition(":")[2])
            for line in head.lower().splitlines()
            if line.startswith("content-length:")
        ]
        body = json.loads(await reader.readexactly(sizes[0] if sizes else 0) or b"{}")
        status, told = self._open(head.split()[:2], body)
        raw = json.dumps(told).encode()
        lines = (
            f"HTTP/1.1 {status} {HTTPStatus(status).phrase}",
            "Content-Type: application/json",
            f"Content-Length: {len(raw)}",
            "Connection: close",
        )
        writer.write("\r\n".join(lines).encode() + b"\r\n\r\n" + raw)
        await writer.drain()
        writer.close()
        await self._notify()

    def _open(self, line: list[str], body: Frame) -> tuple[int, Frame]:
        self.opened.append(body)
        if line != ["POST", OPEN]:
            return 404, {"code": "InvalidAction.NotFound", "message": "no such api"}
        if self.refusal:
            return self.refusal[0], {"code": self.refusal[1], "message": "refused"}
        if (body.get("clientId"), body.get("clientSecret")) != (self.key, self.secret):
            return 401, {"code": "authFailed", "message": f"bad {body.get('clientSecret')}"}
        self._topics = {each["topic"] for each in body["subscriptions"]}
        ticket = f"{uuid4().hex}+/="
        self.tickets[ticket] = self.now
        endpoint = self.endpoint or f"ws://127.0.0.1:{self.ws_port}/connect"
        return 200, {"endpoint": endpoint, "ticket": ticket}

    def _admit(self, connection: ServerConnection, request: Request) -> Response | None:
        ticket = "".join(parse_qs(urlsplit(request.path).query).get("ticket", []))
        issued = self.tickets.pop(ticket, None)  # good for one connection
        if issued is None or self.now > issued + TICKET_LIVES:
            self.turned_away += 1
            return connection.respond(HTTPStatus.UNAUTHORIZED, "invalid ticket")
        return None

    async def _attend(self, connection: ServerConnection) -> None:
        self.connections.append(connection)
        await self._notify()
        try:
            for frame in tuple(self.unacknowledged.values()):
                await connection.send(json.dumps(frame, ensure_ascii=False))
            async for raw in connection:
                ack: Frame = json.loads(raw)
                self.acks.append(ack)
                self.unacknowledged.pop(ack["headers"]["messageId"], None)
                await self._notify()
        except ConnectionClosed:
            pass

    async def _notify(self) -> None:
        async with self._changed:
            self._changed.notify_all()


def _frame(kind: str, topic: str, data: str) -> Frame:
    headers = {
        "appId": "app-1",
        "connectionId": "c-1",
        "contentType": "application/json",
        "messageId": uuid4().hex,
        "time": "1700000000000",
        "topic": topic,
    }
    return {"specVersion": "1.0", "type": kind, "headers": headers, "data": data}


@asynccontextmanager
async def gateway(key: str, secret: str) -> AsyncIterator[Gateway]:
    opened = Gateway(key, secret)
    await opened.start()
    try:
        yield opened
    finally:
        await opened.stop()
