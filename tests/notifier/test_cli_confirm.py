"""``jiaoying confirm``: a yes changes the lines it must, and no other byte."""

from pathlib import Path

import pytest

from notifier.cli import main
from obligations.rules import load

OFFICE = """\
# 我们的规则
单位: {应急办: {负责人: 周敏}}   # 对齐   不要动
人员:
    周敏: {职务: 应急办主任, 手机: "13800000000"}
规则:
    # 会议类
    - 编号: A-1          # 老编号
      事项: "召开会议"
      责任人: 周敏
      频次: 每月
"""
READY = """\
    - 编号: B-1
      事项: 检查
      责任人: 应急办  # 责任单位：党政办
      频次: 每周
      状态: 待确认
"""
MARK = "      状态: 待确认\n"
VAGUE = READY.replace("B-1", "B-2").replace("每周", "定期")
ASKED = READY.replace("B-1", "B-3") + "      待定: 谁来查？\n"
NOBODY = READY.replace("B-1", "B-4").replace("应急办  #", "应急力  #")
ODD = READY.replace("B-1", "B-5").replace("每周", "看情况吧")
ORPHAN = (
    READY.replace("B-1", "B-6").replace("      责任人: 应急办  # 责任单位：党政办\n", "")
    + "      待定: 由谁负责？原文没有写明\n"
)
TAIL = "\n日历: {放假: []}\n# 文件到此为止\n"


