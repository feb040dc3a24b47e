"""Two rules files side by side: everything that changed, and what it means before it happens."""

import json
from dataclasses import fields, replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from notifier.cli import main
from notifier.report.differences import (
    HIDDEN,
    SETTINGS,
    WORDS,
    Differences,
    differ,
    renumbered,
)
from obligations.rules import (
    CallPlan,
    ChannelSpec,
    Ladder,
    Office,
    Person,
    Rule,
    Unit,
    load,
    read,
)

ROOT = Path(__file__).parents[2]
SAMPLE = (ROOT / "rules.yaml").read_text("utf-8")
TODAY = date(2026, 5, 12)
BASE = """\
办公室: {名称: 青溪镇}
单位: {应急办: {负责人: 周敏, 群: 工作群}}
人员: {周敏: {职务: 应急办主任, 手机: 13800000004}, 冯磊: {职务: 干部}}
通道: {工作群: {平台: 企业微信群机器人, 地址: 沙箱}}
规则:
- {编号: A-1, 事项: 开会, 责任人: 周敏, 频次: 每季度至少1次, 佐证: 纪要}
- {编号: A-2, 事项: 检查, 责任人: 应急办, 频次: 每月1次}
"""

# what is replaced in the file, by what; the changes; the duties; whether answers would be lost
CASES = {
    "nothing": ("开会", "开会", [], [], False),
    "only blanks and comments": ("规则:\n", "规则:   # 我们的\n", [], [], False),
    "a matter": (
        "事项: 开会",
        "事项: 开专题会",
        [("规则", "改动", "A-1", (("事项", "开会", "开专题会"),))],
        [("改内容", "A-1/周敏/2026Q2", False)],
        False,
    ),
    "a bearer": (
        "责任人: 周敏",
        "责任人: 冯磊",
        [("规则", "改动", "A-1", (("责任人", "周敏", "冯磊"),))],
        [("撤下", "A-1/周敏/2026Q2", True), ("新开", "A-1/冯磊/2026Q2", False)],
        True,
    ),
    "a frequency": (
        "每月1次",
        "每季度1次",
        [("规则", "改动", "A-2", (("频次", "每月1次", "每季度1次"),))],
        [("撤下", "A-2/应急办/2026-05", True), ("新开", "A-2/应急办/2026Q2", False)],
        True,
    ),
    "an id": (
        "A-1",
        "B-1",
        [("规则", "编号改了", "A-1", (("编号", "A-1", "B-1"),))],
        [("撤下", "A-1/周敏/2026Q2", True), ("新开", "B-1/周敏/2026Q2", False)],
        True,
    ),
    "an id and the evidence": (
        "A-1, 事项: 开会, 责任人: 周敏, 频次: 每季度至少1次, 佐证: 纪要",
        "B-1, 事项: 开会, 责任人: 周敏, 频次: 每季度至少1次, 佐证: 照片",
        [("规则", "编号改了", "A-1", (("编号", "A-1", "B-1"), ("佐证", "纪要", "照片")))],
        [("撤下", "A-1/周敏/2026Q2", True), ("新开", "B-1/周敏/2026Q2", False)],
        True,
    ),
    "a rule that is gone": (
        "- {编号: A-2, 事项: 检查, 责任人: 应急办, 频次: 每月1次}\n",
        "",
        [("规则", "删去", "A-2", ())],
        [("撤下", "A-2/应急办/2026-05", False)],
        False,
    ),
    "a rule that waits for a yes again": (
        "频次: 每月1次",
        "频次: 每月1次, 状态: 待确认",
        [("规则", "改动", "A-2", (("待确认", "否", "是"),))],
        [("撤下", "A-2/应急办/2026-05", False)],
        False,
    ),
    "a new rule": (
        "规则:\n",
        "规则:\n- {编号: A-3, 事项: 报表, 责任人: 冯磊, 频次: 每月1次}\n",
        [("规则", "新增", "A-3", ())],
        [("新开", "A-3/冯磊/2026-05", False)],
        False,
    ),
    "a number": (
        "13800000004",
        "13900000004",
        [("人员", "改动", "周敏", (("手机", "13800000004", "13900000004"),))],
        [],
        False,
    ),
    "a person": (
        "冯磊: {职务: 干部}",
        "冯磊: {职务: 干部}, 郑洁: {}",
        [("人员", "新增", "郑洁", ())],
        [],
        False,
    ),
    "the head of a unit": (
        "负责人: 周敏",
        "负责人: 冯磊",
        [("单位", "改动", "应急办", (("负责人", "周敏", "冯磊"),))],
        [("改内容", "A-1/周敏/2026Q2", False), ("改内容", "A-2/应急办/2026-05", False)],
        False,
    ),
    "a platform": (
        "企业微信群机器人",
        "钉钉群机器人",
        [("通道", "改动", "工作群", (("平台", "企业微信群机器人", "钉钉群机器人"),))],
        [],
        False,
    ),
    "the office's own hours": (
        "名称: 青溪镇",
        '名称: 青溪镇, 上班: "9:00"',
        [("办公室", "改动", "青溪镇", (("上班", "08:30", "09:00"),))],
        [],
        False,
    ),
    "a day off": (
        "规则:\n",
        "日历: {放假: [2026-05-20]}\n规则:\n",
        [("日历", "改动", "青溪镇", (("放假", "（没有）", "2026-05-20"),))],
        [],
        False,
    ),
}


