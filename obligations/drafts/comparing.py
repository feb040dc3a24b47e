"""What a notice says now -> what is new, changed or gone against the rules that are there."""

from collections import deque
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from obligations.drafts.editions import earlier_edition, edition_of, twin_of
from obligations.drafts.fields import Field, decided, differences
from obligations.drafts.ids import digest
from obligations.drafts.kept import Kept
from obligations.drafts.likeness import bare, likeness
from obligations.drafts.model import Draft

ALIKE = 0.5
_MANY = 200
_KEYS = (("事项", "matter"), ("责任人", "bearer"), ("频次", "frequency"))
Pair = tuple[Draft, Kept]
Key = Callable[[Any], object]


@dataclass(frozen=True, slots=True)
class Change:
    """A rule that the notice now words otherwise, and the draft that would take its place."""

    rule: Kept
    draft: Draft
    fields: tuple[Field, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """What a notice brings: every draft is in one of new, changed, same; gone are old rules.

    ``moved`` are those among ``same`` that only stand under another item; ``earlier`` is the
    document of the year before, if the rules have it.
    """

    new: tuple[Draft, ...] = ()
    changed: tuple[Change, ...] = ()
    same: tuple[Pair, ...] = ()
    gone: tuple[Kept, ...] = ()
    earlier: str = ""
    known: bool = False

    @property
    def moved(self) -> tuple[Pair, ...]:
        """The duties that only stand under another item than the file says."""
        return tuple((d, k) for d, k in self.same if k.imported and not _items(d) & _items(k))

    @property
    def written(self) -> tuple[Draft, ...]:
        """The drafts that go into the file, in the order of the notice."""
        return (*(change.draft for change in self.changed), *self.new)


def compare(drafts: Sequence[Draft], rules: Sequence[Kept]) -> Comparison:
    """Give what the drafts of one notice change in the rules."""
    if not drafts:
        return Comparison()
    document, title = drafts[0].document, drafts[0].title
    own, earlier = edition_of(rules, document), earlier_edition(rules, document, title)
    over = {rule.replaces for rule in rules}
    same, changed, left = _match(drafts, own, over)
    before, altered, left = _match(left, earlier, over)
    if not own and not earlier:
        before, left, _ = _pair(left, twin_of(drafts, rules), _reading)
    met = {id(rule) for _, rule in (*same, *changed, *before, *altered)}
    ids = {rule.id for rule in rules}
    new = _fresh(left, ids)
    changes = _changes((*changed, *altered), ids | {draft.id for draft in new})
    return Comparison(
        new=new,
        changed=changes,
        same=(*same, *before),
        gone=tuple(
            rule
            for rule in (*own, *earlier)
            if id(rule) not in met and rule.imported and rule.id not in over
        ),
        earlier=earlier[0].document if earlier else "",
        known=any(rule.imported for rule in (*own, *earlier)),
    )


def _match(
    drafts: Sequence[Draft], rules: Sequence[Kept], over: Collection[str]
) -> tuple[list[Pair], list[Pair], Sequence[Draft]]:
    """Give the pairs that say the same, those that changed, and the drafts without a rule.

    A rule whose place another one is about to take, one of ``over``, can be the same, not changed.
    """
    same: list[Pair] = []
    changed: list[Pair] = []
    left, free = list(drafts), list(rules)
    for key in (_all, _reading):
        pairs, left, free = _pair(left, free, key)
        same += pairs
    free = [rule for rule in free if rule.id not in over]
    for key in (_place, _name):
        pairs, left, free = _pair(left, free, key)
        same += [pair for pair in pairs if not pair[1].mark]
        changed += [pair for pair in pairs if pair[1].mark]
    for key in (_who_what, _what_when, _matter):
        pairs, left, free = _pair(left, free, key)
        changed += pairs
    pairs, left = _alike(left, free)
    same += [pair for pair in pairs if _settled(*pair)]
    changed += [pair for pair in pairs if not _settled(*pair)]
    return same, changed, left


def _settled(draft: Draft, rule: Kept) -> bool:
    """Whether people wrote the rule themselves, in words of their own for the same time."""
    return not rule.imported and "频次" not in {field.key for field in differences(draft, rule)}


def _items(one: Draft | Kept) -> frozenset[str]:
    return frozenset(map(bare, one.item.split("、")))


def _all(one: Draft | Kept) -> object:
    return one.mark and (bare(one.item), bare(one.quote), one.mark)


def _reading(one: Draft | Kept) -> object:
    return one.mark


def _place(one: Draft | Kept) -> object:
    return one.quote and (bare(one.item), bare(one.quote))


def _name(one: Draft | Kept) -> object:
    return one.id


def _who_what(one: Draft | Kept) -> object:
    what, who, *_ = one.mark.split(".") if one.mark.count(".") > 1 else ("", "")
    return what and (what, who)


def _what_when(one: Draft | Kept) -> object:
    what, _, when, *_ = one.mark.split(".") if one.mark.count(".") > 1 else ("", "", "")
    return what and (what, when)


def _matter(one: Draft | Kept) -> object:
    return one.quote and one.matter and (_first(one.item), bare(one.matter))


def _first(item: str) -> str:
    return bare(item.partition("、")[0])


def _pair(
    drafts: Iterable[Draft], rules: Iterable[Kept], key: Key
) -> tuple[list[Pair], list[Draft], list[Kept]]:
    """Pair what has the same key, in order; nothing without a key is paired."""
    waiting: dict[object, deque[Kept]] = {}
    for rule in rules:
        if key(rule):
            waiting.setdefault(key(rule), deque()).append(rule)
    pairs: list[Pair] = []
    left: list[Draft] = []
    for draft in drafts:
        fellows = waiting.get(key(draft)) if key(draft) else None
        if fellows:
            pairs.append((draft, fellows.popleft()))
        else:
            left.append(draft)
    met = {id(rule) for _, rule in pairs}
    return pairs, left, [rule for rule in rules if id(rule) not in met]


def _alike(drafts: Sequence[Draft], rules: Sequence[Kept]) -> tuple[list[Pair], list[Draft]]:
    """Pair the likest of each item first, as long as half of their characters go together."""
    by_item: dict[str, list[Kept]] = {}
    for rule in rules:
        by_item.setdefault(_first(rule.item), []).append(rule)
    scores = [
        (-_likeness(draft, rule), n, m, draft, rule)
        for n, draft in enumerate(drafts)
        for m, rule in enumerate(by_item.get(_first(draft.item), ())[:_MANY])
    ]
    pairs: list[Pair] = []
    met: set[int] = set()
    for score, _, _, draft, rule in sorted(scores, key=lambda found: found[:3]):
        if -score >= ALIKE and not {id(draft), id(rule)} & met:
            met |= {id(draft), id(rule)}
            pairs.append((draft, rule))
    return pairs, [draft for draft in drafts if id(draft) not in met]


def _likeness(draft: Draft, rule: Kept) -> float:
    return likeness(draft.matter, rule.matter)


def _fresh(drafts: Iterable[Draft], ids: Iterable[str]) -> tuple[Draft, ...]:
    taken = set(ids)
    fresh = []
    for draft in drafts:
        fresh.append(replace(draft, id=_free_id(draft, taken)))
        taken.add(fresh[-1].id)
    return tuple(fresh)


def _free_id(draft: Draft, taken: set[str]) -> str:
    """Give the draft's id, longer by a few letters where a rule with other words has it."""
    longer = (draft.id + digest(draft.mark, length) for length in range(2, 12))
    return next((made for made in (draft.id, *longer) if made not in taken), draft.id)


def _changes(pairs: Iterable[Pair], ids: Iterable[str]) -> tuple[Change, ...]:
    taken = set(ids)
    changes = []
    for draft, rule in pairs:
        fields = differences(draft, rule)
        made = _free_id(draft, taken)
        taken.add(made)
        said = {field.key for field in fields}
        kept = ((key, getattr(rule, name)) for key, name in _KEYS if key not in said)
        over = tuple((key, written) for key, written in (*kept, *rule.rest) if written)
        asked = _still_asked(draft, over, draft.document)
        proposed = replace(draft, id=made, replaces=rule.id, taken=over, asked=asked)
        changes.append(Change(rule, proposed, fields))
    return tuple(changes)


def _still_asked(
    draft: Draft, taken: Iterable[tuple[str, Any]], document: str
) -> tuple[tuple[str, str], ...]:
    """Give what stays open after the office's answers in the old rule are taken over."""
    answered = {key for key, written in taken if key != "频次" or decided(written, document)}
    return tuple(question for question in draft.asked if question[0] not in answered)
