"""Whatever stands in any field, the group sees one lawful message and only the mentions meant."""

import asyncio
import json
import re
from dataclasses import replace

import httpx
from hypothesis import given, settings
from hypothesis import strategies as st

from notifier.channels import PLATFORMS, Line, Message, Recipient, Sandbox, Section, build
from obligations.rules.model import ChannelSpec, Means
from obligations.rules.platforms import means_of
from tests.notifier.channels.contract import Clock

HOSTILE = (
    "<@all>",
    "@all",
    "<@zhoumin>",
    "@13800000000",
    "@所有人",
    "[点我](http://evil.example/)",
    '<font color="warning">',
    "</font>",
    "\n> 引用",
    "\r\n# 标题",
    "\u2028",
    "\u202e",
    "\x00",
    "`",
    "```",
    "**",
    "__",
    "~~",
    "http://evil.example",
    "HTTPS://EVIL.EXAMPLE/a",
    "www.evil.com",
    "&lt;@all&gt;",
    "&#60;@all>",
    "\\<@all\\>",
    "![](http://evil.example/x.png)",
    "](",
    ")",
    "\ud83d",
    "dingtalk://dingtalkclient/page/link?url=x",
    "dtmd://dingtalkclient/sendMessage?content=x",
    "{{ 7*7 }}",
    "{% raw %}",
    '"}],',
    "国" * 3000,
    "a" * 9000,
    "\u0301" * 40,
    "\U0010ffff",
)
anything = st.lists(
    st.one_of(st.text(st.characters(exclude_categories=()), max_size=20), st.sampled_from(HOSTILE)),
    max_size=4,
).map("".join)
recipients = st.builds(
    Recipient,
    name=anything,
    mobile=anything,
    wecom=anything,
    dingtalk=anything,
    link=anything,
    feishu=anything,
    mail=anything,
)
lines = st.lists(st.builds(Line, anything, anything, anything), max_size=4).map(tuple)
sections = st.lists(st.builds(Section, recipients, lines), min_size=1, max_size=3).map(tuple)
messages = st.builds(Message, anything, anything, sections, st.booleans(), st.booleans())
GOOD = Recipient(
    "周敏", "13800000000", "zhoumin", "0421", "https://qx.example/d/1", "ou_1", "zhou@qx.example"
)
GROUPS = [name for name in PLATFORMS if means_of(name) is Means.GROUP]
OURS = {"zhoumin", "0421", "13800000000", "ou_1"}


def shown(platform: str, message: Message) -> tuple[bytes, set[str], str]:
    """Give the bytes that were sent, who was called and the text, as the platform took them."""
    sandbox, sent = Sandbox(Clock()), list[bytes]()

    def handler(request: httpx.Request) -> httpx.Response:
        sent.append(request.content)
        return sandbox.respond(request)

    async def once() -> None:
        sandbox.client = httpx.AsyncClient(transport=httpx.MockTransport(handler))
        spec = ChannelSpec("群", platform, "沙箱")
        await build(spec, {}, sandbox.client, sandbox, Clock()).send(message)

    asyncio.run(once())
    ((seen,), (body,)) = sandbox.shown("群"), sent
    return body, set(seen.mentions), seen.text


@settings(max_examples=60, deadline=None)
@given(message=messages)
def test_any_text_in_any_field_is_one_lawful_message_without_a_forged_mention(
    message: Message,
) -> None:
    for platform in GROUPS:
        people = {
            word.strip().replace(" ", "")
            for section in message.sections
            for word in (
                section.recipient.wecom,
                section.recipient.dingtalk,
                section.recipient.mobile,
                section.recipient.feishu,
            )
        }
        body, mentions, _ = shown(platform, message)
        json.loads(body)
        assert mentions <= people
        assert not {"all", "@all"} & {mention.lower() for mention in mentions}


@settings(max_examples=60, deadline=None)
@given(title=anything, name=anything, work=lines)
def test_no_field_can_write_mark_up_a_mention_or_a_link(
    title: str, name: str, work: tuple[Line, ...]
) -> None:
    message = Message("c", title, (Section(replace(GOOD, name=name), work),))
    for platform in GROUPS:
        _, mentions, text = shown(platform, message)
        assert mentions <= OURS
        assert text.count("\n") == 2 + len(work)
        bare = text.replace("[点此答复](https://qx.example/d/1)", "", 1)
        bare = (
            bare.replace("<@zhoumin>", "", 1)
            .replace("<at id=ou_1></at>", "", 1)
            .replace("@0421", "", 1)
            .replace("**", "", 2)
        )
        assert not re.search(r"[][<>@*_`#|~()]|://|www\.", bare)


def test_every_hostile_word_alone_in_every_field_stays_words() -> None:
    for word in HOSTILE:
        message = Message(
            word, word, (Section(replace(GOOD, name=word), (Line(word, word, word),)),)
        )
        for platform in GROUPS:
            _, mentions, _ = shown(platform, message)
            assert mentions <= OURS
