"""What rules.yaml says, as frozen values: people, units, channels and the rules themselves."""

from dataclasses import dataclass
from datetime import date, time

from obligations.errors import Place
from obligations.schedule import Period, Schedule, Shift

__all__ = [
    "Bearing",
    "ChannelSpec",
    "DayPlan",
    "KeyPeriod",
    "Office",
    "Person",
    "Rule",
    "Shift",
    "Source",
    "Unit",
]

NOWHERE = Place("rules.yaml")


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who can be reached; ``posts`` are the titles that rules call him by."""

    name: str
    posts: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    mobile: str = ""
    wecom: str = ""
    dingtalk: str = ""
    deputy: str = ""


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit that answers through its head, in the group named by ``group``."""

    name: str
    head: str
    group: str = ""
    superior: str = ""
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ChannelSpec:
    """A robot: its platform, and the names of the settings that hold its address and secret.

    ``address`` and ``secret`` are as written: ``$WECOM_WEBHOOK`` names a setting, 沙箱 is the
    built-in simulator.
    """

    name: str
    platform: str
    address: str
    secret: str = ""


@dataclass(frozen=True, slots=True)
class Source:
    """The sentence a rule comes from: document number, item and the quoted words."""

    document: str = ""
    item: str = ""
    quote: str = ""


@dataclass(frozen=True, slots=True)
class Bearing:
    """Who bears a rule: names, posts, units or tags; ``period`` where each tier has its own."""

    terms: tuple[str, ...]
    period: Period | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """One duty of the office as reviewed by people. ``draft`` rules (待确认) do not run.

    ``replaces`` is the id of the rule whose place a draft would take.
    """

    id: str
    matter: str
    bearings: tuple[Bearing, ...]
    schedule: Schedule
    phrase: str
    evidence: str = ""
    source: Source = Source()
    shift: Shift = Shift.EARLIER
    draft: bool = False
    question: str = ""
    place: Place = NOWHERE
    replaces: str = ""


@dataclass(frozen=True, slots=True)
class KeyPeriod:
    """A named stretch in which more is owed: 汛期, 国庆假期."""

    name: str
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class DayPlan:
    """The office's own days: they come before the national calendar."""

    holidays: tuple[date, ...] = ()
    workdays: tuple[date, ...] = ()
    key_periods: tuple[KeyPeriod, ...] = ()


@dataclass(frozen=True, slots=True)
class Office:
    """One reviewed rules.yaml: everything the running half needs to know."""

    name: str
    units: tuple[Unit, ...] = ()
    people: tuple[Person, ...] = ()
    channels: tuple[ChannelSpec, ...] = ()
    rules: tuple[Rule, ...] = ()
    timezone: str = "Asia/Shanghai"
    opens: time = time(8, 30)
    closes: time = time(18, 0)
    slots: tuple[time, ...] = (time(9, 0), time(15, 0))
    budget: int = 5
    days: DayPlan = DayPlan()
