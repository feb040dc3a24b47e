"""The phrase language: time phrase <-> Schedule, and Schedule -> words.

words -> tokens -> heads, days, quantities -> recurring -> periods;
dates -> deadlines; happenings, lengths -> events; occasions -> standing;
windows -> refusals; all -> finding -> reading
"""

from obligations.phrases.finding import find
from obligations.phrases.form import dump
from obligations.phrases.loading import PhraseError, load
from obligations.phrases.mention import Found, Mention
from obligations.phrases.reading import Diagnosis, diagnose, parse
from obligations.phrases.wording import explain

__all__ = [
    "Diagnosis",
    "Found",
    "Mention",
    "PhraseError",
    "diagnose",
    "dump",
    "explain",
    "find",
    "load",
    "parse",
]
