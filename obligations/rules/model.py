"""What rules.yaml says, as frozen values: people, units, channels and the rules themselves."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from enum import StrEnum
from typing import TypeVar

from obligations.errors import Place
from obligations.schedule import Period, Schedule, Shift

__all__ = [
    "Bearing",
    "CallPlan",
    "ChannelSpec",
    "DayPlan",
    "KeyPeriod",
    "Ladder",
    "Leave",
    "Listed",
    "Material",
    "Means",
    "Office",
    "Pacing",
    "Person",
    "Role",
    "RollCall",
    "Roster",
    "Rule",
    "Rung",
    "Shift",
    "Source",
    "Tightening",
    "Unit",
]

T = TypeVar("T")

NOWHERE = Place("rules.yaml")


class Means(StrEnum):
    """How a message reaches somebody; a rung of a ladder names means, or channels by name."""

    APP = "应用"  # the app's own conversation with one person
    GROUP = "群"  # the group of the person's unit
    SMS = "短信"
    PHONE = "电话"
    MAIL = "邮件"


class Role(StrEnum):
    """Whom a rung calls, seen from the person who is to answer."""

    SELF = "本人"
    DEPUTY = "代理"
    SUPERIOR = "上级"
    DUTY_ROOM = "值班室"


@dataclass(frozen=True, slots=True)
class Leave:
    """Days on which the deputy stands in, both included."""

    first: date
    last: date


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
    feishu: str = ""
    mail: str = ""
    leaves: tuple[Leave, ...] = ()


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
    """A robot, an app or a gateway: its platform, and the settings that hold what it goes by.

    All are as written: ``$WECOM_WEBHOOK`` names a setting, 沙箱 as ``address`` is the built-in
    simulator. ``account`` is whose it is (corpid, appkey, mail sender), ``app`` which of his
    (agentid, robotCode). ``token`` and ``aes_key`` prove what the platform posts back to us.
    """

    name: str
    platform: str
    address: str = ""
    secret: str = ""
    account: str = ""
    app: str = ""
    token: str = ""
    aes_key: str = ""


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
class Tightening:
    """加密: in a key period (each of them without a name) so many times as much is owed.

    With a ``schedule`` of its own that is owed besides, as long as the key period lasts.
    """

    season: str = ""
    times: int = 1
    schedule: Schedule | None = None


@dataclass(frozen=True, slots=True)
class Material:
    """What a rule wants handed in, and when: 方案, 2026年6月10日."""

    name: str
    schedule: Schedule


@dataclass(frozen=True, slots=True)
class Listed:
    """One object of a list; ``bearer`` looks after it, if it says so."""

    name: str
    bearer: str = ""


@dataclass(frozen=True, slots=True)
class Roster:
    """A list (名单) of what a rule wants each of looked after: 挂牌企业."""

    name: str
    objects: tuple[Listed, ...] = ()


@dataclass(frozen=True, slots=True)
class Rule:
    """One duty of the office as reviewed by people. ``draft`` rules (待确认) do not run.

    ``replaces`` is the id of the rule whose place a draft would take. ``zero_report``: 无 is a
    report that meets it. ``season``: it is owed in that key period only, 重点时段 is any of them.
    ``confirm``: how often somebody confirms what stands all the time (长期坚持). ``in_person``: who
    answers for another does it 代办, which does not count. ``copy_to`` are the units that are told
    of what was accepted (抄报).
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
    zero_report: bool = False
    tightenings: tuple[Tightening, ...] = ()
    season: str = ""
    materials: tuple[Material, ...] = ()
    confirm: Period | None = None
    in_person: bool = False
    copy_to: tuple[str, ...] = ()


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
class Rung:
    """One step of a ladder: ``wait`` after the step before it, call ``whom`` by ``means``.

    ``whom`` are roles, or names, posts and units; ``means`` are `Means` or names of channels, and
    none says: by whatever reaches him best. The step is taken ``times`` times, ``every`` so often.
    """

    wait: timedelta
    whom: tuple[str, ...] = (Role.SELF.value,)
    means: tuple[str, ...] = ()
    times: int = 1
    every: timedelta = timedelta()


