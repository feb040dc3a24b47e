"""The words of a cell as a name, a number, an account: repaired where sure, never guessed."""

import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from obligations.people.words import COMPOUND, LITTER, NOBODY, NOTHING

_HALF = {full: full - 0xFEE0 for full in range(0xFF01, 0xFF5F)} | {0x3000: 0x20, 0xA0: 0x20}
_UNSEEN = dict.fromkeys((0x200B, 0x200C, 0x200D, 0x200E, 0x200F, 0x2060, 0xFEFF, 0xAD))
_CLEAN = _HALF | _UNSEEN | dict.fromkeys((*range(9), *range(14, 32), 127))
_SCIENCE = re.compile(r"([1-9])(?:\.([0-9]{1,30}))?[Ee]\+?([0-9]{1,2})")
_ASIDE = re.compile(r"[(\[【〔][^()\[\]【】〔〕]{0,40}[)\]】〕]")
_CHINESE = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff]")
_SEVERAL = re.compile(r"[、,;/|]")
_LIST = re.compile(r"[、,;/|\n]+")
_DOTS = re.compile(r"[•・‧∙⋅●]")
_MOBILE = re.compile(r"(?<!\d)(?:\+?86[-\s]?)?(1[3-9]\d(?:[-\s]?\d){8})(?!\d)")
_LANDLINE = re.compile(
    r"(?<!\d)(?:0\d{2,3}[-\s]?|\(0\d{2,3}\)\s?)?[2-8]\d{6,7}(?!\d)(?:[-转]\d{1,6}(?!\d))?"
)
_DIGITS = re.compile(r"\d[\d-]*")
_FEWEST = 3
_LONGEST_NAME = 20
_TWO = 2


@dataclass(frozen=True, slots=True)
class Name:
    """A name for rules.yaml; ``aside`` stood in brackets, ``wrong`` says why it is none."""

    text: str = ""
    aside: str = ""
    wrong: str = ""


@dataclass(frozen=True, slots=True)
class Numbers:
    """What a cell for telephone numbers holds; ``wrong`` are numbers that are no telephone's."""

    mobiles: tuple[str, ...] = ()
    landlines: tuple[str, ...] = ()
    wrong: tuple[str, ...] = ()
    words: str = ""


def clean(text: str) -> str:
    r"""Give the text in half width without invisible characters; blanks and lines stay.

    >>> clean("１３８ ００００　０００１\u200b")
    '138 0000 0001'
    """
    return text.translate(_CLEAN).strip()


def written_out(text: str) -> str:
    """Give a number that a spreadsheet abbreviated with all its digits, if it kept them.

    >>> written_out("1.3800000001E+10"), written_out("1.38E+10")
    ('13800000001', '1.38E+10')
    """
    found = _SCIENCE.fullmatch(text)
    if found is None or len(found[2] or "") < int(found[3]):
        return text
    try:
        whole = Decimal(text)
    except InvalidOperation:
        return text
    return str(int(whole)) if whole == whole.to_integral_value() else text


def is_cut(text: str) -> bool:
    """Tell whether a spreadsheet has cut off the last digits of a number."""
    return _SCIENCE.fullmatch(text) is not None


def read_name(text: str) -> Name:
    """Give the name that a cell holds.

    >>> read_name("张 三（主任）"), read_name("张三、李四").wrong
    (Name(text='张三', aside='(主任)', wrong=''), '一格里写了几个人')
    """
    text = clean(text)
    bare = _ASIDE.sub(" ", text).strip(" *★☆#:")
    aside = "".join(_ASIDE.findall(text))
    bare = _DOTS.sub("·", bare)
    pieces = bare.split()
    joined = _joined(bare)
    if joined in NOBODY or not joined:
        return Name(aside=aside)
    if _SEVERAL.search(joined) or _are_two(pieces):
        return Name(aside=aside, wrong="一格里写了几个人")
    if len(joined) > _LONGEST_NAME or joined.isdigit():
        return Name(aside=aside, wrong="不像是姓名")
    return Name(joined, aside)


def _are_two(pieces: list[str]) -> bool:
    """Tell whether blanks part people (张三 李四), not the characters of a name (张 三)."""
    if not (len(pieces) >= _TWO and all(_CHINESE.search(piece) for piece in pieces)):
        return False
    return all(len(piece) > 1 for piece in pieces) and pieces[0] not in COMPOUND


def read_numbers(text: str) -> Numbers:
    """Give the numbers of a cell in their order.

    >>> read_numbers("138-0000-0001 / 023-65701234").mobiles
    ('13800000001',)
    >>> read_numbers("1380000001").wrong
    ('1380000001',)
    """
    text = written_out(clean(text))
    if is_cut(text):
        return Numbers(wrong=(text,))
    mobiles = [re.sub(r"[-\s]", "", found[1]) for found in _MOBILE.finditer(text)]
    rest = _MOBILE.sub(" ; ", text)
    landlines = [" ".join(found[0].split()) for found in _LANDLINE.finditer(rest)]
    rest = _LANDLINE.sub(" ; ", rest)
    runs = [found[0].strip("-") for found in _DIGITS.finditer(rest)]
    wrong = [run for run in runs if len(run) >= _FEWEST]
    words = "".join(
        _DIGITS.sub("", rest).translate(dict.fromkeys(map(ord, "()[]+-/;,、:.| \n"))).split()
    )
    unique = tuple(dict.fromkeys(mobiles))
    said = "" if words in LITTER or words in NOTHING else words
    return Numbers(unique, tuple(landlines), tuple(wrong), said)


def read_account(text: str) -> str:
    """Give an account or staff number as it is written: zeros in front stay.

    >>> read_account(" 0421 "), read_account("无")
    ('0421', '')
    """
    text = "".join(written_out(clean(text)).split())
    return "" if text in NOTHING else text


def read_list(text: str) -> tuple[str, ...]:
    """Give the words of a list, once each.

    >>> read_list("党政办主任、人大 秘书")
    ('党政办主任', '人大秘书')
    """
    words = (_joined(piece) for piece in _LIST.split(clean(text)))
    return tuple(dict.fromkeys(word for word in words if word not in NOTHING))


def read_tags(text: str) -> tuple[str, ...]:
    """Give the tags of a cell; blanks part them too.

    >>> read_tags("危化 建筑施工")
    ('危化', '建筑施工')
    """
    words = (word for piece in _LIST.split(clean(text)) for word in piece.split())
    return tuple(dict.fromkeys(word for word in words if word not in NOTHING))


def _joined(text: str) -> str:
    pieces = text.split()
    return "".join(pieces) if _CHINESE.search(text) else " ".join(pieces)
