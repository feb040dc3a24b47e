"""Everything a call needs, looked at before it is needed: each thing is 好, 注意 or 不行."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from notifier.audit import FULL, MEGABYTE
from notifier.hours import Hours
from notifier.routes import Way, find_lanes
from obligations.duties import office_calendar
from obligations.rules import Ladder, Means, Office, Person, resolve
from obligations.rules.platforms import knows

LEAP = timedelta(hours=1)  # clocks are wrong by minutes; an hour is another story
NEARLY = 4 * FULL
NOVEMBER = 11  # by then the holidays of the next year are usually published
SHORTEST_SECRET = 6
SHOWN = 5


class Grade(StrEnum):
    """How one thing stands."""

    GOOD = "好"
    MIND = "注意"
    BAD = "不行"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was looked at, how it stands, and what to do where it does not stand well."""

    grade: Grade
    what: str
    words: str


def good(what: str, words: str) -> Verdict:
    """Give a verdict that asks for nothing."""
    return Verdict(Grade.GOOD, what, words)


def mind(what: str, words: str) -> Verdict:
    """Give a verdict of something that should be seen to."""
    return Verdict(Grade.MIND, what, words)


def bad(what: str, words: str) -> Verdict:
    """Give a verdict of something that keeps a call from working."""
    return Verdict(Grade.BAD, what, words)


def check_secrets(text: str, env: Mapping[str, str], named: Sequence[str]) -> Iterator[Verdict]:
    """Tell whether what the named settings hold stands in the rules file itself."""
    told = [name for name in named if _is_told(text, env.get(name, ""))]
    for name in told:
        yield bad(
            "密钥", f"设置 {name} 的内容写进了规则文件。请删掉，只写 ${name}，并换一个新的密钥"
        )
    unset = [name for name in named if not env.get(name)]
    if unset:
        yield bad("密钥", f"{'、'.join(unset)} 没有设。请写进 .env 或环境变量")
    if not told and not unset:
        held = f"{len(named)}个设置都有" if named else "通道没有用到密钥"
        yield good("密钥", f"{held}，规则文件里没有密钥")


def _is_told(text: str, value: str) -> bool:
    return len(value) >= SHORTEST_SECRET and value in text


def check_disk(free: int) -> Verdict:
    """Tell whether there is room for the record.

    >>> check_disk(100 * 1024 * 1024).words
    '只剩100MB，满了就什么都记不下来。请清理磁盘'
    """
    left = free // MEGABYTE
    if free < FULL:
        return bad("磁盘", f"只剩{left}MB，满了就什么都记不下来。请清理磁盘")
    if free < NEARLY:
        return mind("磁盘", f"只剩{left}MB。请清理磁盘")
    return good("磁盘", f"还有{left // 1024}GB")


def check_clock(hours: Hours, now: datetime, last: datetime | None) -> Verdict:
    """Tell whether the machine's clock fits the record, which only grows."""
    if last is None or last <= now:
        shown = f"{hours.local(now):%Y-%m-%d %H:%M:%S}"
        return good("时钟", f"现在是{shown}，不早于台账最后一条记录。请和手机对一下")
    shown = f"{hours.local(last):%Y-%m-%d %H:%M:%S}"
    words = f"台账最后一条记录是{shown}，比本机时钟晚。请校准本机时钟"
    return bad("时钟", words) if last > now + LEAP else mind("时钟", words)


def check_calendar(office: Office, today: date) -> Iterator[Verdict]:
    """Tell whether this year's holidays are known, from November on the next year's too."""
    calendar = office_calendar(office)
    own = {day.year for day in (*office.days.holidays, *office.days.workdays)}
    years = (today.year, today.year + 1) if today.month >= NOVEMBER else (today.year,)
    missing = [year for year in years if not calendar.is_known(year) and year not in own]
    for year in missing:
        yield mind(
            "日历",
            f"{year}年的放假、调休安排还没有，暂按周一至周五上班。"
            "请升级程序，或把放假和上班的日子写进 rules.yaml 的“日历”",
        )
    if not missing:
        yield good("日历", f"{'、'.join(map(str, years))}年的放假、调休安排都有")


