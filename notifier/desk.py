"""What the running program holds: clock, ledger, channels and the rules in force."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from notifier import links
from notifier.channels.protocol import Channel, Message, Recipient, Section
from notifier.channels.protocol import Line as MessageLine
from notifier.clock import Clock
from notifier.events import Sending, Told
from notifier.hours import Hours, office_hours
from notifier.ledger import Ledger
from notifier.messages import Button, Topic
from notifier.routes import Way, address, find_ways, hears_buttons, stranger
from obligations.rules import ChannelSpec, Office

_TITLES = {Topic.CALL: "叫应", Topic.NOTICE: "通知", Topic.DUTY: "履职提醒"}


@dataclass(slots=True)
class Desk:
    """The one place where effects meet; `office` and `channels` change when the rules change."""

    clock: Clock
    ledger: Ledger
    office: Office
    channels: Mapping[str, Channel]
    secret: str
    public_url: str
    rules_digest: str = ""
    rules_trouble: str = ""

    @property
    def hours(self) -> Hours:
        """Give the office's own time under the rules in force."""
        return office_hours(self.office)

    @property
    def ways(self) -> tuple[Way, ...]:
        """Give every channel in force as a way to people."""
        return find_ways(self.office, self.channels)

    def channel(self, name: str) -> ChannelSpec | None:
        """Give what the rules in force say of a channel."""
        return next((spec for spec in self.office.channels if spec.name == name), None)

    def link(self, code: str, person: str) -> str:
        """Give the address at which a person answers a message."""
        token = links.sign(self.secret, links.Pass(code, person), self.clock.now())
        return f"{self.public_url}/a/{token}"

    def message(self, sending: Sending) -> Message:
        """Give what the channel is to say; links are made here and kept nowhere."""
        return make_message(self.office, sending, self.link)


def make_message(office: Office, sending: Sending, link: Callable[[str, str], str]) -> Message:
    """Give what a channel is to say; ``link`` makes a person's answer address from (code, name)."""
    people = {line.person: line for line in sending.lines}
    spec = next((one for one in office.channels if one.name == sending.lane), None)
    asks = sending.topic is not Topic.NOTICE

    def recipient(line: Told) -> Recipient:
        if line.account and spec:
            return stranger(spec.platform, line.person, line.account)
        return address(office, line.person, link(sending.code, line.person) if asks else "")

    sections = tuple(
        Section(
            recipient(first),
            tuple(_line(line) for line in sending.lines if line.person == person),
        )
        for person, first in people.items()
    )
    return Message(
        sending.code,
        f"{office.name}{_TITLES[sending.topic]}",
        sections,
        repeated=sending.repeated,
        late=sending.late,
        topic=sending.topic,
        buttons=_buttons(sending) if spec and hears_buttons(spec) else (),
    )


def _buttons(sending: Sending) -> tuple[Button, ...]:
    """Give a call's buttons where one person is told of one thing; a press names its key."""
    if sending.topic is not Topic.CALL or len(sending.lines) != 1 or sending.lines[0].aside:
        return ()
    key = sending.lines[0].key
    return Button("收到", f"heard {key}"), Button("已落实", f"done {key}")


def _line(told: Told) -> MessageLine:
    return MessageLine(told.text, told.reason, told.due)
