"""Documents -> clauses: who, what, how often, which units, from which words."""

import json
import subprocess
import sys
from pathlib import Path
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from obligations.clauses import Clause, read, read_notice, records
from obligations.documents import read_text
from obligations.phrases import explain

HERE = Path(__file__).parent
NOTICES = HERE.parent / "notices"
SHARED = HERE.parents[2] / "shared"
EXPECTED = HERE / "notices_read.txt"
SENTENCES = HERE / "sentences_read.txt"
NAMES = sorted(path.name for path in NOTICES.glob("*.txt"))


def shown(clause: Clause) -> str:
    cells = (
        str(clause.line),
        clause.item,
        clause.quote,
        explain(clause.schedule),
        clause.actor,
        clause.action,
        "、".join(clause.units),
    )
    return " | ".join(cells).rstrip()


def expected(name: str) -> list[str]:
    text = EXPECTED.read_text("utf-8")
    part = text.split(f"== {name}\n")[1].split("\n== ")[0]
    return [line.rstrip() for line in part.splitlines() if line.strip()]


@pytest.mark.parametrize("name", NAMES)
def test_a_notice_of_each_layout_gives_its_duties(name: str) -> None:
    assert [shown(clause) for clause in read(NOTICES / name).clauses] == expected(name)


def sentences() -> list[tuple[str, ...]]:
    lines = SENTENCES.read_text("utf-8").splitlines()
    rows = (line for line in lines if line and not line.startswith("#"))
    cells = ([part.strip() for part in row.split("|")] for row in rows)
    return [(*row, *[""] * (4 - len(row))) for row in cells]


@pytest.mark.parametrize(("sentence", "actors", "actions", "units"), sentences())
def test_a_sentence_gives_who_what_and_units(
    sentence: str, actors: str, actions: str, units: str
) -> None:
    clauses = read_notice(read_text("通知.txt", sentence)).clauses
    assert "/".join(clause.actor or "无" for clause in clauses) == actors
    assert "/".join(clause.action for clause in clauses) == actions
    assert {"、".join(clause.units) for clause in clauses} == {units}


def test_two_equal_phrases_on_a_line_are_quoted_so_that_each_is_found() -> None:
    text = "主要负责人每月研究部署，分管负责人每月现场检查。"
    quotes = [c.quote for c in read_notice(read_text("通知.txt", text)).clauses]
    assert quotes == ["主要负责人每月研究部署", "分管负责人每月现场检查"]
    assert all(text.count(quote) == 1 for quote in quotes)


def test_a_time_in_the_title_of_another_document_is_no_duty() -> None:
    text = "1.镇应急办要落实《消防整治三年行动方案（2024—2026年）》。"
    assert not read_notice(read_text("通知.txt", text)).clauses


def test_the_preamble_and_headings_are_no_duties() -> None:
    text = (
        "今年以来，各单位每月开展整治，现将有关事项通知如下：\n一、每月“回头看”\n1.每季度报送情况。"
    )
    assert [c.line for c in read_notice(read_text("通知.txt", text)).clauses] == [3]


LABELLED = """\
1.各村要完成山塘加固，建立台账。（牵头单位：水利站；责任单位：各村；完成时限：2026年6月底前）
2.更换老旧消防栓
责任单位：消防站，各村（社区、居委会）
责任领导：张三
完成时限：2026年9月底前，并长期坚持
3.清理占道堆物。
完成时间：2026年10月底前  责任单位：城管办
"""


def test_units_and_times_behind_labels_belong_to_the_item_before() -> None:
    clauses = read_notice(read_text("通知.txt", LABELLED)).clauses
    assert [(c.line, c.item, c.quote, c.action, c.units) for c in clauses] == [
        (1, "1", "2026年6月底前", "完成山塘加固", ("水利站", "各村")),
        (5, "2", "2026年9月底前", "更换老旧消防栓", ("消防站", "各村（社区、居委会）")),
        (5, "2", "长期坚持", "更换老旧消防栓", ("消防站", "各村（社区、居委会）")),
        (7, "3", "2026年10月底前", "清理占道堆物", ("城管办",)),
    ]


LED = """\
（一）各学校：
1.每周检查一次宿舍；
2.6月底前完成消防设施检测。
（二）医务室要做好以下工作：
（1）每日通风消毒；
（2）每周上报一次晨检情况。
责任单位：医务室、各年级组
（三）保卫科。负责校园巡逻，每2小时巡逻一次。（县公安局、县教育局按职责分工负责）
（四）加强门卫管理。
1.每日登记来访人员。
（五）教学安全（责任部门：教导处、实验室）
1.每月排查一次仪器。
2.每周检查一次药品。责任部门：化学组。
（六）每学期召开一次家长会。
"""


