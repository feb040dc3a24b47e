"""Whatever stands in any field, the app's user sees one lawful message with our link and buttons.

The mark-up of the words is held in test_hostile.py; here it is the card, and who gets it.
"""

import asyncio

import httpx
from hypothesis import given, settings
from hypothesis import strategies as st

from notifier.channels import Line, Message, Receipt, Recipient, Sandbox, Section, Shown, build
from notifier.messages import escape
from notifier.messages.model import Button
from obligations.rules.model import ChannelSpec
from tests.notifier.channels.contract import Clock
from tests.notifier.channels.test_hostile import HOSTILE, anything, lines

LINK = "https://qx.example/d/1"
buttons = st.lists(st.builds(Button, anything, anything), max_size=7).map(tuple)


def sent(message: Message) -> tuple[Shown, Receipt, int]:
    """Give what the person sees, the receipt and how many messages the platform was given."""
    sandbox, heard = Sandbox(Clock()), list[httpx.Request]()

    def handler(request: httpx.Request) -> httpx.Response:
        heard.append(request)
        return sandbox.respond(request)

    async def once() -> Receipt:
        sandbox.client = httpx.AsyncClient(transport=httpx.MockTransport(handler))
        spec = ChannelSpec("应用", "企业微信应用", "沙箱")
        return await build(spec, {}, sandbox.client, sandbox, Clock()).send(message)

    receipt = asyncio.run(once())
    (shown,) = sandbox.shown("应用")
    return shown, receipt, sum(request.method == "POST" for request in heard)


@settings(max_examples=80, deadline=None)
@given(
    code=anything,
    title=anything,
    name=anything,
    link=st.sampled_from(("", LINK, "javascript:alert(1)", "https://a.example/)(<@all>")),
    work=lines,
    pressed=buttons,
    repeated=st.booleans(),
)
def test_any_text_in_any_field_is_one_lawful_message(  # noqa: PLR0913 -- as many as there are fields
    *,
    code: str,
    title: str,
    name: str,
    link: str,
    work: tuple[Line, ...],
    pressed: tuple[Button, ...],
    repeated: bool,
) -> None:
    person = Recipient(name, wecom="zhoumin", link=link)
    message = Message(code, title, (Section(person, work),), repeated, buttons=pressed)
    shown, receipt, messages = sent(message)
    assert shown.to == ("zhoumin",)
    assert all(address.startswith("https://") for address in shown.links)
    assert all("<" not in address for address in shown.links)
    assert {key for _, key in shown.buttons} <= {button.key for button in pressed}
    assert bool(shown.buttons) == bool(receipt.reference)
    assert messages == 1


def test_every_hostile_word_is_one_card_or_where_it_leaves_a_button_bare_one_text() -> None:
    person = Recipient("周敏", wecom="zhoumin", link=LINK)
    for word in HOSTILE:
        kind = "template_card" if escape.plain(word) else "markdown"
        message = Message(
            "c", word[:30], (Section(person, (Line(word[:90]),)),), buttons=(Button(word, "k1"),)
        )
        shown, _, messages = sent(message)
        assert (shown.msgtype, shown.links, messages) == (kind, (LINK,), 1), word


def test_a_key_that_would_not_come_back_as_it_went_makes_no_button() -> None:
    person = Recipient("周敏", wecom="zhoumin", link=LINK)
    for key in ("\ud83d", "", "国" * 342):
        pressed = (Button("收到", key),)
        shown, _, _ = sent(Message("c", "预警", (Section(person, ()),), buttons=pressed))
        assert shown.msgtype == "markdown"
