"""Which lane a duty's reminders take, and how a person is addressed there."""

from notifier.channels.protocol import Recipient
from obligations.duties import Duty
from obligations.rules import Office, Unit


def find_lane(office: Office, duty: Duty) -> str:
    """Give the channel that reaches the bearer: his unit's group, else the office's first channel.

    Gives "" where the office has no channel at all.
    """
    unit = _find_unit(office, duty)
    names = [channel.name for channel in office.channels]
    if unit and unit.group in names:
        return unit.group
    return names[0] if names else ""


def address(office: Office, name: str, link: str) -> Recipient:
    """Give a person's accounts together with his own answer link."""
    for person in office.people:
        if person.name == name:
            return Recipient(name, person.mobile, person.wecom, person.dingtalk, link)
    return Recipient(name, link=link)


def _find_unit(office: Office, duty: Duty) -> Unit | None:
    return next((unit for unit in office.units if unit.name == duty.unit), None)
