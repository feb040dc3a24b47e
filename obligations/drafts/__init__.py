"""A notice -> drafts of rules that people confirm one by one.

making -> ids -> Draft -> sheet: lines of rules.yaml
"""

from obligations.drafts.making import make_drafts
from obligations.drafts.model import Draft
from obligations.drafts.sheet import append, describe, merge, missing, new_file, write_rules

__all__ = [
    "Draft",
    "append",
    "describe",
    "make_drafts",
    "merge",
    "missing",
    "new_file",
    "write_rules",
]
