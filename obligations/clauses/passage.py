"""A stretch of a paragraph that may hold duties."""

from dataclasses import dataclass

from obligations.documents import Paragraph


@dataclass(frozen=True, slots=True)
class Passage:
    """The text of ``paragraph`` from ``start`` to ``end``, with what stands around it.

    A cell that only says when (完成时限) has the row's words in ``task``; elsewhere it is empty.
    ``who`` is what a column of its own says about who must do it.
    """

    paragraph: Paragraph
    start: int
    end: int
    item: str = ""
    units: tuple[str, ...] = ()
    task: str = ""
    heading: str = ""
    who: str = ""

    @property
    def text(self) -> str:
        """The words that may hold duties."""
        return self.paragraph.text[self.start : self.end]
