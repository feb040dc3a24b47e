"""The ladders that are always there, and the last moment at which a ladder calls."""

from collections.abc import Iterable
from datetime import timedelta

from obligations.rules.model import Ladder, Means, Office, Role, Rung

OFFICE = "办公室"
DRILL = "演练"

_SELF = (Role.SELF.value,)
_BOTH = (Role.SELF.value, Role.DEPUTY.value)
_APP, _GROUP, _SMS, _PHONE = (
    means.value for means in (Means.APP, Means.GROUP, Means.SMS, Means.PHONE)
)

BUILT_IN = (
    Ladder(
        name="紧急",
        rungs=(
            Rung(timedelta(), _SELF, (_APP, _GROUP)),
            Rung(timedelta(seconds=100), _SELF, (_APP, _GROUP, _SMS)),
            Rung(timedelta(seconds=100), _BOTH, (_APP, _GROUP, _SMS, _PHONE)),
        ),
        limit=timedelta(minutes=5),
        report_to=(Role.SUPERIOR.value, OFFICE),
        follow_up=timedelta(minutes=30),
        valid=timedelta(hours=2),
    ),
    Ladder(
        name="日常",
        rungs=(
            Rung(timedelta(), _SELF, (_APP, _GROUP)),
            Rung(timedelta(minutes=10), _SELF, (_APP, _GROUP)),
            Rung(timedelta(minutes=10), _BOTH, (_APP, _GROUP)),
        ),
        limit=timedelta(minutes=30),
        report_to=(OFFICE,),
        valid=timedelta(hours=12),
    ),
    Ladder(
        name=DRILL,
        rungs=(Rung(timedelta(), _SELF, (_APP, _GROUP)),),
        limit=timedelta(minutes=10),
        report_to=(OFFICE,),
        valid=timedelta(minutes=10),
    ),
)


def find_ladder(office: Office, name: str) -> Ladder | None:
    """Give the office's ladder of that name, else the built-in one, else None.

    >>> find_ladder(Office("青溪镇"), "紧急").limit
    datetime.timedelta(seconds=300)
    """
    return next((ladder for ladder in merge(office.ladders) if ladder.name == name), None)


def merge(own: Iterable[Ladder]) -> tuple[Ladder, ...]:
    """Give the office's own ladders, and the built-in ones whose names it did not take.

    >>> [ladder.name for ladder in merge([])]
    ['紧急', '日常', '演练']
    """
    ladders = {ladder.name: ladder for ladder in (*BUILT_IN, *own)}
    return tuple(ladders.values())


def last_call(ladder: Ladder) -> timedelta:
    """Give how long after its begin a ladder calls for the last time.

    A step waits from the last call of the step before it.

    >>> last_call(BUILT_IN[0])
    datetime.timedelta(seconds=200)
    """
    spans = (rung.wait + rung.every * (rung.times - 1) for rung in ladder.rungs)
    return sum(spans, timedelta())
