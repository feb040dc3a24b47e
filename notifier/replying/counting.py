"""How much a reply in chat reports of what is counted: 查了3家, 去了甲厂和乙厂."""

import re

from notifier.standing import Standing
from obligations.numerals import number

_NUMBER = "([0-9]{1,4}|[零一二两三四五六七八九十百]{1,6})"


def amounts_in(text: str, standing: Standing) -> tuple[int, ...]:
    """Give how much of each amount the words name; nothing where that is not clear.

    Only what is still owed is looked for, and each of it must stand there exactly once.
    """
    duty = standing.duty
    owed = [n for n, left in enumerate(standing.amounts_left) if left]
    found = {n: _named(text, duty.amounts[n][1]) for n in owed}
    if not owed or None in found.values():
        return ()
    return tuple(found.get(n) or 0 for n in range(len(duty.amounts)))


def objects_in(text: str, standing: Standing) -> tuple[str, ...]:
    """Give the objects of the duty's list that the words name; a list of one needs no name."""
    objects = standing.duty.objects
    if len(objects) == 1:
        return objects
    named = set()
    for name in sorted(objects, key=len, reverse=True):
        if name in text:
            named.add(name)
            text = text.replace(name, " ")
    return tuple(name for name in objects if name in named)


def _named(text: str, unit: str) -> int | None:
    found = re.findall(f"{_NUMBER}个?{re.escape(unit)}", text)
    return number(found[0]) if len(found) == 1 else None
