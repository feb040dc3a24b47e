"""叫应: who is called, how he climbs his ladder, and who is told when he does not answer.

standing   the fold over what befell one callee
ladder     a ladder's strikes, and what is due for a callee now
callees    names, posts, units and tags -> who must answer; deputies for those on leave
reports    the 未叫醒 list: whom it goes to and what it says
roll_call  at which random moment a roll call makes itself
words      what a callee reads
"""

from notifier.calls.callees import everybody, find_callees, find_role, find_superior, named
from notifier.calls.ladder import Step, Strike, climb, strikes
from notifier.calls.reports import Report, make_reports
from notifier.calls.roll_call import next_roll_call
from notifier.calls.standing import CallStanding, CallState, advance_callee, begin
from notifier.calls.words import call_words, current_stage, pieces, stage_words

__all__ = [
    "CallStanding",
    "CallState",
    "Report",
    "Step",
    "Strike",
    "advance_callee",
    "begin",
    "call_words",
    "climb",
    "current_stage",
    "everybody",
    "find_callees",
    "find_role",
    "find_superior",
    "make_reports",
    "named",
    "next_roll_call",
    "pieces",
    "stage_words",
    "strikes",
]
