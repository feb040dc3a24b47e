"""What is exported is everything, in formats that other programs read."""

import json
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import pytest
from openpyxl import load_workbook

from notifier.cli import main
from notifier.events import Troubled, decode
from notifier.ledger import open_ledger

NOW = datetime(2026, 7, 1, 1, tzinfo=UTC)
RULES = """\
单位: {应急办: {负责人: 周敏}}
人员: {周敏: {职务: 主任}}
规则: [{编号: A-1, 事项: "=HYPERLINK(1)", 责任人: 周敏, 频次: 每季度至少1次}]
"""
HOSTILE = ("=1+1", "+cmd|' /C calc'!A0", "行1\n行2", "\x00\x07\ud7ff\u2028", "长" * 70_000, '"}{')


def office(folder: Path) -> list[str]:
    (folder / "rules.yaml").write_text(RULES, "utf-8")
    (folder / "data").mkdir()
    ledger = open_ledger(f"sqlite:///{folder / 'data' / 'jiaoying.db'}")
    for text in HOSTILE:
        ledger.record(NOW, (Troubled(subject="A-1", reason=text),)).result()
    ledger.close()
    return ["--data", str(folder / "data"), "--rules", str(folder / "rules.yaml")]


def test_the_lines_hold_every_fact_and_prove_themselves(tmp_path: Path) -> None:
    where = office(tmp_path)
    assert main(["export", "--out", str(tmp_path / "out"), *where]) == 0
    assert (tmp_path / "out" / "ledger.jsonl").stat().st_mode & 0o077 == 0
    lines = (tmp_path / "out" / "ledger.jsonl").read_text("utf-8").split("\n")[:-1]
    before = "0" * 64
    for number, (line, text) in enumerate(zip(lines, HOSTILE, strict=True), start=1):
        found = json.loads(line)
        body = line.partition('"fact": ')[2].rpartition(', "hash"')[0]
        assert decode(body) == Troubled(subject="A-1", reason=text)
        before = sha256(f"{before}\n{number}\n{found['at']}\n{body}".encode()).hexdigest()
        assert found["hash"] == before


def test_the_rules_stand_in_their_own_words(tmp_path: Path) -> None:
    where = office(tmp_path)
    main(["export", "--out", str(tmp_path / "out"), "--format", "jsonl", *where])
    lines = (tmp_path / "out" / "rules.jsonl").read_text("utf-8").splitlines()
    assert [json.loads(line)["table"] for line in lines] == ["单位", "人员", "规则"]
    assert json.loads(lines[2])["value"]["频次"] == "每季度至少1次"
    assert not (tmp_path / "out" / "jiaoying.xlsx").exists()


def test_the_workbook_holds_every_fact_and_no_formula(tmp_path: Path) -> None:
    where = office(tmp_path)
    assert main(["export", "--out", str(tmp_path / "all.xlsx"), *where]) == 0
    book = load_workbook(tmp_path / "all.xlsx")
    rows = list(book["台账"].iter_rows(min_row=2))
    bodies = ["".join(cell.value or "" for cell in row[6:]) for row in rows]
    assert [decode(body) for body in bodies] == [
        Troubled(subject="A-1", reason=text) for text in HOSTILE
    ]
    kinds = {cell.data_type for sheet in book for row in sheet.iter_rows() for cell in row}
    assert kinds <= {"s", "n", "inlineStr"}
    assert book["规则"]["B2"].value == "=HYPERLINK(1)"
    assert rows[0][1].value == "2026-07-01 09:00:00"


def test_one_file_of_lines_holds_rules_and_ledger(tmp_path: Path) -> None:
    where = office(tmp_path)
    assert main(["export", "--out", str(tmp_path / "all.jsonl"), *where]) == 0
    found = [
        json.loads(line) for line in (tmp_path / "all.jsonl").read_text("utf-8").split("\n")[:-1]
    ]
    assert [("seq" in one) for one in found] == [False] * 3 + [True] * len(HOSTILE)


def test_a_format_that_is_not_the_files_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    where = office(tmp_path)
    assert main(["export", "--out", str(tmp_path / "a.xlsx"), "--format", "jsonl", *where]) == 2
    assert "不一致" in capsys.readouterr().err
