"""A rule that waits for somebody's yes."""

from dataclasses import dataclass
from typing import Any

from obligations.schedule import Schedule


@dataclass(frozen=True, slots=True)
class Draft:
    """One rule as the program proposes it; ``phrase`` is words, "" where only the form says it.

    ``asked`` is what the office must answer first, each under the key that it is about; ``units``
    are those that the notice makes responsible beside the bearers. ``mark`` tells later what the
    notice said, whatever people made of it; ``replaces`` is the id of the rule whose place this one
    would take, and ``taken`` what it takes over from that rule as the file has it.
    """

    id: str
    matter: str
    bearers: tuple[str, ...]
    phrase: str
    schedule: Schedule
    document: str
    item: str
    quote: str
    asked: tuple[tuple[str, str], ...] = ()
    units: tuple[str, ...] = ()
    title: str = ""
    mark: str = ""
    replaces: str = ""
    taken: tuple[tuple[str, Any], ...] = ()

    @property
    def question(self) -> str:
        """All that is asked, in one line."""
        return "；".join(words for _, words in self.asked)
