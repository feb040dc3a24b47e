"""The form's ladders and ready-made calls as frozen values."""

from obligations.rules.ladders import merge
from obligations.rules.model import CallPlan, Ladder, RollCall, Rung
from obligations.rules.sheet import CallSheet, FileSheet, LadderSheet, RungSheet

ALWAYS = "每天"


def build_ladders(sheet: FileSheet) -> tuple[Ladder, ...]:
    """Give the office's own ladders together with the built-in ones."""
    return merge(_ladder(name.strip(), ladder) for name, ladder in sheet.ladders.items())


def build_calls(sheet: FileSheet) -> tuple[CallPlan, ...]:
    """Give the ready-made calls."""
    return tuple(_call(name.strip(), call) for name, call in sheet.calls.items())


def _ladder(name: str, sheet: LadderSheet) -> Ladder:
    return Ladder(
        name=name,
        rungs=tuple(map(_rung, sheet.rungs)),
        limit=sheet.limit,
        report_to=tuple(sheet.report_to),
        any_one=sheet.any_one,
        follow_up=sheet.follow_up,
        valid=sheet.valid,
    )


def _rung(sheet: RungSheet) -> Rung:
    return Rung(sheet.wait, tuple(sheet.whom), tuple(sheet.means), sheet.times, sheet.every)


def _call(name: str, sheet: CallSheet) -> CallPlan:
    seasonal = sheet.when != ALWAYS
    return CallPlan(
        name=name,
        text=sheet.text,
        to=tuple(sheet.to),
        ladder=sheet.ladder,
        orders=tuple(dict.fromkeys(sheet.orders)),
        roll_call=RollCall(*sheet.window, seasonal) if sheet.window else None,
    )
