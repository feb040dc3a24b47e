"""Who listens on which long connection, as rules.yaml has it now."""

import asyncio
import logging
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

import httpx

from notifier.channels import (
    DINGTALK_ENDPOINT,
    SANDBOX,
    WECOM_BOT_ENDPOINT,
    Subscriptions,
    dingtalk_app,
    wecom_bot,
)
from notifier.channels.addresses import base_url, required, setting
from notifier.inbox.dingtalk_stream import App, DingtalkStream
from notifier.inbox.intake import Intake
from notifier.inbox.protocol import Receiver
from notifier.inbox.sockets import Pace, Say
from notifier.inbox.wecom_bot import Bot, WecomBotListener
from obligations.rules.model import ChannelSpec

LOG = logging.getLogger("jiaoying")


class Listener(Protocol):
    """Whoever holds one long connection."""

    async def listen(self) -> None:
        """Listen until cancelled."""
        ...


@dataclass(frozen=True, slots=True)
class _Post:
    """One account to listen on; the first channel that names it gives its name."""

    way: str
    account: Bot | App


@dataclass(slots=True)
class Listeners:
    """The listeners that run; one and the same account is listened on once."""

    settings: Mapping[str, str] = field(repr=False)
    client: httpx.AsyncClient = field(repr=False)
    subscriptions: Subscriptions
    receive: Receiver
    say: Say
    pace: Pace = field(default_factory=Pace)
    _running: dict[_Post, "asyncio.Task[None]"] = field(default_factory=dict)

    async def listen(self, specs: Iterable[ChannelSpec]) -> tuple["asyncio.Task[None]", ...]:
        """Listen on these channels and no others; give who listens now.

        What did not change goes on undisturbed. Raises Misconfigured with what to mend, and then
        everything is as it was.
        """
        wanted = _posts(specs, self.settings)
        gone = [post for post in self._running if post not in wanted]
        await self._stop(gone)
        for post in wanted:
            if post not in self._running:
                self._running[post] = asyncio.create_task(self._attend(post))
        return tuple(self._running.values())

    async def close(self) -> None:
        """Stop listening; what is being stored is stored."""
        await self._stop(list(self._running))

    async def _stop(self, posts: Iterable[_Post]) -> None:
        tasks = [self._running.pop(post) for post in posts]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _attend(self, post: _Post) -> None:
        """Keep somebody listening, whatever befalls him."""
        while True:
            try:
                await self._listener(post).listen()
            except Exception as error:
                LOG.debug("listener", exc_info=True)
                kind = type(error).__name__
                self.say(f"通道“{post.way}”：收答复的程序内部出错（{kind}），一分钟后再连")
            await self.pace.rest(self.pace.longest)

    def _listener(self, post: _Post) -> Listener:
        match post.account:
            case Bot() as bot:
                intake = self._intake(post, wecom_bot.PLATFORM)
                return WecomBotListener(bot, self.subscriptions, intake)
            case App() as app:
                intake = self._intake(post, dingtalk_app.PLATFORM, comes_again=True)
                return DingtalkStream(app, self.client, intake)

    def _intake(self, post: _Post, platform: str, *, comes_again: bool = False) -> Intake:
        return Intake(post.way, platform, self.receive, self.say, self.pace, comes_again)


def _posts(specs: Iterable[ChannelSpec], settings: Mapping[str, str]) -> tuple[_Post, ...]:
    """Give whom to listen as, each account once."""
    found: dict[str, _Post] = {}
    for spec in specs:
        make = _ACCOUNTS.get(spec.platform)
        if make and setting(spec, spec.address, settings, "地址") != SANDBOX:
            account = make(spec, settings)
            found.setdefault(f"{spec.platform}/{_id(account)}", _Post(spec.name, account))
    return tuple(found.values())


def _id(account: Bot | App) -> str:
    return account.id if isinstance(account, Bot) else account.key


def _bot(spec: ChannelSpec, settings: Mapping[str, str]) -> Bot:
    return Bot(
        required(spec, spec.account, settings, "账号（机器人的Bot ID）"),
        required(spec, spec.secret, settings, "密钥（机器人的Secret）"),
        str(base_url(WECOM_BOT_ENDPOINT, settings)),
        setting(spec, spec.app, settings, "应用（机器人在群里的名字）"),
    )


def _app(spec: ChannelSpec, settings: Mapping[str, str]) -> App:
    return App(
        required(spec, spec.account, settings, "账号（应用的AppKey）"),
        required(spec, spec.secret, settings, "密钥（应用的AppSecret）"),
        base_url(DINGTALK_ENDPOINT, settings),
    )


_ACCOUNTS: Mapping[str, Callable[[ChannelSpec, Mapping[str, str]], Bot | App]] = {
    wecom_bot.PLATFORM: _bot,
    dingtalk_app.PLATFORM: _app,
}
