"""How the simulated platforms count: so many calls in any stretch of time."""

from collections import deque
from dataclasses import dataclass, field
from datetime import datetime

from notifier.channels.protocol import Limit


@dataclass(slots=True)
class Meter:
    """One limit and the calls that count against it."""

    limit: Limit
    calls: deque[datetime] = field(default_factory=deque)
    blocked_until: datetime | None = None

    def overruns(self, now: datetime) -> bool:
        """Count one call and tell whether it is over the limit; the first one too many blocks."""
        penalty = self.limit.penalty
        if self.blocked_until is not None and now < self.blocked_until <= now + penalty:
            return True
        self.blocked_until = None
        if self.is_full(now):
            self.blocked_until = now + penalty
            return True
        self.calls.append(now)
        return False

    def is_full(self, now: datetime) -> bool:
        """Tell whether one more call would be one too many."""
        since = now - self.limit.per
        while self.calls and not since < self.calls[0] <= now:
            self.calls.popleft()
        return len(self.calls) >= self.limit.count
