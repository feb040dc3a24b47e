"""What contradicts itself in 名单, 加密, 时段, 材料 and 确认."""

from collections.abc import Iterator

from obligations.errors import Problem
from obligations.rules.bearers import find_roster, resolve
from obligations.rules.form import Form
from obligations.rules.model import Office, Roster, Rule
from obligations.rules.owing import unread
from obligations.rules.values import shown
from obligations.rules.wording import near
from obligations.schedule import Bound, Coverage, Quota, Schedule, Standing, parts_of
from obligations.workdays import named_holidays

ANY = "重点时段"


def check_owing(form: Form, office: Office) -> Iterator[Problem]:
    """Give every problem of what is owed besides a rule's own 频次."""
    seasons = tuple(dict.fromkeys(one.name for one in office.days.key_periods))
    used: set[str] = set()
    for n, rule in enumerate(office.rules):
        sheet = form.sheet.rules[n]
        for place, message in unread(sheet):
            yield form.problem(message, "规则", n, *place, warning=rule.draft)
        if sheet.denser or rule.season:
            yield from _seasons(form, n, rule, seasons)
        if rule.confirm and not any(isinstance(one, Standing) for one in parts_of(rule.schedule)):
            message = (
                "“确认”只用于 长期坚持、24小时值班 这样的频次，这一条本来就有期限，请删掉“确认”"
            )
            yield form.problem(message, "规则", n, "确认", warning=True)
        for one in parts_of(rule.schedule):
            if isinstance(one, Coverage):
                roster = find_roster(office, one.of)
                used.add(roster.name if roster else "")
                yield from _covered(form, n, one, roster)
    yield from _lists(form, office, used)


def _seasons(form: Form, n: int, rule: Rule, seasons: tuple[str, ...]) -> Iterator[Problem]:
    said = (*form.sheet.rules[n].denser, *([rule.season] if rule.season else []))
    for name in said:
        where = ("规则", n, "时段") if name == rule.season else ("规则", n, "加密", name)
        yield from _unknown_season(form, name.strip(), seasons, where)
    parts = parts_of(rule.schedule)
    if rule.tightenings and not any(map(_is_counted, parts)):
        message = "“加密”要有可以加倍的次数，如 每月1次；这一条的频次没有，“加密”不起作用"
        yield form.problem(message, "规则", n, "加密", warning=True)
    if rule.season and not any(isinstance(one, Quota | Coverage | Standing) for one in parts):
        message = "“时段”只用于 每日1次、24小时值班 这样的频次；这一条的日子是定死的，请删掉“时段”"
        yield form.problem(message, "规则", n, "时段", warning=True)
    other = [one.season for one in rule.tightenings if one.season not in {"", ANY, rule.season}]
    if rule.season not in {"", ANY} and other:
        message = f"“时段”只有{shown(rule.season)}，“加密”却写了{shown(other[0])}，请核对是哪个时段"
        yield form.problem(message, "规则", n, "加密", warning=True)


def _unknown_season(
    form: Form, name: str, seasons: tuple[str, ...], where: tuple[int | str, ...]
) -> Iterator[Problem]:
    if name in {"", ANY}:
        if not seasons:
            message = "“日历”里还没有重点时段，这一行现在不起作用，请在“重点时段”里写上名称和日子"
            yield form.problem(message, *where, warning=True)
    elif not named_holidays(name) and not any(
        one == name or one.endswith(f"年{name}") for one in seasons
    ):
        hint = near(name, seasons) or "，请在“重点时段”里写上；由办公室临时开启的，开启以后才起作用"
        message = f"时段{shown(name)}不在“日历”的“重点时段”里，也不是国家节假日{hint}"
        yield form.problem(message, *where, warning=True)


def _is_counted(schedule: Schedule) -> bool:
    quota = schedule.quota if isinstance(schedule, Coverage) else schedule
    return isinstance(quota, Quota) and quota.bound is not Bound.AT_MOST


def _covered(form: Form, n: int, coverage: Coverage, roster: Roster | None) -> Iterator[Problem]:
    rule = form.sheet.rules[n]
    if roster is None:
        message = (
            f"频次要求{shown(coverage.of)}全覆盖，但“名单”里没有这份名单，"
            f"不知道是哪几家，只当一件事报一次；请补上“名单: {{{coverage.of}: [甲厂, 乙厂]}}”"
        )
        yield form.problem(message, "规则", n, "频次", warning=True)
    elif not roster.objects:
        message = f"编号{shown(rule.id)}用的名单{shown(roster.name)}是空的，请写上有哪几家"
        yield form.problem(message, "名单", roster.name, warning=True)


def _lists(form: Form, office: Office, used: set[str]) -> Iterator[Problem]:
    for name, entries in form.sheet.lists.items():
        seen: set[str] = set()
        for n, one in enumerate(entries):
            if one.name in seen:
                message = f"名单{shown(name)}里{shown(one.name)}写过了，只算一家，请删掉这一个"
                yield form.problem(message, "名单", name, n, warning=True)
            seen.add(one.name)
        if entries and name.strip() not in used:
            message = f"名单{shown(name)}没有规则用到：频次里要写“{name}全覆盖”，请核对名称"
            yield form.key_problem(message, "名单", name, warning=True)
        yield from _owners(form, office, name)


def _owners(form: Form, office: Office, name: str) -> Iterator[Problem]:
    """Give a warning for everybody who looks after an object and bears no rule of the list."""
    roster = next(one for one in office.lists if one.name == name.strip())
    rules = [
        rule
        for rule in office.rules
        for one in parts_of(rule.schedule)
        if isinstance(one, Coverage) and find_roster(office, one.of) is roster
    ]
    bearing = {
        word
        for rule in rules
        for one in rule.bearings
        for term in one.terms
        for bearer in resolve(office, term)
        for word in (
            bearer.name,
            *((bearer.person.name, *bearer.person.posts) if bearer.person else ()),
        )
    }
    for n, entry in enumerate(form.sheet.lists[name]):
        if rules and entry.bearer and entry.bearer not in bearing:
            who = "、".join(sorted({term for r in rules for b in r.bearings for term in b.terms}))
            message = (
                f"{shown(entry.name)}的“负责”写的{shown(entry.bearer)}不是这份名单的责任人（{who}），"
                "会分给别人，请核对"
            )
            yield form.problem(message, "名单", name, n, "负责", warning=True)
