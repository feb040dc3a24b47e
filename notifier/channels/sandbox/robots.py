"""Simulated group robots: a key in the address, a limit, one verdict for each message."""

from collections.abc import Callable
from dataclasses import dataclass, field

from notifier.channels.protocol import Limit
from notifier.channels.sandbox.meters import Meter
from notifier.channels.sandbox.rules import Bot, Call, Reply, Shown, Simulated


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a group robot's platform says to one message, and the message if it is shown."""

    code: int
    words: str = "ok"
    shown: Shown | None = None

    def reply(self) -> Reply:
        """Give it as it goes over the wire: HTTP 200, the truth in errcode."""
        return Reply({"errcode": self.code, "errmsg": self.words}, shown=self.shown)


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of group robot: the parameter with its key, its limit, how it judges a message."""

    parameter: str
    limit: Limit
    judge: "Callable[[Robot, Call], Verdict]"
    unknown: Callable[[], Verdict]

    def simulate(self, name: str, path: str) -> Simulated:
        """Give the platform whose robots are of this kind."""
        return Simulated(
            name,
            (("POST", path),),
            lambda group, credentials: Robot(group, credentials, kind=self),
            lambda _: self.unknown().reply(),
        )


@dataclass(slots=True)
class Robot(Bot):
    """One simulated group robot."""

    kind: Kind = field(kw_only=True)
    meter: Meter = field(init=False)
    uuids: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        """Count its calls from now on."""
        self.meter = Meter(self.kind.limit)

    def answer(self, call: Call) -> Reply | None:
        """Give the platform's answer where the key in the address is this robot's."""
        if call.query.get(self.kind.parameter, "") != self.credentials.account:
            return None
        if self.removed:
            return self.kind.unknown().reply()
        if self.refusal:
            return Reply({"errcode": self.refusal.code, "errmsg": self.refusal.words})
        if call.body is None:
            return Verdict(40035, "invalid json").reply()
        return self.kind.judge(self, call).reply()

    def remember(self, shown: Shown) -> None:
        """Keep which messages it must not show twice."""
        if shown.uuid:
            self.uuids.add(shown.uuid)

    def recall(self, shown: Shown) -> None:
        """Keep as well when it spoke: its limit outlives a restart."""
        self.meter.calls.append(shown.at)
        self.remember(shown)
