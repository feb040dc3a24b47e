"""Small calendars for the terminal: one month under the other, the days that matter in brackets."""

from calendar import Calendar
from collections.abc import Iterable, Iterator
from datetime import date

_WEEKS = Calendar()
_HEAD = "".join(f" {sign} " for sign in "一二三四五六日")
_SIDE_BY_SIDE = 3


def month_pages(today: date, marked: Iterable[date]) -> Iterator[str]:
    """Give the months that hold the marked days, up to three, in lines.

    >>> [line.rstrip() for line in month_pages(date(2026, 2, 1), [date(2026, 2, 28)])][-1]
    ' 23  24  25  26  27 [28]'
    """
    days = sorted(set(marked))
    months = list(dict.fromkeys((day.year, day.month) for day in days))[:_SIDE_BY_SIDE]
    for number, (year, month) in enumerate(months):
        if number:
            yield ""
        yield f"{year}年{month}月".center(len(_HEAD))
        yield _HEAD
        for week in _WEEKS.monthdatescalendar(year, month):
            yield "".join(_cell(day, month, today, days) for day in week).rstrip()


def _cell(day: date, month: int, today: date, marked: list[date]) -> str:
    """Give one day in four columns: [28] is due, today has a star."""
    if day.month != month:
        return "    "
    if day in marked:
        return f"[{day.day:>2}]"
    return f"{'*' if day == today else ' '}{day.day:>2} "
