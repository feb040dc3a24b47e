"""WeCom's app and phone: cards and words, who was not reached, and one token for all."""

import asyncio
import json
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any, TypeVar

import httpx
import pytest

from notifier.channels import (
    ChannelError,
    FailureKind,
    Line,
    Message,
    Receipt,
    Recipient,
    Sandbox,
    Section,
    build,
)
from notifier.channels.wecom_app import WecomApp
from notifier.channels.wecom_phone import WecomPhone
from notifier.messages.model import Button, Topic
from obligations.errors import Misconfigured
from obligations.rules.model import ChannelSpec
from tests.notifier.channels.contract import Clock, LeapingLoop, assert_harmless
from tests.notifier.channels.rigs.rig import NAME
from tests.notifier.channels.rigs.wecom_app import CALL, RIGS, SECRET, SETTINGS, TOKEN

T = TypeVar("T")
APP, PHONE = RIGS
ZHOU = Recipient("周敏", wecom="ZhouMin", link="https://qx.example/c/1")
CHEN = Recipient("陈立", wecom="chenli")
WU = Recipient("吴芳", mobile="13900000000")
RAIN = Line("今晚有大暴雨，请立即转移低洼处群众")
BUTTONS = (Button("收到", "K7M2:收到"), Button("需要支援", "K7M2:支援"))


def call(*people: Recipient, buttons: tuple[Button, ...] = (), words: Line = RAIN) -> Message:
    sections = tuple(Section(person, (words,)) for person in people)
    return Message("K7M2", "暴雨红色预警", sections, topic=Topic.CALL, buttons=buttons)


@dataclass
class Platform:
    """WeCom as it is told to be: what it answers in turn, and what it has heard."""

    answers: list[dict[str, object]] = field(default_factory=list)
    tokens: list[str] = field(default_factory=list)
    life: int = 7200
    issued: int = 0
    heard: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    clock: Clock = field(default_factory=Clock)

    async def respond(self, request: httpx.Request) -> httpx.Response:
        await asyncio.sleep(0.5)  # as long as others need to ask for a token too
        if request.url.path.endswith("/gettoken"):
            assert dict(request.url.params) == {
                "corpid": SETTINGS["WECOM_CORPID"],
                "corpsecret": SECRET,
            }
            self.issued += 1
            token = f"{TOKEN}{self.issued}"
            body = {"errcode": 0, "access_token": token, "expires_in": self.life}
            return httpx.Response(200, json=body)
        self.tokens.append(request.url.params["access_token"].removeprefix(TOKEN))
        self.heard.append((request.url.path, json.loads(request.content)))
        answer = self.answers.pop(0) if self.answers else {"errcode": 0, "errmsg": "ok"}
        return httpx.Response(200, json=answer)

    def use(self, work: Callable[[WecomApp], Coroutine[Any, Any, T]]) -> T:
        async def run() -> T:
            transport = httpx.MockTransport(self.respond)
            async with httpx.AsyncClient(transport=transport) as client:
                made = build(APP.spec, APP.settings, client, Sandbox(self.clock), self.clock)
                assert isinstance(made, WecomApp)
                return await work(made)

        with asyncio.Runner(loop_factory=LeapingLoop) as runner:
            return runner.run(run())

    def take(self, message: Message) -> Receipt:
        return self.use(lambda app: app.send(message))

    def refuse(self, message: Message) -> ChannelError:
        with pytest.raises(ChannelError) as caught:
            self.take(message)
        assert_harmless(APP, caught.value)
        return caught.value

    @property
    def bodies(self) -> list[dict[str, Any]]:
        return [body for _, body in self.heard]


def refusal(code: int, words: str = "no") -> dict[str, object]:
    return {"errcode": code, "errmsg": words}


def answer(**more: object) -> dict[str, object]:
    return {"errcode": 0, "errmsg": "ok", **more}


