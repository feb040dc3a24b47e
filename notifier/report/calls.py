"""A call's board: who answered, how, after how long and with which proof; who has not."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from notifier.calls import CallStanding, CallState
from notifier.events import PROOF_WORDS, Call
from obligations.rules.lengths import spoken

STATE_WORDS = {
    CallState.UNREACHED: "未叫醒",
    CallState.CALLING: "正在叫",
    CallState.HEARD: "已应",
    CallState.DONE: "已落实",
    CallState.RELEASED: "已停叫",
}
_COLOURS = {
    CallState.UNREACHED: "red",
    CallState.CALLING: "yellow",
    CallState.HEARD: "plain",
    CallState.DONE: "green",
    CallState.RELEASED: "plain",
}
NO_MEASURES = "应而无措施"
_ORDER = ("未叫醒", "正在叫", NO_MEASURES, "已应", "已落实", "已停叫")
BANDS = (30, 60, 180, 300)  # seconds


@dataclass(frozen=True, slots=True)
class CallRow:
    """One callee as the board shows him."""

    key: str
    person: str
    group: str
    wanted: str
    state: str
    colour: str
    strikes: int
    answered: str
    proof: str
    note: str
    carried_out: tuple[str, ...]
    trouble: str
    is_open: bool


@dataclass(frozen=True, slots=True)
class CallBoard:
    """One call: its rows with those first who need somebody, its counts and response times."""

    call: Call
    rows: tuple[CallRow, ...]
    counts: tuple[tuple[str, str, int], ...]
    bands: tuple[tuple[str, int], ...]
    is_running: bool


def lay_out_call(call: Call, standings: Sequence[CallStanding]) -> CallBoard:
    """Give the board of a call."""
    shown = [(one, *state_of(call, one)) for one in standings]
    ranked = sorted(shown, key=lambda each: (_ORDER.index(each[1]), each[0].callee.key))
    counts = Counter((words, colour) for _, words, colour in ranked)
    return CallBoard(
        call,
        tuple(_row(call, one, words, colour) for one, words, colour in ranked),
        tuple((words, colour, count) for (words, colour), count in counts.items()),
        response_bands(call.begun, standings),
        any(one.state is CallState.CALLING for one in standings),
    )


def state_of(call: Call, standing: CallStanding) -> tuple[str, str]:
    """Give how a callee stands in words and colour; 有回应 is who does what by when."""
    wanted = call.ladder.follow_up is not None
    if standing.state is CallState.HEARD and wanted and not all(standing.measures):
        return NO_MEASURES, "yellow"
    if standing.state is CallState.RELEASED and standing.first_heard_at:
        return STATE_WORDS[CallState.HEARD], _COLOURS[CallState.HEARD]  # stopped after he answered
    return STATE_WORDS[standing.state], _COLOURS[standing.state]


def response_bands(
    begun: datetime, standings: Iterable[CallStanding]
) -> tuple[tuple[str, int], ...]:
    """Give how many answered within each band of seconds since the call began."""
    found: Counter[str] = Counter()
    for one in standings:
        if one.first_heard_at:
            found[_band(one.first_heard_at - begun)] += 1
    names = [_name(low, high) for low, high in zip((0, *BANDS), (*BANDS, None), strict=True)]
    return tuple((name, found[name]) for name in names)


def _band(span: timedelta) -> str:
    low = 0
    for high in BANDS:
        if span.total_seconds() <= high:
            return _name(low, high)
        low = high
    return _name(low, None)


def _name(low: int, high: int | None) -> str:
    return f"{low}秒以上" if high is None else f"{low}–{high}秒"


def _row(call: Call, one: CallStanding, words: str, colour: str) -> CallRow:
    answers = [answer for answer in one.answers if answer.counts]
    latest = answers[-1] if answers else None
    first = one.first_heard_at
    said = "；".join(
        f"{answer.person}：{answer.note}" for answer in one.answers if answer.note.strip()
    )
    return CallRow(
        key=one.callee.key,
        person=one.callee.person,
        group=one.callee.group,
        wanted=one.callee.wanted,
        state=words,
        colour=colour,
        strikes=one.strikes,
        answered=spoken(first - call.begun) if first else "",
        proof=_proof(latest.proof, latest.by) if latest else "",
        note=said,
        carried_out=one.carried_out,
        trouble="" if first else one.undelivered,
        is_open=not one.settled,
    )


def _proof(proof: str, by: str) -> str:
    words = next(words for kind, words in PROOF_WORDS.items() if kind == proof)
    return f"{words}（{by}）" if by else words
