"""What a bare fragment adds to a call that was answered: asked for who and when, one types 小李."""

import re
from dataclasses import dataclass

from notifier.calls import CallStanding, CallState, named
from notifier.replies import Reading, ReplyKind
from notifier.replies.people import is_person
from notifier.replies.times import find_time, is_past
from notifier.replying.scene import Scene

LONGEST = 60
_PIECES = re.compile(r"[，,、;；。\s]+")
_NO_MEASURE = re.compile(r"[?？]|[吗呢吧]|不|没|应该|可能|好像|大概|也许|这个|那个|哪|什么|怎")
_WORD = re.compile(r"[\u4e00-\u9fff]{2}")


@dataclass(frozen=True, slots=True)
class _Found:
    owner: str = ""
    action: str = ""
    by: str = ""


def find_asked(scene: Scene) -> CallStanding | None:
    """Give the one call whose answer was asked back, None where there is none or are several."""
    found = [
        one
        for one in scene.calls
        if one.callee.key in scene.asked and one.state is CallState.HEARD and not all(one.measures)
    ]
    return found[0] if len(found) == 1 else None


def complete(scene: Scene, standing: CallStanding) -> Reading | None:
    """Give the fragment as the part of the answer that was missing, None where it is none."""
    text = scene.text.strip()
    if len(text) > LONGEST or _NO_MEASURE.search(text):
        return None
    owner, action, by = standing.measures
    found = _Found(owner, action, by)
    for piece in filter(None, _PIECES.split(text)):
        found = _add(scene, found, piece)
    if (found.owner, found.action, found.by) == (owner, action, by):
        return None
    return Reading(
        ReplyKind.HEARD, owner=found.owner or None, action=found.action or None, by=found.by or None
    )


def _add(scene: Scene, found: _Found, piece: str) -> _Found:
    """Take the time out of a piece; what is left is a person, else what is done."""
    place = find_time(piece)
    by, rest = found.by, piece
    if place and not is_past(piece[slice(*place)]):
        by, rest = piece[slice(*place)], piece[: place[0]] + piece[place[1] :]
    owner, action = found.owner, found.action
    if not owner and (named(scene.office, (rest,)) or is_person(rest)):
        owner = rest
    elif not action and _WORD.match(rest):
        action = rest
    return _Found(owner, action, by)
