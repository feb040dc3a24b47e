"""Which rules of a file come from a notice, or from the one of the year before."""

import re
from collections.abc import Iterable, Sequence

from obligations.drafts.kept import Kept
from obligations.drafts.likeness import bare
from obligations.drafts.model import Draft

_NUMBER = re.compile(r"[〔\[［（(【]((?:19|20)\d{2})[〕\]］）)】]\d{1,6}号$")
_FILE = re.compile(r"\.[A-Za-z]{2,5}$")
_FEWEST = 3
_PLACE = 2
_YEAR = re.compile(
    r"(?:(?:19|20)\d{2}|[一二][〇零○九]?[〇零○一二三四五六七八九]{2,3})(?:年度|年)?|\d+"
)


def same_document(one: str, two: str) -> bool:
    """Whether two names or numbers mean the same document, whatever brackets they have.

    >>> same_document("青溪府发〔2026〕7号", "青溪府发[2026] 7号")
    True
    """
    return bool(bare(one)) and bare(one) == bare(two)


def series(title: str) -> str:
    """Give what the titles of all years have in common.

    >>> series("关于做好2026年汛期值班工作的通知") == series("关于做好2027年汛期值班工作的通知")
    True
    """
    return _YEAR.sub("", bare(title))


def edition_of(rules: Iterable[Kept], document: str) -> tuple[Kept, ...]:
    """Give the rules that come from a document."""
    return tuple(rule for rule in rules if same_document(rule.document, document))


def earlier_edition(rules: Iterable[Kept], document: str, title: str) -> tuple[Kept, ...]:
    """Give the rules of the office's last other document with the same title but for the year."""
    wanted = series(title or document)
    if not wanted:
        return ()
    found: dict[str, list[Kept]] = {}
    for rule in rules:
        named = rule.title or ("" if _number(rule.document) else rule.document)
        other = not same_document(rule.document, document) and _one_office(rule.document, document)
        if other and named and series(named) == wanted:
            found.setdefault(bare(rule.document), []).append(rule)
    order = {name: n for n, name in enumerate(found)}
    last = max(found, key=lambda name: (_year(found[name][0]), order[name]), default=None)
    return tuple(found[last]) if last is not None else ()


def twin_of(drafts: Sequence[Draft], rules: Iterable[Kept]) -> tuple[Kept, ...]:
    """Give the rules of the document of which a file without number and title is a part.

    That is one with which at least half of the file's duties agree in who, what, when and units.
    """
    marks = {draft.mark for draft in drafts if draft.mark and _FILE.search(draft.document)}
    found: dict[str, list[Kept]] = {}
    for rule in rules:
        if rule.mark in marks:
            found.setdefault(bare(rule.document), []).append(rule)
    twin = max(found.values(), key=len, default=[])
    agreed = len({rule.mark for rule in twin})
    return tuple(twin) if agreed >= max(_FEWEST, len(marks) / 2) else ()


def _number(document: str) -> re.Match[str] | None:
    return _NUMBER.search("".join(document.split()))


def _one_office(one: str, two: str) -> bool:
    """Whether two numbers open with the same place; a document without a number may be anyone's."""
    if not (_number(one) and _number(two)):
        return True
    return bare(one)[:_PLACE] == bare(two)[:_PLACE]


def _year(rule: Kept) -> int:
    """Give the year of a rule's document, as its number or else its title tells."""
    number = _number(rule.document)
    found = re.search(r"(?:19|20)\d{2}", rule.title or rule.document)
    return int(number[1]) if number else int(found[0]) if found else 0
