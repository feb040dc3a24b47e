"""The office's desk: what is decided by hand on a duty, events that rules wait for, key periods."""

from collections.abc import Awaitable, Callable, Mapping
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from notifier import decisions
from notifier.answers import Reply
from notifier.decisions import Clerk, NotDecided
from notifier.desk import Desk
from notifier.events import AnswerKind
from notifier.ledger import reads
from notifier.review import review
from notifier.web.forms import one, read_amounts, read_day, read_fields
from notifier.web.office import duty_page
from notifier.web.pages import render
from obligations.schedule import After

Fields = Mapping[str, tuple[str, ...]]


async def decide(request: Request) -> Response:
    """Take one decision about a duty, then show the duty again."""
    desk: Desk = request.app.state.desk
    fields: Fields = {}
    try:
        fields = await read_fields(request)
        action = _ACTIONS.get(request.path_params["action"], _unknown)
        await action(desk, one(fields, "key"), fields)
    except (NotDecided, ValueError) as error:
        return duty_page(request, one(fields, "key"), str(error), 400)
    request.app.state.wake()
    return RedirectResponse(f"/duty?key={quote(one(fields, 'key'))}", status_code=303)


def events(request: Request) -> Response:
    """Show the rules that wait for an event, what has happened, and the key periods."""
    return _events(request, "", 200)


async def record(request: Request) -> Response:
    """Record that something happened which a rule waits for."""
    desk: Desk = request.app.state.desk
    try:
        fields = await read_fields(request)
        clerk = Clerk(one(fields, "by") or "办公室", one(fields, "note"))
        on = read_day(one(fields, "on")) or desk.hours.today(desk.clock.now())
        await decisions.record_event(desk, one(fields, "rule"), one(fields, "event"), on, clerk)
    except (NotDecided, ValueError) as error:
        return _events(request, str(error), 400)
    request.app.state.wake()
    return RedirectResponse("/events", status_code=303)


async def season(request: Request) -> Response:
    """Open a key period, or say when it ends."""
    desk: Desk = request.app.state.desk
    try:
        fields = await read_fields(request)
        clerk = Clerk(one(fields, "by") or "办公室", "")
        first = read_day(one(fields, "first")) or desk.hours.today(desk.clock.now())
        last = read_day(one(fields, "last"))
        await decisions.set_season(desk, one(fields, "name"), first, last, clerk)
    except (NotDecided, ValueError) as error:
        return _events(request, str(error), 400)
    request.app.state.wake()
    return RedirectResponse("/events", status_code=303)


def _events(request: Request, message: str, status: int) -> Response:
    desk: Desk = request.app.state.desk
    waiting = [rule for rule in desk.office.rules if isinstance(rule.schedule, After)]
    context = {
        "rules": [rule for rule in waiting if not rule.draft],
        "happened": desk.ledger.read(reads.happenings),
        "seasons": desk.ledger.read(reads.seasons),
        "written": desk.office.days.key_periods,
        "today": desk.hours.today(desk.clock.now()),
        "message": message,
    }
    return render(request, "events.html", context, status)


def _clerk(fields: Fields) -> Clerk:
    return Clerk(one(fields, "by") or "办公室", one(fields, "reason"))


async def _waive(desk: Desk, key: str, fields: Fields) -> None:
    await decisions.waive(desk, key, _clerk(fields))


async def _grant(desk: Desk, key: str, fields: Fields) -> None:
    await decisions.rule_on(desk, key, _clerk(fields), granted=True)


async def _refuse(desk: Desk, key: str, fields: Fields) -> None:
    await decisions.rule_on(desk, key, _clerk(fields), granted=False)


async def _hand(desk: Desk, key: str, fields: Fields) -> None:
    await decisions.hand_over(desk, key, one(fields, "person"), _clerk(fields))


async def _enter(desk: Desk, key: str, fields: Fields) -> None:
    kind = AnswerKind.DONE if one(fields, "answer") == "done" else AnswerKind.HEARD
    reply = Reply(
        kind,
        one(fields, "note"),
        read_day(one(fields, "on")),
        amounts=read_amounts(fields),
        objects=fields.get("objects", ()),
    )
    await decisions.enter(desk, key, reply, _clerk(fields))


async def _accept(desk: Desk, key: str, fields: Fields) -> None:
    await review(desk, key, _nth(fields), _clerk(fields), accepted=True)


async def _return(desk: Desk, key: str, fields: Fields) -> None:
    await review(desk, key, _nth(fields), _clerk(fields), accepted=False)


def _nth(fields: Fields) -> int:
    """Give which answer is meant; none has the number -1."""
    text = one(fields, "nth")
    return int(text) if text.isascii() and text.isdigit() and len(text) < len("1000") else -1


async def _unknown(_desk: Desk, _key: str, _fields: Fields) -> None:
    message = "没有这个操作，请刷新页面再点"
    raise NotDecided(message)


_ACTIONS: Mapping[str, Callable[[Desk, str, Fields], Awaitable[None]]] = {
    "waive": _waive,
    "grant": _grant,
    "refuse": _refuse,
    "hand": _hand,
    "enter": _enter,
    "accept": _accept,
    "return": _return,
}
