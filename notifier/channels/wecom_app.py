"""WeCom's self-built app (企业微信应用): it speaks to people one by one and hears their buttons."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta

from notifier.channels import wecom
from notifier.channels.outcomes import crowded, failure
from notifier.channels.protocol import (
    ChannelError,
    FailureKind,
    Limit,
    Message,
    Receipt,
    Recipient,
    Section,
)
from notifier.channels.wecom_api import LIMIT, REFUSALS, WIDTH, Api
from notifier.channels.wecom_card import card, holds, is_card, is_refused
from notifier.channels.wire import Answer, Wire
from notifier.messages import Form, escape, marked, render, shorten

PLATFORM = "企业微信应用"
SEND_PATH = "/cgi-bin/message/send"
UPDATE_PATH = "/cgi-bin/message/update_template_card"
MEMBER_LIMITS = (
    Limit(30, timedelta(minutes=1), timedelta(0)),
    Limit(1000, timedelta(hours=1), timedelta(0)),
)
MARKDOWN_BYTES = 2048
RECEIVERS = 1000
MARKDOWN = Form("markdown.jinja", escape.markdown, lambda _: "")
_ALL_INVALID = 81013
_NAMES_BYTES = 90


@dataclass(frozen=True, slots=True)
class WecomApp:
    """One app of one corporation.

    It does not ask the platform to drop what it sees twice: that goes by equal bodies, and a call
    that rings three times in five minutes says three times the same.
    """

    api: Api
    agent: int
    limit: Limit = LIMIT
    deduplicates: bool = False
    member_limits: tuple[Limit, ...] = MEMBER_LIMITS
    width: int = WIDTH

    def reaches(self, recipient: Recipient) -> bool:
        """Tell whether he has an account there."""
        return bool(wecom.account(recipient))

    def fits(self, message: Message) -> bool:
        """Tell whether all of it goes into one message: to one person, or word for word to many."""
        whole = marked(message)
        if not _is_for_all(message):
            return False
        if is_card(whole):
            return holds(whole)
        return _is_short(render(_addressed(whole), MARKDOWN))

    async def send(self, message: Message) -> Receipt:
        """Send it once; raises ChannelError where the platform has not taken it."""
        if not _is_for_all(message):
            raise crowded(self.api.wire, message)
        accounts = wanted(self.api.wire, message)
        answer = await self._say(message, "|".join(accounts))
        missed = _listed(answer, "invaliduser") | _listed(answer, "unlicenseduser")
        unreached = [name for account, name in accounts.items() if account.lower() in missed]
        unreached += nameless(message)
        notes = [answer.words, f"没有送到{'、'.join(unreached)}" if unreached else ""]
        return Receipt(
            message.code,
            "；".join(filter(None, notes)),
            tuple(unreached),
            str(answer.body.get("response_code", "")),
        )

    async def close_card(self, response_code: str, userids: Iterable[str], words: str) -> None:
        """Put words that cannot be pressed in the place of a card's buttons: 已收到（09:03）.

        A code works once and for 72 hours; raises ChannelError where the platform refuses it.
        """
        body = {
            "userids": list(userids),
            "agentid": self.agent,
            "response_code": response_code,
            "button": {"replace_name": escape.plain(words)},
        }
        self._taken(await self.api.answer(UPDATE_PATH, body, secrets=(response_code,)))

    async def _say(self, message: Message, touser: str) -> Answer:
        """Say it with buttons where there are some, in words where the platform wants no card.

        An app without a callback address may send none: the words must arrive all the same.
        """
        if is_card(message):
            answer = await self._post(touser, card(message))
            if answer.code == _ALL_INVALID or not is_refused(answer, REFUSALS):
                return self._taken(answer)
        content = shorten(_addressed(message), MARKDOWN, _is_short)
        if content is None:
            raise crowded(self.api.wire, message)
        body = {"msgtype": "markdown", "markdown": {"content": content}}
        return self._taken(await self._post(touser, body))

    async def _post(self, touser: str, body: Mapping[str, object]) -> Answer:
        return await self.api.answer(SEND_PATH, {"touser": touser, "agentid": self.agent, **body})

    def _taken(self, answer: Answer) -> Answer:
        if answer.code:
            raise failure(self.api.wire, answer, REFUSALS)
        return answer


def wanted(wire: Wire, message: Message) -> dict[str, str]:
    """Give the accounts it goes to, with the names; raises ChannelError where there is none."""
    people = [section.recipient for section in message.sections]
    accounts = {wecom.account(one): one.name for one in people if wecom.account(one)}
    if not accounts:
        raise accountless(wire, message)
    return accounts


def accountless(wire: Wire, message: Message) -> ChannelError:
    """Give the failure of a message that can be sent to nobody."""
    names = escape.clip("、".join(nameless(message)), _NAMES_BYTES)
    what = f"{names}没有企业微信账号，消息没有发出。请在人员名单里补上"
    return wire.refused(what, FailureKind.PERMANENT)


def nameless(message: Message) -> list[str]:
    """Give the names of those without an account."""
    people = [section.recipient for section in message.sections]
    return [one.name for one in people if not wecom.account(one)]


def _is_for_all(message: Message) -> bool:
    """Tell whether everybody gets the same words, with no link of his own and no button."""
    first = message.sections[0].lines if message.sections else ()
    return len(message.sections) == 1 or (
        1 < len(message.sections) <= RECEIVERS
        and not message.buttons
        and all(one.lines == first and not one.recipient.link for one in message.sections)
    )


def _addressed(message: Message) -> Message:
    if len(message.sections) == 1:
        return message
    return replace(message, sections=(Section(Recipient("各位"), message.sections[0].lines),))


def _listed(answer: Answer, key: str) -> frozenset[str]:
    """Give the accounts of a list as the platform writes it: one string, in lower case."""
    return frozenset(filter(None, str(answer.body.get(key) or "").lower().split("|")))


def _is_short(text: str) -> bool:
    return len(text.encode()) <= MARKDOWN_BYTES
