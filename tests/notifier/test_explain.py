"""``jiaoying explain``: what a phrase means, in words, as a form, with its next dates."""

import ast
import subprocess
import sys

import pytest

from notifier.cli import main


def said(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str]:
    status = main(["explain", *words])
    return status, capsys.readouterr().out


def test_a_phrase_is_said_back_with_its_form_and_its_next_dates(
    capsys: pytest.CaptureFixture[str],
) -> None:
    status, text = said(capsys, "每季度至少召开1次", "--from", "2026-09-01")
    assert status == 0
    assert "理解：每季度至少1次" in text
    assert "  周期: 季度\n  次数: 1\n  界: 至少" in text
    assert "2026年9月30日（周三）前  还有29天" in text
    assert " 28  29 [30]" in text


def test_unreadable_text_gets_a_caret_under_its_sign(capsys: pytest.CaptureFixture[str]) -> None:
    status, text = said(capsys, "每季度大概2次")
    assert status == 1
    phrase, caret, reason, rest = text.splitlines()
    assert phrase == "每季度大概2次"
    assert caret == "      ^^^^"
    assert "“大概”" in reason
    assert rest == "其余的会理解为：每季度2次"


def test_a_deadline_without_a_year_takes_it_from_the_date_of_issue(
    capsys: pytest.CaptureFixture[str],
) -> None:
    status, text = said(capsys, "6月底前")
    assert status == 1
    assert "缺少年份" in text
    status, text = said(capsys, "6月底前", "--issued", "2026-05-20", "--from", "2026-06-01")
    assert status == 0
    assert "截止: 2026-06-30" in text


@pytest.mark.parametrize(
    ("phrase", "words"),
    [
        ("结案后一个月内", "记下“结案”那天"),
        ("长期坚持", "没有到期日"),
        ("2022年6月底前", "期限已过"),
        ("“日周月”", "每日1次；每周1次；每月1次"),
    ],
)
def test_every_kind_says_why_it_has_or_has_no_date(
    capsys: pytest.CaptureFixture[str], phrase: str, words: str
) -> None:
    status, text = said(capsys, phrase, "--from", "2026-09-28")
    assert status == 0
    assert words in text


def test_a_year_without_a_holiday_table_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    _, text = said(capsys, "每年3月底前", "--from", "2090-01-01")
    assert "2090年" in text
    assert "放假安排还没有" in text


def test_the_command_loads_nothing_heavy() -> None:
    program = (
        "import sys; from notifier.cli import main; "
        "main(['explain', '每季度至少1次', '--from', '2026-09-01']); "
        "print(sorted({name.partition('.')[0] for name in sys.modules}))"
    )
    done = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True)
    loaded = ast.literal_eval(done.stdout.decode().splitlines()[-1])
    assert not {"pydantic", "sqlalchemy", "httpx", "rich", "jinja2", "yaml"}.intersection(loaded)