def check_units(office: Office) -> Iterator[Verdict]:
    """Tell which units have nobody who answers for them."""
    people = {person.name for person in office.people}
    headless = [unit.name for unit in office.units if unit.head not in people]
    if headless:
        yield bad("单位", f"{names(headless)}没有负责人，叫不到。请在“单位”里写上负责人")
    else:
        yield good("单位", f"{len(office.units)}个单位都有负责人")


def check_helpers(office: Office) -> Iterator[Verdict]:
    """Tell whether somebody hears of troubles, and of the program's own end."""
    for what, terms, use in (
        ("值班室", office.duty_room, "未叫醒名单和程序的毛病没有人收"),
        ("后备联系人", office.backup, "程序自己停了没有人知道"),
    ):
        found = [bearer for term in terms for bearer in resolve(office, term) if bearer.person]
        if found:
            yield good(what, names([bearer.person.name for bearer in found if bearer.person]))
        else:
            yield mind(what, f"没有写，{use}。请在“办公室”里写上 {what}: 姓名")


def check_people(office: Office, ways: Sequence[Way]) -> Iterator[Verdict]:
    """Tell whom no channel reaches, whom a ladder does not reach, and whom one of its means not."""
    lost = [one.name for one in office.people if not _reach(office, ways, one, ())]
    if lost:
        yield bad("人员", f"没有通道叫得到{names(lost)}。请补上手机、企业微信、钉钉等账号")
    elif office.people:
        yield good("人员", f"{len(office.people)}人都有通道叫得到")
    rest = [one for one in office.people if one.name not in lost]
    for ladder in office.ladders:
        yield from _check_ladder(office, ways, ladder, rest)


def _check_ladder(
    office: Office, ways: Sequence[Way], ladder: Ladder, people: Sequence[Person]
) -> Iterator[Verdict]:
    what = f"阶梯“{ladder.name}”"
    words = dict.fromkeys(word for rung in ladder.rungs for word in rung.means)
    missed: dict[tuple[str, ...], list[str]] = {}
    for word in words:
        if any(word in (way.means, way.lane) for way in ways):
            found = tuple(one.name for one in people if not _reach(office, ways, one, (word,)))
            if found:
                missed.setdefault(found, []).append(word)
    for found, by in missed.items():
        quoted = "".join(f"“{word}”" for word in by)
        yield mind(what, f"{quoted}叫不到{names(found)}，只能用别的通道叫。请补上账号")
    lacking = [
        word for word in words if word in tuple(Means) and word not in {w.means for w in ways}
    ]
    if lacking:
        quoted = "".join(f"“{word}”" for word in lacking)
        yield mind(what, f"没有{quoted}的通道，到时只用现有的通道叫。请在“通道”里加上")
    if not missed and not lacking:
        yield good(what, "每一步的通道都有，人人叫得到")


def _reach(office: Office, ways: Sequence[Way], person: Person, means: Sequence[str]) -> bool:
    """Tell whether he is called by one of the means, under an account that the channel knows."""
    specs = {spec.name: spec for spec in office.channels}
    wanted = [way for way in ways if not means or way.means in means or way.lane in means]
    words = means or tuple(dict.fromkeys(way.means.value for way in wanted))
    lanes = find_lanes(office, wanted, person.name, means=words)
    return any(knows(specs[lane], person) for lane in lanes)


def names(found: Sequence[str]) -> str:
    """Give the first few of the names.

    >>> names(["周敏", "陈立"])
    '周敏、陈立'
    """
    more = f"等{len(found)}个" if len(found) > SHOWN else ""
    return "、".join(found[:SHOWN]) + more
