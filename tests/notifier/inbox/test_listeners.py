"""Listeners follow rules.yaml: what changed starts or stops, what did not goes on undisturbed."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace

import httpx
import pytest

from notifier.channels import Subscriptions
from notifier.inbox.listeners import Listeners
from obligations.errors import Misconfigured
from obligations.rules.model import ChannelSpec
from tests.notifier.inbox.dingtalk_gateway import Gateway, gateway
from tests.notifier.inbox.patience import Patience, tell
from tests.notifier.inbox.store import Store
from tests.notifier.inbox.wecom_bot_platform import BotPlatform, bot_platform

BOT = ChannelSpec("值班机器人", "企业微信智能机器人", "", "$BOT_SECRET", "$BOT_ID")
APP = ChannelSpec("钉钉机器人", "钉钉企业机器人", "", "$APP_SECRET", "$APP_KEY")
GROUP = ChannelSpec("工作群", "企业微信群机器人", "$HOOK")


@dataclass
class Office:
    """Both platforms, and the listeners of an office that uses them."""

    bots: BotPlatform
    gateway: Gateway
    listeners: Listeners
    store: Store
    said: list[str]
    patience: Patience


@asynccontextmanager
async def office() -> AsyncIterator[Office]:
    async with (
        bot_platform(bot1="s1", bot2="s2") as bots,
        gateway("key1", "s3") as opened,
        httpx.AsyncClient(trust_env=False) as client,
    ):
        settings = {
            "JIAOYING_WECOM_BOT_WS": bots.url,
            "JIAOYING_DINGTALK_API": opened.base,
            "BOT_ID": "bot1",
            "BOT_SECRET": "s1",
            "BOT2_ID": "bot2",
            "BOT2_SECRET": "s2",
            "APP_KEY": "key1",
            "APP_SECRET": "s3",
        }
        patience, store, said = Patience(), Store(), list[str]()
        pace, held = patience.pace(), Subscriptions()
        listeners = Listeners(settings, client, held, store.receive, said.append, pace)
        try:
            yield Office(bots, opened, listeners, store, said, patience)
        finally:
            await listeners.close()


def test_each_platform_with_a_long_connection_is_listened_to() -> None:
    async def story() -> None:
        async with office() as one:
            assert len(await one.listeners.listen((GROUP, BOT, APP))) == 2
            await one.bots.until_live("bot1")
            await one.gateway.until_connected()
            await one.bots.say("bot1", "zhoumin", "收到", mark="m1")
            await one.gateway.say("0421", "收到", mark="m2")
            told = await one.store.until(2)
            assert {each.id: each.way for each in told} == {"m1": "值班机器人", "m2": "钉钉机器人"}

    tell(story())


def test_what_did_not_change_goes_on_and_what_is_gone_stops() -> None:
    async def story() -> None:
        async with office() as one:
            (kept, gone) = await one.listeners.listen((BOT, APP))
            await one.bots.until_live("bot1")
            await one.gateway.until_connected()
            other = ChannelSpec("二号", BOT.platform, "", "$BOT2_SECRET", "$BOT2_ID")
            (still, new) = await one.listeners.listen((GROUP, BOT, other))
            assert still is kept
            assert gone.done()
            assert not new.done()
            await one.bots.until_live("bot2")
            assert one.bots.subscribed["bot1"] == 1

    tell(story())


def test_one_account_under_two_names_is_listened_to_once() -> None:
    async def story() -> None:
        async with office() as one:
            assert len(await one.listeners.listen((BOT, replace(BOT, name="又一个"), APP))) == 2

    tell(story())


def test_a_simulated_channel_has_nobody_to_listen_to() -> None:
    async def story() -> None:
        async with office() as one:
            assert await one.listeners.listen((replace(BOT, address="沙箱"),)) == ()

    tell(story())


def test_rules_with_a_missing_setting_change_nothing() -> None:
    async def story() -> None:
        async with office() as one:
            (kept,) = await one.listeners.listen((BOT,))
            with pytest.raises(Misconfigured, match="NOT_THERE"):
                await one.listeners.listen(
                    (APP, ChannelSpec("二号", BOT.platform, "", "$NOT_THERE", "$BOT_ID"))
                )
            assert not kept.done()
            assert await one.listeners.listen((BOT,)) == (kept,)

    tell(story())


@pytest.mark.parametrize("url", ["ws://10.0.0.8/", "https://openws.work.weixin.qq.com", "x"])
def test_an_address_that_is_not_sealed_is_refused(url: str) -> None:
    async def story() -> None:
        async with office() as one:
            one.listeners.settings = {**one.listeners.settings, "JIAOYING_WECOM_BOT_WS": url}
            with pytest.raises(Misconfigured, match="JIAOYING_WECOM_BOT_WS应当是wss地址"):
                await one.listeners.listen((BOT,))

    tell(story())


def test_stopping_waits_for_what_is_being_stored() -> None:
    async def story() -> None:
        async with office() as one:
            await one.listeners.listen((BOT,))
            await one.bots.until_live("bot1")
            one.store.is_open.clear()
            await one.bots.say("bot1", "zhoumin", "收到", mark="m1")
            await one.store.began.wait()
            closing = asyncio.create_task(one.listeners.close())
            await asyncio.sleep(0)
            one.store.is_open.set()
            await closing
            assert set(one.store.kept) == {"m1"}

    tell(story())


def test_a_secret_is_shown_nowhere() -> None:
    async def story() -> None:
        async with office() as one:
            await one.listeners.listen((BOT, APP))
            assert "s1" not in repr(one.listeners)
            assert "s3" not in repr(one.listeners)

    tell(story())
