"""Messages: what is said to whom, and its text in the words and marks of each platform."""

from notifier.messages.model import Button, Line, Message, Recipient, Section, Topic
from notifier.messages.text import Form, marked, render, shorten

__all__ = [
    "Button",
    "Form",
    "Line",
    "Message",
    "Recipient",
    "Section",
    "Topic",
    "marked",
    "render",
    "shorten",
]
