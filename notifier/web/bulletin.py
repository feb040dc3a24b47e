"""The office's page of bulletins: a draft to look at and change, and the yes that sends it."""

from asyncio import wrap_future
from datetime import date
from pathlib import Path

from sqlalchemy import Connection
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from notifier.desk import Desk
from notifier.events import Announced
from notifier.notices import announce, is_known
from notifier.report.bulletin import KIND_TITLES, Draft, Kind, draft
from notifier.web.forms import one, read_day, read_fields
from notifier.web.pages import render
from notifier.web.papers import download
from obligations.errors import JiaoyingError


def bulletin(request: Request) -> Response:
    """Show a draft: ?kind=monthly&on=2026-10-08; &as=docx gives the file."""
    kind, day = request.query_params.get("kind", ""), request.query_params.get("on", "")
    try:
        on = _on(request, day)
        made = _draft(request, _kind(kind), on)
    except (ValueError, JiaoyingError) as error:
        return _untold(request, _kind(kind), str(error))
    if request.query_params.get("as") == "docx":
        return download(made.file, f"{made.title}.docx")
    readers = _readers(request.app.state.desk)
    is_sent = readers and not _fresh(request, made, made.text)
    context = {
        "kind": _kind(kind),
        "kinds": KIND_TITLES,
        "on": on,
        "made": made,
        "people": len(readers),
        "message": "已经发出" if is_sent else "",
    }
    return render(request, "bulletin.html", context)


async def approve(request: Request) -> Response:
    """Send a draft after the office's yes, as the office left its text, to each reader once."""
    desk: Desk = request.app.state.desk
    kind = Kind.WEEKLY
    try:
        fields = await read_fields(request)
        kind, on = _kind(one(fields, "kind")), _on(request, one(fields, "on"))
        made = await run_in_threadpool(_draft, request, kind, on)
    except (ValueError, JiaoyingError) as error:
        return _untold(request, kind, str(error))
    text = one(fields, "text") or made.text

    def decide(connection: Connection) -> tuple[Announced, ...]:
        return _unsent(connection, desk, made, text)

    await wrap_future(desk.ledger.write(desk.clock.now(), decide))
    request.app.state.wake()
    return RedirectResponse(f"/bulletin?kind={kind}&on={on}", status_code=303)


def _untold(request: Request, kind: Kind, message: str) -> Response:
    """Give the page without a draft, with why there is none."""
    context = {
        "kind": kind,
        "kinds": KIND_TITLES,
        "on": _on(request, ""),
        "made": None,
        "message": message,
    }
    return render(request, "bulletin.html", context, 400)


def _on(request: Request, text: str) -> date:
    """Give the day that is meant, today where none is."""
    desk: Desk = request.app.state.desk
    return read_day(text) or desk.hours.today(desk.clock.now())


def _draft(request: Request, kind: Kind, on: date) -> Draft:
    desk: Desk = request.app.state.desk
    folder: Path | None = getattr(request.app.state, "templates", None)
    own = folder if folder and folder.is_dir() else None
    return desk.ledger.read(draft, kind, desk.office.name, desk.hours, on, templates=own)


def _readers(desk: Desk) -> tuple[str, ...]:
    """Give who reads bulletins: the heads of all units."""
    return tuple(dict.fromkeys(unit.head for unit in desk.office.units if unit.head))


def _fresh(request: Request, made: Draft, text: str) -> tuple[Announced, ...]:
    desk: Desk = request.app.state.desk
    return desk.ledger.read(_unsent, desk, made, text)


def _unsent(connection: Connection, desk: Desk, made: Draft, text: str) -> tuple[Announced, ...]:
    notices = announce(desk.office, desk.ways, _readers(desk), made.title, (text,))
    return tuple(fact for fact in notices if not is_known(connection, fact.key))


def _kind(text: str) -> Kind:
    return Kind(text) if text in tuple(Kind) else Kind.WEEKLY
