"""Two rules files of one office side by side: what changed, and what that means for people."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date, time, timedelta
from typing import Any

from notifier.events import Revised, Withdrawn
from notifier.hours import office_hours
from notifier.report.burden import Burden, burdens
from notifier.rounds import changes
from notifier.standing import Standing
from obligations.duties import Duty, plan
from obligations.rules import Bearing, Office, Rule

ADDED, REMOVED, CHANGED, RENUMBERED = "新增", "删去", "改动", "编号改了"
OPENED, REVISED, WITHDRAWN = "新开", "改内容", "撤下"
AHEAD = timedelta(days=91)
_GROUPS = (
    ("人员", "people"),
    ("单位", "units"),
    ("通道", "channels"),
    ("阶梯", "ladders"),
    ("叫应", "calls"),
    ("名单", "lists"),
)
SETTINGS = {
    "name": "名称",
    "timezone": "时区",
    "opens": "上班",
    "closes": "下班",
    "slots": "提醒时刻",
    "budget": "每周消息上限",
    "duty_room": "值班室",
    "backup": "后备联系人",
    "pacing": "节奏",
}
_DAYS = {"holidays": "放假", "workdays": "上班", "key_periods": "重点时段"}
WORDS = {
    "matter": "事项",
    "bearings": "责任人",
    "phrase": "频次",
    "evidence": "佐证",
    "source": "来源",
    "shift": "遇休",
    "draft": "待确认",
    "question": "待定",
    "replaces": "替代",
    "zero_report": "零报告",
    "tightenings": "加密",
    "season": "时段",
    "materials": "材料",
    "confirm": "确认",
    "in_person": "须本人",
    "copy_to": "抄报",
    "objects": "对象",
    "posts": "职务",
    "tags": "标签",
    "mobile": "手机",
    "wecom": "企业微信",
    "dingtalk": "钉钉",
    "deputy": "代理",
    "feishu": "飞书",
    "mail": "邮箱",
    "leaves": "请假",
    "head": "负责人",
    "group": "群",
    "superior": "上级",
    "platform": "平台",
    "address": "地址",
    "secret": "密钥",
    "account": "账号",
    "app": "应用",
    "token": "令牌",
    "aes_key": "解密",
    "text": "内容",
    "to": "叫",
    "ladder": "阶梯",
    "orders": "指令",
    "roll_call": "时间",
    "rungs": "步骤",
    "limit": "到限",
    "report_to": "报给",
    "any_one": "一人应即可",
    "follow_up": "应而未动",
    "valid": "有效",
}
HIDDEN = frozenset(("place", "name", "id", "schedule"))


@dataclass(frozen=True, slots=True)
class Change:
    """Something added, removed or changed; ``fields`` are (key, before, after)."""

    group: str
    kind: str
    name: str
    words: str = ""
    fields: tuple[tuple[str, str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class DutyChange:
    """What today's change of the file would do to a duty; ``loses`` the answers that it has."""

    kind: str
    key: str
    person: str
    matter: str
    reason: str
    loses: bool = False


@dataclass(frozen=True, slots=True)
class Share:
    """One person's messages a week before and after."""

    person: str
    before: Burden
    after: Burden


@dataclass(frozen=True, slots=True)
class Differences:
    """Everything that the office should know before it publishes; ``above``: over the budget."""

    changes: tuple[Change, ...]
    duties: tuple[DutyChange, ...]
    shares: tuple[Share, ...]
    above: tuple[str, ...]
    budget: int

    @property
    def losing(self) -> tuple[DutyChange, ...]:
        """Give the duties whose answers would count no more."""
        return tuple(duty for duty in self.duties if duty.loses)


def differ(old: Office, new: Office, today: date) -> Differences:
    """Give what differs between two offices, as of a day."""
    named = renumbered(old.rules, new.rules)
    shares = tuple(_shares(old, new, today))
    return Differences(
        (*_rule_changes(old.rules, new.rules, named), *_groups(old, new), *_settings(old, new)),
        tuple(_duty_changes(old, new, today, named)),
        shares,
        tuple(one.person for one in shares if _gets_above(one, old.budget, new.budget)),
        new.budget,
    )


def renumbered(old: Sequence[Rule], new: Sequence[Rule]) -> Mapping[str, str]:
    """Give the new id of every rule that is the same but for its id."""
    before, after = {rule.id for rule in old}, {rule.id for rule in new}
    gone: dict[tuple[Any, ...], list[str]] = {}
    for rule in old:
        if rule.id not in after:
            gone.setdefault(_mark(rule), []).append(rule.id)
    found = {}
    for rule in new:
        if rule.id not in before and gone.get(_mark(rule)):
            found[gone[_mark(rule)].pop(0)] = rule.id
    return found


def _mark(rule: Rule) -> tuple[Any, ...]:
    return "".join(rule.matter.split()), rule.bearings, "".join(rule.phrase.split())


def _rule_changes(
    old: Sequence[Rule], new: Sequence[Rule], named: Mapping[str, str]
) -> Iterator[Change]:
    before = {rule.id: rule for rule in old}
    after = {rule.id: rule for rule in new}
    for name, rule in before.items():
        if name in named:
            told = (("编号", name, named[name]), *_fields(rule, after[named[name]]))
            yield Change("规则", RENUMBERED, name, rule.matter, told)
        elif name not in after:
            yield Change("规则", REMOVED, name, _sentence(rule))
        elif told := _fields(rule, after[name]):
            yield Change("规则", CHANGED, name, rule.matter, told)
    fresh = set(after) - set(before) - set(named.values())
    for name, rule in after.items():
        if name in fresh:
            yield Change("规则", ADDED, name, _sentence(rule))


