"""The pages: answers for whoever holds a link, the board and the record for the office."""

from notifier.web.app import make_app

__all__ = ["make_app"]
