"""Calendars that phones subscribe to: private addresses, and their renewal."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from notifier import links
from notifier.desk import Desk
from notifier.events import Fact, FeedSet
from notifier.ledger import feed_reads, reads
from notifier.links import Forged
from notifier.report.feed import Feed, feed_mark, make_feed
from notifier.rounds import happenings, planned_office
from notifier.standing import Standing
from notifier.web.forms import read_json
from notifier.web.pages import plain
from obligations.duties import Duty, plan

PERSON, UNIT = "人员", "单位"
AHEAD = timedelta(days=92)  # a quarter: what is not open yet is shown as well
_LOOK_BACK = timedelta(days=400)


def show(request: Request) -> Response:
    """Give the calendar of whoever the address stands for; changes nothing."""
    desk: Desk = request.app.state.desk
    wanted = links.read_feed(desk.secret, request.path_params["token"])
    if isinstance(wanted, Forged):
        return plain("打不开", "这个日历地址不是本系统发出的，或者没有拷全。请重新拷贝", 404)
    kind, _, name = wanted.whose.partition("/")
    if desk.ledger.read(feed_reads.feed_serial, wanted.whose) != wanted.serial:
        return plain("已经停用", "这个日历地址已经停用。请向办公室要新的地址", 410)
    if not _is_known(desk, kind, name):
        return plain("已经停用", "规则文件里已经没有这个人或单位，日历停用", 410)
    feed, now = _feed(request, kind, name), desk.clock.now()
    mark = f'"{feed_mark(feed, desk.hours, now)}"'
    headers = {
        "ETag": mark,
        "Cache-Control": "private, no-cache",
        "Content-Disposition": 'inline; filename="jiaoying.ics"',
    }
    if mark in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    content = make_feed(feed, desk.hours, now)
    return Response(content, media_type="text/calendar; charset=utf-8", headers=headers)


async def issue(request: Request) -> Response:
    """Give the address of a calendar; with ``revoke`` a new one, and the old ones open nothing."""
    desk: Desk = request.app.state.desk
    try:
        body = await read_json(request)
        kind, name = _asked(desk, body)
    except ValueError as error:
        return JSONResponse({"error": str(error)}, 400)
    whose = f"{kind}/{name}"
    if body.get("revoke") is True:
        await _renew(desk, whose)
    serial = desk.ledger.read(feed_reads.feed_serial, whose)
    return JSONResponse({"whose": name, "serial": serial, "url": address(desk, whose, serial)})


def address(desk: Desk, whose: str, serial: int) -> str:
    """Give the private address of a calendar."""
    return f"{desk.public_url}/ics/{links.sign_feed(desk.secret, links.Feed(whose, serial))}.ics"


async def _renew(desk: Desk, whose: str) -> None:
    def work(connection: Connection) -> Sequence[Fact]:
        serial = feed_reads.feed_serial(connection, whose) + 1
        words = f"{whose.partition('/')[2]}的日历换了新地址，原来的停用"
        return (FeedSet(whose=whose, serial=serial, by="办公室", reason=words),)

    await asyncio.wrap_future(desk.ledger.write(desk.clock.now(), work))


def _asked(desk: Desk, body: Mapping[str, Any]) -> tuple[str, str]:
    kind, name = (PERSON, body.get("person")) if body.get("person") else (UNIT, body.get("unit"))
    if not isinstance(name, str) or not name:
        message = "请写明是谁的日历：person 或 unit"
        raise ValueError(message)
    if not _is_known(desk, kind, name):
        message = f"规则文件的“{kind}”里没有“{name}”，请写全名"
        raise ValueError(message)
    return kind, name


def _is_known(desk: Desk, kind: str, name: str) -> bool:
    find = desk.office.find_unit if kind == UNIT else desk.office.find_person
    return find(name) is not None


def _feed(request: Request, kind: str, name: str) -> Feed:
    desk: Desk = request.app.state.desk
    since = desk.hours.local(desk.clock.now()) - _LOOK_BACK
    of_kind = feed_reads.standings_of_unit if kind == UNIT else feed_reads.standings_of_person
    known = desk.ledger.read(of_kind, name, since)
    keys = [one.duty.key for one in known]
    ahead = [duty for duty in _planned(request) if name == (duty.unit, duty.person)[kind == PERSON]]
    opened = desk.ledger.read(reads.known_states, [duty.key for duty in ahead])
    fresh = tuple(Standing(duty) for duty in ahead if duty.key not in opened)
    return Feed(
        f"{name}履职任务",
        tuple(sorted((*known, *fresh), key=lambda one: (one.duty.closes, one.duty.key))),
        desk.ledger.read(feed_reads.editions, keys),
        desk.ledger.read(feed_reads.origin),
    )


def _planned(request: Request) -> tuple[Duty, ...]:
    """Give everybody's duties of the next quarter, planned once a day and set of rules."""
    state = request.app.state
    desk: Desk = state.desk
    today = desk.hours.today(desk.clock.now())
    seasons = desk.ledger.read(reads.seasons)
    happened = desk.ledger.read(happenings)
    mark = (desk.rules_digest, today, seasons, happened)
    kept: tuple[object, tuple[Duty, ...]] | None = getattr(state, "planned", None)
    if kept is None or kept[0] != mark:
        office = desk.ledger.read(planned_office, desk.office)
        kept = (mark, plan(office, today, today + AHEAD, happened))
        state.planned = kept
    return kept[1]
