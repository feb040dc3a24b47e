"""What differs between a rule and the draft that the notice now gives: field by field."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from obligations.drafts.kept import Kept
from obligations.drafts.likeness import bare
from obligations.drafts.model import Draft
from obligations.phrases import explain
from obligations.rules.timing import issued, read_timing, undetermined
from obligations.schedule import Schedule, Undetermined

KEYS = ("事项", "责任人", "频次", "责任单位")
NOTHING = "（没有）"


@dataclass(frozen=True, slots=True)
class Field:
    """One key of a rule: what the file has, and what the notice says now."""

    key: str
    old: str
    new: str


def differences(draft: Draft, rule: Kept) -> tuple[Field, ...]:
    """Give what the notice changed; what only people changed in the file is no difference.

    The rule's mark tells which. A rule without one is compared by what it says itself.
    """
    now, then = draft.mark.split("."), rule.mark.split(".")
    if len(now) == len(then) == len(KEYS):
        keys = {key for key, one, two in zip(KEYS, now, then, strict=True) if one != two}
    else:
        keys = _unlike(draft, rule)
    return tuple(Field(key, *_values(key, draft, rule)) for key in KEYS if key in keys)


def _unlike(draft: Draft, rule: Kept) -> set[str]:
    unlike = {
        "事项": bare(draft.matter) != bare(rule.matter),
        "责任人": set(map(bare, draft.bearers)) != set(map(bare, terms(rule.bearer))),
        "频次": draft.schedule != _schedule(rule),
    }
    return {key for key, differs in unlike.items() if differs}


def _values(key: str, draft: Draft, rule: Kept) -> tuple[str, str]:
    match key:
        case "事项":
            return rule.matter or NOTHING, draft.matter or NOTHING
        case "责任人":
            return _listed(terms(rule.bearer)), _listed(draft.bearers)
        case "频次":
            return _times(draft, rule)
        case _:
            return "见原来的通知", _listed(draft.units or draft.bearers)


def _times(draft: Draft, rule: Kept) -> tuple[str, str]:
    """Give both times as they are written, and in plain words where they are written alike."""
    then = _schedule(rule)
    old = rule.frequency if isinstance(rule.frequency, str) else explain(then)
    new = draft.phrase or explain(draft.schedule)
    if bare(old) == bare(new) and not isinstance(draft.schedule, Undetermined):
        old, new = explain(then), explain(draft.schedule)
    return old or NOTHING, new


def _schedule(rule: Kept) -> Schedule:
    return read_timing(rule.frequency, issued(rule.document)).schedule


def decided(frequency: Any, document: str) -> bool:  # noqa: ANN401 - as the file has it
    """Whether 频次 says clearly when the duty is owed."""
    return undetermined(read_timing(frequency, issued(document)).schedule) is None


def terms(bearer: Any) -> tuple[str, ...]:  # noqa: ANN401 - as the file has it
    """Give everybody that 责任人 names, in whatever form.

    >>> terms({"日": "监管人员", "周": ["镇长", "副镇长"]})
    ('监管人员', '镇长', '副镇长')
    """
    if isinstance(bearer, dict):
        return tuple(term for inner in bearer.values() for term in terms(inner))
    if isinstance(bearer, list):
        return tuple(term for inner in bearer for term in terms(inner))
    return (bearer,) if isinstance(bearer, str) and bearer else ()


def _listed(words: Iterable[str]) -> str:
    return "、".join(words) or NOTHING
