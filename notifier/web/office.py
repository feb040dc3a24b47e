"""The office's pages: the board, the history of a duty, the ledger, the simulated groups."""

from datetime import datetime, timedelta

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from notifier.channels.sandbox import Sandbox
from notifier.desk import Desk
from notifier.events import Heeded, Received, letter
from notifier.ledger import Entry, reads
from notifier.ledger.inbox_reads import latest_received
from notifier.ledger.traffic import blockages
from notifier.report.board import lay_out
from notifier.web.pages import render, say

LEDGER_PAGE = 100
NEWS = timedelta(days=2)
SANDBOX_PAGE = 100
LONGEST_NUMBER = 15  # digits: what a database takes as a number


def board(request: Request) -> Response:
    """Show all duties of the running periods by unit."""
    desk: Desk = request.app.state.desk
    now = desk.clock.now()
    hours = desk.hours
    since = hours.local(now).replace(hour=0, minute=0, second=0, microsecond=0)
    standings, unreadable = desk.ledger.read(reads.board_standings, since + timedelta(days=1))
    today = hours.today(now)
    context = {
        "board": lay_out(standings, hours.calendar, today),
        "today": today,
        "blockages": desk.ledger.read(blockages),
        "rules_trouble": desk.rules_trouble,
        "rules_changed": _changed(desk, now),
        "troubles": request.app.state.troubles(),
        "unreadable": unreadable,
        "has_channels": bool(desk.office.channels),
        "calendar_known": hours.calendar.is_known(today.year),
    }
    return render(request, "board.html", context)


def _changed(desk: Desk, now: datetime) -> Entry | None:
    """Give the last change of the rules, while it is news."""
    entries = desk.ledger.read(reads.history, "规则")
    return next((one for one in reversed(entries) if one.at > now - NEWS), None)


def duty(request: Request) -> Response:
    """Show everything that happened to one duty."""
    return duty_page(request, request.query_params.get("key", ""), "", 200)


def duty_page(request: Request, key: str, message: str, status: int) -> Response:
    """Give the page of a duty, with what could not be decided about it, if anything."""
    desk: Desk = request.app.state.desk
    standing = desk.ledger.read(reads.find_standing, key)
    if standing is None:
        return say(request, "没有这件任务", "台账里没有这个编号的任务，请从看板点进来", 404)
    entries = desk.ledger.read(reads.history, key)
    context = {
        "standing": standing,
        "entries": entries,
        "today": desk.hours.today(desk.clock.now()),
        "people": [person.name for person in desk.office.people],
        "message": message,
    }
    return render(request, "duty.html", context, status)


def ledger(request: Request) -> Response:
    """Show the newest rows of the record."""
    desk: Desk = request.app.state.desk
    entries = desk.ledger.read(reads.latest, LEDGER_PAGE, _row_number(request))
    older = entries[-1].seq if entries and entries[-1].seq > 1 else None
    return render(request, "ledger.html", {"entries": entries, "older": older})


def letters(request: Request) -> Response:
    """Show what came in from the platforms, and what was made of it."""
    desk: Desk = request.app.state.desk
    found = desk.ledger.read(latest_received, LEDGER_PAGE)
    rows = [(at, one, _heeded(desk, one)) for at, one in found]
    return render(request, "letters.html", {"letters": rows})


def _heeded(desk: Desk, one: Received) -> Heeded | None:
    entries = desk.ledger.read(reads.history, letter(one.way, one.id))
    facts = (entry.fact for entry in entries)
    return next((fact for fact in facts if isinstance(fact, Heeded)), None)


def _row_number(request: Request) -> int | None:
    text = request.query_params.get("before", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) <= LONGEST_NUMBER else None


def sandbox(request: Request) -> Response:
    """Show what the simulated groups show."""
    simulator: Sandbox = request.app.state.sandbox
    groups = simulator.groups()
    chosen = request.query_params.get("group", "")
    names = [group.name for group in groups]
    name = chosen if chosen in names else names[0] if names else ""
    shown = simulator.shown(name)[-SANDBOX_PAGE:] if name else ()
    return render(request, "sandbox.html", {"groups": groups, "chosen": name, "shown": shown})


async def healthz(request: Request) -> Response:
    """Answer 200 while everything runs, else 503 with what does not."""
    troubles = request.app.state.troubles()
    if troubles:
        return PlainTextResponse("\n".join(troubles) + "\n", status_code=503)
    return PlainTextResponse("ok\n")
