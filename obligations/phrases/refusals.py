"""What is left alone: book titles, history, penalties, and words next to their own frequency."""

from obligations.phrases.mention import Mention


def kept(text: str, found: list[Mention]) -> list[Mention]:
    """Give the mentions that are duties."""
    return found
