"""The sandbox: what groups and apps would show, with the platforms' real limits and error codes."""

from notifier.channels.sandbox.room import BASE, Sandbox
from notifier.channels.sandbox.rules import Credentials, Group, Shown

__all__ = ["BASE", "Credentials", "Group", "Sandbox", "Shown"]
