"""The built-in simulator: groups and apps whose bots speak the platforms' own wire protocol.

The real channels run against it through an httpx transport, so what works here works there: the
same bodies, byte limits, frequencies, signatures, tokens and error codes.
"""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from uuid import NAMESPACE_URL, UUID, uuid5

import httpx

from notifier.channels.protocol import Clock
from notifier.channels.sandbox import (
    dingtalk,
    dingtalk_app,
    feishu,
    gateway,
    mail,
    transcript,
    wecom,
    wecom_app,
    wecom_bot,
    wecom_phone,
)
from notifier.channels.sandbox.rules import (
    Bot,
    Call,
    Credentials,
    Group,
    Refusal,
    Reply,
    Shown,
    Simulated,
)
from notifier.channels.wire import read_object

BASE = "https://sandbox.invalid"

_PLATFORMS = MappingProxyType(
    {
        platform.name: platform
        for platform in (
            wecom.SIMULATED,
            wecom_app.SIMULATED,
            wecom_bot.SIMULATED,
            wecom_phone.SIMULATED,
            dingtalk.SIMULATED,
            feishu.SIMULATED,
            *gateway.SIMULATED,
            mail.SIMULATED,
            *dingtalk_app.SIMULATED,
        )
    }
)


class Sandbox:
    """Every simulated group and app, what was seen there, and the client that reaches its bots."""

    def __init__(self, clock: Clock, store: Path | None = None) -> None:
        """Open the chats of an earlier run if a file is given."""
        self._clock = clock
        self._store = store
        self._chats: dict[Group, list[Shown]] = {}
        self._bots: dict[Group, Bot] = {}
        self.client = httpx.AsyncClient(
            transport=httpx.MockTransport(self.respond), trust_env=False
        )
        for group, shown in transcript.prepare(store) if store else ():
            self._chat(group).append(shown)

    def __repr__(self) -> str:
        """Name the groups and nothing secret."""
        return f"Sandbox({', '.join(group.name for group in self._chats)})"

    def join(self, group: Group, secret: str = "") -> str:
        """Put the platform's robot into the group and give its key; once there it stays as it is.

        A DingTalk robot without a secret checks no signature.
        """
        robot = self._admit(group, Credentials(_derived(group, "").hex, "", secret))
        robot.credentials = replace(robot.credentials, secret=secret)
        return robot.credentials.account

    def enrol(self, group: Group) -> Credentials:
        """Register the app with its platform and give what it goes by; once there it stays."""
        number = 1_000_000 + _derived(group, "app").int % 1_000_000
        account = f"ww{_derived(group, 'account').hex[:16]}"
        given = Credentials(account, str(number), _derived(group, "secret").hex)
        return self._admit(group, given).credentials

    def remove(self, name: str) -> None:
        """Throw the bot out: its address or its secret is invalid from now on."""
        for bot in self._named(name):
            bot.removed = True

    def refuse(self, name: str, code: int | str, words: str = "") -> None:
        """Let the platform refuse every call of the bot, until it is restored."""
        for bot in self._named(name):
            bot.refusal = Refusal(code, words)

    def restore(self, name: str) -> None:
        """Let the bot work again."""
        for bot in self._named(name):
            bot.removed, bot.refusal = False, None

    def estrange(self, name: str, *accounts: str) -> None:
        """Let the app's platform know these accounts no more; it knows all others."""
        for bot in self._named(name):
            bot.strangers.update(accounts)

    def groups(self) -> tuple[Group, ...]:
        """Give the groups and apps in the order in which they came up."""
        return tuple(self._chats)

    def shown(self, group: Group | str) -> tuple[Shown, ...]:
        """Give what the group or the app's users have seen, oldest first."""
        chats = self._chats.items()
        return tuple(
            message for known, chat in chats if group in (known, known.name) for message in chat
        )

    def respond(self, request: httpx.Request) -> httpx.Response:
        """Answer one request as the platform would."""
        method, path = request.method, request.url.path
        platforms = [each for each in _PLATFORMS.values() if each.hears(method, path)]
        if not platforms:
            return httpx.Response(404, text="<html>404 Not Found</html>")
        reply = self._reply(platforms, self._heard(request))
        return httpx.Response(reply.status, json=dict(reply.body))

    def _heard(self, request: httpx.Request) -> Call:
        return Call(
            self._clock.now(),
            request.method,
            request.url.path,
            dict(request.url.params),
            {name.lower(): value for name, value in request.headers.items()},
            request.content,
            read_object(request.content),
        )

    def _reply(self, platforms: list[Simulated], call: Call) -> Reply:
        """Let the bot speak whom the call is meant for; several platforms may share a path."""
        names = {platform.name for platform in platforms}
        for group, bot in self._bots.items():
            reply = bot.answer(call) if group.platform in names else None
            if reply is not None:
                return reply if reply.shown is None else self._show(bot, reply, reply.shown)
        return platforms[0].unknown(call)

    def _show(self, bot: Bot, reply: Reply, shown: Shown) -> Reply:
        if self._store:
            try:
                transcript.append(self._store, bot.group, shown)
            except OSError:
                return bot.busy()  # what is not kept is not shown: the lane sends it again
        self._chat(bot.group).append(shown)
        bot.remember(shown)
        return reply

    def _admit(self, group: Group, credentials: Credentials) -> Bot:
        """Give the bot with what its platform still remembers from before a restart."""
        if group not in self._bots:
            bot = _PLATFORMS[group.platform].admit(group, credentials)
            for shown in self._chat(group):
                bot.recall(shown)
            self._bots[group] = bot
        return self._bots[group]

    def _named(self, name: str) -> Iterator[Bot]:
        return (bot for group, bot in self._bots.items() if group.name == name)

    def _chat(self, group: Group) -> list[Shown]:
        return self._chats.setdefault(group, [])


def _derived(group: Group, what: str) -> UUID:
    """Give a number that is the group's own and the same after a restart."""
    return uuid5(NAMESPACE_URL, "/".join(filter(None, (group.platform, group.name, what))))
