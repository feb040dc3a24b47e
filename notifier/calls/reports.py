"""The 未叫醒 list: whom it goes to, and what it says to each of them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from notifier.calls.callees import find_superior, named
from notifier.calls.standing import CallStanding
from notifier.calls.words import pieces
from notifier.events import Call
from obligations.rules import Office, Role
from obligations.rules.lengths import spoken

OFFICE = "办公室"


@dataclass(frozen=True, slots=True)
class Report:
    """One recipient's part of the list, in pieces that fit a message."""

    person: str
    texts: tuple[str, ...]


def make_reports(
    office: Office, call: Call, unreached: Sequence[CallStanding], *, stale: bool
) -> tuple[Report, ...]:
    """Give every recipient's list: a superior's own people, the office's and named ones' all."""
    lists: dict[str, dict[str, CallStanding]] = {}
    for standing in unreached:
        for person in _recipients(office, call, standing):
            lists.setdefault(person, {})[standing.callee.key] = standing
    return tuple(
        Report(person, tuple(_texts(call, tuple(found.values()), stale=stale)))
        for person, found in lists.items()
    )


def _recipients(office: Office, call: Call, standing: CallStanding) -> tuple[str, ...]:
    """Give who is told of one callee; where nobody else is named, the one behind the office."""
    found = tuple(_named(office, call, standing))
    return found or named(office, office.backup)


def _named(office: Office, call: Call, standing: CallStanding) -> Iterator[str]:
    for term in call.ladder.report_to:
        if term == Role.SUPERIOR:
            yield from find_superior(office, standing.callee)
        elif term in (OFFICE, Role.DUTY_ROOM):
            yield from named(office, office.duty_room)
        else:
            yield from named(office, (term,))


def _texts(call: Call, found: Sequence[CallStanding], *, stale: bool) -> Iterator[str]:
    why = "程序停过，叫应已过时效，没有再叫" if stale else f"{spoken(call.ladder.limit)}内没有应答"
    names = "、".join(_name(standing) for standing in found)
    head = f"【未叫醒名单】{call.name}：{len(found)}人{why}，请派人上门叫醒，叫到后在叫应页登记。"
    return iter(pieces(head + names))


def _name(standing: CallStanding) -> str:
    callee = standing.callee
    group = f"（{callee.group}）" if callee.group != callee.person else ""
    trouble = "〔没有送达〕" if standing.told_at is None else ""
    return f"{callee.person}{group}{trouble}"