def test_a_call_goes_as_a_card_with_its_buttons() -> None:
    wecom = Platform([answer(response_code="RESPONSE-1", msgid="m1")])
    receipt = wecom.take(call(ZHOU, buttons=BUTTONS))
    assert wecom.bodies == [
        {
            "touser": "ZhouMin",
            "agentid": 1000002,
            "msgtype": "template_card",
            "template_card": {
                "card_type": "button_interaction",
                "main_title": {"title": "【暴雨红色预警】"},
                "sub_title_text": "今晚有大暴雨，请立即转移低洼处群众",
                "card_action": {"type": 1, "url": "https://qx.example/c/1"},
                "task_id": "K7M2",
                "button_list": [
                    {"text": "收到", "style": 1, "key": "K7M2:收到"},
                    {"text": "需要支援", "style": 1, "key": "K7M2:支援"},
                ],
            },
        }
    ]
    assert receipt == Receipt("K7M2", "ok", reference="RESPONSE-1")
    assert "RESPONSE-1" not in repr(receipt)


def test_a_card_sent_again_says_so_and_has_a_number_of_its_own() -> None:
    wecom = Platform()
    wecom.take(replace(call(ZHOU, buttons=BUTTONS), repeated=True, late=True))
    card = wecom.bodies[0]["template_card"]
    assert card["main_title"] == {"title": "〔重发〕〔迟发〕【暴雨红色预警】"}
    assert card["task_id"] == "K7M2-2"


@pytest.mark.parametrize("code", ["", "编号", "a b", "x" * 200])
def test_a_number_that_the_platform_would_refuse_is_replaced(code: str) -> None:
    wecom = Platform()
    wecom.take(replace(call(ZHOU, buttons=BUTTONS), code=code))
    task = wecom.bodies[0]["template_card"]["task_id"]
    assert task.isascii()
    assert task.isalnum()
    assert len(task) == 32


@pytest.mark.parametrize("code", [40058, 40008, 40035, 77777])
def test_an_app_that_may_send_no_cards_says_it_in_words(code: int) -> None:
    wecom = Platform([refusal(code), answer()])
    receipt = wecom.take(call(ZHOU, buttons=BUTTONS))
    assert [body["msgtype"] for body in wecom.bodies] == ["template_card", "markdown"]
    assert wecom.bodies[1]["markdown"]["content"] == (
        "**【暴雨红色预警】周敏，请马上应答**\n"
        "今晚有大暴雨，请立即转移低洼处群众\n"
        "[点此答复](https://qx.example/c/1)"
    )
    assert receipt == Receipt("K7M2", "ok")


@pytest.mark.parametrize("code", [-1, 45009, 60020, 81013, 301002])
def test_a_refusal_that_is_not_about_the_card_is_not_tried_in_words(code: int) -> None:
    wecom = Platform([refusal(code)])
    assert f"错误码{code}" in str(wecom.refuse(call(ZHOU, buttons=BUTTONS)))
    assert len(wecom.heard) == 1


def test_what_a_card_has_no_room_for_is_said_whole_where_a_link_takes_the_answer() -> None:
    wecom, words = Platform(), Line("请逐户转移" * 40)
    wecom.take(call(ZHOU, buttons=BUTTONS, words=words))
    wecom.take(call(CHEN, buttons=BUTTONS, words=words))
    assert "请逐户转移" * 40 in wecom.bodies[0]["markdown"]["content"]
    card = wecom.bodies[1]["template_card"]
    assert len(card["sub_title_text"]) <= 160
    assert card["sub_title_text"].endswith("…")
    assert "card_action" not in card


def test_a_title_or_a_button_longer_than_a_phone_shows_is_cut() -> None:
    wecom = Platform()
    message = replace(call(CHEN, buttons=(Button("我已经带领群众转移完毕", "k"),)), title="汛" * 40)
    wecom.take(message)
    card = wecom.bodies[0]["template_card"]
    assert card["main_title"]["title"] == "【" + "汛" * 34 + "…"
    assert card["button_list"][0]["text"] == "我已经带领群众转移…"


