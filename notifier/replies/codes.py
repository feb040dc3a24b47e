"""The code of a message in a reply: K7M2, full-width, in small letters, or typed in groups."""

import re
from typing import NamedTuple

SIGNS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
_WHOLE = 8
_SHORTEST = 4
_TOKEN = re.compile(
    r"(?<![A-Za-z0-9_./@%&=+\\])[A-Za-z0-9]{1,8}(?:[ -]{1,2}[A-Za-z0-9]{1,4}){0,3}(?![A-Za"
    r"-z0-9_/@%&=+\\]"
    r"|[.:][A-Za-z0-9])"
)
_LETTERS = re.compile(r"[A-Za-z]")
_DIGITS = re.compile(r"\d")
_STANDARD = re.compile(
    r"(?:GB[TZ]?|GBJ|GBZT|AQT?|GA[T]?|HGT?|DB\d?\dT?|JGJT?|JBT?|SHT?|JTGT?|QBT?|TSG|XFT?"
    r"|SYT?|MTT?|NBT?|DLT?|YJT?|CJJT?|HJT?"
    r"|QSY|SLT?|TBT?|WST?|NYT?|LYT?|QX|GD|SB|ISO|IEC|EN|UL|QQ|WX|VX|TEL|NO|DN|PN|PM|CO|LED"
    r"|USB|PPT|PDF|WPS|JPG|MP|WIN|VER|V)\d+[A-Z]?"
)
_ROAD = re.compile(r"[A-Z]\d{3,7}")
_MEASURE = re.compile(
    r"\d+(?:K?V|K?VA|K?W|KWH|MW|MPA|KPA|PA|KM|CM|MM|M|KG|G|T|L|ML|HZ|MB|GB|TB|K|H|HR|HRS"
    r"|MIN|S|D|DAY|DAYS|PCS|PPM|DB|F|P|X|RMB|W|Y|M2|M3|MM2|TH|ND|RD|ST)"
)
_PLATE = re.compile(r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][ -]?$")
_NO_CODE_BEFORE = re.compile(
    r"(?:微信号?|QQ群?|账号|密码|验证码|车牌号?|车号|电话|手机号?|型号|单号|快递|房间|航班"
    r"|车次|图号|文号|标准|账户|工号)(?:[是为:]|:)? ?$",
    re.IGNORECASE,
)
_NO_CODE_BEHIND = re.compile(
    r" ?(?:号?楼|栋|单元|室|次列?车|次高铁|高速|国道|省道|县道|纸|号车|座|幢|型|级|款)"
)


class Code(NamedTuple):
    """A code as it is kept, and where it stands."""

    start: int
    end: int
    letters: str


def find_code(text: str) -> Code | None:
    """Give the first code in a plain reply: where it starts and ends, and how it is written.

    >>> find_code("回 k7 m2 收到")
    Code(start=2, end=7, letters='K7M2')
    >>> find_code("按GB30871办，打印在A4纸上") is None
    True
    """
    if not _DIGITS.search(text) and not _LETTERS.search(text):
        return None
    for found in _TOKEN.finditer(text):
        code = _read(text, found)
        if code:
            return code
    return None


def _read(text: str, found: re.Match[str]) -> Code | None:
    """Read one run of letters and digits, or the part of it that is a code."""
    if _stands_for_other(text, *found.span()):
        return None
    whole = re.sub("[ -]", "", found[0])
    groups = list(re.finditer(r"[A-Za-z0-9]+", found[0]))
    if len(groups) > 1 and is_code(whole) and not any(_is_word(group[0]) for group in groups):
        return Code(*found.span(), whole.upper())
    for group in groups:
        if is_code(group[0]):
            at = found.start()
            return Code(at + group.start(), at + group.end(), group[0].upper())
    return None


def _is_word(group: str) -> bool:
    """Say whether a group is no part of a code: OK, ok, roger."""
    return group.upper() in {"OK", "OKAY", "ROGER", "DONE", "COPY", "YES", "NO", "GB", "AQ", "T"}


def is_code(token: str) -> bool:
    """Say whether letters and digits without gaps have the form of a code.

    >>> is_code("K7M2"), is_code("GB2894"), is_code("G318"), is_code("220kV"), is_code("2024")
    (True, False, False, False, False)
    """
    code = token.upper()
    if not _SHORTEST <= len(code) <= _WHOLE or not set(code) <= set(SIGNS):
        return False
    if code.isalpha():
        return len(code) == _WHOLE and token.isupper()
    if code.isdigit():
        return False
    odd = _STANDARD.fullmatch(code) or _MEASURE.fullmatch(code)
    return not odd and not (_ROAD.fullmatch(code) and len(code) < _WHOLE)


def _stands_for_other(text: str, start: int, end: int) -> bool:
    """Say whether the words around show something else: a plate, an account, a floor."""
    before = text[max(0, start - 6) : start]
    return bool(
        _PLATE.search(before) or _NO_CODE_BEFORE.search(before) or _NO_CODE_BEHIND.match(text, end)
    )
