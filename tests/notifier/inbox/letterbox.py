"""An application with nothing but the callbacks' addresses, and whoever posts to it."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from string import Template

import httpx
from starlette.applications import Starlette
from wechatpy.enterprise.crypto import WeChatCrypto

from notifier.inbox.letters import Delivery, Reception
from notifier.inbox.protocol import Incoming
from notifier.inbox.routes import routes
from obligations.rules.model import ChannelSpec

NOW = datetime(2026, 7, 1, 1, 0, tzinfo=UTC)
TOKEN, AES_KEY, CORP = "QDG6eK", "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C", "wx5823bf96d3bd56c7"
SETTINGS = {
    "TOKEN": TOKEN,
    "AES": AES_KEY,
    "CORP": CORP,
    "GATEWAY": "gw-shared",
    "APPKEY": "ding0421",
    "APPSECRET": "app-shared",
}
WECOM = ChannelSpec("应用", "企业微信应用", "", "$SECRET", "$CORP", "1000002", "$TOKEN", "$AES")
SMS = ChannelSpec("短信", "短信网关", "$SMS", "$GATEWAY")
DINGTALK = ChannelSpec("钉钉", "钉钉企业机器人", "", "$APPSECRET", "$APPKEY")
LETTERS = Path(__file__).parent / "letters"

Ask = Callable[[httpx.AsyncClient], Awaitable[httpx.Response]]


@dataclass
class Watch:
    """Whatever a test says the time is."""

    at: datetime = NOW

    def now(self) -> datetime:
        """Give the time."""
        return self.at


@dataclass
class Letterbox:
    """The office's side: what came in, each once, and what became of messages.

    While ``is_full`` nothing can be stored.
    """

    channels: tuple[ChannelSpec, ...] = (WECOM, SMS, DINGTALK)
    watch: Watch = field(default_factory=Watch)
    settings: dict[str, str] = field(default_factory=lambda: dict(SETTINGS), repr=False)
    came: list[Incoming] = field(default_factory=list)
    fates: list[Delivery] = field(default_factory=list)
    brought: int = 0
    is_full: bool = False

    def __post_init__(self) -> None:
        """Open the addresses."""
        self.reception = Reception(self.find, self.settings, self.watch, self.receive, self.note)
        self.app = Starlette(routes=list(routes(self.reception)))

    def find(self, name: str) -> ChannelSpec | None:
        """Give the channel as the rules have it now."""
        return next((spec for spec in self.channels if spec.name == name), None)

    async def receive(self, incoming: Incoming) -> bool:
        """Store what came in unless it is there already."""
        if self.is_full:
            raise DiskFull
        self.brought += 1
        await asyncio.sleep(0)
        is_new = all((one.way, one.id) != (incoming.way, incoming.id) for one in self.came)
        self.came += [incoming] * is_new
        return is_new

    async def note(self, fate: Delivery) -> None:
        """Store what became of a message."""
        self.fates.append(fate)

    def post(self, *asks: Ask) -> list[int]:
        """Give the statuses of requests made one after another."""
        return [answer.status_code for answer in self.ask(*asks)]

    def ask(self, *asks: Ask) -> list[httpx.Response]:
        """Give the answers to requests made one after another."""

        async def work() -> list[httpx.Response]:
            async with self.client() as client:
                return [await ask(client) for ask in asks]

        return asyncio.run(work())

    def together(self, asks: Iterable[Ask]) -> list[int]:
        """Give the statuses of requests made at once."""

        async def work() -> list[int]:
            async with self.client() as client:
                answers = await asyncio.gather(*(ask(client) for ask in asks))
                return [answer.status_code for answer in answers]

        return asyncio.run(work())

    def client(self) -> httpx.AsyncClient:
        """Give a client that reaches the application without a network."""
        transport = httpx.ASGITransport(app=self.app, raise_app_exceptions=False)
        return httpx.AsyncClient(transport=transport, base_url="https://aj.example.cn")


class DiskFull(Exception):
    """Nothing can be stored."""


@dataclass(frozen=True)
class Sealed:
    """One letter of WeCom's, sealed by wechatpy."""

    letter: str
    at: datetime = NOW
    nonce: str = "1372623149"
    token: str = TOKEN
    key: str = AES_KEY
    corp: str = CORP
    channel: str = "应用"

    def changed(self, **fields: object) -> "Sealed":
        """Give it with something else in it."""
        return replace(self, **fields)  # type: ignore[arg-type]  # names a test writes out

    def envelope(self) -> tuple[dict[str, str], str]:
        """Give the query and the sealed words."""
        crypto = WeChatCrypto(self.token, self.key, self.corp)
        stamp = str(int(self.at.timestamp()))
        wrapped = httpx.Response(200, text=crypto.encrypt_message(self.letter, self.nonce, stamp))
        sealed, signature = between(wrapped.text, "Encrypt"), between(wrapped.text, "MsgSignature")
        return {"msg_signature": signature, "timestamp": stamp, "nonce": self.nonce}, sealed

    def request(self) -> httpx.Request:
        """Give what WeCom posts."""
        query, sealed = self.envelope()
        body = f"<xml><ToUserName><![CDATA[{self.corp}]]></ToUserName><AgentID>1000002</AgentID>"
        body += f"<Encrypt><![CDATA[{sealed}]]></Encrypt></xml>"
        url = f"https://aj.example.cn/inbox/wecom/{self.channel}"
        return httpx.Request("POST", url, params=query, content=body.encode())

    def ask(self) -> Ask:
        """Give the posting of one and the same request, however often it is called."""
        return sending(self.request())

    def verify(self) -> Ask:
        """Give the asking whether the address is ours."""
        query, sealed = self.envelope()
        url = f"https://aj.example.cn/inbox/wecom/{self.channel}"
        return sending(httpx.Request("GET", url, params={**query, "echostr": sealed}))


def sending(request: httpx.Request) -> Ask:
    """Give what sends a request as it is."""
    body = request.read()

    async def send(client: httpx.AsyncClient) -> httpx.Response:
        again = httpx.Request(request.method, request.url, headers=request.headers, content=body)
        return await client.send(again)

    return send


def between(text: str, tag: str) -> str:
    """Give what wechatpy wrote between two marks."""
    return text.split(f"<{tag}><![CDATA[")[1].split("]]>", maxsplit=1)[0]


def letter(name: str, **values: str) -> str:
    """Give a letter from its file, with some of its fields filled in."""
    usual = {"user": "zhoumin", "corp": CORP, "time": str(int(NOW.timestamp()))}
    return Template((LETTERS / name).read_text("utf-8")).substitute(usual | values)


def later(seconds: float) -> datetime:
    """Give the time so many seconds from now."""
    return NOW + timedelta(seconds=seconds)
