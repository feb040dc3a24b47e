"""The archive of a person or a unit over a year: what an inquiry asks for after an accident.

gather  the ledger's rows about it, each proved by its hash
look    one year of it
calls   its calls
tables  rows made into sheets: duties, reminders, answers, proofs, decisions, closings
paper   the sheets as an official document
"""

from notifier.report.archive.gather import Record, Subject, gather
from notifier.report.archive.paper import lay_out_archive
from notifier.report.archive.tables import Archive, make_archive

__all__ = ["Archive", "Record", "Subject", "gather", "lay_out_archive", "make_archive"]
