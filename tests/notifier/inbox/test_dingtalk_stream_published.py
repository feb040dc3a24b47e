"""DingTalk's own published client runs against our gateway, so the gateway speaks as DingTalk."""

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.notifier.inbox.dingtalk_gateway import CARDS, MESSAGES, Gateway, gateway
from tests.notifier.inbox.patience import tell

pytest.importorskip("dingtalk_stream", reason="the published client is not installed")
CLIENT = Path(__file__).with_name("dingtalk_published_client.py")


@asynccontextmanager
async def published(opened: Gateway) -> AsyncIterator[asyncio.StreamReader]:
    client = await asyncio.create_subprocess_exec(
        sys.executable,
        CLIENT,
        opened.key,
        opened.secret,
        env={**os.environ, "DINGTALK_OPENAPI_ENDPOINT": opened.base, "NO_PROXY": "*"},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        assert client.stdout
        await opened.until_connected()
        yield client.stdout
    finally:
        client.kill()
        await client.communicate()


async def heard(lines: asyncio.StreamReader) -> dict[str, Any]:
    while True:
        line = await lines.readline()
        assert line, "the client has died"
        if line.startswith(b"{"):
            found: dict[str, Any] = json.loads(line)
            return found


def test_it_registers_hears_people_and_buttons_and_its_acknowledgements_are_understood() -> None:
    async def story() -> None:
        async with gateway("dingkey1", "secret1") as opened, published(opened) as lines:
            assert {each["topic"] for each in opened.opened[0]["subscriptions"]} == {
                MESSAGES,
                CARDS,
            }
            await opened.say("0421", "收到", mark="m1")
            assert await heard(lines) == {"text": "收到", "account": "0421", "id": "m1"}
            await opened.press("0421", "K7M2", "heard")
            assert await heard(lines) == {"card": "K7M2", "account": "0421", "key": "heard"}
            await opened.system("ping", {"opaque": "7"})
            acks = await opened.until_acknowledged(3)
            assert [ack["code"] for ack in acks] == [200, 200, 200]
            assert [json.loads(ack["data"]) for ack in acks] == [
                {"response": "OK"},
                {"response": {}},
                {"opaque": "7"},
            ]
            assert not opened.unacknowledged

    tell(story())


def test_sent_away_it_comes_back_with_a_new_ticket() -> None:
    async def story() -> None:
        async with gateway("dingkey1", "secret1") as opened, published(opened) as lines:
            await opened.send_away()
            await opened.until_connected(2)
            assert (len(opened.opened), opened.turned_away) == (2, 0)
            await opened.say("0421", "已办", mark="m2")
            assert (await heard(lines))["id"] == "m2"

    tell(story())
