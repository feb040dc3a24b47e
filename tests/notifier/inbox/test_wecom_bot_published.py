"""A published client runs against our bot platform: the platform speaks what WeCom's does."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from tests.notifier.inbox.patience import tell
from tests.notifier.inbox.wecom_bot_platform import BotPlatform, bot_platform

published = pytest.importorskip("wecom_aibot_sdk", reason="the published client is not installed")
CARD = {"card_type": "button_interaction", "main_title": {"title": "暴雨红色预警"}}


class Quiet:
    """A log that nobody reads."""

    def debug(self, *_: object) -> None: ...

    info = warn = error = debug


@asynccontextmanager
async def client(platform: BotPlatform, secret: str = "secret1") -> AsyncIterator[Any]:  # noqa: S107
    made = published.WSClient("bot1", secret, ws_url=platform.url, logger=Quiet())
    await made.connect()
    try:
        yield made
    finally:
        if made._started:  # noqa: SLF001 -- it closes its own session only where it believes so
            await made.disconnect()


def listen(made: Any, event: str) -> "asyncio.Queue[Any]":  # noqa: ANN401 -- it has no types
    heard: asyncio.Queue[Any] = asyncio.Queue()
    made.on(event, heard.put_nowait)
    return heard


def test_it_subscribes_hears_replies_presses_and_pushes() -> None:
    async def story() -> None:
        async with bot_platform(bot1="secret1") as platform, client(platform) as made:
            texts, presses = listen(made, "message.text"), listen(made, "event.template_card_event")
            await platform.until_live("bot1")
            await platform.say("bot1", "zhoumin", "@应急助手 收到", chat="wr9", quote="请回复")
            frame = await texts.get()
            assert frame["body"]["text"]["content"] == "@应急助手 收到"
            await made.reply_stream(frame, "s1", "记下了", finish=True)
            await platform.say("bot1", "zhoumin", "在")
            await made.send_message(
                "zhoumin", {"msgtype": "markdown", "markdown": {"content": "召集"}}
            )
            sent = {"msgtype": "template_card", "template_card": {**CARD, "task_id": "K7M2"}}
            await made.send_message("zhoumin", sent)
            await platform.press("bot1", "zhoumin", "K7M2", "heard")
            pressed = await presses.get()
            event = pressed["body"]["event"]["template_card_event"]
            assert (event["event_key"], event["task_id"]) == ("heard", "K7M2")
            await made.update_template_card(pressed, {**CARD, "task_id": event["task_id"]})
            assert [frame["cmd"] for frame in platform.shown] == [
                "aibot_respond_msg",
                "aibot_send_msg",
                "aibot_send_msg",
                "aibot_respond_update_msg",
            ]

    tell(story())


@pytest.mark.parametrize(
    ("chat", "body", "code"),
    [
        ("chenli", {"msgtype": "markdown", "markdown": {"content": "召集"}}, 846607),
        ("zhoumin", {"msgtype": "text", "text": {"content": "召集"}}, 40008),
        ("zhoumin", {"msgtype": "markdown", "markdown": {"content": "门" * 6827}}, 40058),
    ],
)
def test_it_is_refused_as_documented(chat: str, body: dict[str, object], code: int) -> None:
    async def story() -> None:
        async with bot_platform(bot1="secret1") as platform, client(platform) as made:
            await platform.until_live("bot1")
            await platform.say("bot1", "zhoumin", "在")
            with pytest.raises(Exception, match=f"errcode={code}"):
                await made.send_message(chat, body)

    tell(story())


def test_a_second_one_throws_out_the_first() -> None:
    async def story() -> None:
        async with bot_platform(bot1="secret1") as platform, client(platform) as first:
            kicked = listen(first, "event.disconnected_event")
            await platform.until_live("bot1")
            async with client(platform):
                await kicked.get()
                await platform.until_live("bot1", times=2)

    tell(story())


def test_a_wrong_secret_is_not_let_in() -> None:
    async def story() -> None:
        async with bot_platform(bot1="secret1") as platform, client(platform, "wrong") as made:
            errors = listen(made, "error")
            assert "40001" in str(await errors.get())
            assert platform.live == {}

    tell(story())
