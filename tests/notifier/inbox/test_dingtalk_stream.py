"""DingTalk's Stream against a gateway on this machine: what comes in, when it is acknowledged."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass

import httpx
import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus

from notifier.inbox import Incoming
from notifier.inbox.dingtalk_stream import App, DingtalkStream
from notifier.inbox.intake import Intake
from tests.notifier.inbox.dingtalk_gateway import CARDS, MESSAGES, OPEN, Gateway, gateway
from tests.notifier.inbox.patience import Patience, tell
from tests.notifier.inbox.store import Store

KEY, SECRET, WAY = "dingkey1", "app-secret-8e2a", "钉钉机器人"


@dataclass
class Desk:
    """One listener and everything around it."""

    gateway: Gateway
    patience: Patience
    store: Store
    said: list[str]
    task: "asyncio.Task[None]"


@asynccontextmanager
async def listening(opened: Gateway, secret: str = SECRET, **seconds: float) -> AsyncIterator[Desk]:
    patience, store, said = Patience(), Store(), list[str]()
    pace = patience.pace(**seconds)
    intake = Intake(WAY, "钉钉企业机器人", store.receive, said.append, pace, comes_again=True)
    async with httpx.AsyncClient(trust_env=False) as client:
        stream = DingtalkStream(App(KEY, secret, httpx.URL(opened.base)), client, intake)
        task = asyncio.create_task(stream.listen())
        try:
            yield Desk(opened, patience, store, said, task)
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task


@asynccontextmanager
async def on_line(**seconds: float) -> AsyncIterator[Desk]:
    async with gateway(KEY, SECRET) as opened, listening(opened, SECRET, **seconds) as desk:
        await opened.until_connected()
        yield desk


def test_the_registration_asks_for_messages_and_cards() -> None:
    async def story() -> None:
        async with on_line() as desk:
            (told,) = desk.gateway.opened
            assert {each["topic"] for each in told["subscriptions"]} == {MESSAGES, CARDS}
            assert (told["clientId"], told["clientSecret"]) == (KEY, SECRET)

    tell(story())


def test_what_is_said_alone_and_in_a_group_comes_in_and_is_acknowledged() -> None:
    async def story() -> None:
        async with on_line() as desk:
            first = await desk.gateway.say("0421", "收到，马上办", mark="m1")
            second = await desk.gateway.say("0422", "K7M2 已办", chat="cid9", mark="m2")
            assert await desk.store.until(2) == (
                Incoming("m1", WAY, "0421", "收到，马上办"),
                Incoming("m2", WAY, "0422", "K7M2 已办", conversation="cid9"),
            )
            acks = await desk.gateway.until_acknowledged(2)
            assert [ack["headers"]["messageId"] for ack in acks] == [first, second]
            assert [(ack["code"], json.loads(ack["data"])) for ack in acks] == [
                (200, {"response": "OK"})
            ] * 2

    tell(story())


def test_a_button_on_a_card_comes_in_with_its_key_and_its_card() -> None:
    async def story() -> None:
        async with on_line() as desk:
            await desk.gateway.press("0421", "K7M2", "heard")
            (incoming,) = await desk.store.until(1)
            assert (incoming.account, incoming.key, incoming.reference) == ("0421", "heard", "K7M2")
            (ack,) = await desk.gateway.until_acknowledged(1)
            assert (ack["code"], json.loads(ack["data"])) == (200, {"response": {}})

    tell(story())


def test_nothing_is_acknowledged_before_it_is_stored() -> None:
    async def story() -> None:
        async with on_line() as desk:
            desk.store.is_open.clear()
            await desk.gateway.say("0421", "收到", mark="m1")
            await desk.store.began.wait()
            ping = await desk.gateway.system("ping", {"opaque": "7"})
            (ack,) = await desk.gateway.until_acknowledged(1)
            assert ack["headers"]["messageId"] == ping
            assert json.loads(ack["data"]) == {"opaque": "7"}
            desk.store.is_open.set()
            assert len(await desk.gateway.until_acknowledged(2)) == 2

    tell(story())


def test_what_is_not_acknowledged_comes_again_and_is_stored_once() -> None:
    async def story() -> None:
        async with on_line() as desk:
            desk.store.is_open.clear()
            await desk.gateway.say("0421", "收到", mark="m1")
            await desk.store.began.wait()
            desk.gateway.cut()
            desk.store.is_open.set()
            await desk.patience.over()
            await desk.gateway.until_connected(2)
            assert len(await desk.store.until(2)) == 1
            await desk.gateway.until(lambda: not desk.gateway.unacknowledged)

    tell(story())


def test_a_message_brought_three_times_is_stored_once_and_acknowledged_each_time() -> None:
    async def story() -> None:
        async with on_line() as desk:
            for _ in range(3):
                await desk.gateway.say("0421", "收到", mark="m1")
            assert len(await desk.gateway.until_acknowledged(3)) == 3
            assert len(desk.store.kept) == 1

    tell(story())


def test_a_store_that_fails_leaves_the_message_with_the_platform() -> None:
    async def story() -> None:
        async with on_line() as desk:
            desk.store.broken = 5
            await desk.gateway.say("0421", "收到", mark="m1")
            for seconds in (1, 2, 4, 8):
                await desk.patience.over(seconds)
            await desk.gateway.say("0422", "收到", mark="m2")
            (ack,) = await desk.gateway.until_acknowledged(1)
            assert ack["headers"]["messageId"] not in desk.gateway.unacknowledged
            assert len(desk.gateway.unacknowledged) == 1
            assert "0421的一条答复没有存下（OSError），平台还会再送来" in desk.said[0]

    tell(story())


def test_who_is_sent_away_comes_back_at_once_and_then_ever_more_slowly() -> None:
    async def story() -> None:
        async with on_line() as desk:
            pauses = []
            for times in range(2, 7):
                await desk.gateway.send_away()
                pauses.append(await desk.patience.over())
                await desk.gateway.until_connected(times)
            assert pauses == [0, 2, 4, 8, 16]
            assert len(desk.said) == 1

    tell(story())


def test_a_connection_that_has_lasted_is_taken_up_again_at_once_every_time() -> None:
    async def story() -> None:
        async with on_line(steady=0) as desk:
            for times in range(2, 5):
                await desk.gateway.send_away()
                assert await desk.patience.over() == 0
                await desk.gateway.until_connected(times)
            assert desk.said == []

    tell(story())


def test_each_connection_has_a_ticket_of_its_own_and_none_is_used_twice() -> None:
    async def story() -> None:
        async with gateway(KEY, SECRET) as opened, httpx.AsyncClient(trust_env=False) as client:
            keys = {"clientId": KEY, "clientSecret": SECRET, "subscriptions": []}
            told = (await client.post(f"{opened.base}{OPEN}", json=keys)).json()
            address = f"{told['endpoint']}?ticket={httpx.QueryParams({'t': told['ticket']})}"
            address = address.replace("ticket=t=", "ticket=")
            async with connect(address):
                with pytest.raises(InvalidStatus):
                    await connect(address)
            assert opened.turned_away == 1
            async with listening(opened) as desk:
                await opened.until_connected(2)
                await opened.send_away()
                await desk.patience.over()
                await opened.until_connected(3)
                assert opened.turned_away == 1

    tell(story())


def test_a_ticket_that_is_turned_away_is_replaced_by_a_new_one() -> None:
    async def story() -> None:
        async with on_line() as desk:
            desk.gateway.endpoint = f"ws://127.0.0.1:{desk.gateway.ws_port}/x?ticket=old&"
            desk.gateway.cut()
            assert await desk.patience.over() == 1
            assert await desk.patience.over() == 2
            desk.gateway.endpoint = ""
            await desk.gateway.until_connected(2)
            assert len(desk.said) == 1

    tell(story())


def test_a_gateway_that_falls_silent_is_left() -> None:
    async def story() -> None:
        async with on_line(heartbeat=0.02, closing=0.02) as desk:
            desk.gateway.fall_silent()
            assert await desk.patience.over() == 1
            await desk.gateway.until_connected(2)

    tell(story())


def test_a_gateway_that_restarts_is_found_again() -> None:
    async def story() -> None:
        async with on_line() as desk:
            await desk.gateway.stop()
            assert [await desk.patience.over() for _ in range(4)] == [1, 2, 4, 8]
            (told,) = desk.said
            assert "连不上" in told
            await desk.gateway.start()
            await desk.patience.over()
            await desk.gateway.until_connected(2)
            await desk.gateway.say("0421", "收到", mark="m1")
            await desk.store.until(1)
            assert desk.said[1:] == [f"通道“{WAY}”（钉钉企业机器人）：长连接恢复了"]

    tell(story())


def test_wrong_keys_are_told_once_and_never_shown() -> None:
    async def story() -> None:
        async with gateway(KEY, SECRET) as opened, listening(opened, "wrong-secret-1") as desk:
            for pause in (1, 2, 4):
                assert await desk.patience.over() == pause
            (told,) = desk.said
            assert "错误码authFailed" in told
            assert "AppSecret" in told
            assert "wrong-secret-1" not in told

    tell(story())


@pytest.mark.parametrize(
    "endpoint", ["ws://10.0.0.8/connect", "http://127.0.0.1/", "connect", "："]
)
def test_an_endpoint_that_is_not_sealed_is_not_called(endpoint: str) -> None:
    async def story() -> None:
        async with gateway(KEY, SECRET) as opened:
            opened.endpoint = endpoint
            async with listening(opened) as desk:
                await desk.patience.over()
                assert "连接地址不能用" in desk.said[0]

    tell(story())


@pytest.mark.parametrize(
    "raw",
    [
        "",
        "{",
        "null",
        "[]",
        "[" * 100_000,
        b"\xff\xfe",
        "{}",
        '{"type": 7, "headers": 3, "data": []}',
        '{"type": "CALLBACK"}',
        '{"type": "CALLBACK", "headers": {"topic": "/v1.0/im/bot/messages/get"}, "data": "{"}',
        '{"type": "CALLBACK", "headers": {"topic": "/v1.0/im/bot/messages/get"}, "data": "{}"}',
        '{"type": "CALLBACK", "headers": {"topic": "/v1.0/other"}, "data": "{}"}',
        '{"type": "EVENT", "headers": {"eventType": "x"}, "data": "{}"}',
        '{"type": "SYSTEM", "headers": {"topic": "KEEPALIVE"}}',
    ],
)
def test_a_frame_that_cannot_be_read_disturbs_nothing(raw: str | bytes) -> None:
    async def story() -> None:
        async with on_line() as desk:
            await desk.gateway.babble(raw)
            await desk.gateway.say("0421", "收到", mark="m1")
            assert [one.id for one in await desk.store.until(1)] == ["m1"]
            assert desk.said == []

    tell(story())


@pytest.mark.parametrize(
    ("topic", "data", "code"),
    [(MESSAGES, "{", 400), ("/v1.0/other", "{}", 404), (MESSAGES, "{}", 200)],
)
def test_what_can_never_be_read_does_not_come_for_ever(topic: str, data: str, code: int) -> None:
    async def story() -> None:
        async with on_line() as desk:
            await desk.gateway.call_back(topic, data)
            (ack,) = await desk.gateway.until_acknowledged(1)
            assert ack["code"] == code
            assert desk.store.offered == 0

    tell(story())


def test_a_listener_stopped_in_the_middle_stores_and_acknowledges_what_it_has_heard() -> None:
    async def story() -> None:
        async with on_line() as desk:
            desk.store.is_open.clear()
            await desk.gateway.say("0421", "收到", mark="m1")
            await desk.store.began.wait()
            desk.task.cancel()
            await asyncio.sleep(0)
            assert not desk.task.done()
            desk.store.is_open.set()
            with pytest.raises(asyncio.CancelledError):
                await desk.task
            assert set(desk.store.kept) == {"m1"}
            await desk.gateway.until(lambda: not desk.gateway.unacknowledged)

    tell(story())


def test_no_secret_and_no_ticket_is_written_to_the_log(caplog: pytest.LogCaptureFixture) -> None:
    async def story() -> str:
        async with on_line() as desk:
            await desk.gateway.say("0421", "收到", mark="m1")
            await desk.store.until(1)
            asked = desk.gateway.connections[0].request
            assert asked
            return asked.path

    caplog.set_level("DEBUG")
    path = tell(story())
    assert path.partition("ticket=")[2]
    assert path.partition("ticket=")[2] not in caplog.text
    assert SECRET not in caplog.text
