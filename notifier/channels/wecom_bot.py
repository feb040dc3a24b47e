"""WeCom's AI bot (企业微信智能机器人): it speaks over the long connection by which it hears.

It may speak to a person only after he has spoken to it, so everybody says a word to it once.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta

from notifier.channels import wecom
from notifier.channels.outcomes import BUSY, Refusal, Refusals, closed, crowded, failure, unfit
from notifier.channels.protocol import (
    ChannelError,
    FailureKind,
    Limit,
    Message,
    Receipt,
    Recipient,
)
from notifier.channels.subscriptions import Silence, Subscriptions
from notifier.channels.wecom_app import wanted
from notifier.channels.wecom_card import BUTTON_LETTERS, card, holds, is_card, is_refused
from notifier.channels.wire import PATIENCE, Answer, Wire, redact
from notifier.messages import Form, escape, marked, render, shorten

PLATFORM = "企业微信智能机器人"
SEND = "aibot_send_msg"
UPDATE = "aibot_respond_update_msg"
CLOSED_KEY = "jiaoying-closed"  # of the one button that a closed card has left
MARKDOWN_BYTES = 20_480
WIDTH = 16
_ALONE = 1  # chat_type of a conversation with one person
_GREY = 4
_SHOWN = ("main_title", "sub_title_text", "card_action")
_SECOND = timedelta(seconds=1)
_MINUTE = timedelta(minutes=1)
LIMIT = Limit(10, _SECOND, _SECOND)  # no figure is published for a bot: a fire of our own making
MEMBER_LIMITS = (Limit(30, _MINUTE, _MINUTE), Limit(1000, timedelta(hours=1), timedelta(hours=1)))
MARKDOWN = Form("markdown.jinja", escape.markdown, lambda _: "")

REFUSALS: Refusals = {
    -1: BUSY,
    **wecom.UNFIT,
    42045: unfit("平台不接受卡片的参数"),
    45009: Refusal(
        FailureKind.TRANSIENT, "近期发给他的太多，平台要求等1分钟再发", _MINUTE
    ),  # counted for each conversation: it slows nobody else down
    93019: closed("机器人的编号（Bot ID）不对或机器人已停用。请从企业微信里重新复制"),
    846605: unfit("卡片按下后超过5秒，平台不再让改"),
}


@dataclass(frozen=True, slots=True)
class WecomBot:
    """One AI bot, speaking with people one by one."""

    wire: Wire
    bot: str = field(repr=False)
    subscriptions: Subscriptions = field(repr=False)
    limit: Limit = LIMIT
    deduplicates: bool = False
    member_limits: tuple[Limit, ...] = MEMBER_LIMITS
    width: int = WIDTH

    def reaches(self, recipient: Recipient) -> bool:
        """Tell whether he has an account there."""
        return bool(wecom.account(recipient))

    def fits(self, message: Message) -> bool:
        """Tell whether it is for one person and whole."""
        whole = marked(message)
        if len(message.sections) != 1:
            return False
        return holds(whole) if is_card(whole) else _is_short(render(whole, MARKDOWN))

    async def send(self, message: Message) -> Receipt:
        """Send it once; raises ChannelError where the platform has not taken it."""
        if len(message.sections) != 1:
            raise crowded(self.wire, message)
        (account,) = wanted(self.wire, message)
        answer = await self._say(message, account)
        return Receipt(message.code, answer.words or "ok")

    async def close_card(self, req_id: str, _userids: Iterable[str], words: str) -> None:
        """Put words in the place of a card's buttons: 已收到（09:03）.

        ``req_id`` is the press's own, good for 5 seconds; raises ChannelError where it is over. In
        a conversation with one person the platform does not ask whose card it is.
        """
        task, shown = self.subscriptions.card(req_id)
        closing = {**shown, **_closed(task, shown.get("main_title"), escape.plain(words))}
        body = {"response_type": "update_template_card", "template_card": closing}
        self._taken(await self._ask(UPDATE, body, req_id))

    async def _say(self, message: Message, account: str) -> Answer:
        """Say it with buttons where there are some, in words where the platform wants no card."""
        if is_card(message):
            body = card(message)
            answer = await self._push(account, body)
            if not is_refused(answer, REFUSALS):
                self._remember(body)
                return self._taken(answer)
        content = shorten(message, MARKDOWN, _is_short)
        if content is None:
            raise crowded(self.wire, message)
        body = {"msgtype": "markdown", "markdown": {"content": content}}
        return self._taken(await self._push(account, body))

    async def _push(self, account: str, body: Mapping[str, object]) -> Answer:
        return await self._ask(SEND, {"chatid": account, "chat_type": _ALONE, **body})

    async def _ask(self, cmd: str, body: Mapping[str, object], req_id: str = "") -> Answer:
        answer = await self.subscriptions.ask(self.bot, cmd, body, req_id)
        if answer is Silence.UNSENT:
            what = "长连接还没有连上，消息没有发出；程序会自动再试"
            raise self.wire.refused(what, FailureKind.TRANSIENT)
        if answer is Silence.UNANSWERED:
            seconds = PATIENCE.total_seconds()
            lost = f"长连接中途断开，或者平台在{seconds:.0f}秒内没有回应"
            raise self.wire.doubted(lost)
        return replace(answer, words=redact(answer.words, self.wire.secrets))

    def _taken(self, answer: Answer) -> Answer:
        if answer.code and answer.code not in REFUSALS:
            raise self._strange(answer)
        if answer.code:
            raise failure(self.wire, answer, REFUSALS)
        return answer

    def _strange(self, answer: Answer) -> ChannelError:
        """Give the failure of an unknown code: most often he has never spoken to the bot."""
        told = f"错误码{answer.code}：{answer.words or '没有说明'}"
        what = (
            f"平台没有接收这条消息（{told}）。"
            "多半是他还没有和机器人说过话：请他在企业微信里找到机器人，先发一句话"
        )
        return self.wire.refused(what, FailureKind.PERMANENT)

    def _remember(self, body: Mapping[str, object]) -> None:
        found = body["template_card"]
        if isinstance(found, dict):
            shown = {key: found[key] for key in _SHOWN if key in found}
            self.subscriptions.sent(str(found["task_id"]), shown)


def _closed(task: str, title: object, words: str) -> dict[str, object]:
    """Give what changes on a card: the words under its title and on its only button."""
    above = title if isinstance(title, dict) else {"title": words}
    return {
        "card_type": "button_interaction",
        "main_title": {**above, "desc": words},
        "button_list": [
            {"text": escape.cut(words, BUTTON_LETTERS), "style": _GREY, "key": CLOSED_KEY}
        ],
        "task_id": task,
    }


def _is_short(text: str) -> bool:
    return len(text.encode()) <= MARKDOWN_BYTES
