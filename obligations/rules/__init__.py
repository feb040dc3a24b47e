"""rules.yaml <-> Office: what people reviewed, read whole or refused with every problem's place.

tree       YAML text -> plain values, every scalar as written, and where each stands
slips      full-width colons, curly quotes, tabs, missing blanks; and their mending
sheet      the shape of the file (pydantic); values, lengths: its small words; wording: complaints
form       tree -> what fits the shape, and a problem for each thing that does not
timing     频次 -> Schedule; owing: 加密, 材料, 名单
build      form -> Office (model); call_build: its ladders and ready-made calls
checks     what no single key shows; channel_checks, rule_checks, call_checks, reach_checks,
           owing_checks
bearers    a name, post, unit or tag -> who is meant
ladders    the ladders that are always there
platforms  what a channel can be, and by which means and accounts it reaches people
schema     the JSON Schema that editors complete keys by
"""

from obligations.rules.bearers import Bearer, find_person, find_roster, is_away, resolve, stand_in
from obligations.rules.ladders import find_ladder
from obligations.rules.model import (
    Bearing,
    CallPlan,
    ChannelSpec,
    DayPlan,
    KeyPeriod,
    Ladder,
    Leave,
    Listed,
    Material,
    Means,
    Office,
    Pacing,
    Person,
    Role,
    RollCall,
    Roster,
    Rule,
    Rung,
    Shift,
    Source,
    Tightening,
    Unit,
)
from obligations.rules.reading import Reading, examine, load, read, read_text, repair
from obligations.rules.slips import Slip, mend, slips

__all__ = [
    "Bearer",
    "Bearing",
    "CallPlan",
    "ChannelSpec",
    "DayPlan",
    "KeyPeriod",
    "Ladder",
    "Leave",
    "Listed",
    "Material",
    "Means",
    "Office",
    "Pacing",
    "Person",
    "Reading",
    "Role",
    "RollCall",
    "Roster",
    "Rule",
    "Rung",
    "Shift",
    "Slip",
    "Source",
    "Tightening",
    "Unit",
    "examine",
    "find_ladder",
    "find_person",
    "find_roster",
    "is_away",
    "load",
    "mend",
    "read",
    "read_text",
    "repair",
    "resolve",
    "slips",
    "stand_in",
]
