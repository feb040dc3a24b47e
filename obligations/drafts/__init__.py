"""A notice -> drafts of rules that people confirm one by one.

making -> ids -> Draft -> sheet: lines of rules.yaml
"""

from obligations.drafts.making import make_drafts
from obligations.drafts.model import Draft
from obligations.drafts.sheet import append, missing, new_file, write_rules

__all__ = ["Draft", "append", "make_drafts", "missing", "new_file", "write_rules"]
