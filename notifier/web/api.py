"""What other systems may ask: make a call, and see how it stands. A token lets them in."""

import hmac
from collections.abc import Awaitable, Callable, Mapping
from hashlib import sha256
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from notifier.calling import CallRefused, CallRequest, open_call, request_of, stop_call
from notifier.decisions import Clerk, NotDecided, record_event, set_season
from notifier.desk import Desk
from notifier.events import Call
from notifier.ledger.call_reads import callees_of, find_call
from notifier.report.calls import CallBoard, lay_out_call
from notifier.web.forms import read_day, read_json

Handler = Callable[[Request], Awaitable[Response]]


def local_token(secret: str) -> str:
    """Give the token of the commands that run beside the program and can read its secret."""
    return hmac.digest(secret.encode(), b"jiaoying api", sha256).hex()


def authorized(handler: Handler) -> Handler:
    """Give the handler behind its gate: ``Authorization: Bearer`` with a token that is known."""

    async def guarded(request: Request) -> Response:
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        tokens = [one for one in request.app.state.tokens if one]
        given = token.strip().encode()
        known = [hmac.compare_digest(given, one.encode()) for one in tokens]
        if scheme.lower() != "bearer" or not any(known):
            words = "没有令牌或令牌不对。请在请求头里写 Authorization: Bearer 令牌"
            return _error(words, 401)
        return await handler(request)

    return guarded


async def make(request: Request) -> Response:
    """Make a call; the same id twice is one call, which is answered with 200 instead of 201."""
    desk: Desk = request.app.state.desk
    try:
        wanted = _request(desk, await read_json(request))
        made, is_new = await open_call(desk, wanted)
    except (ValueError, CallRefused) as error:
        return _error(str(error), 400)
    request.app.state.wake()
    return JSONResponse(_told(made) | {"new": is_new}, 201 if is_new else 200)


async def show(request: Request) -> Response:
    """Give how a call stands."""
    desk: Desk = request.app.state.desk
    found = desk.ledger.read(find_call, request.path_params["name"])
    if found is None:
        return _error("没有这个编号的叫应", 404)
    board = lay_out_call(found, desk.ledger.read(callees_of, found.id))
    return JSONResponse(_told(found) | _standing(board))


async def stop(request: Request) -> Response:
    """Stop a call."""
    desk: Desk = request.app.state.desk
    try:
        body = await read_json(request)
        by, word = str(body.get("by") or "接口"), str(body.get("word") or "")
        found = await stop_call(desk, request.path_params["name"], by, word)
    except (ValueError, CallRefused) as error:
        return _error(str(error), 400)
    request.app.state.wake()
    return JSONResponse(_told(found))


async def record(request: Request) -> Response:
    """Record an event that a rule waits for; give the duties that follow."""
    desk: Desk = request.app.state.desk
    try:
        body = await read_json(request)
        clerk = Clerk(_text(body, "by") or "接口", _text(body, "note"))
        on = read_day(_text(body, "on")) or desk.hours.today(desk.clock.now())
        made = await record_event(desk, _text(body, "rule"), _text(body, "event"), on, clerk)
    except (ValueError, NotDecided) as error:
        return _error(str(error), 400)
    request.app.state.wake()
    return JSONResponse({"duties": list(made)}, 201)


async def season(request: Request) -> Response:
    """Open a key period, or say when it ends."""
    desk: Desk = request.app.state.desk
    try:
        body = await read_json(request)
        first = read_day(_text(body, "first")) or desk.hours.today(desk.clock.now())
        clerk = Clerk(_text(body, "by") or "接口", "")
        last = read_day(_text(body, "last"))
        await set_season(desk, _text(body, "name"), first, last, clerk)
    except (ValueError, NotDecided) as error:
        return _error(str(error), 400)
    request.app.state.wake()
    return JSONResponse({"name": _text(body, "name")}, 201)


def _request(desk: Desk, body: Mapping[str, Any]) -> CallRequest:
    """Read what is asked for; ``plan`` names a ready-made call whose words are taken."""
    by = _text(body, "by") or "接口"
    name = _text(body, "plan")
    if name:
        plan = next((one for one in desk.office.calls if one.name == name), None)
        if plan is None:
            known = "、".join(one.name for one in desk.office.calls) or "没有写"
            message = f"规则里没有现成的叫应“{name}”。现有：{known}"
            raise ValueError(message)
        return request_of(plan, by, _text(body, "id"))
    return CallRequest(
        _text(body, "text"),
        _words(body, "to"),
        _text(body, "ladder") or "紧急",
        _text(body, "id"),
        _text(body, "name"),
        by,
        _words(body, "orders"),
    )


def _text(body: Mapping[str, Any], name: str) -> str:
    found = body.get(name, "")
    if not isinstance(found, str):
        message = f"“{name}”应当是文字"
        raise ValueError(message)  # noqa: TRY004 what was posted is wrong, not our types
    return found


def _words(body: Mapping[str, Any], name: str) -> tuple[str, ...]:
    found = body.get(name, [])
    listed = [found] if isinstance(found, str) else found
    if not isinstance(listed, list) or not all(isinstance(one, str) for one in listed):
        message = f"“{name}”应当是文字或文字的列表"
        raise ValueError(message)
    return tuple(listed)


def _told(call: Call) -> dict[str, Any]:
    return {
        "id": call.id,
        "name": call.name,
        "ladder": call.ladder.name,
        "begun": call.begun.isoformat(),
        "people": len(call.callees),
        "unknown": list(call.unknown),
    }


def _standing(board: CallBoard) -> dict[str, Any]:
    people = [
        {
            "person": row.person,
            "group": row.group,
            "state": row.state,
            "strikes": row.strikes,
            "answered_after": row.answered,
            "proof": row.proof,
            "trouble": row.trouble,
        }
        for row in board.rows
    ]
    counts = {words: count for words, _, count in board.counts}
    return {"running": board.is_running, "counts": counts, "callees": people}


def _error(words: str, status: int) -> JSONResponse:
    return JSONResponse({"error": words}, status)
