"""Notices -> drafts of rules, and rules.yaml with the drafts in it."""

from dataclasses import replace
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from obligations.clauses import Clause, Notice, read, read_notice
from obligations.documents import Document, read_text
from obligations.drafts import (
    Draft,
    Kept,
    append,
    compare,
    keep,
    make_drafts,
    new_file,
    read_kept,
    write_rules,
)
from obligations.drafts.editions import earlier_edition
from obligations.drafts.ids import document_id, item_id
from obligations.errors import Misconfigured, RulesRefused
from obligations.phrases import parse
from obligations.rules import examine
from obligations.schedule import Compound

ROOT = Path(__file__).parents[2]
NOTICES = ROOT / "tests" / "notices"
NAMES = sorted(path.name for path in NOTICES.glob("*.txt"))


def missing(drafts: tuple[Draft, ...], text: str) -> tuple[Draft, ...]:
    return compare(drafts, read_kept(text)).written


def notice(*lines: str, number: str = "青溪府发〔2026〕7号") -> Notice:
    return read_notice(read_text("通知.txt", "\n".join([number, *lines])))


def drafts_of(*lines: str) -> tuple[Draft, ...]:
    return make_drafts(notice(*lines))


@pytest.mark.parametrize("name", NAMES)
def test_drafts_of_a_notice_are_a_file_that_check_accepts(name: str) -> None:
    drafts = make_drafts(read(NOTICES / name))
    office, problems = examine(new_file(drafts))
    assert office is not None
    assert all(problem.warning for problem in problems)
    assert [rule.id for rule in office.rules] == [draft.id for draft in drafts]
    assert all(rule.draft for rule in office.rules)


@pytest.mark.parametrize("name", NAMES)
def test_the_frequency_of_a_draft_is_read_back_as_the_same_schedule(name: str) -> None:
    drafts = make_drafts(read(NOTICES / name))
    office, _ = examine(new_file(drafts))
    assert office is not None
    settled = [(d, r) for d, r in zip(drafts, office.rules, strict=True) if not d.question]
    assert settled
    assert all(rule.schedule == draft.schedule for draft, rule in settled)


@pytest.mark.parametrize("name", NAMES)
def test_every_id_is_used_once_and_stays_the_same(name: str) -> None:
    first, second = (make_drafts(read(NOTICES / name)) for _ in range(2))
    assert first == second
    assert len({draft.id for draft in first}) == len(first)


def test_an_id_says_from_which_document_and_item_a_rule_comes() -> None:
    (draft,) = drafts_of("12.应急办每月检查一次。")
    assert draft.id.startswith("QX26.7-12")
    assert document_id(Document("通知.txt", issuer="某省东河县柳林镇人民政府")).startswith("LLZ")
    assert [item_id(item) for item in ("（十二）", "操作要点4(2)", "表9")] == ["12", "4.2", "B9"]


def test_an_id_does_not_change_when_another_duty_is_put_before() -> None:
    (before,) = drafts_of("1.应急办每月检查一次。")
    after = drafts_of("1.党政办每周通报。应急办每月检查一次。")
    assert before.id in [draft.id for draft in after]


def test_the_same_duty_in_task_and_operating_point_is_one_rule_with_both_items() -> None:
    text = (NOTICES / "四列任务表.txt").read_text("utf-8")
    drafts = make_drafts(read_notice(read_text("通知.txt", text)))
    joined = [draft for draft in drafts if draft.item == "3、操作要点3"]
    assert [draft.phrase for draft in joined] == ["每月至少入户检查5户", "每月至少2处"]


def clause(item: str, actor: str, action: str, phrase: str = "每月", line: int = 1) -> Clause:
    units = ("党政办",) if item.startswith("表") else ("应急办",)
    return Clause(line, item, phrase, parse(phrase), actor, action, units)


@pytest.mark.parametrize(
    ("one", "two"),
    [
        (clause("（三）", "应急办", "开展消防检查"), clause("表1", "应急办", "开展消防检查")),
        (clause("3", "应急办", "开展消防 检查；"), clause("表1", "", "开展消防检查")),
        (clause("3", "应急办", "开展消防检查"), clause("表1", "应急办", "组织开展消防检查")),
        (clause("3", "应急办", "通报", "定期"), clause("表2", "应急办", "通报", "定期")),
        (clause("3", "", "开展消防检查"), clause("操作要点3(1)", "应急办", "开展消防检查")),
    ],
)
def test_the_same_duty_said_twice_is_one_draft_with_both_items(one: Clause, two: Clause) -> None:
    (draft,) = make_drafts(Notice(Document("通知.txt"), (two, one)))
    assert draft.item == f"{one.item}、{two.item}"
    assert draft.quote == one.quote
    assert draft.bearers == ("应急办",)
    if two.item.startswith("表") and one.actor:
        assert draft.units == ("应急办", "党政办")