def _sentence(rule: Rule) -> str:
    draft = "（待确认）" if rule.draft else ""
    return f"{_said(rule.bearings)}：{rule.matter}，{rule.phrase}{draft}"


def _groups(old: Office, new: Office) -> Iterator[Change]:
    for group, name in _GROUPS:
        before = {one.name: one for one in getattr(old, name)}
        after = {one.name: one for one in getattr(new, name)}
        for key in dict.fromkeys((*before, *after)):
            if key not in after:
                yield Change(group, REMOVED, key)
            elif key not in before:
                yield Change(group, ADDED, key)
            elif told := _fields(before[key], after[key]):
                yield Change(group, CHANGED, key, "", told)


def _settings(old: Office, new: Office) -> Iterator[Change]:
    """Give what changed of the office's own settings and days."""
    apart = {"rules", "days", *(name for _, name in _GROUPS)}
    names = [name for name in _compared(old) if name not in apart]
    if told := tuple(_field(name, old, new, SETTINGS) for name in names if _unlike(name, old, new)):
        yield Change("办公室", CHANGED, new.name, "", told)
    one, two = old.days, new.days
    days = [_field(name, one, two, _DAYS) for name in _compared(one) if _unlike(name, one, two)]
    if days:
        yield Change("日历", CHANGED, new.name, "", tuple(days))


def _fields(old: Any, new: Any) -> tuple[tuple[str, str, str], ...]:  # noqa: ANN401 - any record
    """Give what differs between two records of one kind; what no word names is told too."""
    names = [name for name in _compared(old) if name not in HIDDEN]
    told = [_field(name, old, new, WORDS) for name in names if _unlike(name, old, new)]
    meant = isinstance(old, Rule) and old.schedule != new.schedule and old.phrase == new.phrase
    return (*told, ("频次", old.phrase, f"{new.phrase}（意思变了）")) if meant else tuple(told)


def _compared(record: Any) -> list[str]:  # noqa: ANN401 - any record
    """Give the fields that make a record what it is."""
    return [one.name for one in fields(record) if one.compare and not one.name.startswith("_")]


def _unlike(name: str, old: Any, new: Any) -> bool:  # noqa: ANN401 - as above
    return bool(getattr(old, name) != getattr(new, name))


def _field(
    name: str,
    old: Any,  # noqa: ANN401 - as above
    new: Any,  # noqa: ANN401 - as above
    words: Mapping[str, str],
) -> tuple[str, str, str]:
    return words.get(name, name), _said(getattr(old, name)), _said(getattr(new, name))


def _said(value: Any) -> str:  # noqa: ANN401 - whatever a rule holds
    """Give a value as people write it.

    >>> _said(("镇长", "副镇长")), _said(True), _said("")
    ('镇长、副镇长', '是', '（没有）')
    """
    match value:
        case "" | () | None:
            return "（没有）"
        case bool():
            return "是" if value else "否"
        case Bearing(terms=terms, period=period):
            return f"{period.value if period else ''}{'：' if period else ''}{'、'.join(terms)}"
        case time():
            return f"{value:%H:%M}"
        case timedelta():
            seconds = round(value.total_seconds())
            return f"{seconds}秒" if seconds % 60 else f"{seconds // 60}分钟"
        case tuple():
            return "、".join(map(_said, value))
        case _ if hasattr(value, "__dataclass_fields__"):
            parts = (getattr(value, one.name) for one in fields(value))
            return " ".join(_said(part) for part in parts if part not in ("", ()))
        case _:
            return str(value)


def _duty_changes(
    old: Office, new: Office, today: date, named: Mapping[str, str]
) -> Iterator[DutyChange]:
    """Give what adopting the new file today would do to the duties of the running periods."""
    before = plan(old, today, today)
    after = plan(new, today, today)
    known = {duty.key: duty for duty in before}
    kept = {rule.id for rule in new.rules if not rule.draft} | set(named)
    for fact in changes([Standing(duty) for duty in before], after, new, today):
        match fact:
            case Revised(duty=duty, reason=reason):
                yield _told(REVISED, duty, reason)
            case Withdrawn(key=key, reason=reason):
                duty = known[key]
                now = named.get(duty.rule)
                why = f"规则{duty.rule}的编号改成了{now}" if now else reason
                yield replace(_told(WITHDRAWN, duty, why), loses=duty.rule in kept)
    for duty in after:
        if duty.key not in known:
            yield _told(OPENED, duty, duty.words)


def _told(kind: str, duty: Duty, reason: str) -> DutyChange:
    return DutyChange(kind, duty.key, duty.person, duty.matter, reason)


def _shares(old: Office, new: Office, today: date) -> Iterator[Share]:
    """Give what the coming three months bring everybody, where it differs or is too much."""
    before, after = ({one.person: one for one in _burdens(office, today)} for office in (old, new))
    for person in dict.fromkeys((*after, *before)):
        nothing = Burden(person, 0, 0, "")
        one, two = before.get(person, nothing), after.get(person, nothing)
        if one != two or two.most > new.budget:
            yield Share(person, one, two)


def _burdens(office: Office, today: date) -> Iterable[Burden]:
    until = today + AHEAD
    return burdens(plan(office, today, until), office_hours(office), today, until)


def _gets_above(share: Share, old: int, new: int) -> bool:
    """Tell whether somebody gets above the budget who was not, or still more above it."""
    over = max(share.after.most - new, 0)
    return over > max(share.before.most - old, 0)
