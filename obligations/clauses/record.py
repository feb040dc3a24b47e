"""A clause -> the flat objects that other programs read, one JSON line each."""

from obligations.clauses.model import Clause
from obligations.schedule import (
    After,
    Amount,
    Compound,
    Coverage,
    Day,
    Length,
    Once,
    Period,
    Phase,
    Quota,
    Schedule,
)

Record = dict[str, object]

_DAYS = {Period.DAY: 1, Period.WEEK: 7, Period.TEN_DAYS: 10, Period.HALF_MONTH: 15}
_MONTHS = {Period.MONTH: 1, Period.QUARTER: 3, Period.HALF_YEAR: 6, Period.TERM: 6}
_LAST_DAYS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def records(clause: Clause) -> tuple[Record, ...]:
    """Give one object for each schedule and amount of a clause."""
    common: Record = {
        "line": clause.line,
        "item": clause.item,
        "quote": clause.quote,
        "kind": clause.kind.value,
    }
    words: Record = {
        "actor": clause.actor,
        "action": clause.action,
        "units": list(clause.units),
    }
    return tuple(
        {**common, **fields, **words, "amount": amount}
        for fields, amount in _fields(clause.schedule)
    )


def _fields(schedule: Schedule) -> tuple[tuple[Record, Record | None], ...]:
    match schedule:
        case Quota():
            amounts = schedule.amounts or (None,)
            return tuple((_quota(schedule), _amount(amount)) for amount in amounts)
        case Coverage(quota):
            return ((_quota(quota), None),)
        case Once(start, end, end_event):
            dates: Record = {"start": _iso(start), "end": _iso(end), "end_event": end_event}
            return ((dates, None),)
        case After():
            return ((_event(schedule), None),)
        case Compound(members):
            return tuple(pair for member in members for pair in _fields(member))
        case _:
            return (({}, None),)


def _iso(day: object) -> str:
    return str(day) if day is not None else ""


def _amount(amount: Amount | None) -> Record | None:
    if amount is None:
        return None
    return {"n": amount.n, "unit": amount.unit, "bound": amount.bound.value}


def _quota(quota: Quota) -> Record:
    fields: Record = {
        "period": quota.period.value,
        "interval": quota.interval if quota.phase is Phase.ALL else 2,  # 双月, 单月
        "count": quota.count,
        "bound": quota.bound.value,
        "workdays": quota.workdays,
    }
    due = _due(quota.days[-1]) if quota.days else ""
    return {**fields, "due": due} if due else fields


def _due(day: Day) -> str:
    """Give 05 for 每月5日前 and 03-31 for 每年三月底前, "" where no number says it.

    >>> _due(Day(day=5)), _due(Day(month=3, day=-1)), _due(Day(weekday=5))
    ('05', '03-31', '')
    """
    if day.weekday or day.workday or day.season or not day.day:
        return ""
    last = _LAST_DAYS[day.month - 1] if 1 <= day.month <= len(_LAST_DAYS) else 31
    number = f"{last if day.day < 0 else day.day:02}"
    return f"{day.month:02}-{number}" if day.month > 0 else number


def _event(after: After) -> Record:
    return {
        "after": after.event,
        "within": _length(after.within, before=after.before) if after.within else "",
        "workdays": after.workdays,
    }


def _length(length: Length, *, before: bool) -> str:
    """Give ISO 8601, negative before the event.

    >>> _length(Length(3, Period.MONTH), before=True), _length(Length(2, Period.HOUR), before=False)
    ('-P3M', 'PT2H')
    """
    sign = "-" if before else ""
    if length.unit in _MONTHS:
        return f"{sign}P{length.n * _MONTHS[length.unit]}M"
    if length.unit in _DAYS:
        return f"{sign}P{length.n * _DAYS[length.unit]}D"
    if length.unit is Period.MINUTE:
        return f"{sign}PT{length.n}M"
    return f"{sign}P{length.n}Y" if length.unit is Period.YEAR else f"{sign}PT{length.n}H"
