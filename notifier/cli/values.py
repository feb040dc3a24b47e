"""Values on the command line that need reading: days and instants."""

import argparse
from datetime import date, datetime

YEARS = range(1950, 2150)  # what calendars and offices speak of


def day(text: str) -> date:
    """Give the day, or say how one is written.

    >>> day("2026-07-01")
    datetime.date(2026, 7, 1)
    """
    try:
        found = date.fromisoformat(text)
    except ValueError:
        found = date.min
    if found.year in YEARS:
        return found
    message = f"日期“{text}”看不懂，请写成 2026-07-01 的样子"
    raise argparse.ArgumentTypeError(message)


def moment(text: str) -> datetime:
    """Give the instant, or say how one is written; it must name its zone.

    >>> moment("2026-07-01T08:00+08:00").hour
    8
    """
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        instant = None
    if instant is None or instant.tzinfo is None or instant.year not in YEARS:
        message = f"时刻“{text}”看不懂，请写成 2026-07-01T08:00+08:00 的样子"
        raise argparse.ArgumentTypeError(message)
    return instant


def positive(text: str) -> float:
    """Give a number above zero."""
    try:
        number = float(text)
    except ValueError:
        number = 0.0
    if not 0 < number < float("inf"):
        message = f"“{text}”应是大于零的数"
        raise argparse.ArgumentTypeError(message)
    return number
