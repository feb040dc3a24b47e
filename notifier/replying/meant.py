"""Which of the open things a reply is about."""

from collections.abc import Sequence
from hashlib import sha256

from notifier.calls import CallStanding
from notifier.replying.scene import Scene
from notifier.standing import Standing

Item = CallStanding | Standing

MOST_NAMED = 8
LONGEST_NAME = 18
_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"
_DIGITS = "23456789"


def find_meant(scene: Scene) -> tuple[Item, ...]:
    """Give what the code names, else all that is open: calls first, duties where none is."""
    if scene.reading.code:
        everything: tuple[Item, ...] = (*scene.calls, *scene.duties)
        return tuple(one for one in everything if item_code(key_of(one)) == scene.reading.code)
    return scene.calls or scene.duties


def key_of(item: Item) -> str:
    """Give the key of what is open."""
    return item.callee.key if isinstance(item, CallStanding) else item.duty.key


def item_code(key: str) -> str:
    """Give the four signs by which one open thing is named in a chat.

    >>> item_code("BSY-03/周敏/2026Q3")
    'M3M7'
    """
    number = int.from_bytes(sha256(key.encode()).digest()[:4])
    signs = []
    for alphabet in (_LETTERS, _DIGITS, _LETTERS, _DIGITS):
        number, index = divmod(number, len(alphabet))
        signs.append(alphabet[index])
    return "".join(signs)


def which_words(scene: Scene, items: Sequence[Item]) -> str:
    """Ask back which one is meant, naming them."""
    names = "；".join(f"{item_code(key_of(one))} {_name(scene, one)}" for one in items[:MOST_NAMED])
    left = len(items) - MOST_NAMED
    more = f"；还有{left}件，请点消息里的链接答复" if left > 0 else ""
    example = f"{item_code(key_of(items[0]))} 收到"
    return f"您有{len(items)}件事等答复，请带上编号再回，如“{example}”：{names}{more}"


def _name(scene: Scene, item: Item) -> str:
    matter = scene.call(item).text if isinstance(item, CallStanding) else item.duty.matter
    return matter if len(matter) <= LONGEST_NAME else f"{matter[: LONGEST_NAME - 1]}…"
