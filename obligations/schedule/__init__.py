"""When something is owed: frozen kinds, and the periods they make."""

from obligations.schedule.kinds import (
    After,
    Amount,
    Bound,
    Compound,
    Coverage,
    Day,
    Edge,
    Length,
    Once,
    Period,
    Phase,
    Quota,
    Schedule,
    Shift,
    Standing,
    Undetermined,
)
from obligations.schedule.periods import Seasons, Window, periods, window_after

__all__ = [
    "After",
    "Amount",
    "Bound",
    "Compound",
    "Coverage",
    "Day",
    "Edge",
    "Length",
    "Once",
    "Period",
    "Phase",
    "Quota",
    "Schedule",
    "Seasons",
    "Shift",
    "Standing",
    "Undetermined",
    "Window",
    "periods",
    "window_after",
]
