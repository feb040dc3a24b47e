"""Slips of the pen: full-width colon, missing blank, curly quotes, tabs; and their mending."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import groupby

from obligations.rules.sheet import KEYS
from obligations.rules.tree import CURLY, Tree, Word

BY_LENGTH = sorted(KEYS, key=len, reverse=True)
ENTRY = re.compile(rf"[ \t]*(?:-[ \t]+)*(?:{'|'.join(BY_LENGTH)})([ \t]*)([：:])(?=(.?))")
NAMED = re.compile(
    r"[ \t]*(?:-[ \t]+)?[^\s：:#\"'“”‘’\[\]{},&*!|>%@`-]"
    r"[^\s：:#\[\]{},]{0,30}(：)[ \t]*(?=$|[{\[#])"
)
INNER = re.compile(rf"(?:^|(?<=[{{，,\s]))(?:{'|'.join(BY_LENGTH)})(?:([：:])| ?$)")
QUOTED = re.compile(r"[:：]\s*([\"'“”‘’])([^\"'“”‘’\\]*)([\"'“”‘’])[ \t]*(?=$|#|[,}])")
BLOCK = re.compile(r"(?:[^#\"']*: +|[ ]*- +)[|>][+-]?[0-9]?[ \t]*(?:#.*)?$")
COMPOUND = re.compile(r"[日周旬月季年]{2,}")
QUOTING = {"原文", "quote"}
BRACED = re.compile(r"(?<=: )\$\{(\w{1,64})\}")
FULL_DIGITS = re.compile("[０-９]")
HALF = str.maketrans("０１２３４５６７８９", "0123456789")
STEP = 2


@dataclass(frozen=True, slots=True, order=True)
class Slip:
    """What is written at a place, what stands there instead once mended, and the sentence."""

    line: int
    column: int
    written: str
    mended: str
    message: str


@dataclass(frozen=True, slots=True)
class Lead:
    """How far a line is moved to the right: as written, and as meant in blanks."""

    written: str = ""
    width: int = 0
    opens: bool = False
    item: bool = False

    @staticmethod
    def of(line: str, above: "Lead") -> "Lead":
        """Give the lead of a line; tabs mean the line above's lead, one step more after ``:``."""
        bare = line.lstrip(" \t")
        written = line[: len(line) - len(bare)]
        opens, item = bare.rstrip().endswith((":", "：")), bare.startswith("- ")
        if "\t" not in written:
            return Lead(written, len(written), opens, item)
        inside = above.width + STEP * (above.opens or (above.item and not item))
        if written == above.written and not above.opens:
            inside = above.width
        elif "\t" in above.written:
            inside = max(0, above.width + STEP * (len(written) - len(above.written)))
        return Lead(written, inside, opens, item)


def slips(text: str, tree: Tree | None) -> tuple[Slip, ...]:
    """Give every slip; ``tree`` is what the text says as it is, None if it cannot be read.

    >>> slips("事项：召开会议", None)[0].message
    '“事项”后面是全角冒号“：”，请改成半角冒号加一个空格“: ”'
    """
    found = set(_line_slips(text, tree))
    if tree is not None:
        for word in tree.odd:
            found.update(_key_slips(word) if word.key else _value_slips(word))
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


def original_column(slips_of_line: Iterable[Slip], column: int) -> int:
    """Give the column in the text as written of a column in the mended text."""
    for slip in slips_of_line:
        if slip.column + len(slip.mended) <= column:
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
    torn, tabs = tree is None or _swallowed(tree), "\t" in text
    block, lead = -1, Lead()
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
            if tabs and (torn or line.strip()[:1] not in {"", "#"}):
                yield from _tabs(n, line, lead)
            yield from _slips_in(n, line, torn=torn)
        if tabs:
            lead = Lead.of(line, lead)


def _swallowed(tree: Tree) -> bool:
    """Say whether a group of the file was read as words because a name lacks its colon."""
    groups = tree.value.values() if isinstance(tree.value, dict) else ()
    return any(isinstance(group, str) and "：" in group for group in groups)


