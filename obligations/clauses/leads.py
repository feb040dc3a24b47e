"""A subject said once for the points under it: 各学校要做好以下工作：（1）每日晨检；……."""

from dataclasses import dataclass

from obligations.clauses.actors import inherit
from obligations.clauses.passage import Passage
from obligations.clauses.sentences import read_sentences
from obligations.clauses.subjects import named_subject
from obligations.documents import Number, read_number

_IN_TABLE = ("表", "操作要点")


@dataclass(frozen=True, slots=True)
class Lead:
    """Who is to do what stands under a number, "" where nobody is named."""

    name: str = ""
    number: Number | None = None


def keep_lead(lead: Lead, passage: Passage) -> Lead:
    """Give the lead as far as it goes on into a passage."""
    number = read_number(passage.paragraph.text)
    below = not passage.item.startswith(_IN_TABLE) and _is_under(number, lead.number)
    return lead if below else Lead()


def next_lead(lead: Lead, passage: Passage) -> Lead:
    """Give the lead for what stands behind a passage that held ``lead``."""
    text = passage.text.strip()
    number = read_number(passage.paragraph.text)
    if number is None or not (text.endswith(("：", ":")) or named_subject(text)):
        return lead
    *_, last = read_sentences(text)
    subject = inherit(last, "")
    return Lead(subject, number) if subject else lead


def _is_under(number: Number | None, above: Number | None) -> bool:
    """Whether a number stands under another: （1） under （三）, and （一） under 第五条."""
    if number is None or above is None:
        return False
    if above.text.endswith("条"):
        return not number.text.startswith("第")
    return number.level > above.level
