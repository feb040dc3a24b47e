"""A document -> its clauses."""

from collections.abc import Iterator, Sequence

from obligations.clauses.actions import find_action, task_action
from obligations.clauses.actors import distribute, find_actor
from obligations.clauses.layout import read_passages
from obligations.clauses.model import Clause
from obligations.clauses.passage import Passage
from obligations.clauses.sentences import split_clauses, split_sentences
from obligations.clauses.subjects import leading_subject
from obligations.documents import Document
from obligations.phrases import Mention, find

_SHARED = "分别"


def read_clauses(document: Document) -> tuple[Clause, ...]:
    """Give every duty with a time, in the order of the lines."""
    found = [
        clause for passage in read_passages(document) for clause in _read(document, passage)
    ]
    return tuple(sorted(found, key=lambda clause: clause.line))


def _read(document: Document, passage: Passage) -> Iterator[Clause]:
    text = passage.text
    mentions = [m for m in find(text, year=document.year) if not _in_title(text, m)]
    actors = [_actor(passage, text, mention, mentions) for mention in mentions]
    for mention, actor in zip(mentions, _share(text, mentions, actors), strict=True):
        yield _clause(document, passage, mention, actor, _action(passage, mention, mentions))


def _clause(
    document: Document, passage: Passage, mention: Mention, actor: str, action: str
) -> Clause:
    text = passage.text
    start, end = passage.start + mention.start, passage.start + mention.end
    sentence = next(s for s in split_sentences(text) if s.end >= mention.start)
    return Clause(
        line=passage.paragraph.place(start)[0],
        item=passage.item,
        quote=document.quote(passage.paragraph, start, end),
        schedule=mention.schedule,
        actor=actor,
        action=action,
        units=passage.units,
        sentence=text[sentence.start : sentence.end] + sentence.mark,
        mark=mention.start - sentence.start,
    )


def _in_title(text: str, mention: Mention) -> bool:
    """Whether the phrase stands in the title of another document: 《……三年行动（2024—2026年）》."""
    opened = text.rfind("《", 0, mention.start)
    return opened > text.rfind("》", 0, mention.start) and "》" in text[mention.end :]


def _actor(passage: Passage, text: str, mention: Mention, others: Sequence[Mention]) -> str:
    found = find_actor(text, mention, others)
    if found or not passage.task:
        return found
    sentences = split_sentences(passage.task)
    clauses = split_clauses(passage.task, sentences[0]) if sentences else ()
    return leading_subject(passage.task[clauses[0].start : clauses[0].end]) if clauses else ""


def _action(passage: Passage, mention: Mention, others: Sequence[Mention]) -> str:
    if passage.task:
        return task_action(passage.task, passage.heading)
    return find_action(passage.text, mention, others)


def _share(text: str, mentions: Sequence[Mention], actors: list[str]) -> list[str]:
    """Give each of the phrases behind 分别 its own actor."""
    shared = list(actors)
    index = 0
    while index < len(mentions):
        last = index
        if text[: mentions[index].head].endswith(_SHARED):
            while last + 1 < len(mentions) and mentions[last + 1].head - mentions[last].tail in (0, 1):
                last += 1
            shared[index : last + 1] = distribute(actors[index], last - index + 1)
        index = last + 1
    return shared
