"""The sandbox: what the group would show, with the platforms' real limits and error codes."""

from notifier.channels.sandbox.room import BASE, Sandbox
from notifier.channels.sandbox.rules import Group, Shown

__all__ = ["BASE", "Group", "Sandbox", "Shown"]