@pytest.mark.parametrize(
    ("one", "two"),
    [
        (clause("3", "应急办", "开展消防检查"), clause("表1", "党政办", "开展消防检查")),
        (clause("3", "应急办", "开展消防检查"), clause("表1", "应急办", "开展消防检查", "每周")),
        (clause("3", "应急办", "开展消防检查"), clause("表1", "应急办", "开展消防演练")),
        (clause("3", "应急办", "检查"), clause("表1", "应急办", "检查燃气安全")),
        (
            clause("3", "应急办", "检查燃气"),
            clause("表1", "应急办", "组织镇村两级检查燃气安全和用电"),
        ),
        (clause("3", "应急办", "开展消防检查"), clause("操作要点4", "应急办", "开展消防检查")),
        (clause("表1", "应急办", "开展消防检查"), clause("表2", "应急办", "开展消防检查")),
        (clause("3", "应急办", "开展检查"), clause("3", "应急办", "开展检查评比", line=2)),
    ],
)
def test_duties_that_differ_in_who_what_or_when_are_never_joined(one: Clause, two: Clause) -> None:
    assert len(make_drafts(Notice(Document("通知.txt"), (one, two)))) == 2


def test_two_rows_of_an_annex_never_join_the_same_sentence() -> None:
    text = clause("（三）", "", "开展消防检查")
    rows = (clause("表1", "", "开展消防检查"), clause("表2", "", "开展消防检查"))
    drafts = make_drafts(Notice(Document("通知.txt"), (text, *rows)))
    assert [draft.item for draft in drafts] == ["（三）、表1", "表2"]


def test_different_duties_with_the_same_time_stay_apart() -> None:
    drafts = drafts_of("1.主要负责人每季度组织1次研究；每季度带队调研1次。")
    assert len(drafts) == 2


def test_the_members_of_one_phrase_are_one_rule() -> None:
    (draft,) = drafts_of("1.企业要落实“日周月”隐患排查。")
    assert isinstance(draft.schedule, Compound)
    assert draft.phrase == "“日周月”"


def test_bearers_are_the_subject_else_the_units_else_a_question() -> None:
    named, unit, open_one = drafts_of(
        "1.镇长、副镇长每月检查一次。（责任单位：党政办）",
        "2.每季度通报一次。（责任单位：党政办、应急办）",
        "3.每年演练一次。",
    )
    assert (named.bearers, named.units) == (("镇长", "副镇长"), ("党政办",))
    assert (unit.bearers, unit.units) == (("党政办", "应急办"), ())
    assert "由谁负责" in open_one.question


def test_a_vague_time_comes_with_the_question_that_the_office_must_answer() -> None:
    (draft,) = drafts_of("1.应急办定期通报。")
    assert "定期" in draft.question
    office, _ = examine(new_file([draft]))
    assert office is not None
    assert office.rules[0].question == draft.question


def test_a_deadline_without_a_year_asks_for_it() -> None:
    (draft,) = make_drafts(read_notice(read_text("通知.txt", "1.应急办6月底前完成。")))
    assert "年" in draft.question


OLD = """\
# 我们的规则，请勿乱动
单位: {应急办: {负责人: 周敏}}   # 对齐   也不要动
人员:
    周敏: {职务: 应急办主任, 手机: "13800000000"}

规则:
    # 会议类
    - 编号: A-1          # 老编号
      事项: "召开会议"
      责任人: 周敏
      频次: 每月
      # 还没想好佐证

日历: {放假: []}
# 文件到此为止
"""


def without(new: str, added: tuple[Draft, ...], indent: int) -> str:
    return new.replace(write_rules(added, indent), "")


def test_what_is_there_is_kept_byte_for_byte() -> None:
    drafts = drafts_of("1.应急办每月检查一次。", "2.党政办每周通报。")
    new = append(OLD, drafts)
    assert without(new, drafts, 4) == OLD
    office, problems = examine(new)
    assert office is not None, problems
    assert [rule.id for rule in office.rules] == ["A-1", *(draft.id for draft in drafts)]


