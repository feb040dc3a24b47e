"""The office's own time: which days it works, and at which hours it reads messages."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from obligations.duties import office_calendar
from obligations.rules import Office, Pacing
from obligations.workdays import Calendar

SLOT = timedelta(hours=1)  # how long a slot lasts: who comes later waits for the next one


@dataclass(frozen=True, slots=True)
class Hours:
    """The office's zone, calendar and reminder slots; every instant outside it is UTC."""

    zone: ZoneInfo
    calendar: Calendar
    slots: tuple[time, ...]
    opens: time = time(8, 30)
    closes: time = time(18)
    pacing: tuple[Pacing, ...] = ()

    def instant(self, local: datetime) -> datetime:
        """Give the UTC instant of a local time.

        >>> hours = Hours(ZoneInfo("Asia/Shanghai"), Calendar(), (time(9),))
        >>> hours.instant(datetime(2026, 7, 1, 9)).isoformat()
        '2026-07-01T01:00:00+00:00'
        """
        return local.replace(tzinfo=self.zone).astimezone(UTC)

    def local(self, instant: datetime) -> datetime:
        """Give the office's own wall time, without a zone."""
        return instant.astimezone(self.zone).replace(tzinfo=None)

    def today(self, instant: datetime) -> date:
        """Give the office's own day."""
        return self.local(instant).date()

    def slot(self, day: date, index: int = 0) -> datetime:
        """Give the instant of a day's reminder slot; -1 is the last one."""
        return self.instant(datetime.combine(day, self.slots[index]))

    def in_slot(self, instant: datetime) -> bool:
        """Give whether a slot of a working day began within the hour before."""
        day = self.today(instant)
        begun = (instant - self.slot(day, index) for index in range(len(self.slots)))
        return self.calendar.is_workday(day) and any(timedelta() <= age < SLOT for age in begun)

    def is_open(self, instant: datetime) -> bool:
        """Give whether messages about duties may leave: in office hours, or in a slot."""
        local = self.local(instant)
        at_work = self.opens <= local.time() < self.closes
        return self.in_slot(instant) or (at_work and self.calendar.is_workday(local.date()))

    def next_slot(self, instant: datetime) -> datetime:
        """Give the first slot of a working day after an instant.

        >>> hours = Hours(ZoneInfo("Asia/Shanghai"), Calendar(), (time(9), time(15)))
        >>> hours.next_slot(datetime(2026, 9, 30, 8, tzinfo=UTC)).isoformat()  # 国庆之后
        '2026-10-08T01:00:00+00:00'
        """
        today = self.today(instant)
        later = self.calendar.add_workdays(today, 1)
        days = (today, later) if self.calendar.is_workday(today) else (later,)
        slots = (self.slot(day, index) for day in days for index in range(len(self.slots)))
        return min(slot for slot in slots if slot > instant)

    def week_begin(self, instant: datetime) -> datetime:
        """Give the instant at which the office's week began, on Monday."""
        today = self.today(instant)
        monday = date.fromordinal(today.toordinal() - today.weekday())
        return self.instant(datetime.combine(monday, time()))

    def next_week(self, instant: datetime) -> datetime:
        """Give the first slot of the next week's working days."""
        return self.next_slot(self.week_begin(instant) + timedelta(days=7))

    def midnight_after(self, instant: datetime) -> datetime:
        """Give the instant at which the office's next day begins."""
        following = date.fromordinal(self.today(instant).toordinal() + 1)
        return self.instant(datetime.combine(following, time()))


def office_hours(office: Office) -> Hours:
    """Give the hours that rules.yaml sets for the office."""
    zone = ZoneInfo(office.timezone)
    return Hours(
        zone, office_calendar(office), office.slots, office.opens, office.closes, office.pacing
    )
