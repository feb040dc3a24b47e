"""Whatever stands in any field, DingTalk's applications tell one person, lawfully, or nobody."""

import asyncio
import re
from dataclasses import replace

import pytest
from hypothesis import given, settings

from notifier.channels import ChannelError, FailureKind, Line, Message, Sandbox, Section, build
from notifier.channels.dingtalk_ding import KINDS
from notifier.channels.sandbox import Shown
from obligations.rules.model import ChannelSpec
from tests.notifier.channels.contract import Clock
from tests.notifier.channels.test_hostile import GOOD, anything, lines, sections

OURS = "https://qx.example/d/1"
every_application = pytest.mark.parametrize("platform", ["钉钉企业机器人", *KINDS])


def shown(platform: str, message: Message) -> tuple[Shown, ...]:
    """Give what the application's users have seen; a refusal is told in a sentence."""
    sandbox = Sandbox(Clock())
    made = build(ChannelSpec("群", platform, "沙箱"), {}, sandbox.client, sandbox, Clock())
    refused: list[ChannelError] = []
    try:
        asyncio.run(made.send(message))
    except ChannelError as error:
        refused.append(error)
    assert all(error.kind is FailureKind.PERMANENT for error in refused)
    assert all(str(error).startswith(f"通道“群”（{platform}）：") for error in refused)
    return sandbox.shown("群")


@every_application
@settings(max_examples=30, deadline=None)
@given(title=anything, name=anything, work=lines, link=anything)
def test_one_person_gets_one_message_without_a_link_of_somebody_else(
    platform: str, title: str, name: str, work: tuple[Line, ...], link: str
) -> None:
    message = Message("c", title, (Section(replace(GOOD, name=name), work),))
    (seen,) = shown(platform, message)
    assert seen.to == ("0421",)
    assert set(seen.links) <= {OURS}
    bare = seen.text.replace(f"点此答复：{OURS}", "", 1).replace("**", "", 2)
    assert not re.search(r"[<>@&]|://|www\.", bare)
    forged = replace(message, sections=(Section(replace(GOOD, name=name, link=link), work),))
    for other in shown(platform, forged):
        assert len(other.links) <= 1
        assert not re.search(r"[<>@&]|://|www\.", other.text.split("点此答复：", maxsplit=1)[0])


@every_application
@settings(max_examples=30, deadline=None)
@given(people=sections)
def test_only_accounts_that_were_named_get_anything(
    platform: str, people: tuple[Section, ...]
) -> None:
    named = {section.recipient.dingtalk.strip() for section in people}
    for seen in shown(platform, Message("c", "提醒", people)):
        assert seen.to
        assert set(seen.to) <= named
        assert not {"all", "@all"} & {account.lower() for account in seen.to}
