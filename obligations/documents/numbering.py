"""The number that a paragraph prints before itself."""

import re
from dataclasses import dataclass
from enum import IntEnum

_CHINESE = "一二三四五六七八九十百零〇"


class Level(IntEnum):
    """How deep a number stands: 一、 over （一） over 1. over （1）."""

    CHAPTER = 1
    SECTION = 2
    TASK = 3
    POINT = 4


@dataclass(frozen=True, slots=True)
class Number:
    """A printed number: ``text`` as an item is cited by it, ``end`` where the words begin."""

    level: Level
    text: str
    end: int


_FORMS = (
    (Level.CHAPTER, re.compile(rf"([{_CHINESE}]{{1,5}})、")),
    (Level.CHAPTER, re.compile(rf"(第[{_CHINESE}\d]{{1,6}}[章节])")),
    (Level.SECTION, re.compile(rf"([（(][{_CHINESE}]{{1,5}}[）)])")),
    (Level.TASK, re.compile(rf"(第[{_CHINESE}\d]{{1,6}}条)")),
    (Level.TASK, re.compile(r"(\d{1,3})(?:[.．](?!\d+(?![\d年月日]))|、)")),
    (Level.POINT, re.compile(r"([（(]\d{1,3}[）)])")),
    (Level.POINT, re.compile(r"(\d{1,3}[）)])")),
    (Level.POINT, re.compile(r"([①-⑳])")),
)
_BARE = re.compile(r"(\d{1,3})(?=[ \u3000]*[\u4e00-\u9fff“《])")
_NO_TASK = re.compile(r"[年月日号时分家次个名人条项天周季届%％]")


def read_number(text: str, *, bare: bool = False) -> Number | None:
    """Give the number at the head of a paragraph; ``bare`` also takes one without a dot.

    >>> read_number("（三）每季度召开会议。").text
    '（三）'
    >>> read_number("12．加强队伍建设。")
    Number(level=<Level.TASK: 3>, text='12', end=3)
    >>> read_number("3.6月底前完成。").text
    '3'
    >>> read_number("12月底前完成。", bare=True)
    """
    start = len(text) - len(text.lstrip())
    for level, form in _FORMS:
        found = form.match(text, start)
        if found:
            return Number(level, found.group(1), found.end())
    found = _BARE.match(text, start) if bare else None
    if found and not _NO_TASK.match(text[found.end() :].lstrip()[:1]):
        return Number(Level.TASK, found.group(1), found.end())
    return None