@pytest.mark.parametrize(
    ("old", "left"),
    [
        ("", "规则:\n"),
        ("单位: {}\n", "单位: {}\n\n规则:\n"),
        ("单位: {}", "单位: {}\n\n规则:\n"),
        ("规则:\n单位: {}\n", "规则:\n单位: {}\n"),
        ("规则: []  # 还没有\n单位: {}\n", "规则:  # 还没有\n单位: {}\n"),
        ("规则:   # 还没有\n", "规则:   # 还没有\n"),
        ("规则:\n- 编号: A\n  频次: 每月", "规则:\n- 编号: A\n  频次: 每月\n"),
        ("\ufeff规则:\n  - 编号: A\n# 尾\n", None),
        ("rules:\n  - {id: A, 频次: 每月}\n", "rules:\n  - {id: A, 频次: 每月}\n"),
        ("规则:\n  - 编号: A\n    事项: |\n      两行\n      的\n", None),
        ("规则:\n  - 编号: A\n    来源:\n      条目: '1'\n\n\n# 尾\n", None),
        ("规则:\n  - 编号: A\n    频次:\n      周期: 月\n      数量:\n        - {数: 2}\n", None),
    ],
)
def test_drafts_go_behind_the_last_rule_of_any_file(old: str, left: str | None) -> None:
    drafts = drafts_of("1.应急办每月检查一次。")
    new = append(old, drafts)
    indent = 0 if "\n- " in old else 2
    assert without(new, drafts, indent).lstrip("\n") == (old if left is None else left)
    rules = yaml.safe_load(new.removeprefix("\ufeff"))
    listed = rules.get("规则") or rules.get("rules")
    assert listed[-1]["编号"] == drafts[0].id


def test_windows_line_ends_stay() -> None:
    drafts = drafts_of("1.应急办每月检查一次。")
    new = append(OLD.replace("\n", "\r\n"), drafts)
    assert new.count("\n") == new.count("\r\n")
    assert without(new.replace("\r\n", "\n"), drafts, 4) == OLD


def test_the_same_notice_twice_adds_nothing() -> None:
    drafts = make_drafts(read(NOTICES / "四列任务表.txt"))
    once = append(OLD, missing(drafts, OLD))
    assert not missing(drafts, once)
    assert append(once, missing(drafts, once)) == once


def test_a_rule_that_people_renumbered_or_confirmed_is_not_added_again() -> None:
    drafts = drafts_of("1.应急办每月检查一次。", "2.党政办每周通报。")
    text = new_file(drafts).replace(drafts[0].id, "我们的-01").replace("状态: 待确认\n", "\n")
    assert not missing(drafts, text)


def test_a_changed_notice_adds_only_what_is_new() -> None:
    text = new_file(drafts_of("1.应急办每月检查一次。"))
    fresh = missing(drafts_of("1.应急办每月检查一次。", "2.党政办每周通报。"), text)
    assert [draft.item for draft in fresh] == ["2"]


@pytest.mark.parametrize(
    ("text", "error", "expected"),
    [
        ("规则: [{编号: A}]\n", Misconfigured, "rules.yaml:1.*方括号"),
        ("- 编号: A\n", Misconfigured, "不是|没有写入"),
        ("规则: {\n", RulesRefused, "rules.yaml:.*没有写入"),
    ],
)
def test_a_file_that_cannot_take_drafts_is_refused_with_a_sentence(
    text: str, error: type[Exception], expected: str
) -> None:
    with pytest.raises(error, match=expected):
        append(text, drafts_of("1.应急办每月检查一次。"))


@given(
    matter=st.text(max_size=20),
    bearer=st.text(min_size=1, max_size=10),
    question=st.text(max_size=20),
)
def test_any_words_of_a_draft_come_back_as_they_were(
    matter: str, bearer: str, question: str
) -> None:
    (draft,) = drafts_of("1.每月检查一次。（责任单位：党政办）")
    made = replace(draft, matter=matter, bearers=(bearer,), asked=(("频次", question),))
    (rule,) = yaml.safe_load(append("", [made]))["规则"]
    assert (rule.get("事项", ""), rule["责任人"], rule.get("待定", "")) == (
        matter,
        bearer,
        question,
    )


