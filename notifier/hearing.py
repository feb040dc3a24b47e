"""Takes in what platforms bring: stores it first, then reads it and does what follows."""

import asyncio
import logging
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import Connection

from notifier.calling import spared
from notifier.calls import CallStanding, CallState
from notifier.channels.protocol import CardChannel, ChannelError
from notifier.channels.reports import STATE_WORDS
from notifier.desk import Desk
from notifier.events import (
    Announced,
    Answered,
    Fact,
    Heeded,
    Noted,
    Proof,
    Received,
    letter,
)
from notifier.inbox import Incoming
from notifier.inbox.letters import Delivery
from notifier.ledger import call_reads, inbox_reads, reads
from notifier.notices import MARK, announce, is_known
from notifier.replies import Context, Reading, ReplyKind, read_reply
from notifier.replying import Outcome, Scene, follow
from notifier.replying.scene import context_of
from notifier.routes import find_account, find_lanes
from obligations.rules import is_away, stand_in

MOST_DUTIES = 50
MOST_REPLIES = 5  # automatic ones, to one person in an hour: never a conversation
HOUR = timedelta(hours=1)
ASKED = "补问"
_PRESSED = {"1": ReplyKind.HEARD, "heard": ReplyKind.HEARD, "done": ReplyKind.DONE}
LOG = logging.getLogger("jiaoying")


async def receive(desk: Desk, incoming: Incoming) -> bool:
    """Store what a platform brought; tell whether it is new. It is on disk when this returns."""
    spec = next((one for one in desk.office.channels if one.name == incoming.way), None)
    person = find_account(desk.office, spec.platform, incoming.account) if spec else ""
    if spec and not incoming.account:
        person = desk.ledger.read(_addressee, incoming)
    who = person or f"不认识的账号{incoming.account}"
    fact = Received(
        id=incoming.id[:200],
        way=incoming.way,
        account=incoming.account,
        person=person,
        text=incoming.text[:2000],
        pressed=incoming.key,
        conversation=incoming.conversation,
        reference=incoming.reference,
        reason=f"{who}在{incoming.way}{'按了按钮' if incoming.key else '说话'}",
    )

    def work(connection: Connection) -> Sequence[Fact]:
        return () if inbox_reads.is_received(connection, fact.way, fact.id) else (fact,)

    about = letter(fact.way, fact.id)
    entries = await asyncio.wrap_future(desk.ledger.write(desk.clock.now(), work, about))
    return bool(entries)


def _addressee(connection: Connection, incoming: Incoming) -> str:
    """Give to whom the message went that was answered, where no number is told; "" if unsure."""
    sending = reads.find_sending(connection, incoming.reference) if incoming.reference else None
    people = {line.person for line in sending.lines} if sending else set()
    is_his = sending is not None and sending.lane == incoming.way and len(people) == 1
    return people.pop() if is_his else ""


async def note(desk: Desk, delivery: Delivery) -> None:
    """Write what a gateway says became of a message; it answers nothing."""
    words = STATE_WORDS[delivery.state]
    fact = Noted(
        code=delivery.code,
        lane=delivery.way,
        state=delivery.state.value,
        reason=f"网关回执：{words}",
    )
    await asyncio.wrap_future(desk.ledger.record(desk.clock.now(), (fact,)))


async def run_inbox(desk: Desk) -> None:
    """Read everything that came in and has not been read; one by one, as each changes the next."""
    while received := await _read_next(desk):
        await _close_card(desk, received)


async def _read_next(desk: Desk) -> Received | None:
    now = desk.clock.now()
    read: list[Received] = []

    def work(connection: Connection) -> Sequence[Fact]:
        read.extend(inbox_reads.unheeded(connection, 1))
        return [fact for one in read for fact in _heed(connection, desk, one, now)]

    if desk.ledger.read(inbox_reads.unheeded, 1):
        await asyncio.wrap_future(desk.ledger.write(now, work))
    return read[0] if read else None


async def _close_card(desk: Desk, received: Received) -> None:
    """Show on the card that it was answered; the answer stands whether that succeeds or not."""
    channel = desk.channels.get(received.way)
    if not (received.reference and received.person and isinstance(channel, CardChannel)):
        return
    try:
        await channel.close_card(received.reference, (received.account,), "已答复")
    except ChannelError as error:
        LOG.warning("通道“%s”的卡片没有更新：%s", received.way, error)


def _heed(connection: Connection, desk: Desk, received: Received, now: datetime) -> Iterator[Fact]:
    if not received.person:
        yield from _greet(connection, desk, received, now)
        return
    scene = _scene(connection, desk, received, now)
    outcome = follow(scene)
    yield from outcome.facts
    yield from _spare(connection, outcome)
    yield from _reply(connection, desk, received, outcome, now)
    for person, words in outcome.told:
        about = f"答复/{received.way}/{received.id}"
        yield from announce(desk.office, desk.ways, (person,), about, (words,))
    keys = tuple(fact.key for fact in outcome.facts if isinstance(fact, Answered))
    meaning = scene.reading.kind.value
    words = outcome.word or "不是答复，没有记"
    yield Heeded(id=received.id, way=received.way, meaning=meaning, keys=keys, reason=words)


