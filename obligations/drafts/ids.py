"""Ids of drafts: short, stable, and telling where a rule comes from: CH22.44-3kf."""

import re
from hashlib import blake2s

from obligations import numerals
from obligations.documents import Document

_INITIALS = "ABCDEFGHJKLMNOPQRSTWXYZ"
# First characters of each initial in the level-1 table of GB 2312, which is sorted by pinyin.
_FIRST = "啊芭擦搭蛾发噶哈击喀垃妈拿哦啪期然撒塌挖昔压匝"
_BOUNDS = tuple(char.encode("gb2312") for char in _FIRST)
_LAST = "座".encode("gb2312")
_ALPHABET = "abcdefghjkmnpqrstuvwxyz"
_NUMBER = re.compile(r"(.+)〔(\d{4})〕(\d+)号")
_OFFICE = re.compile(
    r"(?:人民)?(?:政府|府)?(?:办公室|办)?(?:安委办|安委|安办|委)?(?:发|函|通|文|字|办)*$"
)
_ISSUER = re.compile(r"(?:.*[省市区县])?(.+?)(?:人民政府|办事处|委员会|办公室)?$")
_LONGEST_NAME = 4
_WORD = re.compile(r"\d+|[一二三四五六七八九十百〇]+")


def initials(words: str) -> str:
    """Give the first letters of the words' pinyin; rare characters have none.

    >>> initials("长河镇"), initials("青溪")
    ('CHZ', 'QX')
    """
    return "".join(_initial(char) for char in words)


def _initial(char: str) -> str:
    if char.isascii():
        return char.upper() if char.isalnum() else ""
    try:
        code = char.encode("gb2312")
    except UnicodeEncodeError:
        return ""
    if not _BOUNDS[0] <= code <= _LAST:
        return ""
    return _INITIALS[sum(code >= bound for bound in _BOUNDS) - 1]


def document_id(document: Document) -> str:
    """Give the part of an id that names the document.

    >>> document_id(Document("a.txt", number="长河府发〔2022〕44号"))
    'CH22.44'
    """
    found = _NUMBER.fullmatch(document.number)
    if found:
        place = _OFFICE.sub("", found[1]) or found[1]
        return f"{initials(place)[:_LONGEST_NAME] or 'TZ'}{found[2][2:]}.{found[3]}"
    named = _ISSUER.fullmatch(document.issuer)
    place = initials(named[1] if named else "")[:_LONGEST_NAME] or "TZ"
    year = f"{document.year % 100:02}" if document.year else ""
    return f"{place}{year}.{digest(document.title or document.name, 2)}"


def item_id(item: str) -> str:
    """Give the part of an id that names the item.

    >>> item_id("3"), item_id("（二十六）"), item_id("操作要点3(1)"), item_id("表5"), item_id("")
    ('3', '26', '3.1', 'B5', '0')
    """
    table = "B" if item.startswith("表") else ""
    words = (numerals.number(found) for found in _WORD.findall(item))
    return table + (".".join(str(word) for word in words if word is not None) or "0")


def digest(words: str, length: int) -> str:
    """Give a few letters that stay the same as long as the words do."""
    value = int.from_bytes(blake2s(words.encode(), digest_size=8).digest(), "big")
    letters = ""
    for _ in range(length):
        value, rest = divmod(value, len(_ALPHABET))
        letters += _ALPHABET[rest]
    return letters
