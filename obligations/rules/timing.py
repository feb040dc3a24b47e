"""What 频次 of a rule means, and what is to be said where it means nothing yet."""

import re
from dataclasses import dataclass
from typing import Any

from obligations.phrases import PhraseError, explain, find, load, parse
from obligations.rules.values import shown, told
from obligations.schedule import Schedule, Undetermined, parts_of

ISSUED = re.compile(r"〔\s*((?:19|20)[0-9]{2})\s*〕|[(（\[]\s*((?:19|20)[0-9]{2})\s*[\])）]")
EXAMPLES = "如 每季度至少1次、每月5日前、2026年9月底前、长期坚持"


@dataclass(frozen=True, slots=True)
class Timing:
    """The schedule with its words; ``message`` is a problem, or a question if ``warning``."""

    schedule: Schedule
    phrase: str
    message: str = ""
    warning: bool = False


def issued(document: str) -> int | None:
    """Give the year in a document's number.

    >>> issued("白市驿府发〔2022〕44号")
    2022
    """
    match = ISSUED.search(document)
    return int(match[1] or match[2]) if match else None


def read_timing(written: Any, year: int | None) -> Timing:  # noqa: ANN401 - words or a mapping
    """Give the schedule that 频次 states, or the sentence that asks for one."""
    if isinstance(written, dict):
        return _structured(written)
    phrase = str(written).strip()
    if not phrase:
        message = f"“频次”是空的，请写多久一次或什么时候以前，{EXAMPLES}"
        return Timing(Undetermined("", message), "", message)
    schedule = parse(phrase, year=year)
    unclear = undetermined(schedule)
    if unclear is None:
        return Timing(schedule, phrase)
    if any(unclear in parts_of(mention.schedule) for mention in find(phrase, year=year)):
        return _open(schedule, phrase, unclear)
    return Timing(schedule, phrase, f"频次{shown(phrase)}读不懂：{_reason(unclear)}")


def undetermined(schedule: Schedule) -> Undetermined | None:
    """Give what the schedule leaves open, if anything."""
    return next((part for part in parts_of(schedule) if isinstance(part, Undetermined)), None)


def _structured(written: dict[str, Any]) -> Timing:
    """Give what the mapping means; its words are those the program would say it in."""
    try:
        schedule = load(_numbers(written))
    except PhraseError as error:
        reason = told(str(error))
        return Timing(Undetermined("", reason), "", f"“频次”写的这一组读不懂：{reason}")
    unclear = undetermined(schedule)
    if unclear is None:
        return Timing(schedule, explain(schedule))
    return _open(schedule, unclear.text, unclear)


def _open(schedule: Schedule, phrase: str, unclear: Undetermined) -> Timing:
    """Give the question that the office has to answer."""
    message = f"频次{shown(phrase)}还没定：{_reason(unclear)}；定下以前这一条不排任务"
    return Timing(schedule, phrase, message, warning=True)


def _reason(unclear: Undetermined) -> str:
    return told(unclear.reason.rstrip("。") or "没有说多久一次，或哪一天以前")


def _numbers(value: Any) -> Any:  # noqa: ANN401 - a mapping of anything
    """Give whole numbers as numbers: every scalar of the file comes as it is written."""
    if isinstance(value, dict):
        return {key: _numbers(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_numbers(inner) for inner in value]
    whole = isinstance(value, str) and re.fullmatch(r"-?[0-9]{1,6}", value)
    return int(value) if whole else value
