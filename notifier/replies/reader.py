"""From the text of a reply to its reading: own words, clauses, kind, parts."""

import re

from notifier.replies.clauses import Clause, Says, judge, split
from notifier.replies.codes import Code, find_code
from notifier.replies.model import Context, Reading, ReplyKind
from notifier.replies.owners import hands_over_plainly
from notifier.replies.parts import find_parts
from notifier.replies.quotes import Own, own_words
from notifier.replies.signs import plain
from notifier.replies.times import find_time
from notifier.replies.words import asking, declining, handing, marks, working

LONGEST = 1_000
_KINDS = {
    Says.ACK: ReplyKind.HEARD,
    Says.PLAN: ReplyKind.HEARD,
    Says.UNFINISHED: ReplyKind.HEARD,
    Says.NOTHING: ReplyKind.NOTHING,
    Says.DONE: ReplyKind.DONE,
    Says.POSTPONED: ReplyKind.POSTPONED,
    Says.DELEGATED: ReplyKind.DELEGATED,
    Says.REFUSED: ReplyKind.REFUSED,
}

_PLAIN_ANSWERS = {Says.ACK, Says.DONE, Says.POSTPONED}
_SHORT = 4
_NUMBER = re.compile(r"[\dA-Za-z年月日号.:/ -]+")


def read_reply(text: str, context: Context) -> Reading:
    """Give what somebody means who types this in a chat where ``context`` is open for him.

    >>> read_reply("回 k7m2 收到，由小李办，周五前", Context.DUTY)
    ... # doctest: +NORMALIZE_WHITESPACE
    Reading(kind=<ReplyKind.DELEGATED: 'delegated'>, code='K7M2', owner='小李', action='办',
            by='周五前', date=None, instead_of=None)
    """
    typed = text.strip()
    if len(typed) > LONGEST:
        return Reading(ReplyKind.UNCLEAR)
    signs = plain(typed)
    if marks.SPACED.fullmatch(signs):
        typed, signs = typed.replace(" ", "").replace("\u3000", ""), signs.replace(" ", "")
    own = own_words(signs)
    code = find_code(own.text)
    body = _without_code(own.text, code)
    clauses = _judged(body, context)
    kind = _decide(clauses, own, context, coded=code is not None)
    parts = find_parts(typed, clauses, kind, context)
    if kind is ReplyKind.DELEGATED and parts.by and _is_measure(clauses, context):
        kind = ReplyKind.HEARD
    return Reading(
        kind,
        code=code.letters if code else None,
        owner=parts.owner,
        action=parts.action,
        by=parts.by,
        date=parts.date,
        instead_of=parts.instead_of,
    )


def _is_measure(clauses: list[Clause], context: Context) -> bool:
    """Say whether it is the measure taken on a call: who and by when, and nobody was handed it."""
    named = [clause.text for clause in clauses if clause.says is Says.DELEGATED]
    calling = context in (Context.CALL, Context.CALL_MANY)
    return calling and not any(hands_over_plainly(text) for text in named)


def _without_code(text: str, code: Code | None) -> str:
    """Blot out the code and the word before it: 回 K7M2, 编码K7M2."""
    if code is None:
        return text
    lead = marks.CODE_LEAD.search(text, 0, code.start)
    start = lead.start() if lead else code.start
    return text[:start] + "," * (code.end - start) + text[code.end :]


def _judged(body: str, context: Context) -> list[Clause]:
    clauses: list[Clause] = []
    for text, start in split(body):
        if clauses and (text[0] == "?" or asking.TAG.fullmatch(text)):
            _make_question(clauses)
        elif clauses and body[start - 1] == ":" and asking.REPORTING.search(clauses[-1].text):
            clauses[-1] = clauses[-1]._replace(says=Says.HEDGED)
            clauses.append(Clause(text, start, Says.HEDGED))
        else:
            clauses.append(Clause(text, start, judge(text, context)))
    return clauses


def _make_question(clauses: list[Clause]) -> None:
    """A tag (行吗?) makes a question of the clause before; asking for time stays what it is."""
    last = clauses[-1]
    if last.says is Says.POSTPONED:
        return
    asks_for_time = last.says is Says.PLAN and find_time(last.text)
    says = Says.POSTPONED if asks_for_time else Says.QUESTION
    clauses[-1] = last._replace(says=says)


def _decide(clauses: list[Clause], own: Own, context: Context, *, coded: bool) -> ReplyKind:
    """Let the later content win over the earlier, and any content over 收到."""
    telling = [clause for clause in clauses if clause.says is not Says.FILLER]
    said = {clause.says for clause in telling}
    if own.mentions and said.isdisjoint(_PLAIN_ANSWERS):
        return ReplyKind.NOT_AN_ANSWER
    content = [clause for clause in telling if clause.says >= Says.UNFINISHED]
    if content:
        return _meant(content, telling[-1])
    if said & {Says.ACK, Says.PLAN}:
        return ReplyKind.HEARD
    if Says.HEDGED in said:
        return ReplyKind.UNCLEAR
    if said & {Says.QUESTION, Says.NEGATED, Says.TALK}:
        return ReplyKind.NOT_AN_ANSWER
    if telling:
        return _fragment(telling, context)
    return ReplyKind.UNCLEAR if coded or not (own.quoted or clauses) else ReplyKind.NOT_AN_ANSWER


def _meant(content: list[Clause], last: Clause) -> ReplyKind:
    """Give the kind of a reply that says more than 收到."""
    says = _last_content(content)
    if says is Says.REFUSED and _names_another_day(last):
        return ReplyKind.POSTPONED
    if says is Says.DONE and _goes_on(content[-1], last):
        return ReplyKind.HEARD
    return _KINDS[says]


def _last_content(content: list[Clause]) -> Says:
    """Give what the last clause with content says; 正在 undoes only the work or others' refusal."""
    *earlier, last = content
    if last.says is Says.DELEGATED and earlier and handing.ASK_OTHER.search(last.text):
        return earlier[-1].says  # 不归我管，找应急办
    if last.says is not Says.UNFINISHED or not earlier:
        return last.says
    before = earlier[-1]
    undone = before.says is Says.DONE or (
        before.says is Says.REFUSED and declining.OF_OTHERS.search(before.text)
    )
    return last.says if undone and working.LEFTOVER.search(last.text) else before.says


def _names_another_day(last: Clause) -> bool:
    """Say whether a refusal is followed by a day: 今天没空，明天办."""
    return last.says is Says.PLAN and find_time(last.text) is not None


def _goes_on(done: Clause, last: Clause) -> bool:
    """Say whether what was done only began it: 已通知各组，下午3点前转移完."""
    return (
        last.says is Says.PLAN
        and find_time(last.text) is not None
        and working.SOON_DONE.search(last.text) is not None
        and not working.FINISHED.search(done.text)
    )


def _fragment(telling: list[Clause], context: Context) -> ReplyKind:
    """Tell bare fragments (那个, A4), about which one asks, from talk that wants no answer."""
    bare = all(
        len(clause.text) <= _SHORT or clause.text.isascii() or _NUMBER.fullmatch(clause.text)
        for clause in telling
    )
    mine = any("我" in clause.text for clause in telling)
    calling = context in (Context.CALL, Context.CALL_MANY)
    return ReplyKind.UNCLEAR if bare or mine or calling else ReplyKind.NOT_AN_ANSWER
