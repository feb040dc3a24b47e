"""What a quota asks for besides its times: 发现2个问题 in 每季度检查1次，发现2个问题."""

import re

from obligations import numerals
from obligations.phrases.words import MEASURES
from obligations.schedule import Amount, Bound

_LONGEST = 24  # signs from the end; so much is looked at
_ACTS = "发现|查出|查找|排查|检查|走访|巡查|督促整改|整改|解决|报送|上报"
_THINGS = "问题|隐患|案例|线索|信息|建议"
_AMOUNT = re.compile(
    rf"[，,、；]?(?:并|且|同时)?(至少|不少于)?(?:(?:{_ACTS})(至少|不少于)?|(?<=、)(至少|不少于)?)"
    rf"([0-9]{{1,4}}|[一二两三四五六七八九十]{{1,3}})"
    rf"((?:{'|'.join(MEASURES)})(?:{_THINGS})?)$"
)


def amount_at_end(text: str) -> tuple[str, Amount] | None:
    """Give what stands before the amount that the words end with, and the amount itself.

    >>> before, amount = amount_at_end("每季度检查1次，至少发现2个问题")
    >>> before, amount.n, amount.unit, str(amount.bound)
    ('每季度检查1次', 2, '个问题', 'at_least')
    """
    start = max(len(text) - _LONGEST, 0)
    found = _AMOUNT.search(text, start)
    n = numerals.number(found[4]) if found else None
    if not found or not n:
        return None
    bound = Bound.AT_LEAST if found[1] or found[2] or found[3] else Bound.EXACT
    return text[: found.start()], Amount(n, found[5], bound)
