"""A number as a list prints it: 3, 三, （三）'s 三, ③, iii, C."""

_DIGITS = "〇一二三四五六七八九"
_FORMAL = "零壹贰叁肆伍陆柒捌玖"
_STEPS = ("", "十", "百", "千")
_FORMAL_STEPS = ("", "拾", "佰", "仟")
_ROMAN = (
    (1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"),
    (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"),
)  # fmt: skip
_LARGEST = 9999
_CIRCLED = 20
_LETTERS = 26
_COUNTING = frozenset(
    ("chineseCounting", "chineseCountingThousand", "japaneseCounting", "taiwaneseCounting",
     "taiwaneseCountingThousand", "koreanCounting")
)  # fmt: skip
_IN_DIGITS = frozenset(("ideographDigital", "japaneseDigitalTenThousand", "taiwaneseDigital"))
_FORMAL_FORMS = frozenset(("chineseLegalSimplified", "ideographLegalTraditional"))


def write(n: int, form: str) -> str:
    """Give a number in one of the forms that Word names.

    >>> [write(12, form) for form in ("decimal", "chineseCounting", "decimalEnclosedCircle")]
    ['12', '十二', '⑫']
    >>> write(3, "lowerRoman"), write(28, "upperLetter"), write(7, "decimalZero")
    ('iii', 'BB', '07')
    """
    if not 0 < n <= _LARGEST:
        return str(n)
    if form in _COUNTING:
        return _counted(n, _DIGITS, _STEPS).removeprefix("一" if 10 <= n < 20 else "")  # noqa: PLR2004 - 十一, not 一十一
    if form in _FORMAL_FORMS:
        return _counted(n, _FORMAL, _FORMAL_STEPS)
    if form in _IN_DIGITS:
        return "".join(_DIGITS[int(digit)] for digit in str(n))
    if form.startswith("decimalEnclosedCircle") and n <= _CIRCLED:
        return chr(ord("①") + n - 1)
    if form.endswith("Roman"):
        return _roman(n) if form == "lowerRoman" else _roman(n).upper()
    if form.endswith("Letter"):
        letter = chr(ord("a") + (n - 1) % _LETTERS) * ((n - 1) // _LETTERS + 1)
        return letter if form == "lowerLetter" else letter.upper()
    return f"{n:02}" if form == "decimalZero" else str(n)


def _counted(n: int, digits: str, steps: tuple[str, ...]) -> str:
    written = ""
    for step, digit in enumerate(reversed(str(n))):
        if digit != "0":
            written = digits[int(digit)] + steps[step] + written
        elif written and not written.startswith(("零", "〇")):
            written = "零" + written
    return written


def _roman(n: int) -> str:
    written = ""
    for value, letters in _ROMAN:
        written += letters * (n // value)
        n %= value
    return written
