"""What must be done: the duty in the document's own words, short and whole."""

import re
from collections.abc import Sequence

from obligations.clauses.sentences import Stretch, split_clauses, split_sentences
from obligations.clauses.subjects import leading_subject
from obligations.phrases.mention import Mention

SHORTEST, LONGEST = 4, 30
_ROOM = 14  # an action shorter than this takes the next clause along, if both fit
_NUMERAL = r"[\d一二两三四五六七八九十百]{1,4}"
_COUNT = re.compile(
    rf"(?:至少|最少|不少于|不得少于|不低于|不超过|不得超过)?\s*{_NUMERAL}(?:\s*[-—~至到]\s*{_NUMERAL})?\s*"
    r"(?:次|家|个|条|户|处|篇|人次|场|件|项|天|小时)(?:[（(][^（）()]{1,4}[）)])?(?:以上|及以上|左右)?的?"
)
_BOUND = re.compile(r"至少|最少|不少于|不得少于|不低于|不超过|不得超过|原则上")
_FILLER = re.compile(
    r"(?:[，、：\s]|同时|必须|应当|要|须|应|需(?!求)|都|均|将(?!.{0,30}[报纳列])|坚持|认真|切实|积极|严格|之?前|底前|以?内|起)+"
)
_EMPTY = re.compile(r"[\s，、：；。（）()“”要须应必的]*")
_LEAD = re.compile(r"\s*(?:[一二三四五六七八九十]{1,3}是|同时|并且?|努力做到|做到|确保)")
_CLOSERS = "，、；：。 \u3000"


def find_action(text: str, mention: Mention, others: Sequence[Mention]) -> str:
    """Give the words of the duty that a mention times."""
    sentence = _at(split_sentences(text), mention.start)
    clauses = split_clauses(text, sentence) if sentence else ()
    clause = _at(clauses, max(mention.end - 1, mention.start))
    if clause is None:
        return tidy(text)
    number = clauses.index(clause)
    starts = sorted({m.start for m in others if m.start >= mention.end})
    own = _own(text, clause, mention, starts)
    if not _EMPTY.fullmatch(own):
        return _grow(text, own, clauses[number + 1 :], starts)
    before = _said_before(text, clause, mention)
    if before:
        return before
    after = clauses[number + 1 :]
    if not after:
        return _last_words(text, clauses[:number])
    first = _without_subject(text[after[0].start : _cut(after[0].end, after[0].start, starts)])
    return _grow(text, first, after[1:], starts)


def _at(stretches: Sequence[Stretch], at: int) -> Stretch | None:
    return next((s for s in stretches if s.start <= at <= s.end), None)


def _cut(end: int, start: int, starts: Sequence[int]) -> int:
    """Where the words of the next time phrase begin, if that is before the end."""
    return min([end, *(at for at in starts if start < at)])


def _own(text: str, clause: Stretch, mention: Mention, starts: Sequence[int]) -> str:
    """The words after the time words in the mention's own clause, its counts left out."""
    end = _cut(clause.end, mention.end - 1, starts)
    if text[mention.start : mention.start + 1] == "“":
        return _around(text, clause, mention, end)
    begin = max(mention.tail, clause.start)
    inner = _BOUND.sub("", _COUNT.sub("", text[begin : mention.end]))
    return _without_subject(inner + text[max(mention.end, begin) : end])


def _around(text: str, clause: Stretch, mention: Mention, end: int) -> str:
    """A quoted phrase is part of the duty's name: 落实“日周月”检查执法."""
    begin = max(text.rfind("、", clause.start, mention.start) + 1, clause.start)
    return _without_subject(text[begin:end])


def _said_before(text: str, clause: Stretch, mention: Mention) -> str:
    """The duty where it stands before its time: 安全例会每月一次."""
    if mention.start <= clause.start:
        return ""
    before = _without_subject(text[clause.start : mention.start])
    return tidy(before) if len(before) >= SHORTEST - 1 else ""


def _last_words(text: str, clauses: Sequence[Stretch]) -> str:
    return tidy(_without_subject(text[clauses[-1].start : clauses[-1].end])) if clauses else ""


def _without_subject(words: str) -> str:
    lead = _LEAD.match(words)
    spoken = words[lead.end() :] if lead else words
    subject = leading_subject(spoken)
    if subject and subject in spoken:
        spoken = spoken[spoken.index(subject) + len(subject) :]
    filler = _FILLER.match(spoken)
    return (spoken[filler.end() :] if filler else spoken).strip(_CLOSERS)


def _grow(text: str, words: str, after: Sequence[Stretch], starts: Sequence[int]) -> str:
    """Take the next clause along where the first is short and both together are not long."""
    if not after or len(words) >= _ROOM:
        return tidy(words)
    follow = after[0]
    timed = any(follow.start <= at < follow.end for at in starts)
    more = text[follow.start : follow.end].strip()
    joined = f"{words}，{more}"
    if timed or len(joined) > LONGEST or leading_subject(more) or text[follow.start - 1] != "，":
        return tidy(words)
    return tidy(joined)


def tidy(words: str) -> str:
    """Give the words cut to what one line holds, at a mark where there is one.

    >>> tidy("全面检查危险化学品、烟花爆竹、建筑施工、道路交通、消防、燃气、特种设备等重点行业领域")
    '全面检查危险化学品、烟花爆竹、建筑施工、道路交通、消防、燃气'
    """
    text = words.strip(_CLOSERS)
    if len(text) <= LONGEST:
        return text
    cut = max(text.rfind(mark, SHORTEST, LONGEST + 1) for mark in "，、；和及")
    return text[: cut if cut > 0 else LONGEST].strip(_CLOSERS)


def task_action(task: str, heading: str) -> str:
    """Give the duty of a table row whose time stands in a cell of its own."""
    if SHORTEST <= len(heading) <= LONGEST:
        return heading
    sentences = split_sentences(task)
    if not sentences:
        return tidy(heading)
    clauses = split_clauses(task, sentences[0])
    words = [_without_subject(task[c.start : c.end]) for c in clauses]
    return tidy(next((w for w in words if len(w) >= SHORTEST), heading or task))
