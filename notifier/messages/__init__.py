"""Messages: what is said to whom, and its text in the words and marks of each platform."""

from notifier.messages.model import Line, Message, Recipient, Section
from notifier.messages.text import Form, marked, render, shorten

__all__ = [
    "Form",
    "Line",
    "Message",
    "Recipient",
    "Section",
    "marked",
    "render",
    "shorten",
]