def test_a_card_that_must_be_cut_does_not_hold_all_of_the_message() -> None:
    words = Line("请逐户转移" * 32)
    whole, longer = (
        call(CHEN, buttons=BUTTONS, words=replace(words, text=words.text + more))
        for more in ("", "啊")
    )

    async def look(app: WecomApp) -> list[bool]:
        return [app.fits(whole), app.fits(longer), app.fits(replace(longer, buttons=()))]

    assert Platform().use(look) == [True, False, True]


@pytest.mark.parametrize(
    "buttons",
    [
        tuple(Button(f"第{n}项", f"k{n}") for n in range(7)),
        (Button("收到", "same"), Button("不去", "same")),
        (Button("收到", ""),),
        (Button("收到", "国" * 342),),
    ],
)
def test_buttons_that_the_platform_does_not_take_are_left_to_the_link(
    buttons: tuple[Button, ...],
) -> None:
    wecom = Platform()
    wecom.take(call(ZHOU, buttons=buttons))
    assert wecom.bodies[0]["msgtype"] == "markdown"


def test_the_same_words_to_many_are_one_message() -> None:
    wecom = Platform([answer(invaliduser="ZHOUMIN|nobody", unlicenseduser="")])
    bare = replace(ZHOU, link="")
    receipt = wecom.take(call(bare, CHEN, WU))
    assert wecom.bodies[0] == {
        "touser": "ZhouMin|chenli",
        "agentid": 1000002,
        "msgtype": "markdown",
        "markdown": {
            "content": "**【暴雨红色预警】各位，请马上应答**\n今晚有大暴雨，请立即转移低洼处群众"
        },
    }
    assert receipt == Receipt("K7M2", "ok；没有送到周敏、吴芳", ("周敏", "吴芳"))


def test_somebody_without_a_licence_is_not_reached_either() -> None:
    wecom = Platform([answer(invaliduser=None, unlicenseduser="zhoumin")])
    assert wecom.take(call(ZHOU)).unreached == ("周敏",)


def test_several_people_fit_only_where_everybody_gets_the_same_words() -> None:
    bare, crowd = replace(ZHOU, link=""), tuple(replace(CHEN, name=f"{n}") for n in range(1001))
    other = Section(CHEN, (Line("别的"),))

    async def look(app: WecomApp) -> list[bool]:
        return [
            app.fits(call(ZHOU)),
            app.fits(call(bare, CHEN)),
            app.fits(call(*crowd[:1000])),
            app.fits(call(ZHOU, CHEN)),
            app.fits(call(*crowd)),
            app.fits(call(bare, CHEN, buttons=BUTTONS)),
            app.fits(replace(call(bare), sections=(*call(bare).sections, other))),
            app.fits(replace(call(bare), sections=())),
        ]

    assert Platform().use(look) == [True, True, True, False, False, False, False, False]


def test_people_who_do_not_fit_are_told_and_nothing_is_sent() -> None:
    wecom = Platform()
    assert "2个人的内容一条消息放不下" in str(wecom.refuse(call(ZHOU, CHEN)))
    assert wecom.heard == []


@pytest.mark.parametrize("account", ["", "@all", "all", "a|b", "周敏"])
def test_somebody_without_an_account_is_told_and_nothing_is_sent(account: str) -> None:
    wecom, nobody = Platform(), replace(WU, wecom=account)
    error = wecom.refuse(call(nobody))
    assert "吴芳没有企业微信账号" in str(error)
    assert (error.kind, error.closed) == (FailureKind.PERMANENT, False)
    assert wecom.heard == []


def test_nobody_known_refuses_the_message_and_not_the_channel() -> None:
    error = Platform([refusal(81013)]).refuse(call(ZHOU))
    assert (error.kind, error.closed) == (FailureKind.PERMANENT, False)
    assert "可见范围" in str(error)


