"""From the text of a reply to its reading: own words, clauses, kind, parts."""

from notifier.replies import words
from notifier.replies.clauses import Clause, Says, judge, split
from notifier.replies.codes import find_code
from notifier.replies.model import Context, Reading, ReplyKind
from notifier.replies.parts import Parts, find_parts
from notifier.replies.quotes import is_relayed, own_words
from notifier.replies.signs import plain

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


def read_reply(text: str, context: Context) -> Reading:
    """Give what somebody means who types this in a chat where ``context`` is open for him.

    >>> read_reply("回 k7m2 收到，由小李办，周五前", Context.DUTY)
    ... # doctest: +NORMALIZE_WHITESPACE
    Reading(kind=<ReplyKind.DELEGATED: 'delegated'>, code='K7M2', owner='小李', action='办',
            by='周五前', date=None, instead_of=None)
    """
    words_typed = text.strip()
    if len(words_typed) > LONGEST:
        return Reading(ReplyKind.UNCLEAR)
    signs = plain(words_typed)
    if words.SPACED.fullmatch(signs):
        words_typed, signs = words_typed.replace(" ", ""), signs.replace(" ", "")
    own = own_words(signs)
    code = find_code(own.text)
    body = own.text
    if code:
        start = words.CODE_LEAD.search(body, 0, code[0])
        first = start.start() if start else code[0]
        body = body[:first] + "," * (code[1] - first) + body[code[1] :]
    body = "\n".join("," * len(line) if is_relayed(line) else line for line in body.split("\n"))
    relayed = own.quoted or "," * 4 in body
    clauses = _judged(body, context)
    kind = _decide(clauses, relayed=relayed, mentions=own.mentions, coded=code is not None)
    parts = find_parts(words_typed, clauses, kind, context)
    return Reading(
        kind,
        code=code[2] if code else None,
        owner=parts.owner,
        action=parts.action,
        by=parts.by,
        date=parts.date,
        instead_of=parts.instead_of,
    )


def _judged(body: str, context: Context) -> list[Clause]:
    clauses: list[Clause] = []
    for text, start in split(body):
        if words.TAG.fullmatch(text) and clauses:
            _make_question(clauses)
            continue
        clauses.append(Clause(text, start, judge(text, context)))
    return clauses


def _make_question(clauses: list[Clause]) -> None:
    """A tag (行吗?) makes a question of the clause before; asking for time stays what it is."""
    last = clauses[-1]
    if last.says is not Says.POSTPONED:
        clauses[-1] = Clause(last.text, last.start, Says.QUESTION)


def _decide(
    clauses: list[Clause], *, relayed: bool, mentions: bool, coded: bool
) -> ReplyKind:
    """Let the later content win over the earlier, and any content over 收到."""
    said = [clause.says for clause in clauses if clause.says is not Says.FILLER]
    if mentions and not any(says in (Says.ACK, Says.DONE, Says.POSTPONED) for says in said):
        return ReplyKind.NOT_AN_ANSWER
    content = [says for says in said if says >= Says.UNFINISHED]
    if content:
        return _KINDS[_last_content(content)]
    if Says.ACK in said or Says.PLAN in said:
        return ReplyKind.HEARD
    if Says.HEDGED in said:
        return ReplyKind.UNCLEAR
    if Says.QUESTION in said or Says.NEGATED in said or Says.TALK in said:
        return ReplyKind.NOT_AN_ANSWER
    if Says.FRAGMENT in said:
        return _fragment(clauses)
    if coded or not (relayed or clauses):
        return ReplyKind.UNCLEAR
    return ReplyKind.NOT_AN_ANSWER


def _last_content(content: list[Says]) -> Says:
    last = content[-1]
    strong = [says for says in content if says is not Says.UNFINISHED]
    if last is Says.UNFINISHED and strong and strong[-1] is not Says.DONE:
        return strong[-1]
    if last is Says.DONE and len(strong) > 1 and strong[-2] is Says.DELEGATED:
        return last
    return last


def _fragment(clauses: list[Clause]) -> ReplyKind:
    texts = [clause.text for clause in clauses if clause.says is Says.FRAGMENT]
    short = all(len(text) <= 4 for text in texts) or any("我" in text for text in texts)
    return ReplyKind.UNCLEAR if short else ReplyKind.NOT_AN_ANSWER
