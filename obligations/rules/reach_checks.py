"""Whether a call would arrive: means without a channel, people without an account."""

from collections.abc import Iterable, Iterator

from obligations.errors import Problem
from obligations.rules.form import Form
from obligations.rules.ladders import OFFICE
from obligations.rules.model import ChannelSpec, Ladder, Means, Office, Role
from obligations.rules.platforms import accounts, knows, means_of
from obligations.rules.values import shown

MEANS = frozenset(means.value for means in Means)
BOUGHT = frozenset({Means.SMS.value, Means.PHONE.value})
FEW = 3
HELD = ("手机", "企业微信", "钉钉", "飞书", "邮箱")


def check_reach(form: Form, office: Office) -> Iterator[Problem]:
    """Give a warning for each means that no channel has, and each person whom no ladder reaches."""
    used = _used(form, office)
    if not used:
        return
    yield from _unheard(form, used)
    if office.channels:
        yield from _means(form, office, used)
        yield from _people(form, office, used)
    elif not form.names("通道"):
        message = "“通道”是空的，叫应发不出去，请先登记一个群机器人或应用，如 地址: 沙箱"
        yield form.key_problem(message, *next(iter(used.values())), warning=True)


def _used(form: Form, office: Office) -> dict[Ladder, tuple[int | str, ...]]:
    """Give the ladders that the file writes or names, each with the place that does so first."""
    places: dict[str, tuple[int | str, ...]] = {
        name.strip(): ("阶梯", name) for name in form.sheet.ladders
    }
    for name, call in form.sheet.calls.items():
        places.setdefault(call.ladder, ("叫应", name, "阶梯"))
    return {ladder: places[ladder.name] for ladder in office.ladders if ladder.name in places}


def _unheard(form: Form, used: dict[Ladder, tuple[int | str, ...]]) -> Iterator[Problem]:
    """Give a warning where the list of those who did not answer goes to a duty room of nobody."""
    heard = {OFFICE, Role.DUTY_ROOM.value}
    told = form.told(OFFICE, "值班室") or form.sheet.office.duty_room
    for ladder, where in used.items():
        if heard.intersection(ladder.report_to) and not told:
            message = (
                f"阶梯{shown(ladder.name)}的未叫醒名单要报给办公室，“办公室”里没有写“值班室”，"
                "没有人会收到，请补上 值班室: [姓名]"
            )
            yield form.problem(message, *where, warning=True)
            return


def _means(
    form: Form, office: Office, used: dict[Ladder, tuple[int | str, ...]]
) -> Iterator[Problem]:
    """Give a warning for a ladder that counts on a means which no channel has."""
    held = {means.value for name in office.channels if (means := means_of(name.platform))}
    for ladder, where in used.items():
        lacking: dict[str, None] = {}
        for rung in ladder.rungs:
            missing = [way for way in rung.means if way in MEANS - held]
            alone = len(missing) == len(rung.means)
            lacking |= dict.fromkeys(way for way in missing if alone or way in BOUGHT)
        if lacking:
            words = "".join(f"“{way}”" for way in lacking)
            message = (
                f"阶梯{shown(ladder.name)}要用{words}叫，“通道”里没有这样的通道，"
                "到时只用现有的通道叫"
            )
            yield form.problem(message, *where, warning=True)


def _people(
    form: Form, office: Office, used: dict[Ladder, tuple[int | str, ...]]
) -> Iterator[Problem]:
    """Give a warning for people without an account that a ladder's channels know, like by like."""
    ways = [(ladder.name, _channels(office, ladder)) for ladder in used]
    alike: dict[tuple[str, str], list[str]] = {}
    for person in office.people:
        missed = [(name, by) for name, by in ways if not any(knows(one, person) for one in by)]
        if missed and not any(form.told("人员", person.name, key) for key in HELD):
            names = "".join(shown(name) for name, _ in missed)
            by = dict.fromkeys(one for _, channels in missed for one in channels)
            alike.setdefault((names, _lacking(by)), []).append(person.name)
    for (names, lacking), people in alike.items():
        who = "".join(map(shown, people[:FEW]))
        who += f"等{len(people)}人" if len(people) > FEW else ""
        message = f"{who}没有写{lacking}，阶梯{names}叫不到，请至少补上一项"
        yield form.key_problem(message, "人员", people[0], warning=True)


def _lacking(channels: Iterable[ChannelSpec]) -> str:
    return "、".join(dict.fromkeys(key for one in channels for key in accounts(one.platform)))


def _channels(office: Office, ladder: Ladder) -> tuple[ChannelSpec, ...]:
    """Give the channels that a ladder goes by: those it names, else what there is."""
    ways = {way for rung in ladder.rungs for way in rung.means}
    named = tuple(
        one for one in office.channels if one.name in ways or (means_of(one.platform) or "") in ways
    )
    anything = any(not rung.means for rung in ladder.rungs)
    return office.channels if anything or not named else named
