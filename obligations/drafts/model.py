"""A rule that waits for somebody's yes."""

from dataclasses import dataclass

from obligations.schedule import Schedule


@dataclass(frozen=True, slots=True)
class Draft:
    """One rule as the program proposes it; ``phrase`` is words or the structured form as pairs.

    ``question`` is what the office must answer first, "" if nothing is open; ``units`` are those
    that the notice makes responsible beside the bearers.
    """

    id: str
    matter: str
    bearers: tuple[str, ...]
    phrase: str
    schedule: Schedule
    document: str
    item: str
    quote: str
    question: str = ""
    units: tuple[str, ...] = ()

    @property
    def source(self) -> tuple[str, str, str]:
        """Where it comes from: what tells whether a rule is there already."""
        return self.document, self.item, self.quote
