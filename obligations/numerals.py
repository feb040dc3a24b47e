"""Numbers as notices write them: 1, １, 一, 两, 十五, 廿, 二〇二二."""

_DIGITS = dict(zip("零一二三四五六七八九", range(10), strict=True)) | {
    "〇": 0,
    "○": 0,
    "两": 2,
    "俩": 2,
    "壹": 1,
    "贰": 2,
    "叁": 3,
    "肆": 4,
    "伍": 5,
    "陆": 6,
    "柒": 7,
    "捌": 8,
    "玖": 9,
}
_SCALES = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
_TENS = {"廿": 20, "卅": 30}
_MYRIAD = "万"
_ZEROS = "零〇○"
_POSITIONAL = 3
ARABIC = frozenset("0123456789０１２３４５６７８９")
# What nearly every number is, without a second look: days, months, counts, years.
_COMMON: dict[str, int] = {str(n): n for n in (*range(100), *range(1950, 2100))}
_COMMON |= _DIGITS | {"十": 10}
CHINESE = frozenset(_DIGITS) | frozenset(_SCALES) | frozenset(_TENS) | frozenset(_MYRIAD)


def number(text: str) -> int | None:
    """Give the number that the whole text is, or None; nothing is guessed.

    >>> number("十五"), number("二〇二二"), number("１"), number("廿三"), number("十几")
    (15, 2022, 1, 23, None)
    """
    if text in _COMMON:
        return _COMMON[text]
    text = text.strip()
    if text and ARABIC.issuperset(text):
        return int(text)
    if not text or not CHINESE.issuperset(text):
        return None
    if all(sign in _DIGITS for sign in text):
        return _positional(text)
    head, myriad, rest = text.rpartition(_MYRIAD)
    if not myriad:
        return _counted(text)
    high, low = _small(head), _small(rest) if rest else 0
    return None if not high or low is None else high * 10_000 + low


def _small(text: str) -> int | None:
    """Read what stands on one side of 万."""
    if len(text) == 1 and text in _DIGITS:
        return _DIGITS[text]
    return _counted(text) if text else None


def _positional(text: str) -> int | None:
    """Read 二〇二二; two digits side by side (三五) are no number."""
    if len(text) > 1 and len(text) < _POSITIONAL and not any(sign in _ZEROS for sign in text):
        return None
    return int("".join(str(_DIGITS[sign]) for sign in text))


def _counted(text: str) -> int | None:
    """Read 一百零五; a scale must be smaller than the one before it."""
    total, digit, limit = 0, -1, 10_000
    for sign in text:
        if sign in _ZEROS:
            if digit >= 0 or not total:
                return None
        elif sign in _DIGITS:
            if digit >= 0:
                return None
            digit = _DIGITS[sign]
        else:
            scale = _SCALES.get(sign, 10)
            if scale >= limit or (sign in _TENS and digit >= 0):
                return None
            total += _TENS.get(sign) or (1 if digit < 0 else digit) * scale
            digit, limit = -1, scale
    return total + max(digit, 0)


def read(text: str, at: int) -> tuple[int, int] | None:
    """Give the number that starts at a place, and where it ends.

    >>> read("每十五日", 1)
    (15, 3)
    """
    end, size = at, len(text)
    signs = ARABIC if at < size and text[at] in ARABIC else CHINESE
    while end < size and text[end] in signs:
        end += 1
    if end == at or (text[end : end + 1] == "." and signs is ARABIC):
        return None
    value = number(text[at:end])
    return None if value is None else (value, end)


def read_back(text: str, end: int) -> tuple[int, int] | None:
    """Give the number that ends at a place, and where it starts.

    >>> read_back("至少两次", 3)
    (2, 2)
    """
    at = end
    signs = ARABIC if at > 0 and text[at - 1] in ARABIC else CHINESE
    while at > 0 and text[at - 1] in signs:
        at -= 1
    if at == end or (at > 0 and text[at - 1] == "." and signs is ARABIC):
        return None
    value = number(text[at:end])
    return None if value is None else (value, at)
