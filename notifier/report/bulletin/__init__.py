"""Bulletins: what the office would write by hand every week, month and half-year.

spans        which days a bulletin is about
gather       the stored standings, read in one pass
figures      rates, ranking, 末位, repeated offenders, calls; each number with its keys
supervision  the three-coloured 督办单
charts       completion by unit and month, response times
contents     all of it under the names that templates use
templates/   the words; a folder templates/ beside rules.yaml comes before them
draft        a template filled: title, chat text, paper, file
"""

from notifier.report.bulletin.draft import Draft, draft
from notifier.report.bulletin.spans import KIND_TITLES, Kind, Span, span_of

__all__ = ["KIND_TITLES", "Draft", "Kind", "Span", "draft", "span_of"]
