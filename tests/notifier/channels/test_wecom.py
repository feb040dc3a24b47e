"""Who is really called: markdown can name accounts, only text can call a mobile number."""

import pytest

from notifier.channels import Line, Message, Recipient, Section
from notifier.channels.wecom import compose

ACCOUNT = Recipient("周敏", wecom="zhoumin", mobile="13800000000")
MOBILE = Recipient("陈立", mobile="13900000000", link="https://qx.example/d/2")
NOBODY = Recipient("吴芳")


def message(*people: Recipient) -> Message:
    return Message("K7M2", "提醒", tuple(Section(who, (Line("巡查", "逾期"),)) for who in people))


@pytest.mark.parametrize("people", [(ACCOUNT,), (ACCOUNT, NOBODY), (NOBODY,), ()])
def test_markdown_is_used_while_nobody_needs_his_mobile(people: tuple[Recipient, ...]) -> None:
    body = compose(message(*people))
    assert body is not None
    assert body["msgtype"] == "markdown"


def test_one_person_with_a_mobile_only_turns_the_message_into_text_that_calls_everybody() -> None:
    assert compose(message(ACCOUNT, MOBILE, NOBODY)) == {
        "msgtype": "text",
        "text": {
            "content": (
                "【提醒】3人3件\n"
                "\n"
                "周敏：1件\n"
                "① 〔逾期〕巡查\n"
                "\n"
                "陈立：1件\n"
                "① 〔逾期〕巡查\n"
                "点此答复：https://qx.example/d/2\n"
                "\n"
                "吴芳：1件\n"
                "① 〔逾期〕巡查"
            ),
            "mentioned_list": ["zhoumin"],
            "mentioned_mobile_list": ["13900000000"],
        },
    }


@pytest.mark.parametrize("account", ["@all", "all", "ALL", "x> <@all", "周敏", "a b", ""])
def test_an_account_that_is_none_calls_nobody(account: str) -> None:
    body = compose(message(Recipient("周敏", wecom=account)))
    assert body == {
        "msgtype": "markdown",
        "markdown": {"content": "**【提醒】周敏：1件**\n① 〔逾期〕巡查"},
    }


def test_text_stays_within_2048_bytes() -> None:
    lines = tuple(Line("检查燃气门店" * 9, "逾期", "6月30日前") for _ in range(60))
    body = compose(Message("K7M2", "提醒", (Section(MOBILE, lines),)))
    assert body is not None
    text = body["text"]
    assert isinstance(text, dict)
    assert 1900 < len(text["content"].encode()) <= 2048
    assert text["content"].endswith("项，见链接\n点此答复：https://qx.example/d/2")
