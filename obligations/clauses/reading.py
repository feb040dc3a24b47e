"""A document -> its clauses."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from obligations.clauses.actions import find_action, task_action
from obligations.clauses.actors import distribute, find_actor, inherit, opens_anew, subject_of
from obligations.clauses.layout import read_passages
from obligations.clauses.leads import Lead, keep_lead, next_lead
from obligations.clauses.model import Clause
from obligations.clauses.passage import Passage
from obligations.clauses.quotes import count_words, exact_quote
from obligations.clauses.sentences import Sentence, read_sentences
from obligations.documents import Document
from obligations.phrases import Mention, find
from obligations.schedule import After, Undetermined

_SHARED = "分别"


class _Found(NamedTuple):
    """What a sentence says about one time phrase; the places count from its first character."""

    mention: Mention
    quote: tuple[int, int]
    actor: str
    action: str


def read_clauses(document: Document) -> tuple[Clause, ...]:
    """Give every duty with a time, in the order of the lines."""
    found: list[Clause] = []
    lead = Lead()
    for passage in read_passages(document):
        lead = keep_lead(lead, passage)
        found.extend(_read(document, passage, lead.name))
        lead = next_lead(lead, passage)
    return tuple(sorted(found, key=lambda clause: clause.line))


def _read(document: Document, passage: Passage, lead: str) -> Iterator[Clause]:
    mentions = find(passage.text, year=document.year)
    if not mentions:
        return
    said = count_words(passage.text, mentions)
    subject, action = _task(passage, document.year)
    inherited = subject or passage.who or lead
    left = len(mentions)
    for sentence in read_sentences(passage.text, mentions):
        if opens_anew(sentence):
            inherited = ""
        spoken = [m for m in sentence.mentions if not _in_title(sentence.text, m)]
        actors = [find_actor(sentence, _host(m, spoken), inherited) for m in spoken]
        for mention, actor in zip(spoken, _share(sentence.text, spoken, actors), strict=True):
            quote = exact_quote(sentence, mention, said)
            words = action or find_action(sentence, _host(mention, spoken), actor)
            yield _clause(document, passage, sentence, _Found(mention, quote, actor, words))
        left -= len(sentence.mentions)
        if not left:
            return
        inherited = inherit(sentence, inherited)


def _clause(document: Document, passage: Passage, sentence: Sentence, found: _Found) -> Clause:
    offset = passage.start + sentence.offset
    start, end = (offset + at for at in found.quote)
    mention = found.mention
    start = max(start, passage.paragraph.origin(offset + mention.start))
    return Clause(
        line=passage.paragraph.place(offset + mention.start)[0],
        item=passage.item,
        quote=document.quote(passage.paragraph, start, end),
        schedule=mention.schedule,
        actor=found.actor,
        action=found.action,
        units=passage.units,
        sentence=sentence.text + sentence.mark,
        mark=mention.start,
        mark_end=mention.end,
    )


def _host(mention: Mention, mentions: Sequence[Mention]) -> Mention:
    """Give the list of occasions that an event is one of: 在汛期、企业复工等重要时段."""
    if not isinstance(mention.schedule, After):
        return mention
    around = (m for m in mentions if m.start <= mention.start and mention.end <= m.end)
    return next((m for m in around if isinstance(m.schedule, Undetermined)), mention)


def _in_title(text: str, mention: Mention) -> bool:
    """Whether the phrase stands in the title of another document: 《……三年行动（2024—2026年）》."""
    opened = text.rfind("《", 0, mention.start)
    return opened > text.rfind("》", 0, mention.start) and "》" in text[mention.end :]


def _task(passage: Passage, year: int | None) -> tuple[str, str]:
    """Give who and what, for a passage that only says when; the words stand in another cell."""
    if not passage.task:
        return "", ""
    first = next(read_sentences(passage.task))
    mentions = find(passage.task, year=year)
    return subject_of(first, first.clauses[0]), task_action(passage.task, passage.heading, mentions)


def _share(text: str, mentions: Sequence[Mention], actors: list[str]) -> list[str]:
    """Give each of the phrases behind 分别 its own actor."""
    shared = list(actors)
    index = 0
    while index < len(mentions):
        last = index
        if text[: mentions[index].head].endswith(_SHARED):
            while last + 1 < len(mentions) and mentions[last + 1].head - mentions[last].tail <= 1:
                last += 1
            shared[index : last + 1] = distribute(actors[index], last - index + 1)
        index = last + 1
    return shared
