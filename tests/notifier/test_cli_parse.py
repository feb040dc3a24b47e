"""``jiaoying parse`` and ``jiaoying import`` as a clerk meets them."""

import json
import unicodedata
from pathlib import Path

import pytest

from notifier.cli import main
from notifier.cli.rules_file import write_rules_file
from obligations.errors import Misconfigured
from obligations.rules import examine

NOTICES = Path(__file__).parents[1] / "notices"
TABLED = str(NOTICES / "四列任务表.txt")
UNDATED = str(NOTICES / "段末括号.txt")
FIELDS = ["line", "item", "quote", "kind", "actor", "action", "units", "amount"]


def width(line: str) -> int:
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in line)


def test_jsonl_is_json_lines_only_with_the_agreed_fields(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["parse", TABLED, "--format", "jsonl"]) == 0
    out, err = capsys.readouterr()
    rows = [json.loads(line) for line in out.splitlines()]
    assert rows
    assert not err
    assert all(set(FIELDS) <= set(row) for row in rows)
    assert rows[0]["actor"] == "镇防汛办"
    assert rows[0]["bound"] == "at_least"


@pytest.mark.parametrize("columns", [60, 80, 100, 140])
def test_the_table_fits_the_screen_and_marks_the_phrase(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, columns: int
) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    assert main(["parse", TABLED]) == 0
    out, _ = capsys.readouterr()
    assert columns - 10 <= max(width(line) for line in out.splitlines()) <= columns
    heads = next(line for line in out.splitlines() if "条目" in line).split()
    assert ("责任单位" in heads) == (columns == 140)
    assert "【每日】" in out
    assert "共 11 项" in out


def test_yaml_is_what_import_would_write(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert main(["parse", TABLED, "--format", "yaml"]) == 0
    shown, _ = capsys.readouterr()
    into = tmp_path / "rules.yaml"
    assert main(["import", TABLED, "--into", str(into)]) == 0
    assert into.read_text("utf-8").endswith(f"规则:\n{shown}")


def test_a_deadline_without_a_year_is_told_on_the_side_and_mended_by_a_date(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    path = tmp_path / "通知.txt"
    path.write_text("1.应急办6月底前完成排查。\n", "utf-8")
    assert main(["parse", str(path), "--format", "jsonl"]) == 0
    out, err = capsys.readouterr()
    assert json.loads(out)["kind"] == "vague"
    assert "不知道是哪一年" in err
    assert "--issued" in err
    words = ["parse", str(path), "--format", "jsonl", "--issued", "2026-03-01"]
    assert main(words) == 0
    out, err = capsys.readouterr()
    assert json.loads(out)["end"] == "2026-06-30"
    assert not err


def test_a_notice_without_duties_says_so(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    path = tmp_path / "通知.txt"
    path.write_text("请各单位知悉。\n", "utf-8")
    assert main(["parse", str(path)]) == 0
    assert "没有读出带时间要求的任务" in capsys.readouterr().out


def test_no_readable_file_is_a_sentence_and_status_two(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert main(["parse", str(tmp_path / "没有.txt")]) == 2
    out, err = capsys.readouterr()
    assert not out
    assert "没有这个文件" in err
    assert "Traceback" not in err


@pytest.mark.parametrize("command", ["parse", "import"])
def test_one_bad_file_does_not_stop_the_others(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, command: str
) -> None:
    bad = tmp_path / "坏.txt"
    bad.write_bytes(b"\x00\x01")
    into = ["--into", str(tmp_path / "rules.yaml")] if command == "import" else []
    assert main([command, str(bad), TABLED, *into]) == 1
    out, err = capsys.readouterr()
    assert "坏.txt" in err
    assert "镇防汛办" in (out if command == "parse" else (tmp_path / "rules.yaml").read_text())


def test_a_date_that_is_none_is_told_in_a_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main(["parse", TABLED, "--issued", "去年"])
    assert left.value.code == 2
    assert "“去年”看不懂" in capsys.readouterr().err


def test_import_makes_a_file_that_check_accepts(tmp_path: Path) -> None:
    into = tmp_path / "rules.yaml"
    assert main(["import", TABLED, UNDATED, "--into", str(into)]) == 0
    office, problems = examine(into.read_text("utf-8"))
    assert office is not None
    assert all(problem.warning for problem in problems)
    assert [path.name for path in tmp_path.iterdir()] == ["rules.yaml"]


def test_import_keeps_a_backup_and_the_second_time_changes_nothing(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    into = tmp_path / "rules.yaml"
    old = "# 我们的规则\r\n规则:\r\n- 编号: A-1 # 老的\r\n  频次: 每月\r\n"
    into.write_bytes(old.encode())
    into.chmod(0o600)
    assert main(["import", TABLED, "--into", str(into)]) == 0
    assert (tmp_path / "rules.yaml.bak-1").read_bytes() == old.encode()
    first = into.read_bytes()
    assert first.startswith(old.encode())
    assert into.stat().st_mode & 0o777 == 0o600
    capsys.readouterr()
    assert main(["import", TABLED, "--into", str(into)]) == 0
    assert "没有改动" in capsys.readouterr().out
    assert into.read_bytes() == first
    assert sorted(path.name for path in tmp_path.iterdir()) == ["rules.yaml", "rules.yaml.bak-1"]


def test_import_through_a_link_writes_the_file_behind_it(tmp_path: Path) -> None:
    real = tmp_path / "real.yaml"
    real.write_text("规则:\n", "utf-8")
    link = tmp_path / "rules.yaml"
    link.symlink_to(real)
    assert main(["import", TABLED, "--into", str(link)]) == 0
    assert link.is_symlink()
    assert "镇防汛办" in real.read_text("utf-8")


@pytest.mark.parametrize(
    ("content", "expected"),
    [(b"\xff\xfe\x00", "不是 UTF-8"), ("规则: {\n".encode(), "没有写入"), (b"- 1\n", "没有写入")],
)
def test_a_rules_file_that_cannot_be_read_is_left_alone(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, content: bytes, expected: str
) -> None:
    into = tmp_path / "rules.yaml"
    into.write_bytes(content)
    assert main(["import", TABLED, "--into", str(into)]) == 2
    assert expected in capsys.readouterr().err
    assert into.read_bytes() == content
    assert len(list(tmp_path.iterdir())) == 1


def test_a_folder_that_cannot_be_written_is_told_in_a_sentence(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    into = tmp_path / "没有这个文件夹" / "rules.yaml"
    assert main(["import", TABLED, "--into", str(into)]) == 2
    assert "写不进" in capsys.readouterr().err


def test_what_somebody_wrote_in_the_meantime_is_not_overwritten(tmp_path: Path) -> None:
    into = tmp_path / "rules.yaml"
    into.write_text("规则: []\n", "utf-8")
    with pytest.raises(Misconfigured, match="再运行一次"):
        write_rules_file(into, "规则:\n", "规则:\n- 编号: A\n")
    assert into.read_text("utf-8") == "规则: []\n"
