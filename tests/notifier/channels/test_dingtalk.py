import asyncio

import httpx
import pytest

from notifier.channels import ChannelError, Line, Message, Recipient, Section
from notifier.channels.dingtalk import PLATFORM, DingtalkRobot, compose
from notifier.channels.wire import Wire
from tests.notifier.channels.contract import Clock


def message(*people: Recipient) -> Message:
    return Message("K7M2", "提醒", tuple(Section(who, (Line("巡查", "逾期"),)) for who in people))


def test_whoever_has_no_account_is_called_by_his_mobile_in_list_and_text() -> None:
    people = (
        Recipient("周敏", dingtalk="0421", mobile="138 0000 0000"),
        Recipient("陈立", "13900000000"),
    )
    body = compose(message(*people))
    assert body is not None
    assert body["at"] == {
        "atMobiles": ["13900000000"],
        "atUserIds": ["0421"],
        "isAtAll": False,
    }
    assert "**周敏**：1件 @0421  \n" in str(body["markdown"]).replace("\\n", "\n")
    assert "**陈立**：1件 @13900000000  \n" in str(body["markdown"]).replace("\\n", "\n")


def test_more_than_fifty_mentions_are_no_message() -> None:
    people = [Recipient(f"网格员{n}", dingtalk=f"{n:04}") for n in range(51)]
    assert compose(message(*people[:50])) is not None
    assert compose(message(*people)) is None


def test_an_address_in_the_platforms_words_is_not_repeated() -> None:
    words = "sign not match, timestamp=1577262236757&sign=L7KNsecret see ?access_token=abc"

    def refuse(_: httpx.Request) -> httpx.Response:
        return httpx.Response(200, json={"errcode": 310000, "errmsg": words})

    async def send() -> str:
        async with httpx.AsyncClient(transport=httpx.MockTransport(refuse)) as client:
            wire = Wire("群", PLATFORM, client, ("abc", "SECx"))
            url = httpx.URL("https://oapi.dingtalk.com/robot/send")
            robot = DingtalkRobot(wire, url, "SECx", Clock())
            with pytest.raises(ChannelError) as refused:
                await robot.send(message(Recipient("周敏", dingtalk="0421")))
            return str(refused.value)

    said = asyncio.run(send())
    assert "L7KN" not in said
    assert "abc" not in said
