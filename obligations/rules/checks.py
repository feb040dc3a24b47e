"""What no single key shows: a deputy nobody knows, a robot without address, a day off and on."""

from collections.abc import Iterator

from obligations.errors import Problem
from obligations.rules.channel_checks import check_channels
from obligations.rules.form import Form
from obligations.rules.sheet import PersonSheet
from obligations.rules.values import shown
from obligations.rules.wording import near
from obligations.workdays import named_holidays


def check_office(form: Form) -> Iterator[Problem]:
    """Give every problem between people, units, channels and days."""
    yield from _people(form)
    yield from _shared(form)
    yield from _shadowed(form)
    yield from _units(form)
    yield from check_channels(form)
    yield from _calendar(form)
    yield from _hours(form)


def _people(form: Form) -> Iterator[Problem]:
    people = form.names("人员")
    for name, person in form.sheet.people.items():
        if not name.strip():
            yield form.key_problem("姓名是空的，请写上姓名", "人员", name)
        if person.deputy == name:
            yield form.problem("“代理”不能是本人，请写另一个人", "人员", name, "代理")
        elif person.deputy and person.deputy not in people:
            message = f"“代理”写的{shown(person.deputy)}不在“人员”里"
            hint = near(person.deputy, people) or "，请先在“人员”里登记，或删掉这一行"
            yield form.problem(message + hint, "人员", name, "代理")
        elif person.deputy in form.sheet.people:
            yield from _away(form, name, form.sheet.people[person.deputy])


def _away(form: Form, name: str, deputy: PersonSheet) -> Iterator[Problem]:
    """Give a warning for each leave on which the deputy is away too."""
    person = form.sheet.people[name]
    for n, leave in enumerate(person.leaves):
        both = [
            day
            for other in deputy.leaves
            if (day := max(leave.first, other.first)) <= min(leave.last, other.last)
        ]
        if both:
            message = (
                f"{shown(name)}请假时代理人{shown(person.deputy)}也请假（{min(both)}起），"
                "这几天没有人顶替，请另写一个代理，或核对日期"
            )
            yield form.problem(message, "人员", name, "请假", n, warning=True)


def _shared(form: Form) -> Iterator[Problem]:
    """Give a warning for an account that two people have: one of them would never be called."""
    owners: dict[tuple[str, str], str] = {}
    for name, person in form.sheet.people.items():
        accounts = (
            ("手机", person.mobile),
            ("企业微信", person.wecom),
            ("钉钉", person.dingtalk),
            ("飞书", person.feishu),
        )
        for key, account in accounts:
            owner = owners.setdefault((key, account), name) if account else name
            if owner != name:
                message = f"“{key}”和{shown(owner)}的一样，会提醒错人，请核对是谁的"
                yield form.problem(message, "人员", name, key, warning=True)


def _shadowed(form: Form) -> Iterator[Problem]:
    """Give a warning for a word that means two things, since a rule takes only the first."""
    people = set(form.names("人员"))
    posts = {post for person in form.sheet.people.values() for post in person.posts}
    for name, unit in form.sheet.units.items():
        if name in people:
            message = f"{shown(name)}既是单位又是姓名，“责任人”里写它时只指这个人，最好改掉其中一个"
            yield form.key_problem(message, "单位", name, warning=True)
        for tag in posts.intersection(unit.tags):
            message = (
                f"{shown(tag)}既是标签又是职务，“责任人”里写它时只指担任这个职务的人，"
                "最好改掉其中一个"
            )
            yield form.problem(message, "单位", name, "标签", warning=True)


def _units(form: Form) -> Iterator[Problem]:
    people, channels = form.names("人员"), form.names("通道")
    for name, unit in form.sheet.units.items():
        if form.told("单位", name, "负责人"):
            pass
        elif not unit.head:
            message = f"单位{shown(name)}没有写“负责人”，请补上“负责人: 姓名”"
            yield form.key_problem(message, "单位", name)
        elif unit.head not in people:
            hint = near(unit.head, people) or "，请写姓名，并先在“人员”里登记"
            message = f"“负责人”写的{shown(unit.head)}不在“人员”里{hint}"
            yield form.problem(message, "单位", name, "负责人")
        if unit.group and unit.group not in channels:
            hint = near(unit.group, channels) or "，请先在“通道”里登记这个群"
            message = f"“群”写的{shown(unit.group)}不在“通道”里{hint}"
            yield form.problem(message, "单位", name, "群")
        yield from _superior(form, name)


def _superior(form: Form, name: str) -> Iterator[Problem]:
    units = form.sheet.units
    above = units[name].superior
    known = (*form.names("单位"), *form.names("人员"))
    if above and above not in known:
        hint = near(above, known) or "，叫不醒时报不上去，请写一个登记过的单位或姓名"
        message = f"“上级”写的{shown(above)}不在“单位”和“人员”里{hint}"
        yield form.problem(message, "单位", name, "上级", warning=True)
    passed = {name}
    while above in units and above not in passed:
        passed.add(above)
        above = units[above].superior
    if above == name:
        message = f"{shown(name)}的“上级”绕了一圈又回到自己，请改正"
        yield form.problem(message, "单位", name, "上级")


def _calendar(form: Form) -> Iterator[Problem]:
    calendar = form.sheet.calendar
    off = {day for span in calendar.holidays for day in span}
    for n, span in enumerate(calendar.workdays):
        for day in sorted(off.intersection(span)):
            message = f"{day}既在“放假”里又在“上班”里，请删掉其中一个"
            yield form.problem(message, "日历", "上班", n)
    for n, stretch in enumerate(calendar.key_periods):
        if not (stretch.first and stretch.last):
            yield from _undated(form, n)
        elif stretch.last < stretch.first:
            message = f"{shown(stretch.name)}的“结束”在“开始”之前，请对调"
            yield form.problem(message, "日历", "重点时段", n, "结束")


def _undated(form: Form, n: int) -> Iterator[Problem]:
    """Give a problem for a key period without both its days that is no national holiday."""
    stretch = form.sheet.calendar.key_periods[n]
    lacks = "结束" if stretch.first else "开始"
    is_half = bool(stretch.first or stretch.last)
    refused = any(form.told("日历", "重点时段", n, key) for key in ("开始", "结束"))
    if not refused and (is_half or not named_holidays(stretch.name)):
        message = f"“重点时段”的第{n + 1}项缺少“{lacks}”，请补上一行“{lacks}: …”"
        yield form.problem(message, "日历", "重点时段", n)


def _hours(form: Form) -> Iterator[Problem]:
    office = form.sheet.office
    if office.closes <= office.opens:
        yield form.problem("“下班”应当晚于“上班”，请核对", "办公室", "下班")
    for n, slot in enumerate(office.slots):
        if not office.opens <= slot <= office.closes:
            message = f"“提醒时刻”{slot:%H:%M} 不在上班时间内，请改到上班和下班之间"
            yield form.problem(message, "办公室", "提醒时刻", n, warning=True)