WHO = ("应急办", "党政办", "各村（社区）", "")
WHEN = ("每月", "每季度至少", "6月底前", "定期")
WHAT = ("检查消防设施", "检查消防设施和通道", "通报情况", "组织演练1次")
SENTENCES = st.builds("{}{}{}。".format, *map(st.sampled_from, (WHO, WHEN, WHAT)))
EDITIONS = st.lists(SENTENCES, max_size=6).map(lambda found: tuple(enumerate(found, 1)))


def edition(lines: tuple[tuple[int, str], ...], number: str) -> tuple[Draft, ...]:
    words = ("关于做好2026年值班工作的通知", *(f"{n}.{sentence}" for n, sentence in lines))
    return make_drafts(notice(*words, number=number))


@given(
    old=EDITIONS,
    new=EDITIONS,
    number=st.sampled_from(["青溪府发〔2026〕7号", "青溪府发〔2027〕1号"]),
)
def test_any_notice_after_any_other_adds_what_is_missing_once_and_loses_nothing(
    old: tuple[tuple[int, str], ...], new: tuple[tuple[int, str], ...], number: str
) -> None:
    before, now = edition(old, "青溪府发〔2026〕7号"), edition(new, number)
    text = new_file(before) if before else OLD
    first = compare(now, read_kept(text))
    assert len(first.new) + len(first.changed) + len(first.same) == len(now)
    after = append(text, first.written)
    office, problems = examine(after)
    assert office is not None, problems
    again = compare(now, read_kept(after))
    assert not again.written
    assert len(again.same) == len(now)


def kept(document: str, title: str) -> Kept:
    source = {"文件": document, "标题": title, "条目": "1", "原文": "每月"}
    return keep({"编号": document, "来源": source})


SERIES = (
    kept("青溪府发〔2024〕3号", "关于做好2024年汛期工作的通知"),
    kept("青溪府办发〔2025〕8号", "关于做好2025年汛期工作的通知"),
    kept("东河府发〔2025〕9号", "关于做好2025年汛期工作的通知"),
    kept("青溪府发〔2025〕9号", "关于做好2025年消防工作的通知"),
    kept("关于做好二〇二三年春运工作的通知", ""),
)


@pytest.mark.parametrize(
    ("document", "title", "earlier"),
    [
        ("青溪府发〔2026〕1号", "关于做好2026年汛期工作的通知", "青溪府办发〔2025〕8号"),
        ("青溪府发〔2026〕1号", "关于做好 2026 年度汛期工作的通知", "青溪府办发〔2025〕8号"),
        ("东河府发〔2026〕1号", "关于做好2026年汛期工作的通知", "东河府发〔2025〕9号"),
        ("关于做好2026年春运工作的通知", "", "关于做好二〇二三年春运工作的通知"),
        ("青溪府发〔2026〕1号", "关于做好2026年防汛工作的通知", None),
        ("青溪府发〔2026〕1号", "", None),
        ("清单.xlsx", "", None),
    ],
)
def test_the_edition_before_is_the_last_with_the_same_title_from_the_same_place(
    document: str, title: str, earlier: str | None
) -> None:
    found = earlier_edition(SERIES, document, title)
    assert {rule.document for rule in found} == ({earlier} if earlier else set())


def test_a_sheet_of_its_own_is_known_by_its_duties() -> None:
    lines = [f"{n}.应急办每月检查第{n}类场所。" for n in range(1, 5)]
    rules = read_kept(new_file(drafts_of(*lines)))
    sheet = drafts_of(*lines[:3], "9.党政办每周通报。")
    alone = [replace(draft, document="清单.xlsx", title="") for draft in sheet]
    assert [draft.item for draft in compare(alone, rules).written] == ["9"]
    other = [replace(draft, document="青溪府发〔2026〕8号") for draft in sheet]
    assert len(compare(other, rules).written) == 4


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ("{编号: B, 事项: 查, 责任人: 周敏, 频次: 每月, 状态: 待确认, 替代: 没有}", "不在规则里了"),
        ("{编号: B, 事项: 查, 责任人: 周敏, 频次: 每月, 替代: A}", "已经确认"),
    ],
)
def test_check_warns_of_a_replacement_without_effect(rule: str, said: str) -> None:
    office, problems = examine(
        f"人员: {{周敏: {{职务: 主任}}}}\n规则:\n"
        f"- {{编号: A, 事项: 查, 责任人: 周敏, 频次: 每月}}\n- {rule}\n"
    )
    assert office is not None
    assert office.rules[1].replaces
    assert [said in problem.message for problem in problems] == [True]
