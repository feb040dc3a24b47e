"""The reply reader against tables that an office clerk can read and extend."""

import json
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifier.cli import main
from notifier.replies import Context, Reading, ReplyKind, read_reply

HERE = Path(__file__).parent
PARTS = ("code", "owner", "by", "date")
NO_ANSWERS = (ReplyKind.UNCLEAR, ReplyKind.NOT_AN_ANSWER)
MOST_MISSES = 0.02
Row = tuple[str, Context, ReplyKind, dict[str, str]]


def rows(name: str) -> list[Row]:
    """Give text, context, kind and parts of every row of a table."""
    found = []
    for line in (HERE / name).read_text("utf-8").split("\n"):
        if not line or line.startswith("#"):
            continue
        text, context, kind, *named = line.split("\t")
        parts = dict(part.split("=", 1) for part in named)
        found.append((text.replace("\\n", "\n"), Context(context), ReplyKind(kind), parts))
    return found


def differences(reading: Reading, kind: ReplyKind, parts: dict[str, str]) -> list[str]:
    """Say in what a reading differs from what the table expects."""
    names = (*PARTS, "action") if "action" in parts else PARTS
    said = [
        f"{name}: {getattr(reading, name)!r}, not {parts.get(name)!r}"
        for name in names
        if getattr(reading, name) != parts.get(name)
    ]
    return ([] if reading.kind is kind else [f"{reading.kind}, not {kind}"]) + said


TABLE = rows("replies.tsv")
MISSES = rows("replies_missed.tsv")
TALK = [
    line.replace("\\n", "\n")
    for line in (HERE / "no_answers.txt").read_text("utf-8").split("\n")
    if line and not line.startswith("#")
]
PLAIN = [row for row in TABLE if row[0].isalnum() and not row[0].isascii() and not row[3]]


@pytest.mark.parametrize(("text", "context", "kind", "parts"), TABLE)
def test_every_reply_of_the_table_is_read_as_meant(
    text: str, context: Context, kind: ReplyKind, parts: dict[str, str]
) -> None:
    assert not differences(read_reply(text, context), kind, parts)


def test_what_is_known_to_be_misread_is_listed_and_little() -> None:
    missed = [
        text
        for text, context, kind, parts in MISSES
        if differences(read_reply(text, context), kind, parts)
    ]
    assert missed == [row[0] for row in MISSES], "a row that is read now belongs into the table"
    assert len(MISSES) <= MOST_MISSES * (len(TABLE) + len(MISSES))


@pytest.mark.parametrize("context", Context)
@pytest.mark.parametrize("text", TALK)
def test_no_answer_is_read_from_questions_negations_and_quotations(
    text: str, context: Context
) -> None:
    assert read_reply(text, context).kind in NO_ANSWERS


@pytest.mark.parametrize("context", Context)
@pytest.mark.parametrize("text", [row[0] for row in TABLE if row[2] is ReplyKind.HEARD])
def test_a_question_mark_takes_the_answer_away(text: str, context: Context) -> None:
    """What is asked is no answer, unless 收到 or work was said before."""
    clauses = [sign for sign in "，,。；;！!\n 、：:（([[\U0001f44c" if sign in text]
    if not clauses and text.isalnum() and "收到" in text[-3:]:
        assert read_reply(f"{text}？", context).kind in NO_ANSWERS


@given(st.text(max_size=300), st.sampled_from(Context))
def test_any_text_gives_a_reading(text: str, context: Context) -> None:
    assert isinstance(read_reply(text, context), Reading)


SIGNS = "收到已办没有吗？谁推由小李周五前不了了，。「」\n>@K7M2 12[]"


@given(st.text(SIGNS, max_size=60), st.sampled_from(Context))
def test_parts_are_words_of_the_reply(text: str, context: Context) -> None:
    reading = read_reply(text, context)
    bare = text.strip()
    for part in (reading.owner, reading.action, reading.by, reading.date, reading.instead_of):
        assert part is None or part in bare or part in bare.replace(" ", "")


