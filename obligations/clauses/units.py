"""The units that a notice makes responsible, wherever it names them."""

import re
from collections.abc import Iterable, Sequence

from obligations.clauses.subjects import ends_like_subject
from obligations.clauses.words import ENDINGS

_ROLE = r"(?:第一|主要|主体)?(?:责任|牵头|配合|主办|协办|承办|参与|落实|实施|主责|督导)"
_BODY = r"(?:单位|部门|科室|机构|主体)"
_LABEL = re.compile(rf"{_ROLE}{_BODY}(?:及{_ROLE}?{_BODY})?[：:]")
_COLUMN = re.compile(rf"{_ROLE}{_BODY}|^(?:牵头|配合|责任|主办|协办)$|^{_BODY}$")
_PERSON = re.compile(
    r"[，、；;,]?\s{0,9}(?:责任|分管|牵头|联系)(?:领导|人|人员)[：:][^，；;（）]{0,40}"
)
_TIME = re.compile(r"(?:完成|整改|办理|落实|办结)?(?:时限|时间|期限)[：:]")
_TIME_PART = re.compile(
    rf"[，、；;,。]?\s{{0,9}}{_TIME.pattern}(?:(?!{_LABEL.pattern})[^；;）)。])*"
)
_SPLIT = "、，；,;"
_BLANK = re.compile(r"[ \u3000\t]+")
_BEARS = re.compile(
    r"由?([^，；：:]{2,}?)(?:按照?职责(?:分工)?|分别|共同|各自)?"
    r"(?:牵头(?:负责|落实|组织)?|负责(?:落实)?|配合|参与|参加|协助|主办|协办|承办|落实)"
)
_INLINE = re.compile(rf"(?<=[。；;\s])\s{{0,9}}{_LABEL.pattern}")
_OPEN = "（(【[〔《“"
_CLOSE = "）)】]〕》”"


def is_unit_column(heading: str) -> bool:
    """Whether a column of this name holds responsible units.

    >>> is_unit_column("责任部门（科室）"), is_unit_column("责任领导"), is_unit_column("完成时限")
    (True, False, False)
    """
    return bool(_COLUMN.search(heading))


def is_label_line(text: str) -> bool:
    """Whether a paragraph only names units or a time: 责任单位：各村（社区）."""
    if not _opens_label(text.lstrip("（( "), 0):
        return False
    _, _, behind = text.partition("）")
    return not (text.startswith("（") and "。" in behind)


def _opens_label(text: str, at: int) -> bool:
    return bool(_LABEL.match(text, at) or _TIME.match(text, at) or _PERSON.match(text, at))


def find_time(text: str, start: int = 0) -> tuple[int, int]:
    """Give where the words behind 完成时限： stand, an empty stretch where there are none.

    >>> find_time("责任单位：城管办；完成时限：6月底前）")
    (14, 18)
    """
    label = _TIME.search(text, start)
    part = _TIME_PART.match(text, label.start()) if label else None
    return (label.end(), part.end()) if label and part else (len(text), len(text))


def split_units(text: str) -> tuple[str, ...]:
    """Give the units of a list, split at 、，； outside brackets.

    A blank parts two units too, where each side of it is a name of its own.

    >>> split_units("党政办、应急办、村（社区、居委会）和站所")
    ('党政办', '应急办', '村（社区、居委会）和站所')
    >>> split_units("县公安局 各乡镇政府"), split_units("县人民政府 办公室")
    (('县公安局', '各乡镇政府'), ('县人民政府 办公室',))
    """
    return merge_units(*(_unblanked(part) for part in _parts(text)))


def _unblanked(part: str) -> Iterable[str]:
    names = _BLANK.split(part.strip())
    whole = all(name.endswith(ENDINGS) and name not in ENDINGS for name in names)
    return names if whole else (part,)


def _parts(text: str) -> Iterable[str]:
    depth = start = 0
    for index, char in enumerate(text):
        if char in _OPEN:
            depth += 1
        elif char in _CLOSE:
            depth = max(depth - 1, 0)
        elif char in _SPLIT and not depth:
            yield text[start:index]
            start = index + 1
    yield text[start:]


def merge_units(*lists: Iterable[str]) -> tuple[str, ...]:
    """Give all the units once, in their order, without blanks and full stops."""
    units = (_bare(unit) for part in lists for unit in part)
    return tuple(dict.fromkeys(unit for unit in units if unit))


def _bare(unit: str) -> str:
    """The name without the marks around it, a bracket that nothing opens included."""
    name = unit.strip(" \u3000\t。.；;：:")
    opened = any(mark in name for mark in _OPEN)
    return name if opened else name.rstrip(_CLOSE)


def read_labels(text: str) -> tuple[str, ...]:
    """Give the units behind labels such as 牵头单位： and 责任单位：.

    >>> read_labels("牵头单位：应急办，责任单位：派出所、各村（社区）")
    ('应急办', '派出所', '各村（社区）')
    """
    spoken = _PERSON.sub("", _TIME_PART.sub("", text))
    found = list(_LABEL.finditer(spoken))
    ends = [*(label.start() for label in found[1:]), len(spoken)]
    parts = zip(found, ends, strict=False)
    return merge_units(*(split_units(spoken[label.end() : end]) for label, end in parts))


def closing_bracket(text: str) -> tuple[int, tuple[str, ...]]:
    """Give where the bracket with the units begins at a paragraph's end, and the units.

    Without such a bracket it begins where the text ends.

    >>> closing_bracket("每月检查一次。（责任单位：城管办）")
    (7, ('城管办',))
    """
    end = len(text.rstrip("。；; \u3000"))
    start = _opening(text, end - 1)
    if start is None:
        return _inline_label(text)
    inside = text[start + 1 : end - 1]
    if _opens_label(text, start + 1):
        return start, read_labels(inside)
    units = _bearers(inside)
    return (start, units) if units else _inline_label(text)


def _inline_label(text: str) -> tuple[int, tuple[str, ...]]:
    """Where a label stands behind the last sentence of a paragraph: ……。责任单位：城管队."""
    label = _INLINE.search(text)
    if label is None:
        return len(text), ()
    return label.start(), read_labels(text[label.start() :])


def _bearers(text: str) -> tuple[str, ...]:
    """The units of 区教育局牵头，各镇街配合, nothing where the words say anything else."""
    parts = [part.strip() for part in re.split(r"[，；。]", text) if part.strip()]
    found = [_BEARS.fullmatch(part) for part in parts]
    names = [match[1] if match else part for match, part in zip(found, parts, strict=True)]
    if not found or not found[-1] or not all(map(ends_like_subject, names)):
        return ()
    return merge_units(*(split_units(name) for name in names))


def _opening(text: str, close: int) -> int | None:
    """Where the bracket opens that closes at ``close``."""
    if close < 0 or text[close] not in "）)】]":
        return None
    depth = 0
    for index in range(close, -1, -1):
        if text[index] in "）)】]":
            depth += 1
        elif text[index] in "（(【[":
            depth -= 1
            if depth == 0:
                return index
    return None


def column_units(cells: Sequence[str]) -> tuple[str, ...]:
    """Give the units of several cells of a row, each once."""
    return merge_units(*(split_units(cell) for cell in cells))