def test_a_card_that_was_answered_is_closed_with_words() -> None:
    wecom = Platform()
    wecom.use(lambda app: app.close_card("RESPONSE-1", ["zhoumin"], "<已收到>（09:03）"))
    assert wecom.heard == [
        (
            "/cgi-bin/message/update_template_card",
            {
                "userids": ["zhoumin"],
                "agentid": 1000002,
                "response_code": "RESPONSE-1",
                "button": {"replace_name": "＜已收到＞（09:03）"},
            },
        )
    ]


def test_a_card_that_cannot_be_closed_is_told_without_its_code() -> None:
    wecom = Platform([refusal(40035, "invalid RESPONSE-1"), refusal(77777, "bad RESPONSE-1")])
    for told in ("错误码40035", "错误码77777：bad ***"):
        with pytest.raises(ChannelError, match=told[:8]) as caught:
            wecom.use(lambda app: app.close_card("RESPONSE-1", ["zhoumin"], "已收到"))
        assert told in str(caught.value)
        assert "RESPONSE-1" not in str(caught.value)


def test_sends_at_once_share_one_token() -> None:
    wecom = Platform()

    async def rush(app: WecomApp) -> None:
        await asyncio.gather(*(app.send(call(ZHOU)) for _ in range(50)))
        await app.send(call(ZHOU))

    wecom.use(rush)
    assert wecom.issued == 1
    assert wecom.tokens == ["1"] * 51


def test_a_send_that_is_given_up_spoils_the_token_for_nobody() -> None:
    wecom = Platform()

    async def give_up(app: WecomApp) -> None:
        first, second = (asyncio.create_task(app.send(call(ZHOU))) for _ in range(2))
        await asyncio.sleep(0)
        first.cancel()
        await second

    wecom.use(give_up)
    assert (wecom.issued, wecom.tokens) == (1, ["1"])


def test_a_token_is_fetched_anew_before_it_dies() -> None:
    wecom = Platform()

    async def go_on(app: WecomApp) -> None:
        for minutes in (0, 107, 2):
            wecom.clock.instant += timedelta(minutes=minutes)
            await app.send(call(ZHOU))

    wecom.use(go_on)
    assert wecom.tokens == ["1", "1", "2"]


@pytest.mark.parametrize("code", [40001, 40014, 42001])
def test_a_token_that_died_early_is_fetched_anew_once(code: int) -> None:
    wecom = Platform([answer(), refusal(code)])

    async def go_on(app: WecomApp) -> None:
        await app.send(call(ZHOU))
        await app.send(call(ZHOU))

    wecom.use(go_on)
    assert wecom.tokens == ["1", "1", "2"]


def test_sends_at_once_with_a_dead_token_share_the_next_one() -> None:
    wecom = Platform([answer(), *(refusal(42001) for _ in range(20))])

    async def rush(app: WecomApp) -> None:
        await app.send(call(ZHOU))
        await asyncio.gather(*(app.send(call(ZHOU)) for _ in range(20)))

    wecom.use(rush)
    assert wecom.issued == 2


def test_a_platform_that_refuses_its_own_new_token_is_left_alone_for_a_minute() -> None:
    wecom = Platform([refusal(42001), refusal(42001)])
    error = wecom.refuse(call(ZHOU))
    assert (error.kind, error.retry_after) == (FailureKind.THROTTLED, timedelta(minutes=1))
    assert wecom.issued == 2


@pytest.mark.parametrize(
    "told",
    [
        {"errcode": 0},
        {"errcode": 0, "access_token": "", "expires_in": 7200},
        {"errcode": 0, "access_token": "a b\n", "expires_in": 7200},
        {"errcode": 0, "access_token": ["a"], "expires_in": 7200},
        {"errcode": 0, "access_token": "abc", "expires_in": "soon"},
    ],
)
def test_a_token_that_is_none_sends_nothing(told: dict[str, object]) -> None:
    error = _refused_at_the_door(told)
    assert (error.kind, error.uncertain) == (FailureKind.TRANSIENT, False)
    assert "没有给出登录凭证" in str(error)


@pytest.mark.parametrize(
    ("code", "told"), [(40013, "企业编号"), (40001, "Secret不对"), (60020, "可信IP")]
)
def test_a_door_that_refuses_us_closes_the_channel(code: int, told: str) -> None:
    error = _refused_at_the_door(refusal(code, f"bad {SECRET}"))
    assert error.closed
    assert told in str(error)


