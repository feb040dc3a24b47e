"""``jiaoying people import``: a trial run that changes nothing, then the file with its backup."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from notifier.cli import main
from obligations.rules import read

ROOT = Path(__file__).parents[2]
SAMPLE = (ROOT / "rules.yaml").read_bytes()
BOOK = (
    ("姓名", "职务", "手机", "工号"),
    ("周 敏", "应急办主任", "13900000004", "0421"),
    ("钱进", "安全员", "138 0000 0088", "0888"),
    ("郑洁", "党政办主任", "13800000005", "0105"),
)
TRIAL = """\
通讯录.csv：读到 3 人
  工作表“通讯录”标题在第1行：A列是姓名，B列是职务，C列是手机，D列是钉钉
新增 1 项：
  人员 钱进：职务 安全员，手机 13800000088，钉钉 0888
改动 1 项：
  人员 周敏：手机 13800000004 → 13900000004
没有变：1 人
规则文件里有、通讯录里没有，照旧留着：9 人\
（林国安、何静、陈立、罗兰、吴涛、孙浩、冯磊、唐秀、谢芳）
"""


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    path = tmp_path / "rules.yaml"
    path.write_bytes(SAMPLE)
    return path


MINE = '  周敏: {职务: 应急办主任, 手机: %s, 企业微信: zhoumin, 钉钉: "0421", 代理: 冯磊}'


def run(folder: Path, rows: Sequence[Sequence[str]], *words: str) -> int:
    book = folder / "通讯录.csv"
    book.write_text("\n".join(",".join(row) for row in rows), "gb18030")
    return main(["people", "import", str(book), "--rules", str(folder / "rules.yaml"), *words])


def test_without_write_it_says_what_would_change_and_changes_nothing(
    rules: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(rules.parent, BOOK) == 0
    ending = f"以上是试算，{rules} 没有改动；核对无误后加 --write 再运行一次\n"
    assert capsys.readouterr().out == TRIAL + ending
    assert rules.read_bytes() == SAMPLE


def test_writing_changes_the_lines_it_said_and_keeps_the_old_file(rules: Path) -> None:
    assert run(rules.parent, BOOK, "--write") == 0
    assert (rules.parent / "rules.yaml.bak-1").read_bytes() == SAMPLE
    before, after = SAMPLE.decode().splitlines(), rules.read_text("utf-8").splitlines()
    assert [line for line in before if line not in after] == [MINE % "13800000004"]
    assert [line for line in after if line not in before] == [
        MINE % "13900000004",
        '  钱进: {职务: 安全员, 手机: 13800000088, 钉钉: "0888"}',
    ]
    assert len(read(rules).people) == len(read(ROOT / "rules.yaml").people) + 1


def test_the_same_book_again_writes_nothing(
    rules: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(rules.parent, BOOK, "--write")
    written = rules.read_bytes()
    capsys.readouterr()
    assert run(rules.parent, BOOK, "--write") == 0
    assert capsys.readouterr().out.endswith(f"{rules} 没有要改的\n")
    assert rules.read_bytes() == written
    assert not (rules.parent / "rules.yaml.bak-2").exists()


def test_an_office_without_a_file_begins_with_its_phone_book(tmp_path: Path) -> None:
    assert run(tmp_path, BOOK, "--write") == 0
    assert [person.name for person in read(tmp_path / "rules.yaml").people] == [
        "周敏",
        "钱进",
        "郑洁",
    ]


def test_what_was_left_out_is_a_finding(rules: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(rules.parent, (*BOOK, ("孙进", "安全员", "1380000009", ""))) == 1
    said = capsys.readouterr().out
    assert "请核对 1 处，其中 1 处没有写进去：" in said
    assert "工作表“通讯录”第5行C列：1380000009 不是手机号（10位，应当是1开头的11位）" in said


def test_a_file_with_errors_is_mended_first(
    rules: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rules.write_text("人员:\n  周敏: {代理: 没有这个人}\n", "utf-8")
    assert run(rules.parent, BOOK, "--write") == 2
    assert "没有这个人" in capsys.readouterr().err
    assert rules.read_text("utf-8") == "人员:\n  周敏: {代理: 没有这个人}\n"
