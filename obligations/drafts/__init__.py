"""A notice -> drafts of rules that people confirm one by one.

likeness -> joining | ids -> making -> Draft
kept: the rules of a file -> editions, fields -> comparing: new, changed, gone -> telling
known: who the office has; sheet: drafts -> lines of rules.yaml; confirming: drafts -> rules
"""

from obligations.drafts.comparing import Change, Comparison, compare
from obligations.drafts.confirming import Entry, confirm, read_entries, replaced
from obligations.drafts.kept import Kept, keep, read_kept
from obligations.drafts.known import Terms, unknown
from obligations.drafts.making import WHO, make_drafts
from obligations.drafts.model import Draft
from obligations.drafts.sheet import append, mapping, new_file, write_into, write_rules
from obligations.drafts.telling import tell, tell_unknown

__all__ = [
    "WHO",
    "Change",
    "Comparison",
    "Draft",
    "Entry",
    "Kept",
    "Terms",
    "append",
    "compare",
    "confirm",
    "keep",
    "make_drafts",
    "mapping",
    "new_file",
    "read_entries",
    "read_kept",
    "replaced",
    "tell",
    "tell_unknown",
    "unknown",
    "write_into",
    "write_rules",
]
