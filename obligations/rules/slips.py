"""Slips of the pen: full-width colon, missing blank, curly quotes, tabs; and their mending."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from obligations.rules.sheet import KEYS
from obligations.rules.tree import Tree, Word

CURLY = "“”‘’„‟＂"
BY_LENGTH = sorted(KEYS, key=len, reverse=True)
ENTRY = re.compile(rf"[ \t]*(?:-[ \t]+)*(?:{'|'.join(BY_LENGTH)})([ \t]*)([：:])(?=(.?))")
NAMED = re.compile(r"[ \t]*(?:-[ \t]+)?[^\s：:#\"'“”‘’\[\]{},&*!|>%@`-][^\s：:#\[\]{},]{0,30}(：)[ \t]*(?=$|[{\[#])")
INNER = re.compile(rf"(?:^|(?<=[，,\s]))(?:{'|'.join(BY_LENGTH)})([：:])")
QUOTED = re.compile(r"[:：]\s*([\"'“”‘’])([^\"'“”‘’\\]*)([\"'“”‘’])[ \t]*(?=$|#|[,}])")
BLOCK = re.compile(r"(?:[^#\"']*: +|[ ]*- +)[|>][+-]?[0-9]?[ \t]*(?:#.*)?$")
COMPOUND = re.compile(r"[日周旬月季年]{2,}")
QUOTING = ("原文", "quote")
TAB = "  "


@dataclass(frozen=True, slots=True, order=True)
class Slip:
    """What is written at a place, what stands there instead once mended, and the sentence."""

    line: int
    column: int
    written: str
    mended: str
    message: str


def slips(text: str, tree: Tree | None) -> tuple[Slip, ...]:
    """Give every slip; ``tree`` is what the text says as it is, None if it cannot be read.

    >>> slips("事项：召开会议", None)[0].message
    '“事项”后面是全角冒号“：”，请改成半角冒号加一个空格“: ”'
    """
    found = set(_line_slips(text, tree))
    if tree is not None:
        for word in tree.odd:
            found.update(_key_slips(word) if word.key else _quote_slips(word))
    return _apart(sorted(found))


def mend(text: str, found: tuple[Slip, ...]) -> str:
    """Give the text with every slip mended.

    >>> mend("事项：召开会议", slips("事项：召开会议", None))
    '事项: 召开会议'
    """
    lines = text.splitlines(keepends=True)
    for line, group in groupby(found, key=lambda slip: slip.line):
        for slip in sorted(group, reverse=True):
            old, start = lines[line - 1], slip.column - 1
            lines[line - 1] = old[:start] + slip.mended + old[start + len(slip.written) :]
    return "".join(lines)


def original_column(found: tuple[Slip, ...], line: int, column: int) -> int:
    """Give the column in the text as written of a column in the mended text."""
    for slip in found:
        if slip.line == line and slip.column + len(slip.mended) <= column:
            column -= len(slip.mended) - len(slip.written)
    return column


def _apart(found: list[Slip]) -> tuple[Slip, ...]:
    """Leave out a slip that begins inside the one before it."""
    kept: list[Slip] = []
    for slip in found:
        last = kept[-1] if kept else None
        if last is None or last.line < slip.line or last.column + len(last.written) <= slip.column:
            kept.append(slip)
    return tuple(kept)


def _line_slips(text: str, tree: Tree | None) -> Iterator[Slip]:
    block = -1
    for n, line in enumerate(text.splitlines(), 1):
        bare = line.lstrip(" ")
        indent = len(line) - len(bare)
        if block >= 0 and (indent > block or not bare):
            continue
        block = -1
        if not bare or bare[0] == "#":
            continue
        if BLOCK.match(line):
            block = indent
        if tree is None or n not in tree.shielded:
            yield from _slips_in(n, line, torn=tree is None)


def _slips_in(n: int, line: str, *, torn: bool) -> Iterator[Slip]:
    for place, letter in enumerate(line):
        if letter == "\t":
            message = "行首用了制表符（Tab），请改成空格"
            yield Slip(n, place + 1, letter, TAB, message)
        elif letter != " ":
            break
    entry = ENTRY.match(line)
    if entry:
        yield from _colon(n, line, entry.start(2), entry[2], entry[3])
    elif torn and (named := NAMED.match(line)):
        yield from _colon(n, line, named.start(1), "：", line[named.end(1) : named.end(1) + 1])
    if torn and (quoted := QUOTED.search(line)) and {quoted[1], quoted[3]} & set(CURLY):
        for group in (1, 3):
            if quoted[group] != '"':
                yield _quote(n, quoted.start(group) + 1, quoted[group])


def _colon(n: int, line: str, place: int, colon: str, after: str) -> Iterator[Slip]:
    blank = "" if after in {" ", ""} else " "
    key = line[:place].strip(" \t-")[-20:]
    if colon == "：":
        message = f"“{key}”后面是全角冒号“：”，请改成半角冒号加一个空格“: ”"
        yield Slip(n, place + 1, colon, ":" + blank, message)
    elif blank and after != "\t":
        message = f"“{key}”的冒号后面缺一个空格，请写成“{key}: …”"
        yield Slip(n, place + 1, colon, ": ", message)


def _key_slips(word: Word) -> Iterator[Slip]:
    """Give the slips in a key that swallowed its value: ``{负责人：周敏}``."""
    line, column = word.spot
    if "\n" in word.text or not any(colon in word.text for colon in "：:"):
        return
    for match in INNER.finditer(word.text):
        place = match.start(1)
        after = word.text[place + 1 : place + 2]
        for slip in _colon(line, word.text, place, match[1], after or "x"):
            yield Slip(line, column + place, slip.written, slip.mended, slip.message)
        comma = match.start() - 1
        if comma > 0 and word.text[comma] == "，":
            message = "两项之间用了全角逗号“，”，请改成半角逗号加一个空格“, ”"
            yield Slip(line, column + comma, "，", ", ", message)


def _quote_slips(word: Word) -> Iterator[Slip]:
    """Give the slips of a value that curly quotes enclose as a whole."""
    inner, (line, column) = word.text[1:-1], word.spot
    whole = len(word.text) > 1 and word.text[-1] in CURLY and not set(inner) & set('“”‘’"\\\n')
    if not whole or COMPOUND.fullmatch(inner) or set(QUOTING) & set(map(str, word.path)):
        return
    yield _quote(line, column, word.text[0])
    yield _quote(line, column + len(word.text) - 1, word.text[-1])


def _quote(line: int, column: int, letter: str) -> Slip:
    message = f"引号{letter}是中文引号，请改成英文双引号 \" 或去掉"
    return Slip(line, column, letter, '"', message)
