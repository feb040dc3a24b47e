"""One year of a record: its duties as they stand, and what befell them."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from notifier.events import MARK, subjects
from notifier.hours import Hours
from notifier.ledger.chain import Entry
from notifier.report.archive.gather import Record
from notifier.standing import Standing, fold


@dataclass(frozen=True, slots=True)
class Look:
    """A year's look at a record: by key the entries, and what stands now."""

    record: Record
    hours: Hours
    year: int
    standings: dict[str, Standing]
    by_key: dict[str, list[Entry]]

    def local(self, one: Entry) -> datetime:
        """Give when it was written, in the office's own time."""
        return self.hours.local(one.at)

    def matter(self, key: str) -> str:
        """Give what a duty is about."""
        return self.standings[key].duty.matter

    def entries(self) -> Iterator[tuple[str, Entry]]:
        """Give what befell the year's duties, oldest first."""
        found = [(key, one) for key in self.standings for one in self.by_key[key]]
        return iter(sorted(found, key=lambda each: each[1].seq))


def look_at(record: Record, hours: Hours, year: int) -> Look:
    """Give the duties whose window touches the year, and everything that befell them."""
    by_key: dict[str, list[Entry]] = defaultdict(list)
    for one in record.entries:
        for key in dict.fromkeys(subjects(one.fact)):
            if key in record.keys:
                by_key[key].append(one)
    folded = {
        key: fold((one.at, one.fact) for one in by_key[key])
        for key in sorted(record.keys)
        if not key.startswith(f"{MARK}/")
    }
    standings = {
        key: one
        for key, one in folded.items()
        if one and one.duty.opens.year <= year <= one.duty.due.year
    }
    return Look(record, hours, year, standings, by_key)