def _tabs(n: int, line: str, above: Lead) -> Iterator[Slip]:
    blank = line[: len(line) - len(line.lstrip(" \t"))]
    place = blank.find("\t")
    if place >= 0:
        message = "行首用了制表符（Tab），请改成空格，并与上面同一层的内容对齐"
        width = Lead.of(line, above).width
        yield Slip(n, place + 1, blank[place:], " " * max(0, width - place), message)


def _slips_in(n: int, line: str, *, torn: bool) -> Iterator[Slip]:
    entry = ENTRY.match(line)
    if entry:
        yield from _colon(n, line, entry.start(2), entry[2], entry[3])
    elif torn and (named := NAMED.match(line)):
        yield from _colon(n, line, named.start(1), "：", line[named.end(1) : named.end(1) + 1])
    if torn and "{" in line:
        yield from _flow_slips(n, line)
        for setting in BRACED.finditer(line):
            message = f"设置名外面不用花括号，请写成 ${setting[1]}"
            yield Slip(n, setting.start() + 1, setting[0], f"${setting[1]}", message)
    if torn and (quoted := QUOTED.search(line)) and {quoted[1], quoted[3]} & set(CURLY):
        yield from _quoted(n, quoted.start(1) + 1, line[quoted.start(1) : quoted.end(3)])


def _colon(n: int, line: str, place: int, colon: str, after: str) -> Iterator[Slip]:
    blank = "" if after in {" ", ""} else " "
    if colon == ":" and (not blank or after == "\t"):
        return
    key = re.split(r"[\s{，,]", line[max(0, place - 20) : place].rstrip())[-1]
    if colon == "：":
        message = f"“{key}”后面是全角冒号“：”，请改成半角冒号加一个空格“: ”"
        yield Slip(n, place + 1, colon, ":" + blank, message)
    else:
        message = f"“{key}”的冒号后面缺一个空格，请写成“{key}: …”"
        yield Slip(n, place + 1, colon, ": ", message)


def _key_slips(word: Word) -> Iterator[Slip]:
    """Give the slips in a key that swallowed its value: ``{负责人：周敏}``."""
    if "\n" not in word.text:
        line, column = word.spot
        for slip in _flow_slips(line, word.text + " "):
            yield replace(slip, column=column + slip.column - 1)


def _flow_slips(n: int, text: str) -> Iterator[Slip]:
    """Give the slips between the entries of ``{…}``, outside of straight quotes."""
    quotes = seen = 0
    for match in INNER.finditer(text):
        quotes += text.count('"', seen, match.start())
        seen = match.start()
        if quotes % 2:
            continue
        if match[1]:
            place = match.start(1)
            yield from _colon(n, text, place, match[1], text[place + 1 : place + 2])
        comma = match.start() - 1
        if comma > 0 and text[comma] == "，":
            message = "两项之间用了全角逗号“，”，请改成半角逗号加一个空格“, ”"
            yield Slip(n, comma + 1, "，", ", ", message)


def _value_slips(word: Word) -> Iterator[Slip]:
    """Give the slips of a value: curly quotes around it, full-width digits in a number."""
    line, column = word.spot
    if FULL_DIGITS.search(word.text):
        digits = word.text.translate(HALF)
        message = f"“{word.path[-1]}”里有全角数字，请改成半角数字"
        yield Slip(line, column, word.text, digits, message)
    whole = len(word.text) > 1 and word.text[-1] in CURLY
    if whole and not COMPOUND.fullmatch(word.text[1:-1]) and not QUOTING & set(word.path):
        yield from _quoted(line, column, word.text)


def _quoted(line: int, column: int, written: str) -> Iterator[Slip]:
    """Give the slip of a value in curly quotes, unless its inside has quotes of its own."""
    inner = written[1:-1]
    if not set(inner) & {*CURLY, '"', "\\", "\n"}:
        message = f'内容两边的引号{written[0]}{written[-1]}应当是英文双引号，请改成 "…" 或去掉引号'
        yield Slip(line, column, written, f'"{inner}"', message)
