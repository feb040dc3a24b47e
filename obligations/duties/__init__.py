"""Rules × bearers × periods → duties: what exactly is owed, by whom, from when until when.

model     a duty, and what the office says has happened
lines     a rule → what each of its bearers owes in each window: quotas, materials, events
seasons   what key periods do to it: more of it, or only then
sharing   the objects of a list → the bearers who look after them
planning  all of it together, for a stretch of days
"""

from obligations.duties.model import Duty, Happening
from obligations.duties.planning import office_calendar, plan

__all__ = ["Duty", "Happening", "office_calendar", "plan"]
