"""DING, which breaks through silence (钉钉DING): in the app, as an SMS or as a phone call.

The platform names no length for the content: what is kept here is what a short message and half a
minute of speech hold. Who is called by phone hears no link.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from notifier.channels.dingtalk_app import WIDTH, account, reachable, receipt, together, unknown
from notifier.channels.dingtalk_open import LIMIT, Application, Said
from notifier.channels.outcomes import crowded
from notifier.channels.protocol import FailureKind, Limit, Message, Receipt, Recipient
from notifier.channels.wire import redact, unreadable
from notifier.messages import Form, escape, marked, render, shorten

APP = "钉钉DING"
SMS = "钉钉DING短信"
PHONE = "钉钉DING电话"
SEND_PATH = "/v1.0/robot/ding/send"
_TEXT = Form("plain.jinja", escape.plain, lambda _: "")


@dataclass(frozen=True, slots=True)
class Kind:
    """One way to DING: its number, how many people at once, how much text, with links or not."""

    number: int
    people: int
    content_bytes: int
    links: bool = True


KINDS: Mapping[str, Kind] = {
    APP: Kind(1, 200, 2048),
    SMS: Kind(2, 20, 1500),
    PHONE: Kind(3, 20, 600, links=False),
}


@dataclass(frozen=True, slots=True)
class Ding:
    """The robot of one enterprise application, which DINGs people in one way."""

    application: Application
    kind: Kind
    limit: Limit = LIMIT
    deduplicates: bool = False
    member_limits: tuple[Limit, ...] = ()
    width: int = WIDTH

    def reaches(self, recipient: Recipient) -> bool:
        """Tell whether his DingTalk account is known, through which his mobile is found as well."""
        return bool(account(recipient))

    def fits(self, message: Message) -> bool:
        """Tell whether it is for one person, or word for word the same for all, and whole."""
        page = _spoken(message, self.kind)
        return page is not None and _is_short(render(marked(page), _TEXT), self.kind)

    async def send(self, message: Message) -> Receipt:
        """Send it once; raises ChannelError where the platform has not taken it."""
        wire = self.application.wire
        people = reachable(message)
        if not people:
            raise unknown(self.application, message)
        body = compose(message, self.kind, self.application.account.robot)
        if body is None:
            raise crowded(wire, message)
        told = await self.application.call("POST", SEND_PATH, body)
        if isinstance(told, Said):
            raise self.application.refused(told)
        missed = {
            each.casefold(): redact(why, wire.secrets) or "平台没有说明原因"
            for why, failed in _failures(told).items()
            for each in failed
        }
        if all(each.casefold() in missed for each in people):
            why = "；".join(dict.fromkeys(missed.values()))
            what = f"没有送到{'、'.join(people.values())}：{why}"
            raise wire.refused(what, FailureKind.PERMANENT)
        reference = told.get("openDingId")
        if not isinstance(reference, str) or not reference:
            raise unreadable(wire, 200, "")
        return receipt(message, missed, reference)


def compose(message: Message, kind: Kind, robot: str) -> dict[str, object] | None:
    """Give the body that is sent, cut to fit; None where one message cannot hold it."""
    page = _spoken(message, kind)
    if page is None:
        return None
    content = shorten(page, _TEXT, lambda text: _is_short(text, kind))
    if content is None:
        return None
    return {
        "robotCode": robot,
        "remindType": kind.number,
        "receiverUserIdList": list(reachable(message)),
        "content": content,
    }


def _spoken(message: Message, kind: Kind) -> Message | None:
    sections = message.sections
    if not kind.links:
        sections = tuple(
            replace(section, recipient=replace(section.recipient, link="")) for section in sections
        )
    return together(replace(message, sections=sections), kind.people)


def _is_short(text: str, kind: Kind) -> bool:
    return len(text.encode("utf-8", "replace")) <= kind.content_bytes


def _failures(told: Mapping[str, object]) -> dict[str, tuple[str, ...]]:
    """Give the failed receivers under each reason."""
    found = told.get("failedList")
    rows = found.items() if isinstance(found, dict) else ()
    return {str(why): tuple(map(str, who)) for why, who in rows if isinstance(who, list)}
