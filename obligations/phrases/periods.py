"""Where a quota may begin in running text, and what only looks like one."""

from obligations.phrases import heads, recurring
from obligations.phrases.heads import Head
from obligations.phrases.mention import Mention

_BY_UNITS = ("日", "天", "周", "旬", "月", "季", "半年", "年", "学期")
_PHASED = ("双月", "单月", "双周", "单周", "隔周", "隔日", "隔天", "隔月", "隔年", "逢单", "逢双")
_SHORT = ("日周", "周月", "月季")
WORDS = (
    "每",
    *(f"{sign}{unit}" for sign in "按逐" for unit in _BY_UNITS),
    *_PHASED,
    *_SHORT,
)


def read(text: str, at: int, year: int | None, done: int) -> list[Mention]:  # noqa: ARG001 - one shape for all readers
    """Give the quotas that begin at a place."""
    sign = text[at]
    if sign == "每":
        return _of(text, heads.every(text, at))
    if sign in "按逐":
        return _of(text, heads.by(text, at))
    if sign in "双单隔逢":
        return _of(text, heads.phased(text, at))
    return recurring.compound(text, at)


def _of(text: str, head: Head | None) -> list[Mention]:
    return recurring.mentions(text, head) if head else []
