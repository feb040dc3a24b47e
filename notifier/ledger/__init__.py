"""The append-only, hash-chained record of what happened, and what can be rebuilt from it."""

from notifier.ledger.chain import Entry, Flaw, verify
from notifier.ledger.store import Ledger, open_ledger

__all__ = ["Entry", "Flaw", "Ledger", "open_ledger", "verify"]
