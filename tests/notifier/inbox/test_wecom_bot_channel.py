"""The AI bot as a channel keeps the promises of the contract, over the connection that listens."""

import asyncio
import traceback
from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta

import httpx
import pytest

from notifier.channels import (
    ChannelError,
    FailureKind,
    Limit,
    Line,
    Message,
    Receipt,
    Recipient,
    Sandbox,
    Section,
    Subscriptions,
    build,
)
from notifier.channels.protocol import CardChannel
from notifier.channels.subscriptions import Silence
from notifier.channels.wecom_bot import CLOSED_KEY, REFUSALS, WecomBot
from notifier.channels.wire import Answer
from notifier.messages import Button
from obligations.errors import Misconfigured
from obligations.rules.model import ChannelSpec
from tests.notifier.channels.contract import Clock
from tests.notifier.channels.rigs.rig import ALONE, CHEN_S, MINUTE, ZHOU, ZHOU_S
from tests.notifier.inbox.patience import tell
from tests.notifier.inbox.test_wecom_bot import SECRET, WAY, Desk, on_line

PLATFORM = "企业微信智能机器人"
SPEC = ChannelSpec(WAY, PLATFORM, "", "$WECOM_BOT_SECRET", "$WECOM_BOT_ID")
ENV = {"WECOM_BOT_SECRET": SECRET, "WECOM_BOT_ID": "bot1"}
CALL = Message(
    "K7M2",
    "暴雨红色预警",
    (Section(ZHOU, (Line("请立即到镇应急指挥室集合"),)),),
    buttons=(Button("收到", "heard:K7M2"), Button("已办", "done:K7M2")),
)
WORDS = (
    "**【青溪镇履职提醒】周敏：1件**\n"
    "① 〔首次提醒〕7月3日前（还剩2个工作日）：召开防汛会商会\n"
    "[点此答复](https://qx.example/d/1?t=a-b_c)"
)


@dataclass
class Says:
    """A connection that gives one answer to everything and keeps what it was asked."""

    answer: Answer | Silence = field(default_factory=lambda: Answer(0, "ok"))
    asked: list[tuple[str, Mapping[str, object], str]] = field(default_factory=list)

    async def ask(self, cmd: str, body: Mapping[str, object], req_id: str = "") -> Answer | Silence:
        self.asked.append((cmd, body, req_id))
        return self.answer


def channel(held: Subscriptions | None = None, spec: ChannelSpec = SPEC) -> WecomBot:
    clock = Clock()
    made = build(spec, ENV, httpx.AsyncClient(), Sandbox(clock), clock, subscriptions=held)
    assert isinstance(made, WecomBot)
    return made


def over(says: Says) -> WecomBot:
    held = Subscriptions()
    held.hold("bot1", says)
    return channel(held)


def deliver(says: Says, message: Message = ALONE) -> Receipt:
    return asyncio.run(over(says).send(message))


def failure(says: Says, message: Message = ALONE) -> ChannelError:
    with pytest.raises(ChannelError) as caught:
        deliver(says, message)
    assert SECRET not in "".join(traceback.format_exception(caught.value)) + repr(
        vars(caught.value)
    )
    assert str(caught.value).startswith(f"通道“{WAY}”（{PLATFORM}）：")
    return caught.value


def said(says: Says) -> str:
    """Give the words that were sent last."""
    body = says.asked[-1][1]
    words = body["markdown"]
    assert isinstance(words, dict)
    return str(words["content"])


def test_the_whole_command_is_what_the_platform_documents() -> None:
    says = Says()
    assert deliver(says) == Receipt("K7M2", "ok")
    assert says.asked == [
        (
            "aibot_send_msg",
            {
                "chatid": "zhoumin",
                "chat_type": 1,
                "msgtype": "markdown",
                "markdown": {"content": WORDS},
            },
            "",
        )
    ]


def test_the_platform_s_limits_are_known() -> None:
    made = channel()
    assert made.member_limits == (
        Limit(30, MINUTE, MINUTE),
        Limit(1000, timedelta(hours=1), timedelta(hours=1)),
    )
    assert (made.width, made.deduplicates) == (16, False)
    assert made.reaches(ZHOU)
    assert not made.reaches(Recipient("吴芳", mobile="13800000000"))


@pytest.mark.parametrize("code", REFUSALS)
def test_every_known_refusal_says_whether_to_try_again(code: int) -> None:
    error = failure(Says(Answer(code, "no")))
    refusal = REFUSALS[code]
    assert (error.kind, error.retry_after, error.closed, error.uncertain) == (
        refusal.kind,
        refusal.wait,
        refusal.closed,
        False,
    )
    assert f"错误码{code}" in str(error)


def test_who_gets_too_much_slows_nobody_down_but_himself() -> None:
    error = failure(Says(Answer(45009, "api freq out of limit")))
    assert (error.kind, error.retry_after, error.closed) == (FailureKind.TRANSIENT, MINUTE, False)