def test_a_subject_or_a_label_goes_for_all_points_of_its_item() -> None:
    clauses = read_notice(read_text("通知.txt", LED)).clauses
    assert [(c.line, c.actor, c.units) for c in clauses] == [
        (2, "各学校", ()),
        (3, "各学校", ()),
        (5, "医务室", ("医务室", "各年级组")),
        (6, "医务室", ("医务室", "各年级组")),
        (8, "保卫科", ("县公安局", "县教育局")),
        (10, "", ()),
        (12, "", ("教导处", "实验室")),
        (13, "", ("化学组",)),
        (14, "", ()),
    ]


POSTS = """\
附件

序号\t岗位\t检查内容\t检查频次\t备注
1\t班组长\t检查作业现场\t每班一次\t
2\t车间主任\t检查设备\t每周2次\t
"""


def test_a_column_of_posts_says_who() -> None:
    clauses = read_notice(read_text("检查表.txt", POSTS)).clauses
    assert [(c.item, c.actor, c.action, c.quote) for c in clauses] == [
        ("表1", "班组长", "检查作业现场", "每班一次"),
        ("表2", "车间主任", "检查设备", "每周2次"),
    ]


def test_several_amounts_give_one_record_each() -> None:
    text = "（1）村干部每月至少走访3户，提醒2处隐患。"
    found = [
        record for c in read_notice(read_text("通知.txt", text)).clauses for record in records(c)
    ]
    assert [r["amount"] for r in found] == [
        {"n": 3, "unit": "户", "bound": "at_least"},
        {"n": 2, "unit": "处", "bound": "exact"},
    ]


@pytest.mark.parametrize(
    ("text", "fields"),
    [
        (
            "每2个月至少检查1次。",
            {"kind": "recurring", "period": "month", "interval": 2, "bound": "at_least"},
        ),
        ("每月5日前报送。", {"kind": "recurring", "period": "month", "due": "05"}),
        ("2026年6月底前完成。", {"kind": "deadline", "start": "", "end": "2026-06-30"}),
        ("结案后一个月内公开。", {"kind": "event", "within": "P1M", "workdays": False}),
        ("有效期满前3个月提出申请。", {"kind": "event", "within": "-P3M"}),
        ("长期坚持巡查。", {"kind": "standing", "amount": None}),
        ("定期开展演练。", {"kind": "vague", "units": []}),
    ],
)
def test_a_record_has_the_fields_of_its_kind(text: str, fields: dict[str, object]) -> None:
    (clause,) = read_notice(read_text("通知.txt", text)).clauses
    (record,) = records(clause)
    assert fields.items() <= record.items()


WORDS = (
    "各单位",
    "要",
    "每月",
    "至少",
    "1次",
    "“日周月”",
    "定期",
    "分别",
    "责任单位：",
    "1.",
    "一、",
)
MARKS = (
    "，",
    "。",
    "；",
    "、",
    "（",
    "）",
    "《",
    "》",
    "6月底前",
    "检查",
    "由",
    "牵头",
    "\n",
    "\t",
    " ",
)


@given(st.lists(st.sampled_from(WORDS + MARKS), max_size=40).map("".join))
def test_any_words_are_read_and_every_quote_stands_on_its_line(text: str) -> None:
    document = read_text("通知.txt", text)
    for clause in read_notice(document).clauses:
        assert clause.quote
        assert clause.quote in document.lines[clause.line - 1]
        assert clause.sentence[clause.mark : clause.mark_end].strip()


@pytest.mark.parametrize(
    "line",
    ["每" * 20_000, "（" * 20_000, "“日周月”" * 20_000, "每月，" * 5_000, "\t" * 20_000],
    ids=["每", "（", "日周月", "每月", "tab"],
)
def test_a_line_of_one_thing_only_is_read_in_good_time(line: str) -> None:
    begun = process_time()
    read_notice(read_text("通知.txt", line))
    assert process_time() - begun < 10


@pytest.mark.skipif(not SHARED.is_dir(), reason="没有 ../shared：标注和评分程序不在这台机器上")
@pytest.mark.parametrize("number", ["000", "002", "003"])
def test_the_real_notices_reach_the_marks(tmp_path: Path, number: str) -> None:
    (notice,) = (SHARED / "documents").glob(f"{number}_*.txt")
    found = tmp_path / "found.jsonl"
    lines = [json.dumps(r, ensure_ascii=False) for c in read(notice).clauses for r in records(c)]
    found.write_text("\n".join(lines), "utf-8")
    scorer = SHARED / "eval" / "score_parse.py"
    labels = SHARED / "eval" / f"labels-{number}.jsonl"
    command = [sys.executable, str(scorer), str(labels), str(found)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    result = json.loads(done.stdout)
    assert result["schedule"]["f1"] >= 0.97
    assert result["actor"] >= 0.92
    assert result["units"] >= 0.97
