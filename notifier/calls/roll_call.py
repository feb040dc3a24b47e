"""值班查岗: at which moment a roll call makes itself; nobody knows it before, and it stays put."""

import hmac
from datetime import date, datetime, time, timedelta
from hashlib import sha256

from notifier.hours import Hours
from obligations.rules import CallPlan, Office, RollCall

LONGEST = 40  # characters of a plan's name in an id


def next_roll_call(
    office: Office, hours: Hours, secret: str, now: datetime
) -> tuple[tuple[CallPlan, str, datetime], ...]:
    """Give (plan, call id, moment) of every roll call of yesterday's to tomorrow's windows.

    The moment is made from the office's secret and the day, so a restart does not move it; those
    whose window has closed are left out.
    """
    today = hours.today(now)
    found = []
    for plan in (one for one in office.calls if one.roll_call):
        for day in (today + timedelta(days=ahead) for ahead in (-1, 0, 1)):
            begins, ends = _window(hours, plan, day)
            if now < ends and _is_season(office, plan, day):
                moment = begins + (ends - begins) * _fraction(secret, plan.name, day)
                found.append((plan, _id(plan.name, day), moment))
    return tuple(found)


def _id(name: str, day: date) -> str:
    """Give a roll call's id: the plan's name, without what no id may hold, and the day."""
    kept = "".join(one if one.isalnum() else "-" for one in name)[:LONGEST]
    mark = "" if kept == name else f"{sha256(name.encode()).hexdigest()[:4]}-"
    return f"{kept}-{mark}{day}"


def _window(hours: Hours, plan: CallPlan, day: date) -> tuple[datetime, datetime]:
    roll_call = plan.roll_call or RollCall(time(), time())
    after = day if roll_call.ends > roll_call.begins else day + timedelta(days=1)
    begins = hours.instant(datetime.combine(day, roll_call.begins))
    return begins, hours.instant(datetime.combine(after, roll_call.ends))


def _is_season(office: Office, plan: CallPlan, day: date) -> bool:
    seasons = office.days.key_periods
    anyway = plan.roll_call is not None and not plan.roll_call.seasonal
    return anyway or any(season.first <= day <= season.last for season in seasons)


def _fraction(secret: str, name: str, day: date) -> float:
    """Give a number from 0 to 1 that only the holder of the secret can know beforehand."""
    digest = hmac.digest(secret.encode(), f"{name}/{day}".encode(), sha256)
    return int.from_bytes(digest[:6]) / (1 << 48)
