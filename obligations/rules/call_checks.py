"""What is wrong with ladders and ready-made calls: nobody to call, nothing to call by."""

from collections.abc import Iterator, Sequence

from obligations.errors import Problem
from obligations.rules.form import Form
from obligations.rules.ladders import BUILT_IN, OFFICE, last_call
from obligations.rules.lengths import spoken
from obligations.rules.model import Means, Office, Role
from obligations.rules.rule_checks import known_terms
from obligations.rules.sheet import RungSheet
from obligations.rules.values import shown
from obligations.rules.wording import near

EVERYBODY = "全体"
LONGEST_NAME = 40
NOBODY = "不在“人员”“单位”里，也不是谁的职务或标签"
REGISTER = "，请先登记这个人、职务、单位或标签，或改成登记过的"


def check_calls(form: Form, office: Office) -> Iterator[Problem]:
    """Give every problem of ladders, ready-made calls and those who are told of troubles."""
    terms = known_terms(form)
    for key, words in (
        ("值班室", form.sheet.office.duty_room),
        ("后备联系人", form.sheet.office.backup),
    ):
        yield from _strangers(form, words, terms, REGISTER, OFFICE, key)
    for name in form.sheet.ladders:
        yield from _named(form, "阶梯", name)
        yield from _ladder(form, office, name, terms)
    for name in form.sheet.calls:
        yield from _named(form, "叫应", name)
        yield from _call(form, name, terms)
        yield from _roll_call(form, name)


def _named(form: Form, group: str, name: str) -> Iterator[Problem]:
    if not name.strip():
        yield form.key_problem(f"“{group}”里有一项没有名称，请在冒号前面写上名称", group, name)
    elif "/" in name or len(name) > LONGEST_NAME:
        message = f"名称{shown(name)}里不能有“/”，也不能超过{LONGEST_NAME}个字，请改一个名称"
        yield form.key_problem(message, group, name)


def _strangers(
    form: Form, words: Sequence[str], known: tuple[str, ...], hint: str, *where: int | str
) -> Iterator[Problem]:
    """Give a problem for each word that means nobody."""
    for place, word in enumerate(words):
        if word not in known:
            message = f"“{where[-1]}”写的{shown(word)}{NOBODY}{near(word, known) or hint}"
            yield form.problem(message, *where, place)


def _ladder(form: Form, office: Office, name: str, terms: tuple[str, ...]) -> Iterator[Problem]:
    sheet, where = form.sheet.ladders[name], ("阶梯", name)
    for n, rung in enumerate(sheet.rungs):
        yield from _rung(form, rung, terms, (*where, "步骤", n))
    if not sheet.rungs and not form.told(*where, "步骤"):
        message = f"阶梯{shown(name)}没有“步骤”，请至少写一步，如 - {{叫: 本人, 用: [应用, 群]}}"
        yield form.key_problem(message, *where)
    known = (Role.SUPERIOR.value, OFFICE, Role.DUTY_ROOM.value, *terms)
    hint = "，请写 上级、办公室，或登记过的姓名、职务、单位、标签"
    yield from _strangers(form, sheet.report_to, known, hint, *where, "报给")
    if not sheet.report_to and not form.told(*where, "报给"):
        message = f"阶梯{shown(name)}的“报给”是空的，没有人会收到未叫醒名单，请写 [上级, 办公室]"
        yield form.problem(message, *where, "报给")
    ladder = next(ladder for ladder in office.ladders if ladder.name == name.strip())
    if ladder.limit < last_call(ladder):
        message = (
            f"“到限”（{spoken(ladder.limit)}）比最后一次叫（开始后{spoken(last_call(ladder))}）"
            "还早，请把“到限”改长，或把“等”“间隔”改短"
        )
        yield form.problem(message, *where, "到限", warning=True)


def _rung(
    form: Form, rung: RungSheet, terms: tuple[str, ...], where: tuple[int | str, ...]
) -> Iterator[Problem]:
    step = int(where[-1])
    known = (*(role.value for role in Role), *terms)
    hint = "，请写 本人、代理、上级、值班室，或登记过的姓名、职务、单位、标签"
    yield from _strangers(form, rung.whom, known, hint, *where, "叫")
    if not rung.whom and not form.told(*where, "叫"):
        yield form.problem(f"第{step + 1}步的“叫”是空的，请写 本人", *where, "叫")
    if step and not rung.wait and not form.told(*where, "等"):
        message = f"第{step + 1}步没有写上一步以后再等多久，请补上“等”，如 等: 100秒"
        yield form.problem(message, *where, "等")
    if rung.times > 1 and not rung.every and not form.told(*where, "间隔"):
        message = f"第{step + 1}步要叫{rung.times}次，没有写“间隔”，请补上，如 间隔: 1分钟"
        yield form.problem(message, *where, "次数")
    ways = (*(means.value for means in Means), *form.names("通道"))
    for place, way in enumerate(rung.means):
        if way not in ways:
            either = "应用、群、短信、电话、邮件，或“通道”里的一个名称"
            message = f"“用”写的{shown(way)}不是{either}{near(way, ways) or '，请改正'}"
            yield form.problem(message, *where, "用", place)


def _call(form: Form, name: str, terms: tuple[str, ...]) -> Iterator[Problem]:
    call, where = form.sheet.calls[name], ("叫应", name)
    yield from _strangers(form, call.to, (EVERYBODY, *terms), REGISTER, *where, "叫")
    if not call.to:
        message = f"叫应{shown(name)}的“叫”是空的，请写姓名、职务、单位或标签；所有人写 全体"
        yield form.problem(message, *where, "叫")
    if not call.text:
        message = f"叫应{shown(name)}的“内容”是空的，请写一句话说明出了什么事、要做什么"
        yield form.problem(message, *where, "内容")
    ladders = (*(ladder.name for ladder in BUILT_IN), *form.names("阶梯"))
    if call.ladder not in ladders:
        hint = near(call.ladder, ladders) or f"，现在有：{'、'.join(dict.fromkeys(ladders))}"
        message = f"没有{shown(call.ladder)}这套阶梯{hint}"
        yield form.problem(message, *where, "阶梯")


def _roll_call(form: Form, name: str) -> Iterator[Problem]:
    call, where = form.sheet.calls[name], ("叫应", name)
    if not call.window:
        if call.when and not form.told(*where, "时间"):
            message = "写了“何时”，没有写“时间”，请补上从几点到几点，如 时间: 20:00-23:00"
            yield form.problem(message, *where, "何时")
        return
    stretches = form.sheet.calendar.key_periods
    told = form.told(*where, "何时") or form.told("日历", "重点时段")
    if call.when != "每天" and not stretches and not told:
        message = (
            f"{shown(name)}只在重点时段自己叫，“日历”里还没有“重点时段”，"
            "请补上起止日期，或写 何时: 每天"
        )
        yield form.problem(message, *where, "时间", warning=True)
