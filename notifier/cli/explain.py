"""``jiaoying explain``: what a time phrase means, in words, as a form, and on a small calendar."""

import argparse
import unicodedata
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import islice

from notifier.cli.month_pages import month_pages
from notifier.cli.values import day
from obligations.phrases import Diagnosis, diagnose, dump, explain, parse
from obligations.schedule import After, Compound, Schedule, Standing
from obligations.schedule.periods import Window, periods
from obligations.workdays import Calendar

_SHOWN = 6
_YEARS = 12
_A_DAY = timedelta(days=1)
_WEEKDAYS = "一二三四五六日"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add what the command understands."""
    parser.add_argument("phrase", nargs="+", metavar="说法", help="频次或期限，如 每季度至少1次")
    parser.add_argument(
        "--issued", type=day, metavar="日期", help="通知的落款日期：没写年份的期限按这一年理解"
    )
    parser.add_argument(
        "--from", dest="since", type=day, metavar="日期", help="从哪天起列日期，默认今天"
    )


def run(options: argparse.Namespace) -> int:
    """Print what the phrase means; 1 where it cannot be read or leaves the date open."""
    phrase = " ".join(options.phrase)
    year = options.issued.year if options.issued else None
    trouble = diagnose(phrase, year=year)
    if trouble is not None:
        print("\n".join(_refused(phrase, trouble)))
        return 1
    schedule = parse(phrase, year=year)
    since = options.since or datetime.now(UTC).astimezone().date()
    print("\n".join(_explained(phrase, schedule, since)))
    return 0


def _refused(phrase: str, trouble: Diagnosis) -> Iterator[str]:
    """Say what was not understood, with a caret under it, and what the rest would mean."""
    before, found = phrase[: trouble.position], phrase[trouble.position :][: len(trouble.found)]
    yield phrase
    yield " " * _columns(before) + "^" * max(_columns(found), 1)
    yield trouble.reason
    if "年份" in trouble.reason:
        yield "也可以加上通知的落款日期：--issued 2026-05-20"
    if trouble.understood is not None:
        yield f"其余的会理解为：{explain(trouble.understood)}"


def _columns(text: str) -> int:
    """Give how wide text is in a terminal: a Chinese sign takes two columns."""
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text)


def _explained(phrase: str, schedule: Schedule, since: date) -> Iterator[str]:
    """Say the phrase in words, as a form, and with its next dates."""
    yield f"说法：{phrase}"
    yield f"理解：{explain(schedule)}"
    yield ""
    yield "写成结构（rules.yaml 的“频次”也可以这样写）："
    yield from _form(dump(schedule), "  ")
    yield ""
    windows = list(islice(_windows(schedule, since), _SHOWN))
    if not windows:
        yield _undated(schedule)
        return
    yield f"从{_said(since)}起，接下来的日期："
    yield from (_line(window, since) for window in windows)
    yield from _unknown_years(windows)
    yield ""
    yield from month_pages(since, [window.due for window in windows])


def _form(value: object, indent: str) -> Iterator[str]:
    """Give a mapping as YAML, two blanks deeper for every level."""
    if isinstance(value, dict):
        for key, inner in value.items():
            if isinstance(inner, (dict, list)):
                yield f"{indent}{key}:"
                yield from _form(inner, f"{indent}  ")
            else:
                yield f"{indent}{key}: {inner}"
    elif isinstance(value, list):
        for item in value:
            first, *rest = _form(item, f"{indent}  ")
            yield f"{indent}- {first.strip()}"
            yield from rest


def _windows(schedule: Schedule, since: date) -> Iterator[Window]:
    """Give the windows that are due from a day on, looking a few years ahead."""
    for years in (1, _YEARS):
        until = since + timedelta(days=366 * years)
        found = [w for w in periods(schedule, Calendar(), since, until) if w.due >= since]
        if len(found) >= _SHOWN or years == _YEARS:
            yield from sorted(found, key=lambda window: window.due)


def _line(window: Window, since: date) -> str:
    """Say one window: when it opens and the last day it is in time."""
    opens, due = window.opens.date(), window.due
    left = (due - since).days
    when = "今天到期" if left == 0 else f"还有{left}天"
    if window.closes - window.opens < _A_DAY:
        hours = f"{window.opens:%H:%M}至{window.closes:%H:%M}"
        return f"  {_said(due)}{hours}  {when}"
    if opens == due:
        return f"  {_said(due)}  {when}"
    return f"  {_said(due)}前  {when}（{_said(opens)}开始）"


def _said(when: date) -> str:
    """Say a date with its day of the week."""
    return f"{when.year}年{when.month}月{when.day}日（周{_WEEKDAYS[when.weekday()]}）"


def _undated(schedule: Schedule) -> str:
    """Say why there is no date to show."""
    if isinstance(schedule, After):
        return f"没有固定日期：单位记下“{schedule.event or '起算的事'}”那天，才算得出期限。"
    if isinstance(schedule, Standing):
        return "没有到期日：一直要做；可以另定多久确认一次。"
    if isinstance(schedule, Compound):
        return "\n".join(_undated(member) for member in schedule.members)
    return "这以后没有日期了：期限已过，或要等单位定下起止日期（如汛期、学期、某件事结束）。"


def _unknown_years(windows: list[Window]) -> Iterator[str]:
    """Say which years have no national holiday table yet."""
    years = sorted({window.due.year for window in windows})
    unknown = [f"{year}年" for year in years if not Calendar().is_known(year)]
    if unknown:
        yield f"{'、'.join(unknown)}的放假安排还没有，先按周一至周五上班算。"
