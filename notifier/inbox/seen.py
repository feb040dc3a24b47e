"""What has come in lately, so that the same letter sent again is not opened again."""

from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import datetime, timedelta

MEMORY = timedelta(hours=2)
_MOST = 20_000


@dataclass(frozen=True, slots=True)
class Seen:
    """Marks of letters that were stored, for two hours, the oldest dropped first.

    Only what bore a right signature gets in here, so nobody else can fill it. The receiver drops
    repeats for ever by the platform's own id; this only spares it the work.
    """

    most: int = _MOST
    marks: OrderedDict[str, datetime] = field(default_factory=OrderedDict, repr=False)

    def holds(self, mark: str, now: datetime) -> bool:
        """Tell whether the letter was stored within the last two hours."""
        at = self.marks.get(mark)
        return at is not None and now - at < MEMORY

    def add(self, mark: str, now: datetime) -> None:
        """Remember a letter that is stored."""
        self.marks.pop(mark, None)
        self.marks[mark] = now
        while len(self.marks) > self.most or now - next(iter(self.marks.values())) >= MEMORY:
            self.marks.popitem(last=False)
