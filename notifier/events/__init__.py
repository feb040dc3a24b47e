"""The facts that the ledger keeps. What happened is a row; what holds now is a fold over rows.

Every fact is frozen, says why (``reason``, a short Chinese phrase) and names its subjects: the
keys and message codes under which it can be found again. `encode` and `decode` are exact inverses.
"""

from notifier.events.calls import (
    MARK,
    Call,
    Called,
    Callee,
    Escalated,
    Joined,
    Listed,
    Released,
    Rerouted,
    Ring,
)
from notifier.events.codec import KIND_WORDS, Fact, decode, encode, subjects
from notifier.events.duties import (
    ANSWER_WORDS,
    PROOF_WORDS,
    Answered,
    AnswerKind,
    Handed,
    Opened,
    Proof,
    Revised,
    Withdrawn,
)
from notifier.events.inbox import INBOX, Heeded, Received, letter
from notifier.events.messages import (
    Abandoned,
    Announced,
    Dropped,
    Failed,
    Noted,
    Queued,
    Sending,
    Sent,
    Told,
)
from notifier.events.program import ClockSet, Planned, RulesChanged, Troubled

__all__ = [
    "ANSWER_WORDS",
    "INBOX",
    "KIND_WORDS",
    "MARK",
    "PROOF_WORDS",
    "Abandoned",
    "Announced",
    "AnswerKind",
    "Answered",
    "Call",
    "Called",
    "Callee",
    "ClockSet",
    "Dropped",
    "Escalated",
    "Fact",
    "Failed",
    "Handed",
    "Heeded",
    "Joined",
    "Listed",
    "Noted",
    "Opened",
    "Planned",
    "Proof",
    "Queued",
    "Received",
    "Released",
    "Rerouted",
    "Revised",
    "Ring",
    "RulesChanged",
    "Sending",
    "Sent",
    "Told",
    "Troubled",
    "Withdrawn",
    "decode",
    "encode",
    "letter",
    "subjects",
]
