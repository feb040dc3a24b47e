"""Where mails go out, and the mail server of the sandbox."""

import asyncio
from collections.abc import Callable
from dataclasses import replace

import httpx
import pytest

from notifier.channels import Channel, ChannelError, Receipt, Sandbox, build, outside
from notifier.channels.addresses import Endpoint
from notifier.channels.mail import mailbox
from obligations.errors import Misconfigured
from obligations.rules.model import ChannelSpec
from tests.notifier.channels.contract import Clock
from tests.notifier.channels.rigs.rig import NAME, NOW
from tests.notifier.channels.test_mail import (
    CHEN,
    LETTER,
    PASSWORD,
    SENDER,
    SPEC,
    TEXT,
    channel,
    settings_for,
)


@pytest.mark.parametrize(
    ("address", "account", "expected"),
    [
        ("smtps://mx.qx.example", SENDER, ("mx.qx.example", 465, SENDER, True, False)),
        ("smtps://mx.qx.example:994", SENDER, ("mx.qx.example", 994, SENDER, True, False)),
        ("smtp://mx.qx.example:587", SENDER, ("mx.qx.example", 587, SENDER, False, True)),
        ("smtp://bot@mx.qx.example", SENDER, ("mx.qx.example", 587, "bot", False, True)),
        ("smtp://127.0.0.1:2525", SENDER, ("127.0.0.1", 2525, SENDER, False, False)),
    ],
)
def test_an_address_says_which_server_and_how_it_is_sealed(
    address: str, account: str, expected: tuple[str, int, str, bool, bool]
) -> None:
    env = {"SMTP_SERVER": address, "SMTP_PASSWORD": PASSWORD, "SMTP_SENDER": account}
    box = mailbox(SPEC, Endpoint(own=("smtps", "smtp")), env)
    assert (box.host, box.port, box.user, box.use_tls, box.start_tls) == expected
    assert PASSWORD not in repr(box)
    assert outside(SPEC, env) == address


@pytest.mark.parametrize(
    ("spec", "changes", "told"),
    [
        (replace(SPEC, address="smtp://mx.qx.example"), {}, "地址应当写成$名称"),
        (replace(SPEC, secret=PASSWORD), {}, "授权码）应当写成$名称"),
        (SPEC, {"SMTP_SERVER": "https://mx.qx.example"}, "应当以smtps://或smtp://开头"),
        (SPEC, {"SMTP_SERVER": f"smtp://a:{PASSWORD}@mx.qx.example"}, "读不懂"),
        (SPEC, {"SMTP_SERVER": "mx.qx.example"}, "读不懂"),
        (SPEC, {"SMTP_SENDER": "安委办"}, "账号应当是一个邮箱"),
        (replace(SPEC, account=""), {}, "没有写账号"),
        (SPEC, {"SMTP_PASSWORD": ""}, "但环境变量和.env里没有它"),
    ],
)
def test_a_mailbox_that_is_not_set_up_is_told(
    spec: ChannelSpec, changes: dict[str, str], told: str
) -> None:
    with pytest.raises(Misconfigured) as caught:
        channel({**settings_for(25), **changes}, spec)
    assert told in str(caught.value)
    assert PASSWORD not in str(caught.value)


def simulated(sandbox: Sandbox) -> Channel:
    spec = ChannelSpec(NAME, "邮件", "沙箱")
    return build(spec, {}, httpx.AsyncClient(), sandbox, Clock())


def test_the_sandbox_shows_the_mail_without_a_network() -> None:
    sandbox = Sandbox(Clock())
    assert asyncio.run(simulated(sandbox).send(LETTER)) == Receipt("K7M2", "2.0.0 queued")
    (shown,) = sandbox.shown(NAME)
    assert (shown.at, shown.msgtype, shown.to) == (NOW, "mail", ("chenli@qx.example",))
    assert (shown.title, shown.text) == ("【青溪镇履职提醒】陈立：2件", TEXT.strip())
    assert shown.links == (CHEN.link,)


@pytest.mark.parametrize(
    ("amiss", "kind", "closed"),
    [
        (lambda sandbox: sandbox.remove(NAME), "permanent", True),
        (lambda sandbox: sandbox.estrange(NAME, "chenli@qx.example"), "permanent", False),
        (lambda sandbox: sandbox.refuse(NAME, 451, "later"), "transient", False),
    ],
)
def test_the_sandbox_refuses_as_servers_do(
    amiss: Callable[[Sandbox], None], kind: str, closed: bool
) -> None:
    sandbox = Sandbox(Clock())
    made = simulated(sandbox)
    amiss(sandbox)
    with pytest.raises(ChannelError) as caught:
        asyncio.run(made.send(LETTER))
    assert (caught.value.kind.value, caught.value.closed) == (kind, closed)
    assert not sandbox.shown(NAME)


def test_the_sandbox_takes_sixty_mails_a_minute() -> None:
    sandbox = Sandbox(Clock())
    made = simulated(sandbox)

    async def flood() -> None:
        for _ in range(61):
            await made.send(LETTER)

    with pytest.raises(ChannelError, match="错误码451"):
        asyncio.run(flood())
    assert len(sandbox.shown(NAME)) == 60