@given(st.sampled_from(PLAIN), st.sampled_from(["。", "！", " ", "~", "。。", "\n", "  "]))
def test_marks_at_the_end_change_nothing(row: Row, mark: str) -> None:
    text, context, kind, _ = row
    assert read_reply(f"{mark.strip()}{text}{mark}", context).kind is kind


@given(st.sampled_from(TABLE))
def test_half_width_and_full_width_are_read_alike(row: Row) -> None:
    text, context, kind, _ = row
    wide = "".join(chr(ord(sign) + 0xFEE0) if "!" <= sign <= "~" else sign for sign in text)
    if "[" not in text and "：//" not in wide:
        assert read_reply(wide, context).kind is kind


@given(st.sampled_from(PLAIN), st.sampled_from(["收到，", "好的，", "您好，收到。", "嗯嗯，"]))
def test_an_acknowledgement_in_front_gives_way_to_what_follows(row: Row, front: str) -> None:
    text, context, kind, _ = row
    if kind not in (*NO_ANSWERS, ReplyKind.HEARD):
        assert read_reply(front + text, context).kind is kind


CODES = st.text("23456789ABCDEFGHJKLMNPQRSTUVWXYZ", min_size=8, max_size=8).filter(
    lambda code: code.isupper() and any(sign.isdigit() for sign in code[:7])
)


@given(CODES, st.sampled_from(["{} 收到", "收到{}", "回{}，收到", "收到（{}）", "编码{} 收到"]))
def test_a_code_of_ours_is_found_wherever_it_stands(code: str, form: str) -> None:
    if not code[2:].isdigit() and not code[1:].isdigit() and not code[:4].isdigit():
        for typed in (code, code.lower(), f"{code[:4]} {code[4:]}"):
            reading = read_reply(form.format(typed), Context.CALL_MANY)
            assert (reading.kind, reading.code) == (ReplyKind.HEARD, code)


@pytest.mark.parametrize(
    "sign",
    [
        "收到",
        "没",
        "在",
        "嗯",
        "1",
        "村",
        "全",
        "由",
        "推",
        "「",
        "> \n",
        "@",
        "1月",
        "a.",
        "安",
        " ",
    ],
)
def test_a_text_of_any_length_is_read_in_a_moment(sign: str) -> None:
    started = time.perf_counter()
    read_reply(sign * (100_000 // len(sign)), Context.DUTY)
    read_reply(sign * (900 // len(sign)), Context.DUTY)
    assert time.perf_counter() - started < 1


def test_the_command_says_how_a_reply_is_read(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["reply", "回 k7m2 收到，由小李办，周五前", "--context", "call_many"]) == 0
    assert capsys.readouterr().out == (
        "答复：回 k7m2 收到，由小李办，周五前\n"
        "理解：转给别人办\n  编码：K7M2\n  谁来办：小李\n  做什么：办\n  什么时候前：周五前\n"
    )


def run(lines: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "notifier", "reply", "--stdin", "--format", "jsonl"]
    return subprocess.run(
        command,
        input=lines,
        capture_output=True,
        encoding="utf-8",
        check=False,
        cwd=HERE.parents[1],
    )


def test_the_command_reads_lines_of_json() -> None:
    done = run(
        '{"text": "收到，推到周五", "context": "duty"}\n\n{"text": "无", "context": "call"}\n'
    )
    first, second = (json.loads(line) for line in done.stdout.splitlines())
    assert first == {
        "kind": "postponed",
        "code": None,
        "owner": None,
        "action": None,
        "by": None,
        "date": "周五",
    }
    assert (second["kind"], done.returncode, done.stderr) == ("unclear", 0, "")


@pytest.mark.parametrize("line", ["收到", "{}", '{"text": 1}', '{"text": "", "context": "x"}', "["])
def test_a_broken_line_is_named(line: str) -> None:
    done = run(f'{{"text": "收到"}}\n{line}\n')
    assert done.returncode == 2
    assert done.stderr.startswith("第2行读不懂：")


def test_no_reply_at_all_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["reply"]) == 2
    assert "没有给出答复" in capsys.readouterr().err
