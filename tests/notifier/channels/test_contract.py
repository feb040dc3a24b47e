"""Every channel of the program, put through the suite in contract.py."""

from tests.notifier.channels.contract import *  # noqa: F403 -- the suite is collected from here
