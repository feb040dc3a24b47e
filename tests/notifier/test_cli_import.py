"""``jiaoying import`` as a clerk meets it: a notice, its changed text, the one of next year."""

import io
import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from notifier.cli import main, notices
from obligations import clauses
from obligations.clauses import Notice
from obligations.rules import examine

ROOT = Path(__file__).parents[2]
NOTICES = ROOT / "tests" / "notices"
SHARED = ROOT / ".." / "shared" / "documents"
OFFICE = """\
单位:
  应急办: {负责人: 周敏}
  党政办: {负责人: 周敏}
  规建办: {负责人: 周敏}
  青溪社区: {负责人: 周敏, 标签: 村社区}
人员:
  周敏: {职务: 分管负责人, 手机: 13800000004}
规则:
  # 我们自己的
  - 编号: A-1
    事项: 开会
    责任人: 应急办
    频次: 每月
"""
FIRST = """\
青溪府发〔2026〕7号
关于做好2026年汛期值班工作的通知
1.应急办每月检查防汛物资。
2.党政办每季度至少组织1次值班抽查，并通报结果。
3.各村（社区）每周巡查地质灾害点。
4.规建办6月底前完成排水管网疏通。
5.分管负责人定期听取汇报。
"""


class Desk:
    """A folder with a rules.yaml, and what the last command said."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder = folder
        self.capsys = capsys
        self.rules = folder / "rules.yaml"
        self.rules.write_text(OFFICE, "utf-8")
        self.said = ""

    def imports(self, text: str, name: str = "通知.txt") -> int:
        (self.folder / name).write_text(text, "utf-8")
        return self.runs(str(self.folder / name))

    def runs(self, *names: str) -> int:
        status = main(["import", *names, "--into", str(self.rules)])
        out, err = self.capsys.readouterr()
        self.said = out + err
        return status

    def edits(self, old: str, new: str) -> None:
        text = self.text
        assert old in text
        self.rules.write_text(text.replace(old, new), "utf-8")

    @property
    def text(self) -> str:
        return self.rules.read_text("utf-8")

    def rule(self, matter: str) -> str:
        """Give the lines of the last rule whose 事项 has these words."""
        items = self.text.split("  - 编号: ")
        return next(item for item in reversed(items) if matter in item)


@pytest.fixture
def desk(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Iterator[Desk]:
    made = Desk(tmp_path, capsys)
    yield made
    office, problems = examine(made.text)
    assert office is not None, problems


def test_a_notice_is_put_behind_what_is_there(desk: Desk) -> None:
    assert desk.imports(FIRST) == 0
    assert desk.text.startswith(OFFICE)
    assert "新增 5 条" in desk.said
    assert "1 条有待定的问题" in desk.said


def test_the_same_notice_twice_changes_no_byte_though_people_edited_the_rules(desk: Desk) -> None:
    desk.imports(FIRST)
    desk.edits("事项: 检查防汛物资", "事项: 清点仓库  # 改过")
    desk.edits("责任人: 党政办", "责任人: [党政办, 周敏]")
    desk.edits("频次: 每周\n", "频次: {周期: 月, 次数: 2}\n")
    desk.edits("编号: QX26.7-4as", "编号: 管网-01")
    before = desk.rules.read_bytes()
    assert desk.imports(FIRST) == 0
    assert desk.rules.read_bytes() == before
    assert "没有变 5 条" in desk.said
    assert "没有改动" in desk.said
    assert [path.name for path in desk.folder.glob("*.bak*")] == ["rules.yaml.bak-1"]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("每月检查", "每半月检查", "频次：每月 → 每半月"),
        ("1.应急办", "1.规建办", "责任人：应急办 → 规建办"),
        ("检查防汛物资", "检查防汛物资和避险场所", "事项：检查防汛物资 → 检查防汛物资和避险场所"),
        ("6月底前", "5月底前", "频次：6月底前 → 5月底前"),
        ("物资。", "物资。（责任单位：规建办）", "责任单位：见原来的通知 → 规建办"),
    ],
)
def test_a_changed_duty_is_told_field_by_field_and_written_as_a_draft_beside_the_old(
    desk: Desk, old: str, new: str, said: str
) -> None:
    desk.imports(FIRST)
    before = desk.text
    assert desk.imports(FIRST.replace(old, new)) == 0
    assert "改了 1 条" in desk.said
    assert said in desk.said
    assert "新增" not in desk.said
    assert "不再有" not in desk.said
    assert desk.text.startswith(before)
    added = desk.text.removeprefix(before)
    assert added.count("编号:") == added.count("状态: 待确认") == added.count("替代: QX26.7-") == 1
    again = desk.rules.read_bytes()
    desk.imports(FIRST.replace(old, new))
    assert desk.rules.read_bytes() == again
    assert "没有变 5 条" in desk.said


def test_a_changed_duty_takes_over_what_people_wrote_where_the_notice_did_not_change(
    desk: Desk,
) -> None:
    desk.imports(FIRST)
    desk.edits(
        "事项: 检查防汛物资\n    责任人: 应急办", "事项: 清点仓库\n    责任人: 周敏\n    佐证: 照片"
    )
    desk.imports(FIRST.replace("每月检查", "每半月检查"))
    draft = desk.rule("清点仓库")
    for line in ("责任人: 周敏", "频次: 每半月", "佐证: 照片", "替代: QX26.7-1"):
        assert line in draft


def test_a_gone_duty_is_only_listed(desk: Desk) -> None:
    desk.imports(FIRST)
    before = desk.rules.read_bytes()
    desk.imports(
        FIRST.replace("4.规建办6月底前完成排水管网疏通。\n", "").replace("5.分管", "4.分管")
    )
    assert "不再有 1 条" in desk.said
    assert "完成排水管网疏通" in desk.said
    assert "5 → 4" in desk.said
    assert desk.rules.read_bytes() == before


def test_a_new_duty_is_listed_where_the_notice_was_known(desk: Desk) -> None:
    desk.imports(FIRST)
    desk.imports(FIRST + "6.应急办每年组织1次防汛演练。\n")
    assert "新增 1 条：" in desk.said
    assert "应急办：组织防汛演练，每年组织1次" in desk.said
    assert "替代" not in desk.rule("组织防汛演练")


def test_the_notice_of_next_year_changes_only_what_changed(desk: Desk) -> None:
    desk.imports(FIRST)
    later = FIRST.replace("2026", "2027").replace("7号", "9号").replace("每季度至少", "每月至少")
    assert desk.imports(later) == 0
    assert "与以前的一期（青溪府发〔2026〕7号）对照" in desk.said
    assert "改了 2 条" in desk.said
    assert "频次：2026年6月底前 → 2027年6月底前" in desk.said
    assert "没有变 3 条" in desk.said
    assert "替代: QX26.7-2" in desk.rule("组织值班抽查")
    before = desk.rules.read_bytes()
    desk.imports(later)
    assert desk.rules.read_bytes() == before


def test_a_notice_with_another_title_is_no_edition_of_the_first(desk: Desk) -> None:
    desk.imports(FIRST)
    desk.imports(FIRST.replace("汛期值班", "消防").replace("7号", "8号"))
    assert "新增 5 条" in desk.said
    assert "替代" not in desk.text


def test_a_second_change_takes_the_place_of_the_draft_that_still_waits(desk: Desk) -> None:
    desk.imports(FIRST)
    desk.imports(FIRST.replace("每月检查", "每半月检查"))
    waiting = desk.rule("检查防汛物资").partition("\n")[0]
    desk.imports(FIRST.replace("每月检查", "每周检查"))
    assert f"替代: {waiting}\n" in desk.rule("检查防汛物资")


def test_rules_that_people_wrote_from_the_same_item_are_not_doubled(desk: Desk) -> None:
    source = "{文件: 青溪府发〔2026〕7号, 条目: 1}"
    own = f"  - {{编号: B-1, 事项: 检查防汛物资等, 频次: 每月, 责任人: 应急办, 来源: {source}}}\n"
    desk.rules.write_text(OFFICE + own, "utf-8")
    desk.imports(FIRST)
    assert "新增 4 条" in desk.said
    assert "检查防汛物资\n" not in desk.text


def test_units_posts_and_tags_are_taken_only_where_they_are_meant_for_sure(desk: Desk) -> None:
    two = "6.镇应急办每年演练。\n7.水务站每年演练。\n"
    desk.imports(FIRST + two + "8.每年宣传。（责任单位：应急办和各村（社区））\n")
    assert "责任人: 村社区" in desk.rule("巡查地质灾害点")
    assert "责任人: [应急办, 村社区]" in desk.rule("宣传")
    assert "责任人: 镇应急办" in desk.text
    assert "有 2 个责任人不在 rules.yaml 里" in desk.said
    assert "镇应急办（1），是不是“应急办”？" in desk.said
    assert "水务站（1）" in desk.said
    assert "登记" in desk.said


def test_a_vague_duty_comes_with_its_question(desk: Desk) -> None:
    desk.imports(FIRST)
    assert "待定: “定期”没有说多久一次" in desk.rule("听取汇报")


def test_a_folder_means_its_notices_and_the_end_sums_up(desk: Desk) -> None:
    folder = desk.folder / "文件"
    folder.mkdir()
    for name in ("段末括号.txt", "四列任务表.txt"):
        shutil.copy(NOTICES / name, folder)
    (folder / "~$段末括号.docx").write_bytes(b"lock")
    (folder / "照片.jpg").write_bytes(b"\xff\xd8\xff")
    (folder / "坏.txt").write_bytes(b"\x00\x01")
    assert desk.runs(str(folder)) == 1
    assert "共 3 个文件，读成 2 个：新增" in desk.said
    assert "没有读成：坏.txt" in desk.said
    assert "照片" not in desk.said


def test_an_empty_folder_is_told(desk: Desk) -> None:
    (desk.folder / "空").mkdir()
    assert desk.runs(str(desk.folder / "空")) == 2
    assert "没有通知文件" in desk.said


def test_the_progress_bar_shows_on_a_terminal_only(monkeypatch: pytest.MonkeyPatch) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    screens = Terminal(), io.StringIO()
    for screen in screens:
        monkeypatch.setattr("sys.stderr", screen)
        with notices.progress_bar(3) as bar:
            bar.add_task("", total=3)
            bar.refresh()
    assert "0/3" in screens[0].getvalue()
    assert not screens[1].getvalue()


@pytest.mark.skipif(not SHARED.exists(), reason="the real notices are not beside the project")
@pytest.mark.parametrize(
    ("text", "others"),
    [
        ("000*.txt", ("000.docx", "000.html", "000.pdf")),
        ("002*.txt", ("002-gb18030.txt", "002.docx")),
    ],
)
def test_an_office_file_of_a_notice_brings_nothing_new(
    desk: Desk, text: str, others: tuple[str, ...]
) -> None:
    desk.runs(str(next(SHARED.glob(text))))
    before = desk.rules.read_bytes()
    assert desk.runs(*(str(SHARED / "office" / name) for name in others)) == 0
    assert desk.rules.read_bytes() == before


def test_a_blank_line_between_rules_is_kept_up(desk: Desk) -> None:
    desk.edits("规则:", "规则:\n  - {编号: A-0, 事项: 开会, 责任人: 应急办, 频次: 每月}\n")
    desk.imports(FIRST)
    assert desk.text.count("\n\n  - 编号: QX26.7-") == 5


def test_a_rules_file_with_an_error_takes_the_drafts_but_no_names_are_matched(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rules = Desk(tmp_path, capsys)
    rules.edits("事项: 开会", "事向: 开会")
    assert rules.imports(FIRST) == 0
    assert "里还有错，责任人没有同“单位”“人员”核对" in rules.said
    assert "不在 rules.yaml 里" not in rules.said


def test_what_is_imported_does_not_run_before_it_is_confirmed(desk: Desk) -> None:
    def planned() -> bool:
        words = ["--from", "2026-06-01", "--to", "2026-07-31", "--format", "jsonl"]
        assert main(["plan", "--rules", str(desk.rules), *words]) == 0
        return "排水管网" in desk.capsys.readouterr().out

    desk.imports(FIRST)
    assert not planned()
    assert main(["confirm", "QX26.7-4as", "--rules", str(desk.rules)]) == 0
    desk.capsys.readouterr()
    assert planned()


def test_a_fault_of_the_program_on_one_file_does_not_stop_the_others(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def read(path: Path, issued: date | None) -> Notice:
        if path.name == "坏.txt":
            raise ValueError(path.name)
        return clauses.read(path, issued)

    monkeypatch.setattr(notices, "read", read)
    (desk.folder / "坏.txt").write_text("1.应急办每月检查。", "utf-8")
    (desk.folder / "好.txt").write_text(FIRST, "utf-8")
    assert desk.runs(str(desk.folder)) == 1
    assert "坏.txt：读的时候程序出错（ValueError" in desk.said
    assert "Traceback" not in desk.said
    assert "新增 5 条" in desk.said