def test_a_code_nobody_knows_is_told_in_the_platform_s_words_without_a_secret() -> None:
    words = f"strange {SECRET} bot1, hint: [1], from ip: 1.2.3.4"
    error = failure(Says(Answer(77777, words)))
    assert (error.kind, error.closed) == (FailureKind.PERMANENT, False)
    assert "错误码77777：strange *** ***" in str(error)
    assert "还没有和机器人说过话" in str(error)


def test_without_a_connection_nothing_is_sent_and_it_is_worth_another_try() -> None:
    with pytest.raises(ChannelError) as caught:
        asyncio.run(channel().send(ALONE))
    assert (caught.value.kind, caught.value.uncertain) == (FailureKind.TRANSIENT, False)


def test_an_answer_that_is_lost_leaves_the_delivery_uncertain() -> None:
    error = failure(Says(Silence.UNANSWERED))
    assert (error.kind, error.uncertain) == (FailureKind.TRANSIENT, True)
    assert "不知道消息是否已送到" in str(error)


def test_a_message_of_any_length_arrives_within_the_limit_and_says_what_is_missing() -> None:
    says = Says()
    lines = tuple(Line(f"第{n}项：检查" + "门店" * 30, "逾期", "6月30日前") for n in range(400))
    deliver(says, replace(ALONE, sections=(Section(ZHOU, lines),)))
    assert 20_480 * 0.9 < len(said(says).encode()) <= 20_480
    assert "……另有" in said(says)
    assert "项，见链接" in said(says)


def test_what_fits_is_sent_whole_even_when_it_must_be_marked() -> None:
    says = Says()
    made = over(says)

    def long(size: int) -> Message:
        return replace(ALONE, sections=(Section(ZHOU, (Line("门" * size + "尾", "逾期"),)),))

    largest = bisect_left(range(20_480), 1, key=lambda size: not made.fits(long(size))) - 1
    ends = []
    for size in (largest, largest + 1):
        deliver(says, replace(long(size), repeated=True, late=True))
        assert "〔重发〕〔迟发〕【青溪镇履职提醒】" in said(says)
        ends.append("尾" in said(says))
    assert ends == [True, False]


def test_more_than_one_person_is_not_one_message() -> None:
    message = replace(ALONE, sections=(ZHOU_S, CHEN_S))
    assert not channel().fits(message)
    assert failure(Says(), message).kind is FailureKind.PERMANENT


def test_somebody_without_an_account_is_named_and_nothing_is_sent() -> None:
    says = Says()
    message = replace(ALONE, sections=(Section(Recipient("吴芳"), (Line("巡查"),)),))
    error = failure(says, message)
    assert (error.kind, error.closed) == (FailureKind.PERMANENT, False)
    assert "吴芳" in str(error)
    assert says.asked == []


def test_a_card_the_platform_does_not_want_goes_as_words_at_once() -> None:
    says = Says(Answer(42045, "card_action"))
    error = failure(says, CALL)
    assert [body["msgtype"] for _, body, _ in says.asked] == ["template_card", "markdown"]
    assert error.kind is FailureKind.PERMANENT


@pytest.mark.parametrize("code", [-1, 45009, 93019])
def test_a_refusal_that_is_not_the_card_s_is_not_tried_as_words(code: int) -> None:
    says = Says(Answer(code, "no"))
    failure(says, CALL)
    assert len(says.asked) == 1


@pytest.mark.parametrize(
    ("spec", "told"),
    [
        (replace(SPEC, account=""), "Bot ID"),
        (replace(SPEC, secret=""), "Secret"),
        (ChannelSpec(WAY, PLATFORM, "", "$NOT_THERE", "$WECOM_BOT_ID"), "NOT_THERE"),
    ],
)
def test_what_is_missing_in_the_settings_is_named(spec: ChannelSpec, told: str) -> None:
    with pytest.raises(Misconfigured, match=told):
        channel(spec=spec)


async def spoken(desk: Desk) -> WecomBot:
    await desk.platform.say("bot1", "zhoumin", "在")
    await desk.store.until(1)
    return channel(desk.subscriptions)


def test_a_message_goes_over_the_connection_that_listens() -> None:
    async def story() -> None:
        async with on_line() as desk:
            made = await spoken(desk)
            assert await made.send(ALONE) == Receipt("K7M2", "ok")
            (frame,) = desk.platform.shown
            assert frame["body"]["markdown"]["content"] == WORDS

    tell(story())


def test_whoever_never_spoke_to_the_bot_is_told_what_to_do() -> None:
    async def story() -> None:
        async with on_line() as desk:
            made = await spoken(desk)
            chen = Section(Recipient("陈立", wecom="chenli"), (Line("巡查"),))
            with pytest.raises(ChannelError, match="还没有和机器人说过话") as caught:
                await made.send(replace(ALONE, sections=(chen,)))
            assert (caught.value.kind, caught.value.closed) == (FailureKind.PERMANENT, False)

    tell(story())


