"""The built-in simulator: groups whose robots speak the platforms' own wire protocol.

The real channels run against it through an httpx transport, so what works here works there: the
same bodies, byte limits, frequencies, signatures and error codes.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from uuid import NAMESPACE_URL, uuid5

import httpx

from notifier.channels.protocol import Clock, Limit
from notifier.channels.sandbox import dingtalk, transcript, wecom
from notifier.channels.sandbox.rules import Call, Group, Robot, Shown, Verdict

BASE = "https://sandbox.invalid"


@dataclass(frozen=True, slots=True)
class _Platform:
    path: str
    parameter: str
    limit: Limit
    judge: Callable[[Robot, Call], Verdict]
    unknown: Callable[[], Verdict]


_PLATFORMS = MappingProxyType(
    {
        platform.PLATFORM: _Platform(
            platform.HOST_PATH,
            platform.PARAMETER,
            platform.LIMIT,
            platform.judge,
            platform.unknown,
        )
        for platform in (wecom, dingtalk)
    }
)
_BUSY = Verdict(-1, "system busy")


class Sandbox:
    """Every simulated group, what it has seen, and the client that reaches its robots."""

    def __init__(self, clock: Clock, store: Path | None = None) -> None:
        """Open the chats of an earlier run if a file is given."""
        self._clock = clock
        self._store = store
        self._chats: dict[Group, list[Shown]] = {}
        self._robots: dict[str, Robot] = {}
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
        key = uuid5(NAMESPACE_URL, f"{group.platform}/{group.name}").hex
        if key not in self._robots:
            limit = _PLATFORMS[group.platform].limit
            self._robots[key] = _reawakened(group, secret, limit, self._chat(group))
        self._robots[key].secret = secret
        return key

    def remove(self, name: str) -> None:
        """Throw the robot out of the group: its address is invalid from now on."""
        for robot in self._robots.values():
            robot.removed |= robot.group.name == name

    def restore(self, name: str) -> None:
        """Let the robot into the group again."""
        for robot in self._robots.values():
            robot.removed &= robot.group.name != name

    def groups(self) -> tuple[Group, ...]:
        """Give the groups in the order in which they came up."""
        return tuple(self._chats)

    def shown(self, group: Group | str) -> tuple[Shown, ...]:
        """Give what the group has seen, oldest first."""
        chats = self._chats.items()
        return tuple(
            message for known, chat in chats if group in (known, known.name) for message in chat
        )

    def respond(self, request: httpx.Request) -> httpx.Response:
        """Answer one request as the platform would: HTTP 200, the truth in errcode."""
        platform = _platform(request.url.path)
        if platform is None or request.method != "POST":
            return httpx.Response(404, text="<html>404 Not Found</html>")
        verdict = self._verdict(platform, request)
        return httpx.Response(200, json={"errcode": verdict.code, "errmsg": verdict.words})

    def _verdict(self, platform: _Platform, request: httpx.Request) -> Verdict:
        robot = self._robots.get(request.url.params.get(platform.parameter, ""))
        if robot is None or robot.removed:
            return platform.unknown()
        body = _body(request.content)
        if body is None:
            return Verdict(40035, "invalid json")
        query = dict(request.url.params)
        call = Call(self._clock.now(), query, body, len(request.content))
        verdict = platform.judge(robot, call)
        return verdict if verdict.shown is None else self._show(robot, verdict, verdict.shown)

    def _show(self, robot: Robot, verdict: Verdict, shown: Shown) -> Verdict:
        if self._store:
            try:
                transcript.append(self._store, robot.group, shown)
            except OSError:
                return _BUSY  # what is not kept is not shown: the lane sends it again
        self._chat(robot.group).append(shown)
        robot.uuids.add(shown.uuid)
        return verdict

    def _chat(self, group: Group) -> list[Shown]:
        return self._chats.setdefault(group, [])


def _platform(path: str) -> _Platform | None:
    return next((each for each in _PLATFORMS.values() if path.endswith(each.path)), None)


def _reawakened(group: Group, secret: str, limit: Limit, chat: list[Shown]) -> Robot:
    """Give the robot with what its platform still remembers from before a restart."""
    robot = Robot(group, secret, limit)
    robot.calls.extend(shown.at for shown in chat[-limit.count :])
    robot.uuids.update(shown.uuid for shown in chat if shown.uuid)
    return robot


def _body(content: bytes) -> dict[str, object] | None:
    try:
        body = json.loads(content)
    except (ValueError, RecursionError):
        return None
    return body if isinstance(body, dict) else None
