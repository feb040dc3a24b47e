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
    "Shift",
    "Standing",
    "Undetermined",
]
