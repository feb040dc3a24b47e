"""The pages: answers for whoever holds a link, the board and the record for the office."""

from notifier.web.app import Doors, make_app

__all__ = ["Doors", "make_app"]
