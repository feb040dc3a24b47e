"""By which lanes somebody is reached, and how he is addressed there."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from notifier.channels import Channel
from notifier.channels.protocol import Recipient
from obligations.duties import Duty
from obligations.rules import ChannelSpec, Means, Office
from obligations.rules.platforms import PLATFORMS, means_of

PREFERENCE = (Means.APP, Means.GROUP, Means.SMS, Means.PHONE, Means.MAIL)

_ACCOUNTS = (("企业微信", "wecom"), ("钉钉", "dingtalk"), ("飞书", "feishu"), ("邮件", "mail"))


@dataclass(frozen=True, slots=True)
class Way:
    """One channel as a way to people."""

    lane: str
    means: Means
    channel: Channel


@dataclass(frozen=True, slots=True)
class Net:
    """Ways with the groups among them found by name: of 2,000 groups one concerns a person."""

    groups: Mapping[str, Way]
    others: tuple[Way, ...]

    def near(self, office: Office, person: str, unit: str = "") -> tuple[Way, ...]:
        """Give the ways that may lead to a person: his group's, and all that are no groups."""
        group = self.groups.get(find_group(office, person, unit))
        return (*self.others, group) if group else self.others


def knot(ways: Iterable[Way]) -> Net:
    """Give the ways as a net."""
    known = tuple(ways)
    groups = {way.lane: way for way in known if way.means is Means.GROUP}
    return Net(groups, tuple(way for way in known if way.means is not Means.GROUP))


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
    group = find_group(office, person, unit)
    usable = [
        way
        for way in ways
        if (way.means is not Means.GROUP or way.lane == group) and way.channel.reaches(recipient)
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
    unit = office.find_unit(duty.unit)
    if unit and office.find_channel(unit.group):
        return unit.group
    return office.channels[0].name if office.channels else ""


def address(office: Office, name: str, link: str) -> Recipient:
    """Give a person's accounts together with his own answer link."""
    person = office.find_person(name)
    if person is None:
        return Recipient(name, link=link)
    return Recipient(
        name, person.mobile, person.wecom, person.dingtalk, link, person.feishu, person.mail
    )


def find_group(office: Office, person: str, unit: str = "") -> str:
    """Give the group in which a person reads: his unit's, else the office's first one."""
    for one in (office.find_unit(unit), *office.find_headed(person)):
        if one and one.group:
            return one.group
    return next((spec.name for spec in office.channels if _is_group(spec)), "")


def _is_group(spec: ChannelSpec) -> bool:
    return means_of(spec.platform) is Means.GROUP


def find_account(office: Office, platform: str, account: str) -> str:
    """Give the name of the person whose account it is on a platform, "" where nobody's.

    >>> from obligations.rules import Person
    >>> town = Office("青溪镇", people=(Person("周敏", wecom="zhoumin", mobile="13800000001"),))
    >>> find_account(town, "企业微信应用", "ZhouMin")
    '周敏'
    >>> find_account(town, "短信网关", "+8613800000001")
    '周敏'
    """
    wanted = account.strip().lower()
    if not wanted:
        return ""
    field = _field(platform)
    if field == "mobile":
        wanted = wanted.removeprefix("+86").removeprefix("86-")
    found = (one.name for one in office.people if getattr(one, field).lower() == wanted)
    return next(found, "")


def hears_buttons(spec: ChannelSpec) -> bool:
    """Tell whether a press of a button comes back to us from a channel.

    WeCom refuses cards with buttons of an app that has no callback; its bot always hears.
    """
    return spec.platform == "企业微信智能机器人" or bool(spec.token and spec.aes_key)


def stranger(platform: str, name: str, account: str) -> Recipient:
    """Give somebody whom rules.yaml does not know, as the platform knows him."""
    field = _field(platform)
    return replace(Recipient(name), **{field: account})


def _field(platform: str) -> str:
    return next((name for prefix, name in _ACCOUNTS if platform.startswith(prefix)), "mobile")


def _ordered(ways: Iterable[Way]) -> list[Way]:
    return sorted(ways, key=lambda way: PREFERENCE.index(way.means))