@dataclass(frozen=True, slots=True)
class Ladder:
    """How long and by whom somebody is called until he answers.

    At ``limit`` after its begin the list of those who did not goes to ``report_to`` (上级, 办公室,
    names, posts, units). ``any_one``: one answer of a unit is enough. ``follow_up``: so long after
    收到 without anything done it is called again (应而未动). After ``valid`` a call that could not
    leave has lost its point.
    """

    name: str
    rungs: tuple[Rung, ...]
    limit: timedelta
    report_to: tuple[str, ...] = (Role.SUPERIOR.value, "办公室")
    any_one: bool = False
    follow_up: timedelta | None = None
    valid: timedelta = timedelta(hours=2)


@dataclass(frozen=True, slots=True)
class RollCall:
    """When a ready-made call makes itself: once a day, at a random time in a window.

    The window may pass midnight (22:00-6:00). ``seasonal``: only on days of a key period.
    """

    begins: time
    ends: time
    seasonal: bool = True


@dataclass(frozen=True, slots=True)
class CallPlan:
    """A ready-made call. ``orders`` (禁, 停, 撤, 疏) are each confirmed as carried out."""

    name: str
    text: str
    to: tuple[str, ...]
    ladder: str
    orders: tuple[str, ...] = ()
    roll_call: RollCall | None = None


@dataclass(frozen=True, slots=True)
class Pacing:
    """When duties of one length are reminded of: 开始, 过半, 过三分之二, 剩5个工作日, 到期.

    ``span`` is 日, 周, 月, 季度, 半年 or 年.
    """

    span: str
    marks: tuple[str, ...]


def _grouped(pairs: Iterable[tuple[str, T]]) -> Mapping[str, tuple[T, ...]]:
    """Give everything that has the same word, once each, in order."""
    found: dict[str, dict[int, T]] = {}
    for word, one in pairs:
        found.setdefault(word, {})[id(one)] = one
    return {word: tuple(ones.values()) for word, ones in found.items()}


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
    ladders: tuple[Ladder, ...] = ()
    calls: tuple[CallPlan, ...] = ()
    duty_room: tuple[str, ...] = ()
    backup: tuple[str, ...] = ()
    pacing: tuple[Pacing, ...] = ()
    lists: tuple[Roster, ...] = ()
    _people: Mapping[str, Person] = field(init=False, repr=False, compare=False)
    _units: Mapping[str, Unit] = field(init=False, repr=False, compare=False)
    _headed: Mapping[str, tuple[Unit, ...]] = field(init=False, repr=False, compare=False)
    _channels: Mapping[str, ChannelSpec] = field(init=False, repr=False, compare=False)
    _holders: Mapping[str, tuple[Person, ...]] = field(init=False, repr=False, compare=False)
    _tagged: Mapping[str, tuple[Person, ...]] = field(init=False, repr=False, compare=False)
    _marked: Mapping[str, tuple[Unit, ...]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Note where everybody is found: a crowd is looked up by the thousand."""
        headed: dict[str, tuple[Unit, ...]] = {}
        for unit in self.units:
            headed[unit.head] = (*headed.get(unit.head, ()), unit)
        object.__setattr__(self, "_headed", headed)
        object.__setattr__(self, "_holders", _grouped((w, p) for p in self.people for w in p.posts))
        object.__setattr__(self, "_tagged", _grouped((w, p) for p in self.people for w in p.tags))
        object.__setattr__(self, "_marked", _grouped((w, u) for u in self.units for w in u.tags))
        object.__setattr__(self, "_people", {one.name: one for one in reversed(self.people)})
        object.__setattr__(self, "_units", {one.name: one for one in reversed(self.units)})
        object.__setattr__(self, "_channels", {one.name: one for one in self.channels})

    def find_person(self, name: str) -> Person | None:
        """Give the person of that name."""
        return self._people.get(name)

    def find_unit(self, name: str) -> Unit | None:
        """Give the unit of that name."""
        return self._units.get(name)

    def find_headed(self, name: str) -> tuple[Unit, ...]:
        """Give the units whose head has that name."""
        return self._headed.get(name, ())

    def find_holders(self, post: str) -> tuple[Person, ...]:
        """Give everybody who holds the post."""
        return self._holders.get(post, ())

    def find_tagged(self, tag: str) -> tuple[tuple[Unit, ...], tuple[Person, ...]]:
        """Give the units and the people with the tag."""
        return self._marked.get(tag, ()), self._tagged.get(tag, ())

    def find_channel(self, name: str) -> ChannelSpec | None:
        """Give the channel of that name."""
        return self._channels.get(name)
