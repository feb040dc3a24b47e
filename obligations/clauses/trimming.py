"""Words of a duty made short and whole: without who and how often, cut where a line ends."""

import re

from obligations.clauses.subjects import leading_subject, led_subject

SHORTEST, LONGEST = 4, 30
_FAR = 120  # behind so many characters no list is looked for
_NUMERAL = r"[\d一二两三四五六七八九十百]{1,4}"
_UNIT = r"(?:次|家|个|条|户|处|篇|人次|场|件|项|天|小时|学时|课时)"
COUNT = re.compile(
    rf"(?:至少|最少|不少于|不得少于|不低于|不超过|不得超过)?\s*{_NUMERAL}(?:\s*[-—~至到]\s*{_NUMERAL})?"
    rf"\s*{_UNIT}(?:[（(][^（）()]{{1,4}}[）)])?(?:以上|及以上|左右)?的?"
)
TIMES = re.compile(rf"(?<=开展|召开|组织|进行){_NUMERAL}次")
BOUND = re.compile(r"至少|最少|不少于|不得少于|不低于|不超过|不得超过|原则上")
EMPTY = re.compile(r"[\s，、：；。（）()“”要须应必的或和与及]*")
CLOSERS = "，、；：。 \u3000"
_LOOSE_END = re.compile(r"(?:[（(“]|[和与]|以?及|或者?)$")
_FEWEST = 10
_FILLER = re.compile(
    r"(?:[，、：\s]|同时|必须|应当|要(?![求素])|须|应(?!急)|以后|此后|今后|需(?!求)|都|均|坚持|认真|切实|积极|严格|之?前|底前|以?内|起)+"
)
_LAST_FILLER = re.compile(
    r"(?:必须|应当|要|应|须|坚持|分别|非?汛期|枯水期|平时|力争|争取|截至|(?<![做达得直])到|至|于|在|从|自|切实|推动|督促|以及|和|或|及|并|、|，|\s)+$"
)
_LED = re.compile(r"由[^，。；]{2,30}?牵头(?:负责)?")
_LEAD = re.compile(
    r"\s*(?:[一二三四五六七八九十]{1,3}是|[（(][一二三四五六七八九十\d]{1,3}[）)]|同时|并且?"
    r"|努力做到|做到|确保)"
)
_LIST = re.compile(r"([^、，]{2,})、[^，；]*?等(?=[^，、；级])")
_SHORTER = (("等", _LIST, r"\1等"), ("）", re.compile(r"（[^（）]{1,12}）"), ""))


def without_subject(words: str) -> str:
    """Give the words without the subject and the modal verbs that open them.

    >>> without_subject("各村（社区）要认真排查隐患"), without_subject("由应急办牵头开展检查")
    ('排查隐患', '开展检查')
    """
    lead = _LEAD.match(words)
    spoken = words[lead.end() :] if lead else words
    led = _LED.match(spoken)
    subject = "" if led else leading_subject(spoken) or led_subject(spoken)
    if subject and subject in spoken:
        spoken = spoken[spoken.index(subject) + len(subject) :]
    for opening in (_LED, _FILLER):
        found = opening.match(spoken)
        spoken = spoken[found.end() :] if found else spoken
    return spoken.strip(CLOSERS)


def without_end(words: str) -> str:
    """Give the words without the particles that lead to a time phrase: 将自查情况于."""
    return _LAST_FILLER.sub("", words)


def tidy(words: str) -> str:
    """Give the words as short as one line holds: lists shortened, then cut outside brackets.

    >>> tidy("全面检查危险化学品、烟花爆竹、建筑施工、道路交通、消防、燃气、特种设备等重点行业领域")
    '全面检查危险化学品等重点行业领域'
    """
    text = words.strip(CLOSERS)[:_FAR]
    if text.count("“") != text.count("”"):
        text = text.replace("“", "").replace("”", "")
    for mark, pattern, kept in _SHORTER:
        if len(text) > LONGEST and mark in text:
            text = pattern.sub(kept, text)
    return _LOOSE_END.sub("", text if len(text) <= LONGEST else _cut(text))


def _cut(text: str) -> str:
    depth = at = 0
    for index, char in enumerate(text[: LONGEST + 1]):
        depth += (char in "（(“《") - (char in "）)”》")
        if index >= SHORTEST and depth <= 0 and char in "，、；和及":
            at = index
    return text[: at if at >= _FEWEST else LONGEST].strip(CLOSERS)
