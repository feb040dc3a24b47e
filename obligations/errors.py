"""Everything that can go wrong while reading what is owed.

    JiaoyingError            a sentence for people; the command line prints it and nothing else
     ├─ Unreadable           a file that is no notice: empty, binary, gone
     ├─ RulesRefused         rules.yaml has problems; carries every one of them with its place
     └─ Misconfigured        a setting, a secret or a folder is missing or wrong

A sentence says where, what was found, what was expected and what to do next.
"""

from dataclasses import dataclass


class JiaoyingError(Exception):
    """A failure told in one Chinese sentence."""


class Unreadable(JiaoyingError):
    """The file holds no text that could be a notice."""


class Misconfigured(JiaoyingError):
    """A setting, a secret or a folder is missing or wrong."""


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where something stands in a file; line and column count from 1, 0 means unknown."""

    file: str
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        """Give the form that editors jump to: ``rules.yaml:41:7``."""
        parts = (self.file, *(str(n) for n in (self.line, self.column) if n))
        return ":".join(parts)


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One thing wrong in rules.yaml, or (``warning``) one thing the office should look at."""

    place: Place
    message: str
    warning: bool = False

    def __str__(self) -> str:
        """Give the line that ``jiaoying check`` prints."""
        return f"{self.place}: {'提醒：' if self.warning else ''}{self.message}"


class RulesRefused(JiaoyingError):
    """rules.yaml is refused whole; the rules in force stay in force."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        """Keep every problem, so that one look mends them all."""
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = problems
