"""The AI bot's long connection against a platform on this machine: what comes in, how it lasts."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from http import HTTPStatus

import pytest
from hypothesis import given
from hypothesis import strategies as st
from websockets.asyncio.server import ServerConnection, serve
from websockets.http11 import Request, Response

from notifier.channels import Subscriptions
from notifier.inbox import Incoming
from notifier.inbox.intake import Intake
from notifier.inbox.wecom_bot import Bot, WecomBotListener, own_words, read_message, read_press
from tests.notifier.inbox.patience import Patience, tell
from tests.notifier.inbox.store import Store
from tests.notifier.inbox.wecom_bot_platform import BotPlatform, bot_platform

SECRET = "bot-secret-51c9"  # noqa: S105 -- a test's own
WAY = "值班机器人"
_TEXT = st.text(st.characters(codec=None), max_size=20)
_LEAVES = st.one_of(st.none(), st.booleans(), st.integers(), _TEXT)
_NAMES = st.sampled_from(
    ("eventtype", "template_card_event", "event_key", "task_id", "card_type", "selected_items")
)
_WORDS = st.sampled_from(["text", "mixed", "voice", "group", "single", "template_card_event"])
BODIES = st.fixed_dictionaries(
    {"from": st.fixed_dictionaries({"userid": st.one_of(_TEXT, _LEAVES)})},
    optional={
        "msgid": _LEAVES,
        "chatid": _LEAVES,
        "chattype": _WORDS,
        "msgtype": st.one_of(_WORDS, _LEAVES),
        "text": st.fixed_dictionaries({"content": _LEAVES}),
        "event": st.recursive(
            st.one_of(_LEAVES, _WORDS),
            lambda deeper: st.dictionaries(_NAMES, deeper) | st.lists(deeper, max_size=3),
            max_leaves=8,
        ),
    },
)


@dataclass
class Desk:
    """One listener and everything around it."""

    platform: BotPlatform
    patience: Patience
    store: Store
    said: list[str]
    subscriptions: Subscriptions
    listener: WecomBotListener
    task: "asyncio.Task[None]"


@asynccontextmanager
async def listening(
    platform: BotPlatform, secret: str = SECRET, **seconds: float
) -> AsyncIterator[Desk]:
    patience, store, said, held = Patience(), Store(), list[str](), Subscriptions()
    pace = patience.pace(**seconds)
    intake = Intake(WAY, "企业微信智能机器人", store.receive, said.append, pace)
    listener = WecomBotListener(Bot("bot1", secret, platform.url), held, intake)
    task = asyncio.create_task(listener.listen())
    try:
        yield Desk(platform, patience, store, said, held, listener, task)
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


@asynccontextmanager
async def on_line(**seconds: float) -> AsyncIterator[Desk]:
    async with (
        bot_platform(bot1=SECRET) as platform,
        listening(platform, SECRET, **seconds) as desk,
    ):
        await platform.until_live("bot1")
        yield desk


def test_what_is_said_alone_and_in_a_group_comes_in_as_own_words() -> None:
    async def story() -> None:
        async with on_line() as desk:
            await desk.platform.say("bot1", "zhoumin", " 收到，马上办 ", mark="m1")
            await desk.platform.say(
                "bot1", "chenli", "@应急助手 K7M2 已办", chat="wr9", mark="m2", quote="收到请回复"
            )
            assert await desk.store.until(2) == (
                Incoming("m1", WAY, "zhoumin", "收到，马上办"),
                Incoming("m2", WAY, "chenli", "K7M2 已办", conversation="wr9"),
            )

    tell(story())


def test_a_button_comes_in_with_its_key_and_what_the_card_is_changed_by() -> None:
    async def story() -> None:
        async with on_line() as desk:
            req_id = await desk.platform.press("bot1", "zhoumin", "K7M2", "heard", mark="e1")
            assert await desk.store.until(1) == (
                Incoming("e1", WAY, "zhoumin", key="heard", reference=req_id),
            )

    tell(story())


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ({"msgtype": "voice", "voice": {"content": "我在路上"}}, "我在路上"),
        ({"msgtype": "image", "image": {"url": "https://x.example"}}, "[图片]"),
        ({"msgtype": "sticker"}, "[其他]"),
        (
            {
                "msgtype": "mixed",
                "mixed": {
                    "msg_item": [
                        {"msgtype": "text", "text": {"content": "已到现场"}},
                        {"msgtype": "image", "image": {}},
                    ]
                },
            },
            "已到现场 [图片]",
        ),
    ],
)
def test_what_is_no_text_comes_in_as_well(body: dict[str, object], text: str) -> None:
    async def story() -> None:
        async with on_line() as desk:
            await desk.platform.bring("bot1", "zhoumin", body)
            (incoming,) = await desk.store.until(1)
            assert incoming.text == text

    tell(story())


@pytest.mark.parametrize(
    ("content", "name", "text"),
    [
        ("@应急助手 收到", "", "收到"),
        ("@应急助手\u2005收到", "", "收到"),
        ("收到@应急助手 ", "", "收到"),
        ("@应急助手 @李四 你去", "", "@李四 你去"),
        ("@应急 小助手 收到", "应急 小助手", "收到"),
        ("@应急助手收到", "应急助手", "收到"),
        ("@应急助手 发到 anwei@qx.example", "", "发到 anwei@qx.example"),
        ("收到\n人已转移 @应急助手", "", "收到\n人已转移"),
        ("@应急助手", "", ""),
        ("@" * 100_000, "", ""),
    ],
)
def test_the_bot_s_name_is_none_of_the_words(content: str, name: str, text: str) -> None:
    assert own_words(content, name) == text


def test_a_message_brought_three_times_is_stored_once() -> None:
    async def story() -> None:
        async with on_line() as desk:
            for _ in range(3):
                await desk.platform.say("bot1", "zhoumin", "收到", mark="m1")
            assert len(await desk.store.until(3)) == 1

    tell(story())


@pytest.mark.parametrize(
    "raw",
    [
        "",
        "{",
        "null",
        "[]",
        '"aibot_msg_callback"',
        "[" * 100_000,
        b"\xff\xfe",
        "{}",
        '{"cmd": 7, "headers": 3, "body": []}',
        '{"headers": {"req_id": "x"}, "errcode": "0"}',
        '{"cmd": "aibot_msg_callback"}',
        '{"cmd": "aibot_msg_callback", "headers": {"req_id": "r"}, "body": {"from": "zhoumin"}}',
        '{"cmd": "aibot_msg_callback", "headers": {}, "body": {"from": {"userid": "zhoumin"}}}',
        '{"cmd": "aibot_event_callback", "body": {"event": {"eventtype": "enter_chat"}}}',
        '{"cmd": "aibot_event_callback", "body": {"event": {"eventtype": "template_card_event"}}}',
    ],
)
def test_a_frame_that_cannot_be_read_disturbs_nothing(raw: str | bytes) -> None:
    async def story() -> None:
        async with on_line() as desk:
            await desk.platform.babble("bot1", raw)
            await desk.platform.say("bot1", "zhoumin", "收到", mark="m1")
            assert [one.id for one in await desk.store.until(1)] == ["m1"]
            assert desk.said == []

    tell(story())


def test_a_frame_without_end_costs_the_connection_and_nothing_else() -> None:
    async def story() -> None:
        async with on_line() as desk:
            await desk.platform.babble("bot1", " " * 1_100_000)
            assert await desk.patience.over() == 1
            await desk.platform.until_live("bot1", times=2)
            await desk.platform.say("bot1", "zhoumin", "收到", mark="m1")
            assert len(await desk.store.until(1)) == 1

    tell(story())


def test_a_redirect_is_not_followed_so_the_secret_goes_nowhere_else() -> None:
    async def story() -> None:
        async with bot_platform(bot1=SECRET) as elsewhere:

            def redirect(connection: ServerConnection, _: Request) -> Response:
                response = connection.respond(HTTPStatus.FOUND, "")
                response.headers["Location"] = elsewhere.url
                return response

            async with serve(
                lambda connection: connection.wait_closed(),
                "127.0.0.1",
                0,
                process_request=redirect,
            ) as server:
                port = server.sockets[0].getsockname()[1]
                async with listening(BotPlatform({}, port=port)) as desk:
                    assert await desk.patience.over() == 1
                    assert await desk.patience.over() == 2
            assert elsewhere.heard == []

    tell(story())


def test_two_beats_without_an_answer_are_the_death_of_a_connection() -> None:
    async def story() -> None:
        async with on_line() as desk:
            desk.platform.is_mute = True
            for _ in range(3):
                await desk.patience.over(30)
            assert await desk.patience.over() == 1
            await desk.platform.until_live("bot1", times=2)
            assert [frame["cmd"] for frame in desk.platform.heard].count("ping") == 2

    tell(story())


def test_beats_that_are_answered_keep_it_alive() -> None:
    async def story() -> None:
        async with on_line() as desk:
            for count in range(1, 8):
                await desk.patience.over(30)
                await desk.platform.until_beaten(count)
            assert desk.platform.subscribed["bot1"] == 1

    tell(story())


def test_a_platform_that_restarts_is_found_again_and_the_pauses_grow() -> None:
    async def story() -> None:
        async with on_line() as desk:
            await desk.platform.stop()
            pauses = [await desk.patience.over() for _ in range(9)]
            assert pauses == [1, 2, 4, 8, 16, 32, 60, 60, 60]
            assert len(desk.said) == 1
            assert "连不上" in desk.said[0]
            await desk.platform.start()
            assert await desk.patience.over() == 60
            await desk.platform.until_live("bot1", times=2)
            await desk.platform.say("bot1", "zhoumin", "收到", mark="m1")
            assert len(await desk.store.until(1)) == 1
            assert desk.said[1:] == [f"通道“{WAY}”（企业微信智能机器人）：长连接恢复了"]

    tell(story())


def test_a_line_that_is_cut_is_taken_up_without_a_word() -> None:
    async def story() -> None:
        async with on_line() as desk:
            await desk.platform.drop("bot1")
            assert await desk.patience.over() == 1
            await desk.platform.until_live("bot1", times=2)
            assert desk.said == []

    tell(story())


def test_a_platform_that_always_drops_us_is_not_asked_in_a_tight_loop() -> None:
    async def story() -> None:
        async with on_line() as desk:
            pauses = []
            for times in range(2, 6):
                await desk.platform.drop("bot1")
                pauses.append(await desk.patience.over())
                await desk.platform.until_live("bot1", times)
            assert pauses == [1, 2, 4, 8]

    tell(story())


def test_who_is_thrown_out_by_another_program_says_so_and_waits_a_minute() -> None:
    async def story() -> None:
        async with on_line() as first, listening(first.platform) as second:
            await first.platform.until_live("bot1", times=2)
            assert await first.patience.over() == 60
            (told,) = first.said
            assert "另一个程序" in told
            assert "只能由一台机器连接" in told
            await first.platform.until_live("bot1", times=3)
            assert await second.patience.over() == 60
            assert len(second.said) == 1

    tell(story())


@pytest.mark.parametrize(
    ("secret", "slow", "pause", "told"),
    [("wrong-secret", False, 1, "错误码40001"), (SECRET, True, 60, "连得太频繁")],
)
def test_a_subscription_that_is_refused_is_told_and_tried_again(
    secret: str, slow: bool, pause: float, told: str
) -> None:
    async def story() -> None:
        async with bot_platform(bot1=SECRET) as platform:
            platform.is_slow = slow
            async with listening(platform, secret) as desk:
                assert await desk.patience.over() == pause
                await desk.patience.over()
                (said,) = desk.said
                assert told in said
                assert secret not in said

    tell(story())


def test_a_store_that_fails_is_tried_again_before_the_answer_is_given_up() -> None:
    async def story() -> None:
        async with on_line() as desk:
            desk.store.broken = 2
            await desk.platform.say("bot1", "zhoumin", "收到", mark="m1")
            assert [await desk.patience.over(1), await desk.patience.over(2)] == [1, 2]
            assert len(await desk.store.until(1)) == 1
            assert desk.said == []

    tell(story())


def test_an_answer_that_cannot_be_stored_is_told_with_whose_it_was() -> None:
    async def story() -> None:
        async with on_line() as desk:
            desk.store.broken = 5
            await desk.platform.say("bot1", "zhoumin", "收到", mark="m1")
            for seconds in (1, 2, 4, 8):
                await desk.patience.over(seconds)
            await desk.platform.say("bot1", "chenli", "收到", mark="m2")
            assert [one.id for one in await desk.store.until(1)] == ["m2"]
            (told,) = desk.said
            assert "zhoumin的一条答复没有存下" in told

    tell(story())


def test_a_listener_stopped_in_the_middle_stores_what_it_has_heard() -> None:
    async def story() -> None:
        async with on_line() as desk:
            desk.store.is_open.clear()
            await desk.platform.say("bot1", "zhoumin", "收到", mark="m1")
            await desk.store.began.wait()
            desk.task.cancel()
            await asyncio.sleep(0)
            assert not desk.task.done()
            desk.store.is_open.set()
            with pytest.raises(asyncio.CancelledError):
                await desk.task
            assert set(desk.store.kept) == {"m1"}
            await desk.platform.until(lambda: "bot1" not in desk.platform.live)

    tell(story())


def test_a_listener_stopped_while_it_is_cut_off_stores_what_it_has_heard() -> None:
    async def story() -> None:
        async with on_line() as desk:
            desk.store.is_open.clear()
            await desk.platform.say("bot1", "zhoumin", "收到", mark="m1")
            await desk.store.began.wait()
            await desk.platform.stop()
            while await desk.patience.over() < 60:
                pass
            desk.task.cancel()
            await asyncio.sleep(0)
            desk.store.is_open.set()
            with pytest.raises(asyncio.CancelledError):
                await desk.task
            assert set(desk.store.kept) == {"m1"}

    tell(story())


def test_who_must_be_stopped_before_he_has_stored_says_whose_answer_is_lost() -> None:
    async def story() -> None:
        async with on_line(parting=0.01) as desk:
            desk.store.is_open.clear()
            await desk.platform.say("bot1", "zhoumin", "收到", mark="m1")
            await desk.store.began.wait()
            desk.task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await desk.task
            assert "zhoumin的一条答复没有存下" in desk.said[0]

    tell(story())


@given(body=BODIES)
def test_whatever_a_platform_may_write_is_read_or_left(body: dict[str, object]) -> None:
    found = (read_message(WAY, "r1", body), read_press(WAY, "r1", body))
    for incoming in filter(None, found):
        assert incoming.account
        for written in (incoming.id, incoming.account, incoming.text, incoming.key):
            assert "\0" not in written
            written.encode()


def test_no_secret_is_written_to_the_log(caplog: pytest.LogCaptureFixture) -> None:
    async def story() -> None:
        async with on_line() as desk:
            await desk.platform.say("bot1", "zhoumin", "收到", mark="m1")
            await desk.store.until(1)
            assert SECRET not in repr(desk.listener)

    caplog.set_level("DEBUG")
    tell(story())
    assert SECRET not in caplog.text
    assert SECRET not in json.dumps(caplog.messages)
