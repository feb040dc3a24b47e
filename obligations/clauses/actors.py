"""Who must do it: the subject that the sentence gives, carried over where Chinese does so."""

import re
from collections.abc import Sequence

from obligations.clauses.sentences import Stretch, split_clauses, split_sentences
from obligations.clauses.subjects import leading_subject, trailing_subject
from obligations.phrases.mention import Mention
from obligations.schedule import Undetermined

_ORDINAL = re.compile(r"\s*(?:[一二三四五六七八九十]{1,3}是|第[一二三四五六七八九十]，|首先|其次|再次|最后)")
_LAYER = re.compile(r"\s*(?:[一二三四五六七八九十]是)?([\u4e00-\u9fff]{1,10})(?:层面|方面|层级)$")
_ROLE = re.compile(r"发挥([\u4e00-\u9fff（）、]{2,20}?(?:办公室|委员会|办|委|局|部门|单位|机构|小组|中心))")
_BY = re.compile(r"(?:，|要|应当|应|须)?由([\u4e00-\u9fff（）、]{2,30}?)(?=牵头|负责|组织|会同|具体|对|按|统一|每|开展|主持|召集)")
_TIERS = re.compile(r"([省市县区镇乡村街]{2,4})([两二三四])级")
_NUMBERS = {"两": 2, "二": 2, "三": 3, "四": 4}
_GAP = 8


def find_actor(text: str, mention: Mention, others: Sequence[Mention]) -> str:
    """Give who must do what the mention times, "" where the passage names nobody."""
    sentences = split_sentences(text)
    index = _index(sentences, mention.start)
    if index is None:
        return ""
    clauses = split_clauses(text, sentences[index])
    at = _index(clauses, mention.start)
    if at is None:
        return ""
    return (
        _in_clause(text, clauses[at], mention)
        or _behind(text, clauses[at:], mention)
        or _before(text, clauses[: at + 1], others)
        or _earlier(text, sentences[: index + 1], mention)
    )


def _index(stretches: Sequence[Stretch], at: int) -> int | None:
    return next((n for n, s in enumerate(stretches) if s.start <= at <= s.end), None)


def _in_clause(text: str, clause: Stretch, mention: Mention) -> str:
    """The subject before the phrase in its own clause."""
    words = text[clause.start : clause.end]
    limit = mention.start - clause.start
    found = leading_subject(words, limit)
    if found:
        return found
    before = words[:limit]
    last = before.rpartition("、")[2]
    return trailing_subject(before) or leading_subject(last, len(last)) or _loose(before)


def _loose(before: str) -> str:
    """A subject with some words of the event between it and the phrase: 安委办事故查处|结案后."""
    for at in range(len(before), max(len(before) - _GAP, 1), -1):
        if before[:at].endswith(("办公室", "委员会", "部门", "单位", "负责人", "企业", "政府")):
            return leading_subject(before[:at], at)
    return ""


def _behind(text: str, clauses: Sequence[Stretch], mention: Mention) -> str:
    """The subject after the phrase: 5月底前，各单位要……; 每年由应急办牵头……."""
    rest = text[mention.end : clauses[0].end]
    by = _BY.match(rest)
    if by:
        return leading_subject(by[1], len(by[1])) or by[1]
    if text[clauses[0].start : mention.start].strip(" 在从于自"):
        return ""
    if rest.strip("前，时、内起"):
        return leading_subject(rest.lstrip("前时内起、"))
    if len(clauses) == 1 or clauses[0].mark != "，":
        return ""
    return leading_subject(text[clauses[1].start : clauses[1].end])


def _before(text: str, clauses: Sequence[Stretch], others: Sequence[Mention]) -> str:
    """The nearest subject in the clauses before, up to the beginning of the sentence.

    A group behind ； that opens with a time of its own keeps its subject to itself.
    """
    crossed = False
    for number in range(len(clauses) - 2, -1, -1):
        clause = clauses[number]
        crossed = crossed or clause.mark == "；"
        found = _subject_of(text, clause)
        if found and not (crossed and _timed(clauses[: number + 1], others)):
            return found
    return ""


def _subject_of(text: str, clause: Stretch) -> str:
    words = text[clause.start : clause.end]
    layer = _LAYER.match(words)
    if layer:
        return layer[1]
    found = leading_subject(words)
    role = None if found else _ROLE.search(words)
    return role[1] if role else found


def _timed(clauses: Sequence[Stretch], others: Sequence[Mention]) -> bool:
    """Whether the group of the last of these clauses opens with a time phrase."""
    first = len(clauses) - 1
    while first > 0 and clauses[first - 1].mark != "；":
        first -= 1
    opening = clauses[first]
    return any(
        opening.start <= m.start <= opening.start + 1 and m.end >= opening.end - 1 for m in others
    )


def _earlier(text: str, sentences: Sequence[Stretch], mention: Mention) -> str:
    """The subject of the sentences before, as far as the same 一是, 二是 reaches."""
    own = sentences[-1]
    if _ORDINAL.match(text[own.start : own.end]) or _starts_afresh(text, own, mention):
        return ""
    for sentence in reversed(sentences[:-1]):
        clauses = split_clauses(text, sentence)
        found = next(filter(None, (_subject_of(text, c) for c in reversed(clauses))), "")
        if found:
            return found
        if _ORDINAL.match(text[sentence.start : sentence.end]):
            return ""
    return ""


def _starts_afresh(text: str, sentence: Stretch, mention: Mention) -> bool:
    """Whether the sentence opens with a vague time of its own: 在重要节点，组织专家检查."""
    opening = text[sentence.start : mention.start].strip(" 在")
    return not opening and isinstance(mention.schedule, Undetermined)


def distribute(actor: str, count: int) -> tuple[str, ...]:
    """Give each of several schedules joined by 分别 its own actor.

    >>> distribute("市县两级监管部门", 2)
    ('市级监管部门', '县级监管部门')
    >>> distribute("镇长、分管副镇长", 2)
    ('镇长', '分管副镇长')
    >>> distribute("各单位", 2)
    ('各单位', '各单位')
    """
    tiers = _TIERS.search(actor)
    if tiers and len(tiers[1]) == count == _NUMBERS[tiers[2]]:
        return tuple(f"{actor[: tiers.start()]}{t}级{actor[tiers.end() :]}" for t in tiers[1])
    named = actor.split("、")
    return tuple(named) if len(named) == count else (actor,) * count
