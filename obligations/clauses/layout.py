"""A document -> passages: paragraphs that may hold duties, with their item and their units."""

import re
from dataclasses import dataclass, field, replace

from obligations.clauses.passage import Passage
from obligations.clauses.rows import read_table
from obligations.clauses.units import closing_bracket, find_time, is_label_line, read_labels
from obligations.documents import Document, Level, Number, Paragraph, Table, is_title, read_number

_PREAMBLE = re.compile(r"通知如下|如下通知|制定本[\u4e00-\u9fff]{1,8}[。：]|印发给你们|转发给你们")
_ANNEX = re.compile(r"附[件表录]?\s*\d{0,2}\s*(?:[：:].*)?$")


@dataclass(slots=True)
class _Reading:
    """Where the reading of the paragraphs stands; lives only inside ``read_passages``."""

    number: Number | None = None
    started: bool = False
    waiting: int = 0
    above: Number | None = None
    shared: tuple[str, ...] = ()
    fallback: dict[int, tuple[str, ...]] = field(default_factory=dict)


def read_passages(document: Document) -> tuple[Passage, ...]:
    """Give the passages of a document in order."""
    passages: list[Passage] = []
    state = _Reading()
    for block in document.blocks:
        if isinstance(block, Table):
            passages.extend(read_table(block))
            state = _Reading(started=True, waiting=len(passages), fallback=state.fallback)
        else:
            _take(block, state, passages)
    return tuple(
        replace(passage, units=passage.units or state.fallback.get(index, ()))
        for index, passage in enumerate(passages)
    )


def _take(paragraph: Paragraph, state: _Reading, passages: list[Passage]) -> None:
    text = paragraph.text
    if is_label_line(text):
        _assign(passages, state.waiting, read_labels(text))
        _add_time(passages, state.waiting, paragraph, 0)
        return
    number = read_number(text)
    if number:
        if _is_new(number, state.number):
            state.waiting = len(passages)
        state.number = number
    if _ANNEX.match(text):
        state.number = None
    end, units = closing_bracket(text)
    _share(state, number, units if not any(mark in text[:end] for mark in "。；，") else ())
    if _says_nothing(paragraph, number, started=state.started):
        return
    state.started = state.started or number is not None
    if state.shared:
        state.fallback[len(passages)] = state.shared
    passages.append(
        Passage(
            paragraph=paragraph,
            start=number.end if number else 0,
            end=end,
            item=state.number.text if state.number else "",
        )
    )
    if units:
        _assign(passages, state.waiting, units)
    _add_time(passages, len(passages) - 1, paragraph, end)


def _share(state: _Reading, number: Number | None, units: tuple[str, ...]) -> None:
    """Keep the units of a heading for the items under it: （七）教学安全（责任部门：教导处）."""
    if number is None:
        return
    if units:
        state.above, state.shared = number, units
    elif state.above and number.level <= state.above.level:
        state.above, state.shared = None, ()


def _add_time(passages: list[Passage], first: int, paragraph: Paragraph, at: int) -> None:
    """Read the time behind 完成时限： as the time of the item before it."""
    start, end = find_time(paragraph.text, at)
    if start < end and first < len(passages):
        item = passages[first]
        passages.append(
            replace(item, paragraph=paragraph, start=start, end=end, task=item.text.strip())
        )


def _assign(passages: list[Passage], first: int, units: tuple[str, ...]) -> None:
    """Give the units to every passage of the item that has none yet."""
    for index in range(first, len(passages)):
        held = passages[index]
        passages[index] = replace(held, units=held.units or units)


def _is_new(number: Number, before: Number | None) -> bool:
    """Whether the number opens an item of its own, and no point under the one before."""
    return before is None or number.level is not Level.POINT


def _says_nothing(paragraph: Paragraph, number: Number | None, *, started: bool) -> bool:
    text = paragraph.text
    if number and number.level is Level.CHAPTER:
        return not any(mark in text for mark in "。；")
    if is_title(text) or _ANNEX.match(text):
        return True
    return not started and bool(_PREAMBLE.search(text))
