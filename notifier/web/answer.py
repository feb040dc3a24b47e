"""The answer page: GET shows, POST answers, every way in which a link can fail has its words."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import date
from urllib.parse import parse_qsl

from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from notifier import links
from notifier.answers import LONGEST_NOTE, Refusal, Reply, judge
from notifier.desk import Desk
from notifier.events import AnswerKind, Fact, Proof, Sending
from notifier.ledger import reads
from notifier.links import Expired, Forged, Pass
from notifier.web.pages import render, say

LARGEST_FORM = 16 * 1024

_FORGED = "这个链接不是本系统发出的，或者在转发中被改动。请从提醒消息里重新点开"
_UNKNOWN = "这条提醒在台账里找不到，请联系发出提醒的办公室"
_NOT_YOURS = "这件事不在这条提醒里，请从对应的提醒消息里点开"


async def show(request: Request) -> Response:
    """Show the duties of the message; changes nothing, however often a chat app opens it."""
    return _page(request, "", 200)


async def take(request: Request) -> Response:
    """Take one answer, then show the page again."""
    desk: Desk = request.app.state.desk
    holder = _holder(request)
    if isinstance(holder, Response):
        return holder
    sending = desk.ledger.read(reads.find_sending, holder.code)
    try:
        key, reply = _read_form(await _read_body(request))
    except ValueError as error:
        return _page(request, str(error), 400)
    if sending is None or key not in _keys(sending, holder.person):
        return say(request, "不能答复", _NOT_YOURS, 403)
    refusal = await _record(desk, key, holder.person, reply)
    if refusal:
        return _page(request, refusal.sentence, 409)
    return RedirectResponse(request.url.path, status_code=303)


async def _record(desk: Desk, key: str, person: str, reply: Reply) -> Refusal | None:
    """Judge and write in one transaction, so that of two answers that race only one counts."""
    now = desk.clock.now()
    refusals: list[Refusal] = []

    def work(connection: Connection) -> Sequence[Fact]:
        standing = reads.find_standing(connection, key)
        verdict = judge(standing, person, reply, Proof.LINK, desk.hours.today(now))
        if isinstance(verdict, Refusal):
            refusals.append(verdict)
            return ()
        return (verdict,)

    await asyncio.wrap_future(desk.ledger.write(now, work))
    return refusals[0] if refusals else None


def _page(request: Request, message: str, status: int) -> Response:
    desk: Desk = request.app.state.desk
    holder = _holder(request)
    if isinstance(holder, Response):
        return holder
    sending = desk.ledger.read(reads.find_sending, holder.code)
    if sending is None:
        return say(request, "找不到这条提醒", _UNKNOWN, 404)
    keys = _keys(sending, holder.person)
    context = {
        "person": holder.person,
        "standings": desk.ledger.read(reads.find_standings, keys),
        "message": message,
        "today": desk.hours.today(desk.clock.now()),
        "calendar": desk.hours.calendar,
        "hours": desk.hours,
        "longest_note": LONGEST_NOTE,
    }
    return render(request, "answer.html", context, status)


def _holder(request: Request) -> Pass | Response:
    desk: Desk = request.app.state.desk
    match links.read(desk.secret, request.path_params["token"], desk.clock.now()):
        case Pass() as holder:
            return holder
        case Expired(ended):
            day = desk.hours.today(ended)
            sentence = (
                f"这个链接已于{day.year}年{day.month}月{day.day}日到期。"
                "请从最近一次提醒里点开，或联系办公室代为登记"
            )
            return say(request, "链接已经到期", sentence, 410)
        case Forged():
            return say(request, "链接无效", _FORGED, 403)


def _keys(sending: Sending, person: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(line.key for line in sending.lines if line.person == person))


async def _read_body(request: Request) -> Mapping[str, str]:
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST_FORM:
            message = "填写的内容太长，请缩短说明后再提交"
            raise ValueError(message)
    try:
        return dict(parse_qsl(body.decode(), max_num_fields=20))
    except ValueError:
        message = "提交的内容读不懂，请从提醒消息里重新点开再填"
        raise ValueError(message) from None


def _read_form(form: Mapping[str, str]) -> tuple[str, Reply]:
    try:
        answer = AnswerKind(form.get("answer", ""))
    except ValueError:
        message = "请点“收到”“已办”或“延期”中的一个"
        raise ValueError(message) from None
    seen = form.get("seen", "")
    count = int(seen) if seen.isascii() and seen.isdigit() and len(seen) < len("1000") else None
    reply = Reply(answer, form.get("note", ""), _day(form, "on"), _day(form, "until"), count)
    return form.get("key", ""), reply


def _day(form: Mapping[str, str], name: str) -> date | None:
    text = form.get(name, "").strip()
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        message = f"日期“{text[:20]}”看不懂，请写成 2026-09-30 的样子"
        raise ValueError(message) from None
