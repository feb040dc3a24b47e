"""A book beside the office -> what changes; what is not sure is told and left as it is."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from obligations.people.model import Book, Change, Comparison, Field, Head, Listed, Remark
from obligations.people.words import (
    DEPUTY,
    DINGTALK,
    FEISHU,
    MAIL,
    MOBILE,
    POSTS,
    SHOWN,
    TAGS,
    WECOM,
)
from obligations.rules import Office, Person, Unit

PEOPLE, UNITS = "人员", "单位"
_SINGLE = (MOBILE, WECOM, DINGTALK, FEISHU, MAIL, DEPUTY)
_UNIQUE = (MOBILE, WECOM, DINGTALK, FEISHU)


def compare(book: Book, office: Office) -> Comparison:
    """Give what the book would change in the office.

    >>> from obligations.people.model import Spot
    >>> book = Book((Listed(Spot("机关", 2), "周敏", mobile="13800000001"),))
    >>> [change] = compare(book, Office("青溪镇", people=(Person("周敏"),))).changes
    >>> change.fields
    (Field(key='手机', old=(), new=('13800000001',), many=False),)
    """
    people, doubled = _once(book.people)
    people, shared = _own_accounts(people, office)
    people, alone = _known_deputies(people, office)
    there = {person.name: person for person in office.people}
    found = [_change(one, there.get(one.name)) for one in people]
    changes = [one for one in found if one.new or one.fields]
    known = {*there, *(one.name for one in people)}
    heads, headless = _heads(book.heads, office, known)
    named = {one.name for one in book.people}
    return Comparison(
        (*changes, *heads),
        tuple(one.name for one in found if not one.new and not one.fields),
        tuple(name for name in there if name not in named),
        (*doubled, *shared, *alone, *headless),
    )


def _once(people: Sequence[Listed]) -> tuple[list[Listed], list[Remark]]:
    """Give everybody who is listed once, or several times with the same number."""
    rows: dict[str, list[Listed]] = defaultdict(list)
    for one in people:
        rows[one.name].append(one)
    kept: list[Listed] = []
    remarks: list[Remark] = []
    for name, same in rows.items():
        if len(same) == 1:
            kept.append(same[0])
        elif _is_one(same):
            kept.append(_merged(same))
            remarks += _unlike(same)
        else:
            remarks += _doubled(name, same)
    return kept, remarks


def _is_one(same: Sequence[Listed]) -> bool:
    """Tell whether rows with one name are sure to mean one person: one cell, or one number."""
    if all(one.continues for one in same[1:]):
        return True
    return len({one.mobile for one in same}) == 1 and bool(same[0].mobile)


def _merged(same: Sequence[Listed]) -> Listed:
    """Give one person of rows with the same name and number: the first value of each thing."""
    first = same[0]
    values: dict[str, Any] = {
        name: next((said for one in same if (said := getattr(one, name))), "")
        for name in (*_SINGLE, "unit")
    }
    posts = tuple(dict.fromkeys(post for one in same for post in one.posts))
    tags = tuple(dict.fromkeys(tag for one in same for tag in one.tags))
    return replace(first, posts=posts, tags=tags, **values)


def _unlike(same: Sequence[Listed]) -> Iterator[Remark]:
    whole = _merged(same)
    for one in same[1:]:
        if not one.continues:
            message = f"{one.name}前面（{same[0].spot}）已经有了，号码相同，算作同一个人"
            yield Remark(one.spot, message)
        for name in _SINGLE:
            said, kept = getattr(one, name), getattr(whole, name)
            if said and said != kept:
                message = f"{one.name}的{SHOWN[name]}两处不一样，写进去的是 {kept}，没有写 {said}"
                yield Remark(one.at(name), message, left=True)


def _doubled(name: str, same: Sequence[Listed]) -> Iterator[Remark]:
    for one in same:
        others = "、".join(str(other.spot) for other in same if other is not one)
        said = "，".join(
            word for word in (one.unit, *one.posts, one.mobile or "没有手机号") if word
        )
        message = (
            f"{name}（{said}）和{others}同名，分不清是不是一个人，都没有写；"
            "是一个人请合成一行，不是请把姓名写得有区别，如 张伟（青溪社区）写成 张伟青溪"
        )
        yield Remark(one.spot, message, left=True)


def _own_accounts(people: Sequence[Listed], office: Office) -> tuple[list[Listed], list[Remark]]:
    """Take away what two people have in common: nobody knows whose number it is.

    Whoever loses his new number keeps the old one, which may be another's new one: so it is done
    until nobody has anything in common.
    """
    kept, remarks = list(people), list[Remark]()
    while True:
        owners = _owners(kept, office)
        found = [
            (n, name, getattr(one, name))
            for n, one in enumerate(kept)
            for name in _UNIQUE
            if len(owners[name, getattr(one, name)]) > 1
        ]
        if not found:
            return kept, remarks
        for n, name, number in found:
            others = "、".join(who for who in owners[name, number] if who != kept[n].name)
            message = (
                f"{kept[n].name}的{SHOWN[name]} {number} 和{others}的一样，没有写；请核对是谁的"
            )
            remarks.append(Remark(kept[n].at(name), message, left=True))
            without: dict[str, Any] = {name: ""}
            kept[n] = replace(kept[n], **without)


def _owners(people: Sequence[Listed], office: Office) -> Mapping[tuple[str, str], list[str]]:
    """Give whose each number and account would be, once the book is in the file."""
    listed = {one.name: one for one in people}
    owners: dict[tuple[str, str], list[str]] = defaultdict(list)
    for name in _UNIQUE:
        for one in people:
            if getattr(one, name):
                owners[name, getattr(one, name)].append(one.name)
        for person in office.people:
            kept = person.name not in listed or not getattr(listed[person.name], name)
            if kept and getattr(person, name):
                owners[name, getattr(person, name)].append(f"规则文件里的{person.name}")
    return owners


def _known_deputies(people: Sequence[Listed], office: Office) -> tuple[list[Listed], list[Remark]]:
    """Take away deputies whom nobody knows, and people who stand in for themselves."""
    known = {*(one.name for one in people), *(person.name for person in office.people)}
    kept, remarks = [], []
    for one in people:
        if one.deputy and (one.deputy not in known or one.deputy == one.name):
            why = "就是本人" if one.deputy == one.name else "不在通讯录，也不在规则文件里"
            message = f"{one.name}的代理“{one.deputy}”{why}，没有写；请写另一个人的姓名"
            remarks.append(Remark(one.at(DEPUTY), message, left=True))
            kept.append(replace(one, deputy=""))
        else:
            kept.append(one)
    return kept, remarks


def _change(one: Listed, person: Person | None) -> Change:
    was = person or Person(one.name)
    fields = [_list(one, was, POSTS)]
    fields += [_single(one, was, name) for name in _SINGLE]
    fields.append(_list(one, was, TAGS))
    told = tuple(found for found in fields if found is not None)
    return Change(PEOPLE, one.name, told, new=person is None)


def _single(one: Listed, was: Person, name: str) -> Field | None:
    """Give what changes; a blank in the book takes nothing away."""
    old, new = getattr(was, name), getattr(one, name)
    if not new or new == old:
        return None
    return Field(SHOWN[name], (old,) if old else (), (new,))


def _list(one: Listed, was: Person, name: str) -> Field | None:
    """Give what is added; posts and tags that people put there stay, rules may go by them."""
    old: tuple[str, ...] = getattr(was, name)
    new = (*old, *(word for word in getattr(one, name) if word not in old))
    return Field(SHOWN[name], old, new, many=True) if new != old else None


@dataclass(frozen=True, slots=True)
class _Headed:
    """What the office has of units: who heads them."""

    units: Mapping[str, Unit]
    known: frozenset[str]


def _heads(
    heads: Iterable[Head], office: Office, known: set[str]
) -> tuple[list[Change], list[Remark]]:
    rows: dict[str, list[Head]] = defaultdict(list)
    for head in heads:
        rows[head.unit].append(head)
    there = _Headed({unit.name: unit for unit in office.units}, frozenset(known))
    changes, remarks = [], []
    for unit, named in rows.items():
        for one in _head(unit, named, there):
            if isinstance(one, Remark):
                remarks.append(one)
            else:
                changes.append(one)
    return changes, remarks


def _head(unit: str, named: Sequence[Head], there: _Headed) -> Iterator[Change | Remark]:
    people = Counter(head.person for head in named)
    first = named[0]
    if len(people) > 1:
        message = f"“{unit}”写了几个负责人（{'、'.join(people)}），没有写；请只留一个"
        yield Remark(first.spot, message, left=True)
        return
    person = first.person
    old = there.units[unit].head if unit in there.units else ""
    if person not in there.known:
        message = f"“{unit}”的负责人“{person}”没有写进“人员”，这个单位也没有写；请先把他这一行改好"
        yield Remark(first.spot, message, left=True)
    elif old != person:
        field = Field("负责人", (old,) if old else (), (person,))
        yield Change(UNITS, unit, (field,), new=unit not in there.units)
