"""What befalls calls: they are made, climb their ladders, are listed at the limit, end."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from obligations.rules import Ladder, Role

MARK = "叫应"  # no rule may have this id, so that no duty's key begins like a callee's


@dataclass(frozen=True, slots=True)
class Callee:
    """Somebody who must answer a call himself; ``key`` is 叫应/call/person.

    ``group`` is the unit or the word that named him: where 一人应即可 holds, one answer of the
    group is enough. ``wanted`` is whom he stands in for, who is on leave.
    """

    key: str
    person: str
    group: str
    wanted: str = ""


@dataclass(frozen=True, slots=True)
class Call:
    """One call with the ladder as it was when it began: later edits do not change its rungs.

    ``unknown`` are the words, and the units without a head, that name nobody who can be called.
    """

    id: str
    name: str
    text: str
    ladder: Ladder
    callees: tuple[Callee, ...]
    by: str
    begun: datetime
    orders: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Ring:
    """One message that a callee's ladder asks for: ``person`` is told over ``lane``.

    ``part`` counts the pieces of a text that is too long for one message, from 0.
    """

    key: str
    person: str
    lane: str
    role: Role = Role.SELF
    part: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Called:
    """A call began."""

    call: Call
    reason: str
    kind: Literal["Called"] = "Called"


@dataclass(frozen=True, slots=True, kw_only=True)
class Escalated:
    """The next strike of their ladders was due for the callees ``keys``.

    ``strike`` counts from 0; ``silent`` are those of the keys whom no channel reaches. ``base`` is
    where their ladder counts from now on, if that changed; ``asked_at`` is when the strike was
    due, if it comes late. ``lapsed``: they had answered, nothing
    followed, and their ladder begins again (应而未动).
    """

    call: str
    keys: tuple[str, ...]
    strike: int
    stage: str
    rings: tuple[Ring, ...]
    reason: str
    silent: tuple[str, ...] = ()
    base: datetime | None = None
    asked_at: datetime | None = None
    lapsed: bool = False
    kind: Literal["Escalated"] = "Escalated"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rerouted:
    """What a channel could not bring goes over another; it is no new strike.

    ``gone`` is the lane in which it waited and waits no more.
    """

    call: str
    keys: tuple[str, ...]
    stage: str
    rings: tuple[Ring, ...]
    reason: str
    gone: str = ""
    kind: Literal["Rerouted"] = "Rerouted"


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """The limit came: the callees ``keys`` did not answer and stand on the 未叫醒 list."""

    call: str
    keys: tuple[str, ...]
    reason: str
    kind: Literal["Listed"] = "Listed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Released:
    """Nobody waits for the callees ``keys`` any more: stopped, or one of theirs has answered."""

    call: str
    keys: tuple[str, ...]
    reason: str
    by: str = ""
    kind: Literal["Released"] = "Released"


@dataclass(frozen=True, slots=True, kw_only=True)
class Joined:
    """Somebody is called instead of the callee ``instead_of``, who named him."""

    call: str
    callee: Callee
    instead_of: str
    reason: str
    kind: Literal["Joined"] = "Joined"