class Rules:
    """A rules.yaml and what the last command said of it."""

    def __init__(self, path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.path = path
        self.capsys = capsys
        self.out = self.err = ""

    def holds(self, *rules: str) -> str:
        text = "".join((OFFICE, *rules, TAIL))
        self.path.write_bytes(text.encode())
        return text

    def confirms(self, *words: str) -> int:
        status = main(["confirm", *words, "--rules", str(self.path)])
        self.out, self.err = self.capsys.readouterr()
        return status

    @property
    def text(self) -> str:
        return self.path.read_bytes().decode()

    @property
    def running(self) -> list[str]:
        return [rule.id for rule in load(self.text).rules if not rule.draft]


@pytest.fixture
def rules(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Rules:
    return Rules(tmp_path / "rules.yaml", capsys)


def test_a_confirmed_rule_runs_and_every_other_byte_is_kept(rules: Rules) -> None:
    old = rules.holds(READY)
    assert rules.confirms("B-1") == 0
    assert rules.text == old.replace("      状态: 待确认\n", "")
    assert rules.running == ["A-1", "B-1"]
    assert "B-1 已确认：应急办：检查，每周1次" in rules.out
    backup = rules.path.with_name("rules.yaml.bak-1")
    assert backup.read_bytes().decode() == old
    assert str(backup) in rules.out


@pytest.mark.parametrize(
    ("draft", "confirmed"),
    [
        ("      状态: 待确认  # 问过了\n", "      # 问过了\n"),
        ("      状态: '待确认'\n", ""),
        ("      status: 待确认\n", ""),
    ],
)
def test_however_the_mark_is_written_only_it_goes(rules: Rules, draft: str, confirmed: str) -> None:
    old = rules.holds(READY.replace("      状态: 待确认\n", draft))
    assert rules.confirms("B-1") == 0
    assert rules.text == old.replace(draft, confirmed)


@pytest.mark.parametrize(
    ("draft", "confirmed"),
    [
        (
            "    - {编号: C, 事项: 查, 责任人: 周敏, 频次: 每月, 状态: 待确认}  # 一行\n",
            "    - {编号: C, 事项: 查, 责任人: 周敏, 频次: 每月}  # 一行\n",
        ),
        (
            "    - {状态: 待确认, 编号: C, 事项: 查, 责任人: 周敏, 频次: 每月}\n",
            "    - {状态: 已确认, 编号: C, 事项: 查, 责任人: 周敏, 频次: 每月}\n",
        ),
        (
            READY.replace("    - 编号: B-1\n", "    - 状态: 待确认\n      编号: C\n", 1)[
                : -len(MARK)
            ],
            READY.replace("    - 编号: B-1\n", "    - 状态: 已确认\n      编号: C\n", 1)[
                : -len(MARK)
            ],
        ),
    ],
)
def test_a_rule_in_braces_or_with_the_mark_first_is_confirmed_too(
    rules: Rules, draft: str, confirmed: str
) -> None:
    old = rules.holds(draft)
    assert rules.confirms("C") == 0
    assert rules.text == old.replace(draft, confirmed)


def test_windows_line_ends_stay(rules: Rules) -> None:
    old = rules.holds(ORPHAN).replace("\n", "\r\n")
    rules.path.write_bytes(old.encode())
    assert rules.confirms("B-6", "--bearer", "周敏") == 0
    assert rules.text.count("\n") == rules.text.count("\r\n")
    assert rules.running == ["A-1", "B-6"]


@pytest.mark.parametrize(
    ("draft", "name", "said"),
    [
        (VAGUE, "B-2", "频次“定期”没有定"),
        (ASKED, "B-3", "还有待定：谁来查？"),
        (NOBODY, "B-4", "是不是“应急办”？"),
        (ODD, "B-5", "频次“看情况吧”"),
        (ORPHAN, "B-6", "--bearer"),
        (READY, "B-9", "规则里没有这个编号，是不是 B-1？"),
    ],
)
def test_a_draft_with_something_open_is_refused_with_what_to_fill_in(
    rules: Rules, draft: str, name: str, said: str
) -> None:
    old = rules.holds(draft)
    assert rules.confirms(name) == 1
    assert f"{name} 不能确认：" in rules.err
    assert said in rules.err
    assert rules.text == old
    assert len(list(rules.path.parent.iterdir())) == 1


def test_all_confirms_what_is_ready_and_says_what_is_not(rules: Rules) -> None:
    old = rules.holds(VAGUE, READY, NOBODY, ASKED)
    assert rules.confirms("--all") == 1
    assert rules.text == old.replace(READY, READY.replace("      状态: 待确认\n", ""))
    assert [name for name in ("B-2", "B-3", "B-4") if f"{name} 不能确认" in rules.err] == [
        "B-2",
        "B-3",
        "B-4",
    ]


def test_a_bearer_can_be_named_along_and_answers_who_does_it(rules: Rules) -> None:
    rules.holds(READY, ORPHAN, NOBODY)
    assert rules.confirms("B-6", "B-4", "--bearer", "应急办主任") == 0
    bearings = {rule.id: rule.bearings[0].terms for rule in load(rules.text).rules}
    assert bearings["B-4"] == bearings["B-6"] == ("应急办主任",)
    assert bearings["B-1"] == ("应急办",)
    assert "# 责任单位：党政办" in rules.text


def test_a_list_of_bearers_gives_way_to_the_one_that_is_named(rules: Rules) -> None:
    listed = READY.replace(
        "责任人: 应急办  # 责任单位：党政办", "责任人:\n        - 甲\n        - 乙"
    )
    old = rules.holds(listed)
    assert rules.confirms("B-1", "--bearer", "周敏") == 0
    new = listed.replace("责任人:\n        - 甲\n        - 乙", "责任人: 周敏")
    assert rules.text == old.replace(listed, new.replace("      状态: 待确认\n", ""))


def test_a_bearer_nobody_knows_stops_everything(rules: Rules) -> None:
    old = rules.holds(READY)
    assert rules.confirms("B-1", "--bearer", "周民") == 1
    assert "是不是“周敏”？" in rules.err
    assert rules.text == old


def test_the_rule_that_is_replaced_goes_and_this_is_said(rules: Rules) -> None:
    new = READY + "      替代: A-1\n"
    old = rules.holds(new)
    assert rules.confirms("B-1") == 0
    gone = OFFICE[OFFICE.index("    - 编号: A-1") :]
    kept = new.replace("      状态: 待确认\n", "").replace("      替代: A-1\n", "")
    assert rules.text == old.replace(gone, "").replace(new, kept)
    assert "代替 A-1，旧的删去：召开会议，每月1次" in rules.out


def test_a_draft_behind_a_draft_takes_the_place_of_both(rules: Rules) -> None:
    first = READY + "      替代: A-1\n"
    second = READY.replace("B-1", "B-7") + "      替代: B-1\n"
    rules.holds(first, second)
    assert rules.confirms("--all") == 0
    assert rules.running == ["B-7"]


def test_the_rule_stays_while_its_successor_cannot_be_confirmed(rules: Rules) -> None:
    old = rules.holds(NOBODY + "      替代: A-1\n")
    assert rules.confirms("--all") == 1
    assert rules.text == old


def test_twice_is_no_harm(rules: Rules) -> None:
    rules.holds(READY)
    rules.confirms("B-1")
    once = rules.text
    assert rules.confirms("B-1") == 0
    assert "以前已经确认过" in rules.out
    assert rules.text == once


@pytest.mark.parametrize(
    ("content", "words", "said"),
    [
        (None, ("B-1",), "没有这个文件"),
        (OFFICE + READY, (), "--all"),
        (OFFICE + READY.replace("事项", "事向"), ("B-1",), "不认识“事向”"),
        ("规则: [{编号: B-1, 状态: 待确认}]\n", ("B-1",), "每条"),
    ],
)
def test_a_file_or_a_call_that_makes_no_sense_is_told(
    rules: Rules, content: str | None, words: tuple[str, ...], said: str
) -> None:
    if content is not None:
        rules.path.write_text(content, "utf-8")
    assert rules.confirms(*words) == 2
    assert said in rules.err
    assert "Traceback" not in rules.err
