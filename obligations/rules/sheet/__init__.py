"""The shape of rules.yaml as pydantic models: Chinese keys, English names accepted."""

from pydantic import BaseModel

from obligations.rules.sheet.calls import CallSheet, LadderSheet, RungSheet
from obligations.rules.sheet.groups import (
    CalendarSheet,
    ChannelSheet,
    FileSheet,
    KeyPeriodSheet,
    OfficeSheet,
    PersonSheet,
    RuleSheet,
    SourceSheet,
    UnitSheet,
)
from obligations.rules.sheet.lists import ListedSheet
from obligations.rules.sheet.parts import SHIFTS, TIERS

__all__ = [
    "ENGLISH",
    "KEYS",
    "SHIFTS",
    "TIERS",
    "CalendarSheet",
    "CallSheet",
    "ChannelSheet",
    "FileSheet",
    "KeyPeriodSheet",
    "LadderSheet",
    "ListedSheet",
    "OfficeSheet",
    "PersonSheet",
    "RuleSheet",
    "RungSheet",
    "SourceSheet",
    "UnitSheet",
]


def _names(model: type[BaseModel]) -> dict[str, str]:
    return {info.alias or name: name for name, info in model.model_fields.items()}


GROUPS = (
    FileSheet,
    OfficeSheet,
    UnitSheet,
    PersonSheet,
    ChannelSheet,
    CalendarSheet,
    KeyPeriodSheet,
    SourceSheet,
    RuleSheet,
    LadderSheet,
    RungSheet,
    CallSheet,
    ListedSheet,
)
KEYS = tuple(dict.fromkeys(alias for group in GROUPS for alias in _names(group)))
ENGLISH = {
    alias: tuple(_names(group)[alias] for group in GROUPS if alias in _names(group))
    for alias in KEYS
}
