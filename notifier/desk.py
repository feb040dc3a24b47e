"""What the running program holds: clock, ledger, channels and the rules in force."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from notifier import links
from notifier.channels.protocol import Channel, Message, Section
from notifier.channels.protocol import Line as MessageLine
from notifier.clock import Clock
from notifier.events import Sending, Told
from notifier.hours import Hours, office_hours
from notifier.ledger import Ledger
from notifier.messages import Topic
from notifier.routes import Way, address, find_ways
from obligations.rules import Office

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

    def link(self, code: str, person: str) -> str:
        """Give the address at which a person answers a message."""
        token = links.sign(self.secret, links.Pass(code, person), self.clock.now())
        return f"{self.public_url}/a/{token}"

    def message(self, sending: Sending) -> Message:
        """Give what the channel is to say; links are made here and kept nowhere."""
        return make_message(self.office, sending, self.link)


def make_message(office: Office, sending: Sending, link: Callable[[str, str], str]) -> Message:
    """Give what a channel is to say; ``link`` makes a person's answer address from (code, name)."""
    people = dict.fromkeys(line.person for line in sending.lines)
    asks = sending.topic is not Topic.NOTICE
    sections = tuple(
        Section(
            address(office, person, link(sending.code, person) if asks else ""),
            tuple(_line(line) for line in sending.lines if line.person == person),
        )
        for person in people
    )
    return Message(
        sending.code,
        f"{office.name}{_TITLES[sending.topic]}",
        sections,
        repeated=sending.repeated,
        late=sending.late,
        topic=sending.topic,
    )


def _line(told: Told) -> MessageLine:
    return MessageLine(told.text, told.reason, told.due)
