"""What 加密, 材料 and 确认 of a rule mean, and what is to be said where they mean nothing."""

import re
from collections.abc import Iterator

from obligations.numerals import number
from obligations.rules.model import Listed, Material, Roster, Tightening
from obligations.rules.sheet import FileSheet, RuleSheet
from obligations.rules.timing import issued, read_timing
from obligations.rules.values import shown
from obligations.schedule import Compound, Once, Quota, Schedule, parts_of

TIMES = re.compile(r"(?:按|增至|加到)?([0-9]{1,2}|[两二三四五六七八九十])倍")
DOUBLE = ("加倍", "翻倍", "翻一番")
NOT_DENSER = "请写成 2倍，或另写一个频次，如 每周1次"
NO_DAY = "请写明哪天以前，如 2026年6月10日"


def tightenings(rule: RuleSheet) -> tuple[Tightening, ...]:
    """Give what 加密 says, as far as it can be read."""
    return tuple(one for _, one in _denser(rule) if isinstance(one, Tightening))


def materials(rule: RuleSheet) -> tuple[Material, ...]:
    """Give what is to be handed in, as far as its days can be read."""
    return tuple(one for _, one in _materials(rule) if isinstance(one, Material))


def unread(rule: RuleSheet) -> Iterator[tuple[tuple[str, str], str]]:
    """Give the place inside the rule of what could not be read, and why."""
    for name, said in _denser(rule):
        if isinstance(said, str):
            yield ("加密", name), said
    for name, found in _materials(rule):
        if isinstance(found, str):
            yield ("材料", name), found


def rosters(sheet: FileSheet) -> tuple[Roster, ...]:
    """Give the lists; what stands in one twice is looked after once."""
    return tuple(
        Roster(
            name.strip(),
            tuple({one.name: Listed(one.name, one.bearer) for one in reversed(found)}.values())[
                ::-1
            ],
        )
        for name, found in sheet.lists.items()
    )


def factor(text: str) -> int | None:
    """Give how many times as much a word asks for.

    >>> factor("2倍"), factor("加倍"), factor("每周1次")
    (2, 2, None)
    """
    words = "".join(text.split())
    found = TIMES.fullmatch(words)
    return 2 if words in DOUBLE else number(found[1]) if found else None


def _denser(rule: RuleSheet) -> Iterator[tuple[str, Tightening | str]]:
    for season, text in rule.denser.items():
        times = factor(text)
        if times is not None:
            is_more = times > 1
            yield season, Tightening(season.strip(), times) if is_more else _not_denser(text)
            continue
        timing = read_timing(text, issued(rule.source.document))
        own = timing.schedule
        yield (
            season,
            (
                Tightening(season.strip(), schedule=own)
                if isinstance(own, Quota)
                else _not_denser(text)
            ),
        )


def _not_denser(text: str) -> str:
    return f"“加密”写的{shown(text)}不是几倍，也不是多久一次，{NOT_DENSER}"


def _materials(rule: RuleSheet) -> Iterator[tuple[str, Material | str]]:
    for name, texts in rule.materials.items():
        found = [read_timing(text, issued(rule.source.document)).schedule for text in texts]
        dated = tuple(one for each in found for one in _dated(each))
        if not found or len(dated) < len(found):
            bad = next((t for t, one in zip(texts, found, strict=True) if not _dated(one)), "")
            yield name, f"材料{shown(name)}的日子写的{shown(bad)}读不出是哪一天，{NO_DAY}"
        else:
            yield name, Material(name.strip(), dated[0] if len(dated) == 1 else Compound(dated))


def _dated(schedule: Schedule) -> tuple[Schedule, ...]:
    """Give the parts of the schedule that have a due day; nothing where one of them has none."""
    parts = parts_of(schedule)
    fit = all(isinstance(one, Quota) or (isinstance(one, Once) and one.end) for one in parts)
    return parts if fit else ()
