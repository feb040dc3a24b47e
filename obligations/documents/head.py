"""What a notice says about itself: number, title, issuer, date, and which lines say it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from obligations.documents.lines import Line
from obligations.documents.numbering import read_number

_NUMBER = re.compile(r"([\u4e00-\u9fff]{2,14})[〔\[（(【]((?:19|20)\d\d)[〕\]）)】]第?(\d{1,5})号")
_DATE = re.compile(r"[（(]?((?:19|20)\d\d)年(\d{1,2})月(\d{1,2})日(?:印发)?[）)]?")
_CHINESE_DATE = re.compile(
    r"([二一〇零○Ｏ九]{4})年([一二三四五六七八九十]{1,3})月([一二三四五六七八九十]{1,3})日"
)
_TITLE_END = re.compile(
    r"(?:通知|分工表?|一览表|方案|意见|办法|规定|决定|细则|通报|函|报告|制度|清单|要点|计划|措施|公告|条例)》?(?:[（(][^（）()]{1,20}[）)])?》?(?:的通知)?$"
)
_SPOKEN = re.compile(r"[，。；：]|^[（(]?[一二三四五六七八九十\d]")
_ADDRESSED = re.compile(r"各|有关|部门|单位|科室|公司|政府|办事处|局")
_DUTY = re.compile(r"[要须]|应当|如下|以下|下列|负责|做到")
_HEAD_LINES = 40
_LONGEST_TITLE_LINE = 60
_LONGEST_ADDRESS = 300
_DIGITS = {ch: n for n, ch in enumerate("〇一二三四五六七八九")} | {"零": 0, "○": 0, "Ｏ": 0}


@dataclass(frozen=True, slots=True)
class Head:
    """The notice about itself; ``furniture`` are the numbers of the lines that say no duty."""

    title: str = ""
    number: str = ""
    issuer: str = ""
    issued: date | None = None
    furniture: frozenset[int] = frozenset()


def read_head(lines: Sequence[Line]) -> Head:
    """Give what the lines at head and foot say; ``lines`` are those that are not empty."""
    top = lines[:_HEAD_LINES]
    numbered = next((line for line in top if _NUMBER.fullmatch(_tight(line))), None)
    dated = next((line for line in lines if _read_date(_tight(line))), None)
    title = _title(top)
    address = _address(top, title)
    furniture = {line.number for line in (*title, numbered, address) if line}
    furniture |= _signature(lines, dated)
    issuer, words = _split_title(title)
    return Head(
        title=words,
        number=_number(numbered),
        issuer=issuer,
        issued=_read_date(_tight(dated)) if dated else None,
        furniture=frozenset(furniture),
    )


def _tight(line: Line) -> str:
    return "".join(line.text.split())


def _number(line: Line | None) -> str:
    found = _NUMBER.fullmatch(_tight(line)) if line else None
    return f"{found[1]}〔{found[2]}〕{found[3]}号" if found else ""


def is_title(text: str) -> bool:
    """Whether a line is the title of a notice or of its annex.

    >>> is_title("长河镇安全生产工作方案（2024—2026年）"), is_title("每月报送工作方案。")
    (True, False)
    """
    return bool(
        len(text) <= _LONGEST_TITLE_LINE and _TITLE_END.search(text) and not _SPOKEN.search(text)
    )


def _title(top: Sequence[Line]) -> tuple[Line, ...]:
    """The lines of the first title: from the issuer's name to 通知, 方案 and the like."""
    collected: list[Line] = []
    for line in top:
        if len(line.text) > _LONGEST_TITLE_LINE or line.ends_sentence or read_number(line.text):
            break
        if _NUMBER.fullmatch(_tight(line)) or _read_date(_tight(line)):
            continue
        collected.append(line)
        if _TITLE_END.search(line.text.rstrip()) and "关于" in "".join(x.text for x in collected):
            return tuple(collected)
    return ()


def _split_title(title: Sequence[Line]) -> tuple[str, str]:
    """Give the issuer and the title proper.

    >>> _split_title([Line("长河镇人民政府", 1, 0), Line("关于汛期值守的通知", 2, 0)])
    ('长河镇人民政府', '关于汛期值守的通知')
    """
    whole = "".join(_tight(line) for line in title)
    issuer, about, rest = whole.partition("关于")
    named = issuer.partition("文件")[2] or issuer.removesuffix("文件")
    return (named, about + rest) if about else ("", whole)


def _address(top: Sequence[Line], title: Sequence[Line]) -> Line | None:
    """The line that says whom the notice is for, such as 各村（社区），有关单位：."""
    if not title:
        return None
    for line in top:
        words = _tight(line)
        if (
            line.number > title[-1].number
            and words.endswith(("：", ":"))
            and len(words) <= _LONGEST_ADDRESS
            and _ADDRESSED.search(words)
            and not _DUTY.search(words)
        ):
            return line
    return None


def _signature(lines: Sequence[Line], dated: Line | None) -> set[int]:
    """The line of the date, and the names that stand right above it."""
    if dated is None:
        return set()
    found = {dated.number}
    for line in reversed(lines[: lines.index(dated)]):
        named = len(line.text) <= _LONGEST_TITLE_LINE // 2 and not line.ends_sentence
        if not named or read_number(line.text):
            break
        found.add(line.number)
    return found


def _read_date(words: str) -> date | None:
    """Give the date if the words are nothing else.

    >>> _read_date("2022年5月20日"), _read_date("二〇二一年十月八日")
    (datetime.date(2022, 5, 20), datetime.date(2021, 10, 8))
    """
    found = _DATE.fullmatch(words)
    spelt = _CHINESE_DATE.fullmatch(words)
    try:
        if found:
            return date(*(int(part) for part in found.groups()))
        if spelt:
            year = int("".join(str(_DIGITS[ch]) for ch in spelt[1]))
            return date(year, _small(spelt[2]), _small(spelt[3]))
    except ValueError:
        return None
    return None


def _small(words: str) -> int:
    tens, ten, ones = words.rpartition("十")
    if not ten:
        return _DIGITS[words] if len(words) == 1 else 0
    return (_DIGITS.get(tens, 0) if tens else 1) * 10 + (_DIGITS.get(ones, 0) if ones else 0)
