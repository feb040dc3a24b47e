"""The answer page: GET shows, POST answers, every way in which a link can fail has its words."""

import asyncio
from collections.abc import Mapping, Sequence

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from notifier import links
from notifier.answers import LONGEST_NOTE, Refusal, Reply, Speaker, judge
from notifier.calling import answer_call
from notifier.compose import call_of
from notifier.desk import Desk
from notifier.events import Answered, AnswerKind, Fact, Proof, Sending, Told
from notifier.ledger import call_reads, reads
from notifier.links import Expired, Forged, Pass
from notifier.standing import Standing
from notifier.web.forms import one, read_amounts, read_day, read_fields
from notifier.web.pages import render, say

_FORGED = "这个链接不是本系统发出的，或者在转发中被改动。请从提醒消息里重新点开"
_UNKNOWN = "这条提醒在台账里找不到，请联系发出提醒的办公室"
_NOT_HIS = Refusal("这件事不在这条提醒里，请从对应的提醒消息里点开")


async def show(request: Request) -> Response:
    """Show the duties of the message; changes nothing, however often a chat app opens it."""
    return answer_page(request, "", 200)


async def take(request: Request) -> Response:
    """Take one answer, then show the page again."""
    desk: Desk = request.app.state.desk
    holder = holder_of(request)
    if isinstance(holder, Response):
        return holder
    try:
        key, reply = read_form(await read_fields(request))
    except ValueError as error:
        return answer_page(request, str(error), 400)
    record = _record_call if call_of(key) else _record
    refusal = await record(desk, key, holder, reply)
    if refusal is _NOT_HIS:
        return say(request, "不能答复", refusal.sentence, 403)
    if refusal:
        return answer_page(request, refusal.sentence, 409)
    return RedirectResponse(request.scope["path"], status_code=303)


def is_his(line: Told, holder: Pass, key: str) -> bool:
    """Tell whether a line of the message told the holder of a link about a duty or call."""
    return line.key == key and line.person == holder.person


async def _record_call(desk: Desk, key: str, holder: Pass, reply: Reply) -> Refusal | None:
    told = _told(desk.ledger.read(reads.find_sending, holder.code), holder, key)
    if not told:
        return _NOT_HIS
    counts = not all(line.aside for line in told)
    return await answer_call(desk, key, Speaker(holder.person, Proof.LINK, counts), reply)


async def _record(desk: Desk, key: str, holder: Pass, reply: Reply) -> Refusal | None:
    """Judge and write in one transaction, so that of two answers that race only one counts."""
    now = desk.clock.now()
    refusals: list[Refusal] = []

    def decide(found: tuple[Sending | None, Standing | None]) -> Sequence[Fact]:
        sending, standing = found
        verdict: Answered | Refusal = _NOT_HIS
        if _told(sending, holder, key):
            verdict = judge(standing, holder.person, reply, Proof.LINK, desk.hours.today(now))
        if isinstance(verdict, Refusal):
            refusals.append(verdict)
            return ()
        return (verdict,)

    asked = (holder.code, key)
    await asyncio.wrap_future(desk.ledger.judge(now, key, reads.told_standings, asked, decide))
    return refusals[0] if refusals else None


def _told(sending: Sending | None, holder: Pass, key: str) -> list[Told]:
    return [line for line in sending.lines if is_his(line, holder, key)] if sending else []


def answer_page(request: Request, message: str, status: int) -> Response:
    """Give the answer page, with why an answer was not taken, if one was not."""
    desk: Desk = request.app.state.desk
    holder = holder_of(request)
    if isinstance(holder, Response):
        return holder
    sending = desk.ledger.read(reads.find_sending, holder.code)
    if sending is None:
        return say(request, "找不到这条提醒", _UNKNOWN, 404)
    keys = _keys(sending, holder.person)
    called = desk.ledger.read(call_reads.find_callees, keys)
    calls = {one.call: desk.ledger.read(call_reads.find_call, one.call) for one in called}
    context = {
        "person": holder.person,
        "standings": desk.ledger.read(reads.find_standings, keys),
        "called": called,
        "calls": calls,
        "message": message,
        "today": desk.hours.today(desk.clock.now()),
        "calendar": desk.hours.calendar,
        "hours": desk.hours,
        "longest_note": LONGEST_NOTE,
    }
    return render(request, "answer.html", context, status)


def holder_of(request: Request) -> Pass | Response:
    """Give whose link it is, or the page that says why it opens nothing."""
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


def read_form(fields: Mapping[str, tuple[str, ...]]) -> tuple[str, Reply]:
    """Give the key and the reply of a form; raises ValueError with what is wrong in words."""
    try:
        answer = AnswerKind(one(fields, "answer"))
    except ValueError:
        message = "请点“收到”“已办”或“延期”中的一个"
        raise ValueError(message) from None
    seen = one(fields, "seen")
    count = int(seen) if seen.isascii() and seen.isdigit() and len(seen) < len("1000") else None
    reply = Reply(
        answer,
        one(fields, "note"),
        read_day(one(fields, "on")),
        read_day(one(fields, "until")),
        count,
        fields.get("orders", ()),
        read_amounts(fields),
        fields.get("objects", ()),
    )
    return one(fields, "key"), reply
