"""One period of a schedule, in the office's own time."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

LAST_DAY = date.max.toordinal()
_INSTANT = timedelta(microseconds=1)
_END = datetime.combine(date.max, time.max)


@dataclass(frozen=True, slots=True)
class Window:
    """One period: what is owed can be done from ``opens`` up to, without, ``closes``.

    ``label`` is stable and readable, because duties are named by it: 2026Q3, 2026-07上, 2026-W27.
    ``member`` tells which schedule of a compound the window belongs to.
    """

    label: str
    opens: datetime
    closes: datetime
    member: int = 0

    @property
    def due(self) -> date:
        """Give the last day on which it is in time.

        >>> Window("2026Q3", datetime(2026, 7, 1), datetime(2026, 10, 1)).due
        datetime.date(2026, 9, 30)
        """
        return (self.closes - _INSTANT).date()


def in_order(window: Window) -> tuple[datetime, datetime]:
    """Give what windows are sorted by: the opening, then the close."""
    return window.opens, window.closes


def midnight(ordinal: int) -> datetime:
    """Give the day's first instant; past the end of the calendar, the calendar's last one."""
    return datetime.fromordinal(ordinal) if ordinal <= LAST_DAY else _END