def _refused_at_the_door(told: dict[str, object]) -> ChannelError:
    def respond(request: httpx.Request) -> httpx.Response:
        assert request.url.path.endswith("/gettoken")
        return httpx.Response(200, json=told)

    async def send() -> None:
        async with httpx.AsyncClient(transport=httpx.MockTransport(respond)) as client:
            await build(APP.spec, APP.settings, client, Sandbox(Clock()), Clock()).send(call(ZHOU))

    with pytest.raises(ChannelError) as caught:
        asyncio.run(send())
    assert_harmless(APP, caught.value)
    return caught.value


def test_token_and_message_together_take_no_longer_than_a_lease() -> None:
    wecom = Platform([refusal(42001)])
    quick, asked = wecom.respond, 0

    async def slow(request: httpx.Request) -> httpx.Response:
        nonlocal asked
        asked += 1
        await asyncio.sleep(9)
        return await quick(request)

    wecom.respond = slow  # type: ignore[method-assign]  # the same platform on a slow day
    error = wecom.refuse(call(ZHOU))
    assert asked == 3
    assert error.uncertain
    assert "25秒内没有办完" in str(error)


@pytest.mark.parametrize(
    ("spec", "told"),
    [
        (ChannelSpec(NAME, "企业微信应用", "", "$S", "", "$A"), "企业ID"),
        (ChannelSpec(NAME, "企业微信应用", "", "", "$C", "$A"), "Secret"),
        (ChannelSpec(NAME, "企业微信应用", "", "$S", "$C", ""), "AgentId"),
        (ChannelSpec(NAME, "企业微信应用", "", "$S", "$C", "$C"), "一串数字"),
        (ChannelSpec(NAME, "企业微信应用", "", "$S", "$MISSING", "$A"), "MISSING"),
        (ChannelSpec(NAME, "企业微信电话", "", "", "$C"), "Secret"),
    ],
)
def test_what_is_missing_in_the_settings_is_named(spec: ChannelSpec, told: str) -> None:
    settings = {"S": SECRET, "C": "ww01", "A": "1000002"}
    with pytest.raises(Misconfigured, match=told) as caught:
        build(spec, settings, httpx.AsyncClient(), Sandbox(Clock()), Clock())
    assert NAME in str(caught.value)
    assert SECRET not in str(caught.value)


def ring(told: dict[str, object], *people: Recipient) -> Receipt:
    def respond(request: httpx.Request) -> httpx.Response:
        door = request.url.path.endswith("/gettoken")
        return httpx.Response(200, json=APP.doors["/cgi-bin/gettoken"] if door else told)

    async def send() -> Receipt:
        async with httpx.AsyncClient(transport=httpx.MockTransport(respond)) as client:
            phone = build(PHONE.spec, PHONE.settings, client, Sandbox(Clock()), Clock())
            assert isinstance(phone, WecomPhone)
            assert phone.fits(call(ZHOU))
            assert not phone.fits(call(ZHOU, CHEN))
            return await phone.send(call(*people))

    return asyncio.run(send())


@pytest.mark.parametrize(
    "states", [None, [], [{"code": 13, "userid": "zhoumin"}], [{"userid": "zhoumin"}], ["?"]]
)
def test_a_phone_that_does_not_ring_is_told(states: object) -> None:
    receipt = ring(answer(states=states), ZHOU)
    assert receipt == Receipt("K7M2", "ok；没有打通周敏的电话", ("周敏",))


def test_a_call_to_several_names_those_whose_phone_does_not_ring() -> None:
    states = [{**CALL, "userid": "ZhouMin"}, {"code": 13, "callid": "", "userid": "chenli"}]
    receipt = ring(answer(states=states), ZHOU, CHEN, WU)
    assert receipt.unreached == ("陈立", "吴芳")
    assert receipt.reference == "call-1"