def found_in(old: str, new: str) -> Differences:
    return differ(load(old), load(new), TODAY)


@pytest.mark.parametrize("case", CASES)
def test_every_change_is_told_with_what_it_does_to_running_duties(case: str) -> None:
    before, after, told, duties, loses = CASES[case]
    assert before in BASE
    found = found_in(BASE, BASE.replace(before, after, 1))
    assert [(one.group, one.kind, one.name, one.fields) for one in found.changes] == told
    assert [(one.kind, one.key, one.loses) for one in found.duties] == duties
    assert bool(found.losing) == loses


@pytest.mark.parametrize("kind", [Rule, Person, Unit, ChannelSpec, Ladder, CallPlan, Office])
def test_every_key_that_can_change_has_its_word(kind: type[Any]) -> None:
    apart = {"rules", "days", "people", "units", "channels", "ladders", "calls", "lists"}
    names = {one.name for one in fields(kind) if one.compare} - apart
    assert names - {*WORDS, *SETTINGS, *HIDDEN} == set()


def test_who_gets_above_the_budget_is_told_and_who_was_above_it_before_is_not() -> None:
    busy = BASE.replace("每月1次", "每个工作日")
    many = busy + "- {编号: A-3, 事项: 报表, 责任人: 周敏, 频次: 每周1次}\n"
    tight = BASE.replace("名称: 青溪镇", "名称: 青溪镇, 每周消息上限: 1")
    assert found_in(BASE, many).above == ("周敏",)
    assert found_in(many, many).above == ()
    assert found_in(many, BASE).above == ()
    assert found_in(BASE, tight).above == ("周敏",)


def test_messages_before_and_after_are_told_for_whom_they_change() -> None:
    [share] = found_in(BASE, BASE.replace("每月1次", "每周1次")).shares
    assert share.person == "周敏"
    assert share.before.mean < share.after.mean


def test_two_rules_alike_are_not_taken_for_one_renumbered() -> None:
    office = load(BASE)
    rule = office.rules[0]
    old = (rule, replace(rule, id="A-9"))
    new = (rule, replace(rule, id="B-1"), replace(rule, id="B-2"))
    assert renumbered(old, new) == {"A-9": "B-1"}


def test_a_file_beside_itself_has_no_differences() -> None:
    office: Office = read(ROOT / "rules.yaml")
    assert differ(office, load(SAMPLE), TODAY) == Differences((), (), (), (), office.budget)


class Files:
    """Two files and what the command says of them."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder = folder
        self.capsys = capsys

    def differ(self, old: str, new: str, *words: str) -> tuple[int, str, str]:
        for name, text in (("old.yaml", old), ("new.yaml", new)):
            (self.folder / name).write_text(text, "utf-8")
        paths = (str(self.folder / "old.yaml"), str(self.folder / "new.yaml"))
        status = main(["diff", *paths, "--on", str(TODAY), *words])
        return status, *self.capsys.readouterr()


@pytest.fixture
def files(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Files:
    return Files(tmp_path, capsys)


def test_the_command_warns_of_an_id_that_changed(files: Files) -> None:
    status, out, _ = files.differ(BASE, BASE.replace("A-1", "B-1"))
    assert status == 1
    assert "注意：A-1 的编号改成了 B-1，台账靠编号认规则，已报的会丢；请把编号改回去" in out
    assert "注意：本期有 1 件任务，如果已经报过，换上以后不再算，要重新报" in out


def test_the_command_says_that_all_is_well(files: Files) -> None:
    status, out, _ = files.differ(BASE, BASE.replace("开会", "开专题会"))
    assert status == 0
    assert "事项：开会 → 开专题会" in out
    assert out.endswith("不会丢答复，也没有人因此超出每周上限\n")
    assert files.differ(BASE, BASE)[:2] == (0, "两份规则没有不同\n")


def test_json_lines_hold_changes_duties_and_messages(files: Files) -> None:
    status, out, _ = files.differ(BASE, BASE.replace("每月1次", "每个工作日"), "--format", "jsonl")
    rows = [json.loads(line) for line in out.splitlines()]
    assert status == 1
    assert [row["kind"] for row in rows] == ["change", "duty", "duty", "burden"]
    assert rows[0]["fields"] == [{"key": "频次", "before": "每月1次", "after": "每个工作日"}]
    assert rows[1]["change"] == "撤下"


def test_a_file_that_is_refused_is_told_with_its_line(files: Files) -> None:
    status, _, err = files.differ(BASE, BASE.replace("责任人: 周敏", "责任人: 没这个人"))
    assert status == 2
    assert "new.yaml:6" in err
