"""DingTalk's enterprise robot (钉钉企业机器人): a message in its own conversation with a person.

No answer link stands in the text: it is the button of an action card.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta

from notifier.channels.dingtalk_open import LIMIT, Application, Said, names
from notifier.channels.outcomes import crowded
from notifier.channels.protocol import (
    ChannelError,
    FailureKind,
    Limit,
    Message,
    Receipt,
    Recipient,
    Section,
)
from notifier.channels.wire import rows, unreadable
from notifier.messages import Form, escape, marked, render, shorten

PLATFORM = "钉钉企业机器人"
SEND_PATH = "/v1.0/robot/oToMessages/batchSend"
READ_PATH = "/v1.0/robot/oToMessages/readStatus"
PEOPLE = 20
PARAM_BYTES = 15_000
WIDTH = 16
BUTTON = "点此答复"
_MINUTE = timedelta(minutes=1)
MEMBER_LIMIT = Limit(20, _MINUTE, _MINUTE)  # no figure is published: that of the group robot
_TITLE_BYTES = 120
_NOT_YET = "processquerykey.expiretime"

MARKDOWN = Form("card.jinja", escape.markdown, lambda _: "", newline="  \n")
_NONE = "没有钉钉账号"
_LISTS = (
    ("invalidStaffIdList", "钉钉账号无效或不在应用的可见范围内"),
    ("filteredStaffIdList", "被平台过滤，没有送出"),
    ("flowControlledStaffIdList", "近期消息太多，被平台限流"),
)


@dataclass(frozen=True, slots=True)
class DingtalkApp:
    """The robot of one enterprise application, speaking with people one by one."""

    application: Application
    limit: Limit = LIMIT
    deduplicates: bool = False
    member_limits: tuple[Limit, ...] = (MEMBER_LIMIT,)
    width: int = WIDTH

    def reaches(self, recipient: Recipient) -> bool:
        """Tell whether his DingTalk account is known."""
        return bool(account(recipient))

    def fits(self, message: Message) -> bool:
        """Tell whether it is for one person, or word for word the same for twenty, and whole."""
        page = together(message, PEOPLE)
        return page is not None and _is_short(page, render(marked(page), MARKDOWN))

    async def send(self, message: Message) -> Receipt:
        """Send it once; raises ChannelError where the platform has not taken it."""
        wire = self.application.wire
        people = reachable(message)
        if not people:
            raise unknown(self.application, message)
        body = compose(message, self.application.account.robot)
        if body is None:
            raise crowded(wire, message)
        told = await self.application.call("POST", SEND_PATH, body)
        if isinstance(told, Said):
            raise self.application.refused(told)
        reference = told.get("processQueryKey")
        missed = {each.casefold(): why for key, why in _LISTS for each in names(told, key)}
        if all(each.casefold() in missed for each in people):
            raise self._nobody(told, people)
        if not isinstance(reference, str) or not reference:
            raise unreadable(wire, 200, "")
        return receipt(message, missed, reference)

    async def read_by(self, reference: str) -> frozenset[str] | None:
        """Give the accounts that have opened the message, None where DingTalk does not say.

        It knows for 24 hours, beginning a little after the sending. To open is not to answer.
        """
        query = {"robotCode": self.application.account.robot, "processQueryKey": reference}
        told = await self.application.call("GET", READ_PATH, query=query)
        if isinstance(told, Said):
            if told.code.lower() == _NOT_YET:
                return None
            raise self.application.refused(told)
        people = rows(told, "messageReadInfoList")
        return frozenset(
            str(one.get("userId")) for one in people if one.get("readStatus") == "READ"
        )

    def _nobody(self, told: Mapping[str, object], people: Mapping[str, str]) -> ChannelError:
        """Give the failure of a message that reached none of its people.

        One person who gets too much slows nobody down but himself.
        """
        slowed = names(told, "flowControlledStaffIdList")
        named = "、".join(people.values())
        wire = self.application.wire
        if slowed:
            what = f"平台对{named}限流：近期消息太多，稍后再发"
            kind = FailureKind.THROTTLED if len(people) > 1 else FailureKind.TRANSIENT
            return wire.refused(what, kind, retry_after=_MINUTE)
        what = f"平台不认识{named}的钉钉账号，或者他不在应用的可见范围内。请核对人员里的钉钉userId"
        return wire.refused(what, FailureKind.PERMANENT)


def account(recipient: Recipient) -> str:
    """Give the userid, or ""."""
    return escape.account(recipient.dingtalk)


def reachable(message: Message) -> dict[str, str]:
    """Give account and name of all who have an account, each account once."""
    people = (section.recipient for section in message.sections)
    return {account(person): person.name for person in people if account(person)}


def unknown(application: Application, message: Message) -> ChannelError:
    """Give the failure of a message for people without an account."""
    named = "、".join(section.recipient.name for section in message.sections) or "任何人"
    what = f"没有{named}的钉钉账号，消息没有发出。请在人员里补上钉钉userId"
    return application.wire.refused(what, FailureKind.PERMANENT)


def together(message: Message, most: int) -> Message | None:
    """Give what every recipient is to read, None where it is not the same for all."""
    if len(message.sections) <= 1:
        return message
    first = message.sections[0]
    is_same = all(section.lines == first.lines for section in message.sections)
    has_links = any(section.recipient.link for section in message.sections)
    if not is_same or has_links or len(message.sections) > most:
        return None
    everybody = Recipient(f"{first.recipient.name}等{len(message.sections)}人")
    return replace(message, sections=(Section(everybody, first.lines),))


def compose(message: Message, robot: str) -> dict[str, object] | None:
    """Give the body that is sent, cut to fit; None where one message cannot hold it."""
    page = together(message, PEOPLE)
    if page is None:
        return None
    text = shorten(page, MARKDOWN, lambda text: _is_short(page, text))
    if text is None:
        return None
    key, param = _content(page, text)
    return {
        "robotCode": robot,
        "userIds": list(reachable(message)),
        "msgKey": key,
        "msgParam": param,
    }


def receipt(message: Message, missed: Mapping[str, str], reference: str) -> Receipt:
    """Give what the ledger keeps: whom the platform did not reach, and why."""
    people = [section.recipient for section in message.sections]
    reasons = [
        (person.name, missed.get(account(person).casefold(), "") if account(person) else _NONE)
        for person in people
    ]
    unreached = [(name, why) for name, why in reasons if why]
    detail = "；".join(f"没有送到{name}：{why}" for name, why in unreached)
    return Receipt(message.code, detail or "ok", tuple(name for name, _ in unreached), reference)


def _content(page: Message, text: str) -> tuple[str, str]:
    """Give the key of the template and its parameters, which are JSON in a string."""
    title = escape.clip(escape.markdown(page.title), _TITLE_BYTES) or "提醒"
    param = {"title": title, "text": text}
    link = _link(page)
    if link:
        param |= {"singleTitle": BUTTON, "singleURL": link}
    key = "sampleActionCard" if link else "sampleMarkdown"
    return key, json.dumps(param, ensure_ascii=False, separators=(",", ":"))


def _is_short(page: Message, text: str) -> bool:
    return len(_content(page, text)[1].encode("utf-8", "replace")) <= PARAM_BYTES


def _link(page: Message) -> str:
    return "".join(escape.link(section.recipient.link) for section in page.sections)
