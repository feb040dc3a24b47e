"""The office's pages of calls: make one, watch it, enter an answer by hand, stop it."""

from collections.abc import Mapping
from secrets import token_hex

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from notifier.answers import Reply, Speaker
from notifier.calling import CallRefused, CallRequest, answer_call, open_call, stop_call
from notifier.calls import everybody
from notifier.desk import Desk
from notifier.events import AnswerKind, Proof
from notifier.ledger.call_reads import callees_of, find_call, find_callee, latest_calls
from notifier.report.calls import lay_out_call
from notifier.web.forms import one, read_fields
from notifier.web.pages import render, say

CALLS_PAGE = 50
_FIELDS = ("text", "to", "ladder", "name", "by", "orders", "id")


def calls(request: Request) -> Response:
    """Show the newest calls and the form that makes one."""
    return _calls(request, "", {}, 200)


def call(request: Request) -> Response:
    """Show who answered one call, and who did not."""
    return _call(request, "", 200)


async def make(request: Request) -> Response:
    """Make a call, ready-made or as written."""
    desk: Desk = request.app.state.desk
    try:
        fields = await read_fields(request)
    except ValueError as error:
        return _calls(request, str(error), {}, 400)
    filled = {name: one(fields, name) for name in _FIELDS}
    try:
        made, _ = await open_call(desk, _request(filled))
    except CallRefused as error:
        return _calls(request, str(error), filled, 400)
    request.app.state.wake()
    return RedirectResponse(f"/calls/{made.id}", status_code=303)


async def stop(request: Request) -> Response:
    """Stop a call, with a last word to everybody."""
    desk: Desk = request.app.state.desk
    try:
        fields = await read_fields(request)
        await stop_call(
            desk, request.path_params["name"], one(fields, "by") or "办公室", one(fields, "word")
        )
    except (CallRefused, ValueError) as error:
        return _call(request, str(error), 400)
    request.app.state.wake()
    return RedirectResponse(request.url.path.removesuffix("/stop"), status_code=303)


async def enter(request: Request) -> Response:
    """Enter by hand what somebody answered: 上门叫醒, by telephone."""
    desk: Desk = request.app.state.desk
    try:
        fields = await read_fields(request)
    except ValueError as error:
        return _call(request, str(error), 400)
    standing = desk.ledger.read(find_callee, one(fields, "key"))
    if standing is None or standing.call != request.path_params["name"]:
        return _call(request, "这次叫应里没有这个人，请刷新页面再填", 400)
    kind = AnswerKind.DONE if one(fields, "answer") == "done" else AnswerKind.HEARD
    reply = Reply(kind, one(fields, "note"), orders=fields.get("orders", ()))
    by = one(fields, "by") or "办公室"
    speaker = Speaker(standing.callee.person, Proof.OFFICE, by=by)
    refusal = await answer_call(desk, standing.callee.key, speaker, reply)
    if refusal:
        return _call(request, refusal.sentence, 409)
    return RedirectResponse(request.url.path.removesuffix("/answer"), status_code=303)


def _request(filled: Mapping[str, str]) -> CallRequest:
    return CallRequest(
        filled["text"],
        (filled["to"],),
        filled["ladder"] or "紧急",
        filled["id"],
        name=filled["name"],
        by=filled["by"] or "办公室",
        orders=(filled["orders"],),
    )


def _calls(request: Request, message: str, filled: Mapping[str, str], status: int) -> Response:
    desk: Desk = request.app.state.desk
    found = desk.ledger.read(latest_calls, CALLS_PAGE)
    chosen = request.query_params.get("plan", "")
    plan = next((one for one in desk.office.calls if one.name == chosen), None)
    if plan and not filled:
        filled = {
            "text": plan.text,
            "to": "、".join(plan.to),
            "ladder": plan.ladder,
            "name": plan.name,
            "orders": "、".join(plan.orders),
        }
    context = {
        "boards": [lay_out_call(each, desk.ledger.read(callees_of, each.id)) for each in found],
        "plans": desk.office.calls,
        "ladders": desk.office.ladders,
        "words": everybody(desk.office),
        "filled": {**dict.fromkeys(_FIELDS, ""), "id": token_hex(8), **filled},
        "message": message,
    }
    return render(request, "calls.html", context, status)


def _call(request: Request, message: str, status: int) -> Response:
    desk: Desk = request.app.state.desk
    name = request.path_params["name"]
    found = desk.ledger.read(find_call, name)
    if found is None:
        return say(request, "没有这次叫应", "台账里没有这个编号的叫应，请从叫应页点进去", 404)
    board = lay_out_call(found, desk.ledger.read(callees_of, name))
    return render(request, "call.html", {"board": board, "message": message}, status)
