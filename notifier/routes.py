"""By which lanes somebody is reached, and how he is addressed there."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from notifier.channels import PLATFORMS, Channel
from notifier.channels.protocol import Recipient
from obligations.duties import Duty
from obligations.rules import Means, Office, Unit

PREFERENCE = (Means.APP, Means.GROUP, Means.SMS, Means.PHONE, Means.MAIL)


@dataclass(frozen=True, slots=True)
class Way:
    """One channel as a way to people."""

    lane: str
    means: Means
    channel: Channel


def find_ways(office: Office, channels: Mapping[str, Channel]) -> tuple[Way, ...]:
    """Give every channel as a way, in the order of rules.yaml."""
    return tuple(
        Way(spec.name, PLATFORMS[spec.platform].means, channels[spec.name])
        for spec in office.channels
        if spec.name in channels
    )


def find_lanes(
    office: Office,
    ways: Sequence[Way],
    person: str,
    *,
    unit: str = "",
    means: Sequence[str] = (),
) -> tuple[str, ...]:
    """Give the lanes by which a person is called: one for each of the means that reaches him.

    ``means`` may name channels. None given, or none that reaches: his best way of all.
    """
    recipient = address(office, person, "")
    group = _find_group(office, person, unit)
    usable = [
        way
        for way in ways
        if way.channel.reaches(recipient) and (way.means is not Means.GROUP or way.lane == group)
    ]
    wanted = (
        next((way for way in usable if word in (way.means, way.lane)), None) for word in means
    )
    chosen = tuple(dict.fromkeys(way.lane for way in wanted if way))
    return chosen or tuple(way.lane for way in _ordered(usable)[:1])


def find_lane(office: Office, duty: Duty) -> str:
    """Give the channel that reaches the bearer: his unit's group, else the office's first channel.

    Gives "" where the office has no channel at all.
    """
    unit = next((unit for unit in office.units if unit.name == duty.unit), None)
    names = [channel.name for channel in office.channels]
    if unit and unit.group in names:
        return unit.group
    return names[0] if names else ""


def address(office: Office, name: str, link: str) -> Recipient:
    """Give a person's accounts together with his own answer link."""
    for person in office.people:
        if person.name == name:
            return Recipient(
                name,
                person.mobile,
                person.wecom,
                person.dingtalk,
                link,
                person.feishu,
                person.mail,
            )
    return Recipient(name, link=link)


def _ordered(ways: Iterable[Way]) -> list[Way]:
    return sorted(ways, key=lambda way: PREFERENCE.index(way.means))


def _find_group(office: Office, person: str, unit: str) -> str:
    """Give the group in which a person reads: his unit's, else the office's first one."""
    units: list[Unit] = [one for one in office.units if unit == one.name]
    units += [one for one in office.units if person == one.head]
    groups = [one.group for one in units if one.group]
    firsts = [
        spec.name
        for spec in office.channels
        if spec.platform in PLATFORMS and PLATFORMS[spec.platform].means is Means.GROUP
    ]
    return next(iter((*groups, *firsts)), "")