def test_a_pressed_card_is_closed_with_its_words_kept_and_its_last_button_is_no_answer() -> None:
    async def story() -> None:
        async with on_line() as desk:
            made = await spoken(desk)
            await made.send(CALL)
            card = desk.platform.shown[0]["body"]["template_card"]
            await desk.platform.press("bot1", "zhoumin", card["task_id"], "heard:K7M2", mark="e1")
            (*_, pressed) = await desk.store.until(2)
            assert pressed.key == "heard:K7M2"
            assert isinstance(made, CardChannel)
            await made.close_card(pressed.reference, ("zhoumin",), "已收到（09:03）")
            body = desk.platform.shown[1]["body"]
            assert body["response_type"] == "update_template_card"
            closed = body["template_card"]
            assert closed["task_id"] == card["task_id"]
            assert closed["sub_title_text"] == card["sub_title_text"]
            assert closed["main_title"] == {**card["main_title"], "desc": "已收到（09:03）"}
            (button,) = closed["button_list"]
            assert (button["text"], button["key"]) == ("已收到（09:03）", CLOSED_KEY)
            await desk.platform.press("bot1", "zhoumin", card["task_id"], CLOSED_KEY)
            await desk.platform.say("bot1", "zhoumin", "在吗", mark="m9")
            assert [one.key for one in await desk.store.until(3)] == ["", "heard:K7M2", ""]

    tell(story())


def test_a_card_is_closed_within_five_seconds_or_not_at_all() -> None:
    async def story() -> None:
        async with on_line() as desk:
            made = await spoken(desk)
            await made.send(CALL)
            task = desk.platform.shown[0]["body"]["template_card"]["task_id"]
            req_id = await desk.platform.press("bot1", "zhoumin", task, "heard:K7M2")
            await desk.store.until(2)
            desk.platform.now += 6
            with pytest.raises(ChannelError, match="超过5秒") as caught:
                await made.close_card(req_id, ("zhoumin",), "已收到")
            assert caught.value.kind is FailureKind.PERMANENT

    tell(story())


def test_a_connection_cut_before_the_answer_leaves_the_delivery_uncertain() -> None:
    async def story() -> None:
        async with on_line() as desk:
            made = await spoken(desk)
            desk.platform.answers = False
            sending = asyncio.create_task(made.send(ALONE))
            await desk.platform.until_shown(1)
            await desk.platform.drop("bot1")
            with pytest.raises(ChannelError) as caught:
                await sending
            assert (caught.value.kind, caught.value.uncertain) == (FailureKind.TRANSIENT, True)
            with pytest.raises(ChannelError) as caught:
                await made.send(ALONE)
            assert (caught.value.kind, caught.value.uncertain) == (FailureKind.TRANSIENT, False)
            desk.platform.answers = True
            await desk.patience.over()
            await desk.platform.until_live("bot1", times=2)
            await desk.platform.say("bot1", "zhoumin", "又在了")
            await desk.store.until(2)
            assert await made.send(replace(ALONE, repeated=True)) == Receipt("K7M2", "ok")

    tell(story())


def test_many_messages_under_way_get_each_its_own_answer() -> None:
    async def story() -> None:
        async with on_line() as desk:
            made = await spoken(desk)
            messages = [replace(ALONE, code=f"C{n}") for n in range(40)]
            told = await asyncio.gather(*map(made.send, messages), return_exceptions=True)
            taken = [one.code for one in told if isinstance(one, Receipt)]
            assert taken == [message.code for message in messages[:30]]
            assert all(
                isinstance(one, ChannelError) and one.retry_after == MINUTE for one in told[30:]
            )

    tell(story())


def simulated() -> tuple[WecomBot, Sandbox]:
    clock = Clock()
    sandbox = Sandbox(clock)
    made = build(replace(SPEC, address="沙箱"), {}, sandbox.client, sandbox, clock)
    assert isinstance(made, WecomBot)
    return made, sandbox


def test_the_sandbox_shows_words_and_cards_and_refuses_as_the_platform_does() -> None:
    async def story() -> None:
        made, sandbox = simulated()
        await made.send(ALONE)
        await made.send(CALL)
        words, card = sandbox.shown(WAY)
        assert (words.text, words.to) == (WORDS, ("zhoumin",))
        assert [text for text, _ in card.buttons] == ["收到", "已办"]
        sandbox.estrange(WAY, "zhoumin")
        with pytest.raises(ChannelError, match="还没有和机器人说过话"):
            await made.send(ALONE)
        sandbox.remove(WAY)
        with pytest.raises(ChannelError) as caught:
            await made.send(ALONE)
        assert caught.value.closed

    tell(story())


def test_the_sandbox_takes_thirty_a_minute_for_one_person() -> None:
    async def story() -> None:
        made, sandbox = simulated()
        for _ in range(30):
            await made.send(ALONE)
        with pytest.raises(ChannelError, match="45009"):
            await made.send(ALONE)
        assert len(sandbox.shown(WAY)) == 30

    tell(story())
