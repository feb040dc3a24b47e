"""Dates in running text that are somebody's deadline."""

from obligations import numerals
from obligations.phrases import dates
from obligations.phrases.mention import Mention
from obligations.phrases.recurring import COMMAS
from obligations.phrases.tokens import ahead
from obligations.schedule import Undetermined

WORDS = ("年", "月")


def read(text: str, at: int, year: int | None, done: int) -> list[Mention]:
    """Give the deadlines whose first 年 or 月 stands at a place."""
    back = numerals.read_back(text, at)
    start = back[1] if back else at
    if start < done:
        return []
    reading = dates.reading(text, start, year)
    if reading is None or not (reading.by or reading.shape in ("close", "ten") or reading.ranged):
        return []
    duty = (reading.end, ahead(text, reading.end, COMMAS))
    if reading.missing:
        phrase = text[start : reading.end]
        schedule = Undetermined(phrase, f"“{phrase}”缺少年份；请写明是哪一年。")
        return [Mention(start, reading.end, schedule, start, reading.end, duty)]
    return [
        Mention(start, reading.end, once, start, reading.end, duty) for once in reading.schedules
    ]


def named_year(text: str, mention: Mention) -> int | None:
    """Give the year that a mention names, None if it names none."""
    place = text.find("年", mention.head, mention.tail)
    back = numerals.read_back(text, place) if place > 0 else None
    return back[0] if back and back[0] > 1900 else None  # noqa: PLR2004 - the oldest year that a notice means
