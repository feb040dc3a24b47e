"""What is wrong between the rules and the rest: ids used twice, bearers nobody knows, tiers."""

from collections import Counter
from collections.abc import Callable, Iterator
from functools import cache

from obligations.errors import Problem
from obligations.rules.build import drafted
from obligations.rules.form import Form
from obligations.rules.model import Office, Rule
from obligations.rules.sheet import TIERS, RuleSheet
from obligations.rules.values import shown, told
from obligations.rules.wording import near
from obligations.schedule import Compound, Coverage, Period, Quota, Schedule

HINT = "，请先登记这个人、职务、单位或标签，或改成登记过的"
TIER_NAMES = {Period(period): tier for tier, period in TIERS.items()}


def check_rules(form: Form, office: Office) -> Iterator[Problem]:
    """Give every problem of the rules that their shape alone does not show."""
    terms = known_terms(form)
    known = frozenset(terms)

    @cache
    def alike(word: str) -> str:
        return near(word, terms)

    yield from _ids(form)
    yield from _replaced(form)
    yield from _unknown_in_drafts(form, known, alike)
    for n, (sheet, rule) in enumerate(zip(form.sheet.rules, office.rules, strict=True)):
        yield from _blanks(form, n, sheet)
        if not rule.draft:
            yield from _unknown(form, n, known, alike)
        yield from _tiers(form, n, rule)
        yield from _copied(form, n, rule)
        if sheet.question:
            message = f"编号{shown(sheet.id)}还有待定：{told(sheet.question)}"
            yield form.problem(message, "规则", n, "待定", warning=True)


def known_terms(form: Form) -> tuple[str, ...]:
    """Give every name, post, unit and tag that a rule may call somebody by."""
    sheet = form.sheet
    words = [*form.names("单位"), *form.names("人员")]
    words += [tag for unit in sheet.units.values() for tag in unit.tags]
    words += [word for person in sheet.people.values() for word in (*person.posts, *person.tags)]
    return tuple(dict.fromkeys(words))


def _ids(form: Form) -> Iterator[Problem]:
    seen: dict[str, int] = {}
    for n, rule in enumerate(form.sheet.rules):
        if rule.id in seen:
            line = form.tree.at(form.path("规则", seen[rule.id], "编号"))[0]
            message = f"编号{shown(rule.id)}在第{line}行已经用过，请给这一条换一个没用过的编号"
            yield form.problem(message, "规则", n, "编号")
        seen.setdefault(rule.id, n)


def _replaced(form: Form) -> Iterator[Problem]:
    """Give a warning for a 替代 that stays without effect."""
    ids = {rule.id for rule in form.sheet.rules}
    for n, rule in enumerate(form.sheet.rules):
        if rule.replaces and not drafted(rule):
            message = f"编号{shown(rule.id)}已经确认，“替代”这一行没有用了，请删掉"
        elif rule.replaces and (rule.replaces not in ids or rule.replaces == rule.id):
            message = f"要替代的{shown(rule.replaces)}不在规则里了，请核对编号，或删掉这一行"
        else:
            continue
        yield form.problem(message, "规则", n, "替代", warning=True)


def _blanks(form: Form, n: int, rule: RuleSheet) -> Iterator[Problem]:
    draft = drafted(rule)
    if not rule.matter and not form.told("规则", n, "事项"):
        message = f"编号{shown(rule.id)}的“事项”是空的，请写一句话说明要做什么"
        yield form.problem(message, "规则", n, "事项", warning=draft)
    if not any(rule.bearer.values()) and not form.told("规则", n, "责任人"):
        message = f"编号{shown(rule.id)}的“责任人”是空的，请写姓名、职务、单位或标签"
        yield form.problem(message, "规则", n, "责任人", warning=draft)


def _unknown(
    form: Form, n: int, known: frozenset[str], alike: Callable[[str], str]
) -> Iterator[Problem]:
    rule = form.sheet.rules[n]
    for tier, terms in rule.bearer.items():
        for place, term in enumerate(terms):
            if term in known:
                continue
            hint = alike(term) or HINT
            yield form.problem(f"{_nobody(term)}{hint}", "规则", n, "责任人", tier, place)


def _unknown_in_drafts(
    form: Form, known: frozenset[str], alike: Callable[[str], str]
) -> Iterator[Problem]:
    """Give one warning a word, where it stands first: a notice repeats its units many times."""
    first: dict[str, tuple[int | str, ...]] = {}
    count: Counter[str] = Counter()
    for n, rule in enumerate(form.sheet.rules):
        for tier, terms in rule.bearer.items() if drafted(rule) else ():
            for place, term in enumerate(terms):
                first.setdefault(term, ("规则", n, "责任人", tier, place))
                count[term] += 1
    for term, where in first.items():
        if term not in known:
            times = f"（待确认的规则里共{count[term]}处）" if count[term] > 1 else ""
            message = f"{_nobody(term)}{times}{alike(term) or HINT}"
            yield form.problem(message, *where, warning=True)


def _nobody(term: str) -> str:
    return f"“责任人”写的{shown(term)}不在“人员”“单位”里，也不是谁的职务或标签"


def _copied(form: Form, n: int, rule: Rule) -> Iterator[Problem]:
    """Give a problem for each 抄报 that is no unit, or a unit without anybody to tell."""
    units = form.sheet.units
    for name in rule.copy_to:
        if name not in units:
            known = "、".join(units) or "还没有写"
            message = f"“抄报”写的{shown(name)}不在“单位”里，请写单位的全名。现有：{known}"
            yield form.problem(message, "规则", n, "抄报", warning=rule.draft)
        elif not units[name].head:
            message = f"“抄报”的单位{shown(name)}没有写负责人，不知道告诉谁"
            yield form.problem(message, "规则", n, "抄报", warning=rule.draft)


def _tiers(form: Form, n: int, rule: Rule) -> Iterator[Problem]:
    tiers = {bearing.period for bearing in rule.bearings if bearing.period}
    owed = frozenset(periods_of(rule.schedule))
    if not tiers or not owed:
        return
    where = ("规则", n, "责任人")
    for period in sorted(tiers - owed):
        has = "、".join(TIER_NAMES[other] for other in sorted(owed) if other in TIER_NAMES)
        message = f"“责任人”分了“{TIER_NAMES[period]}”一层，“频次”里却没有，只有：{has}"
        yield form.problem(message, *where, TIER_NAMES[period], warning=rule.draft)
    for period in sorted(owed - tiers):
        tier = TIER_NAMES.get(period, period.value)
        message = f"“责任人”没有写“{tier}”这一层由谁做，请补上“{tier}: …”"
        yield form.problem(message, *where, warning=rule.draft)


def periods_of(schedule: Schedule) -> Iterator[Period]:
    """Give the period of every quota in the schedule."""
    if isinstance(schedule, Quota):
        yield schedule.period
    elif isinstance(schedule, Coverage):
        yield schedule.quota.period
    elif isinstance(schedule, Compound):
        for member in schedule.members:
            yield from periods_of(member)