def _scene(connection: Connection, desk: Desk, received: Received, now: datetime) -> Scene:
    """Gather what is open for the sender; calls of those whose deputy he is come after his own."""
    person = received.person
    calls = inbox_reads.calls_for(connection, (person,))
    if not calls:
        covered = tuple(one.name for one in desk.office.people if one.deputy == person)
        calls = inbox_reads.calls_for(connection, covered) if covered else ()
        calls = tuple(one for one in calls if one.heard_at is None)
    today = desk.hours.today(now)
    away = (one.name for one in desk.office.people if is_away(one, today))
    minded = [one for one in away if _stands_in(desk, one, person, today)]
    duties = tuple(
        duty
        for name in (person, *minded)
        for duty in inbox_reads.duties_for(connection, name, MOST_DUTIES)
    )
    known = call_reads.find_calls(connection, (one.call for one in calls))
    about = _answered(connection, received)
    calls = tuple(one for one in about if not one.settled) or calls
    reading, key = _read(received, context_of(len(calls), len(duties)))
    if key:
        calls = tuple(one for one in calls if one.callee.key == key)
        duties = tuple(one for one in duties if one.duty.key == key)
    return Scene(
        desk.office,
        person,
        received.text,
        reading,
        today,
        calls,
        duties,
        known,
        Proof.CHAT if not received.pressed.isdigit() else Proof.PHONE,
        frozenset(one.callee.key for one in calls if _was_asked(connection, one, person)),
    )


def _answered(connection: Connection, received: Received) -> tuple[CallStanding, ...]:
    """Give the calls of which the message told him that he answers on the phone."""
    code = received.reference if received.pressed.isdigit() else ""
    sending = reads.find_sending(connection, code) if code else None
    lines = sending.lines if sending and sending.lane == received.way else ()
    keys = [line.key for line in lines if line.person == received.person and not line.aside]
    return call_reads.find_callees(connection, keys)


def _was_asked(connection: Connection, standing: CallStanding, person: str) -> bool:
    key = f"{MARK}/{ASKED}/{standing.callee.key}/{person}"
    return standing.state is CallState.HEARD and is_known(connection, key)


def _stands_in(desk: Desk, away: str, person: str, today: date) -> bool:
    present = stand_in(desk.office, away, today)
    return present is not None and present.name == person


def _read(received: Received, context: Context) -> tuple[Reading, str]:
    """Read what was typed, or the button that was pressed: ``heard 叫应/C1/周敏``."""
    if not received.pressed:
        return read_reply(received.text, context), ""
    word, _, key = received.pressed.partition(" ")
    return Reading(_PRESSED.get(word, ReplyKind.UNCLEAR)), key


def _spare(connection: Connection, outcome: Outcome) -> Iterator[Fact]:
    """Release those of whom one is enough, when one of them has answered himself."""
    for fact in outcome.facts:
        standing = (
            call_reads.find_callee(connection, fact.key)
            if isinstance(fact, Answered) and fact.counts
            else None
        )
        call = call_reads.find_call(connection, standing.call) if standing else None
        if standing and call and call.ladder.any_one:
            yield from spared(call, standing.callee, call_reads.callees_of(connection, call.id))


def _reply(
    connection: Connection, desk: Desk, received: Received, outcome: Outcome, now: datetime
) -> Iterator[Announced]:
    """Give the one short line that goes back, if not too many have gone already."""
    word = outcome.word if not received.pressed.isdigit() else ""  # the phone has said so itself
    if outcome.asks:
        asked = f"{ASKED}/{outcome.asks}"
        if is_known(connection, f"{MARK}/{asked}/{received.person}"):
            word = outcome.instead if word else ""
        else:
            yield from _say(desk, received, asked, outcome.word)
            return
    prefix = f"{MARK}/回复/{received.person}/"
    if word and inbox_reads.count_notices(connection, prefix, now - HOUR) < MOST_REPLIES:
        yield Announced(
            key=f"{prefix}{received.way}/{received.id}",
            person=received.person,
            lane=_lane(desk, received),
            text=word,
            reason="回复",
        )


def _say(desk: Desk, received: Received, about: str, word: str) -> Iterator[Announced]:
    yield Announced(
        key=f"{MARK}/{about}/{received.person}",
        person=received.person,
        lane=_lane(desk, received),
        text=word,
        reason="补问",
    )


def _lane(desk: Desk, received: Received) -> str:
    """Give the lane that an answer goes back over: the way it came, else his best one."""
    if received.way in desk.channels and not received.pressed.isdigit():
        return received.way
    best = find_lanes(desk.office, desk.ways, received.person)
    return next(iter(best), "")


def _greet(connection: Connection, desk: Desk, received: Received, now: datetime) -> Iterator[Fact]:
    """Tell an unknown account once a day how to get in; the office sees it on its page."""
    day = desk.hours.today(now)
    key = f"{MARK}/生人/{received.way}/{received.account}/{day}"
    if (
        received.account
        and not received.conversation
        and not is_known(connection, key)
        and received.way in desk.channels
    ):
        yield Announced(
            key=key,
            person=f"账号{received.account}",
            account=received.account,
            lane=received.way,
            text=f"您的账号（{received.account}）还没有登记，答复没有记下。请联系{desk.office.name}登记",
            reason="不认识的账号",
        )
    yield Heeded(
        id=received.id,
        way=received.way,
        meaning="unknown_account",
        keys=(),
        reason=f"账号{received.account}不在通讯录里，没有记作答复",
    )
