"""Mail keeps the promises of the contract, against a real mail server on this machine."""

import asyncio
import contextlib
import logging
import traceback
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

import httpx
import pytest
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from hypothesis import given, settings
from hypothesis import strategies as st

from notifier.channels import (
    Channel,
    ChannelError,
    FailureKind,
    Limit,
    Line,
    Message,
    Receipt,
    Recipient,
    Sandbox,
    Section,
    build,
)
from notifier.channels.letters import compose
from notifier.channels.mail import Mail, Mailbox, Post, Progress, submit_to
from notifier.channels.wire import Wire
from obligations.rules.model import ChannelSpec
from tests.notifier.channels.contract import Clock, LeapingLoop
from tests.notifier.channels.rigs.rig import CHEN_S, MESSAGE, MINUTE, NAME, NOW

PASSWORD = "mail-pass-7f3e"  # noqa: S105 -- a test's own
SENDER = "anwei@qx.example"
CHEN = Recipient("陈立", mail="chenli@qx.example", link="https://qx.example/d/2?t=a&b=c")
LETTER = Message("K7M2", "青溪镇履职提醒", (replace(CHEN_S, recipient=CHEN),))
SPEC = ChannelSpec(NAME, "邮件", "$SMTP_SERVER", "$SMTP_PASSWORD", "$SMTP_SENDER")
TEXT = (
    "【青溪镇履职提醒】陈立：2件\n"
    "① 〔逾期〕6月30日前：检查燃气门店2家\n"
    "② 〔逾期〕补交台账\n"
    "点此答复：https://qx.example/d/2?t=a&b=c\n"
)
HTML = (
    '<!doctype html>\n<html lang="zh"><body>\n'
    "<p>【青溪镇履职提醒】陈立：2件<br>\n"
    "① 〔逾期〕6月30日前：检查燃气门店2家<br>\n"
    "② 〔逾期〕补交台账<br>\n"
    '<a href="https://qx.example/d/2?t=a&amp;b=c">点此答复</a></p>\n'
    "</body></html>\n"
)


@dataclass
class Office:
    """What the server took, and what it says at each stage instead of yes."""

    says: dict[str, str] = field(default_factory=dict)
    envelopes: list[Envelope] = field(default_factory=list)
    users: list[bytes] = field(default_factory=list)

    def let_in(self, _s: SMTP, _z: Session, _e: Envelope, _m: str, told: object) -> AuthResult:
        assert isinstance(told, LoginPassword)
        self.users.append(told.login)
        return AuthResult(success=told.password.decode() == PASSWORD, handled=False)

    async def handle_MAIL(  # noqa: N802 -- the library's name
        self, _s: SMTP, session: Session, envelope: Envelope, address: str, _o: list[str]
    ) -> str:
        envelope.mail_from = address
        unknown = "" if session.authenticated else "530 5.7.0 authentication required"
        return self.says.get("MAIL", unknown or "250 OK")

    async def handle_RCPT(  # noqa: N802 -- the library's name
        self, _s: SMTP, _z: Session, envelope: Envelope, address: str, _o: list[str]
    ) -> str:
        envelope.rcpt_tos.append(address)
        return self.says.get("RCPT", "250 OK")

    async def handle_DATA(self, _s: SMTP, _z: Session, envelope: Envelope) -> str:  # noqa: N802 -- the library's name
        if "DATA" not in self.says:
            self.envelopes.append(envelope)
        return self.says.get("DATA", "250 2.0.0 queued as 4F2A")


def channel(settings: dict[str, str], spec: ChannelSpec = SPEC) -> Channel:
    return build(spec, settings, httpx.AsyncClient(), Sandbox(Clock()), Clock())


def settings_for(port: int, password: str = PASSWORD) -> dict[str, str]:
    server = f"smtp://127.0.0.1:{port}"
    return {"SMTP_SERVER": server, "SMTP_PASSWORD": password, "SMTP_SENDER": SENDER}


async def shut(server: asyncio.Server) -> None:
    """Wait until whoever was being served is gone."""
    server.close()
    others = asyncio.all_tasks() - {asyncio.current_task()}
    await asyncio.gather(*others, return_exceptions=True)


def deliver(
    office: Office, message: Message = LETTER, password: str = PASSWORD, times: int = 1
) -> Receipt:
    def greet() -> SMTP:
        return SMTP(office, hostname="mx", authenticator=office.let_in, auth_require_tls=False)

    async def once() -> Receipt:
        server = await asyncio.get_running_loop().create_server(greet, "127.0.0.1", 0)
        made = channel(settings_for(server.sockets[0].getsockname()[1], password))
        try:
            return [await made.send(message) for _ in range(times)][-1]
        finally:
            await shut(server)

    return asyncio.run(once())


def read(office: Office) -> EmailMessage:
    content = office.envelopes[-1].original_content
    assert content is not None
    letter = message_from_bytes(content, policy=default)
    assert isinstance(letter, EmailMessage)
    return letter


def body(letter: EmailMessage, kind: str) -> str:
    part = letter.get_body((kind,))
    assert part is not None
    return str(part.get_content()).replace("\r\n", "\n")


def failure(office: Office, password: str = PASSWORD) -> ChannelError:
    with pytest.raises(ChannelError) as caught:
        deliver(office, password=password)
    return harmless(caught.value)


def harmless(error: ChannelError) -> ChannelError:
    """No secret in the error, its traceback or anything it hangs on; a sentence for people."""
    told = "".join(traceback.format_exception(error)) + repr(vars(error))
    told += repr(error.__context__) + repr(error.__cause__)
    assert PASSWORD not in told
    assert "d3JvbmctbWFpbC1wYXNz" not in told  # the wrong password in base64
    assert str(error).startswith(f"通道“{NAME}”（邮件）：")
    return error


def test_the_whole_mail_is_what_was_meant() -> None:
    office = Office()
    assert deliver(office) == Receipt("K7M2", "2.0.0 queued as 4F2A")
    (envelope,) = office.envelopes
    assert (envelope.mail_from, envelope.rcpt_tos) == (SENDER, ["chenli@qx.example"])
    assert office.users == [SENDER.encode()]
    letter = read(office)
    assert dict(letter.items()) == {
        "From": SENDER,
        "To": "chenli@qx.example",
        "Subject": "【青溪镇履职提醒】陈立：2件",
        "Date": "Wed, 01 Jul 2026 01:00:00 +0000",
        "Message-ID": "<K7M2.jiaoying@qx.example>",
        "Auto-Submitted": "auto-generated",
        "MIME-Version": "1.0",
        "Content-Type": letter["Content-Type"],
    }
    assert [part.get_content_type() for part in letter.iter_parts()] == ["text/plain", "text/html"]
    assert (body(letter, "plain"), body(letter, "html")) == (TEXT, HTML)


def test_a_mail_sent_again_carries_the_same_id() -> None:
    office = Office()
    deliver(office, times=2)
    ids = [
        message_from_bytes(envelope.original_content or b"")["Message-ID"]
        for envelope in office.envelopes
    ]
    assert ids == ["<K7M2.jiaoying@qx.example>"] * 2


@pytest.mark.parametrize(
    ("stage", "said", "kind", "closed", "told"),
    [
        ("MAIL", "451 4.3.0 busy", "transient", False, "暂时不收（错误码451：4.3.0 busy）"),
        ("MAIL", "421 4.7.0 too many", "transient", False, "暂时不收（错误码421"),
        ("MAIL", "553 not your name", "permanent", True, "请核对发信账号（错误码553"),
        ("MAIL", "530 log in first", "permanent", True, "请核对发信账号"),
        ("RCPT", "450 4.2.1 greylisted", "transient", False, "暂时不收（错误码450"),
        ("RCPT", "452 4.2.2 full", "transient", False, "暂时不收（错误码452"),
        ("RCPT", "550 5.1.1 no such user", "permanent", False, "请核对邮箱（错误码550"),
        ("DATA", "451 4.3.0 later", "transient", False, "暂时不收（错误码451"),
        ("DATA", "552 5.3.4 too big", "permanent", False, "不收这封信（错误码552"),
        ("DATA", "554 5.7.1 spam", "permanent", False, "不收这封信（错误码554：5.7.1 spam）"),
    ],
)
def test_what_the_server_says_means_this(
    stage: str, said: str, kind: str, closed: bool, told: str
) -> None:
    error = failure(Office({stage: said}))
    assert (error.kind.value, error.closed, error.uncertain) == (kind, closed, False)
    assert told in str(error)


def test_a_wrong_password_closes_the_channel() -> None:
    error = failure(Office(), "wrong-mail-pass")
    assert (error.kind, error.closed) == (FailureKind.PERMANENT, True)
    assert "请核对发信账号和授权码（错误码535" in str(error)


def test_a_server_that_repeats_our_password_does_not_spread_it() -> None:
    error = failure(Office({"DATA": f"554 bad {PASSWORD} end"}))
    assert "554：bad *** end" in str(error)


Script = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


def scripted(until: bytes, last: bytes = b"") -> Script:
    """Say yes to everything up to a command, then say the last word and hang up."""

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 mx\r\n")
        reading = False
        while line := await reader.readline():
            if line.startswith(until):
                break
            reading |= line.startswith(b"DATA")
            if line.startswith(b"DATA") or not reading:
                writer.write(b"354 go on\r\n" if reading else b"250 OK\r\n")
        writer.write(last)
        writer.close()
        with contextlib.suppress(OSError):
            await writer.wait_closed()

    return talk


def through(script: Script, *, start_tls: bool = False) -> Receipt:
    async def once() -> Receipt:
        server = await asyncio.start_server(script, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        box = Mailbox("127.0.0.1", port, SENDER, start_tls=start_tls)
        try:
            return await mail(submit_to(box)).send(LETTER)
        finally:
            await shut(server)

    return asyncio.run(once())


def broken(script: Script, *, start_tls: bool = False) -> ChannelError:
    with pytest.raises(ChannelError) as caught:
        through(script, start_tls=start_tls)
    return harmless(caught.value)


def mail(post: Post) -> Mail:
    wire = Wire(NAME, "邮件", httpx.AsyncClient(), (PASSWORD,), "邮件是否已送到")
    return Mail(wire, SENDER, "mx.qx.example", post, Clock())


@pytest.mark.parametrize(
    ("until", "uncertain"),
    [(b"EHLO", False), (b"MAIL", False), (b"RCPT", False), (b"DATA", True), (b".\r\n", True)],
)
def test_a_connection_lost_on_the_way_is_in_doubt_once_the_mail_is_under_way(
    until: bytes, uncertain: bool
) -> None:
    error = broken(scripted(until))
    assert (error.kind, error.uncertain) == (FailureKind.TRANSIENT, uncertain)
    assert ("不知道邮件是否已送到" in str(error)) is uncertain


@pytest.mark.parametrize(("until", "uncertain"), [(b"MAIL", False), (b".\r\n", True)])
@pytest.mark.parametrize("said", [b"HTTP/1.1 400 Bad Request\r\n", b"299 hm\r\n"])
def test_an_answer_that_cannot_be_read_is_no_yes(
    until: bytes, uncertain: bool, said: bytes
) -> None:
    error = broken(scripted(until, said))
    assert (error.kind, error.uncertain) == (FailureKind.TRANSIENT, uncertain)


def test_a_server_that_hangs_up_after_its_yes_has_taken_the_mail() -> None:
    assert through(scripted(b".\r\n", b"250 taken\r\n")) == Receipt("K7M2", "taken")


def test_a_server_that_cannot_be_reached_is_worth_another_try() -> None:
    async def once() -> None:
        server = await asyncio.start_server(scripted(b""), "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        await shut(server)
        await channel(settings_for(port)).send(LETTER)

    with pytest.raises(ChannelError) as caught:
        asyncio.run(once())
    error = harmless(caught.value)
    assert (error.kind, error.uncertain) == (FailureKind.TRANSIENT, False)
    assert "连不上127.0.0.1，邮件没有发出" in str(error)


def test_a_server_that_cannot_encrypt_gets_no_mail_and_no_password() -> None:
    error = broken(scripted(b"STARTTLS"), start_tls=True)
    assert (error.kind, error.closed) == (FailureKind.PERMANENT, True)
    assert "不支持加密" in str(error)


@pytest.mark.parametrize("under_way", [False, True])
def test_a_server_that_never_answers_is_left_after_ten_seconds(under_way: bool) -> None:
    async def wait(_: EmailMessage, progress: Progress) -> str:
        progress.under_way = under_way
        never: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        return await never

    with (
        pytest.raises(ChannelError, match="10秒内没有回应") as caught,
        asyncio.Runner(loop_factory=LeapingLoop) as runner,
    ):
        runner.run(mail(wait).send(LETTER))
    assert (caught.value.kind, caught.value.uncertain) == (FailureKind.TRANSIENT, under_way)


def test_the_limit_and_what_it_reaches_are_known() -> None:
    made = channel(settings_for(25))
    assert (made.limit, made.width) == (Limit(60, MINUTE, MINUTE), 4)
    assert not made.deduplicates
    assert made.reaches(CHEN)
    assert not made.reaches(replace(CHEN, mail="chenli@qx.example\r\nBcc: x@evil.example"))
    assert made.fits(LETTER)
    assert not made.fits(MESSAGE)


@pytest.mark.parametrize(
    ("message", "told"),
    [
        (MESSAGE, "2个人的内容一条消息放不下"),
        (replace(LETTER, sections=(Section(replace(CHEN, mail=""), ()),)), "陈立没有邮箱"),
    ],
)
def test_a_message_that_is_no_mail_is_told_and_not_sent(message: Message, told: str) -> None:
    office = Office()
    with pytest.raises(ChannelError, match=told) as caught:
        deliver(office, message)
    assert caught.value.kind is FailureKind.PERMANENT
    assert not office.envelopes


def test_a_message_of_any_length_arrives_cut_and_says_what_is_missing() -> None:
    lines = tuple(Line(f"第{n}项：检查" + "门店" * 30, "逾期", "6月30日前") for n in range(400))
    office = Office()
    deliver(office, replace(LETTER, sections=(Section(CHEN, lines),), repeated=True, late=True))
    text = body(read(office), "plain")
    assert 18_000 < len(text.encode()) <= 20_001
    assert text.startswith("〔重发〕〔迟发〕【青溪镇履职提醒】陈立：400件")
    assert "项，见链接\n点此答复：https://" in text


def test_nothing_that_is_logged_or_shown_holds_a_secret(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    deliver(Office())
    seen = [record for record in caplog.records if not record.name.startswith("mail.log")]
    told = "".join(record.getMessage() for record in seen) + repr(channel(settings_for(25)))
    assert PASSWORD not in told


words = st.text(st.characters(exclude_categories=()), max_size=30)


@settings(max_examples=100, deadline=None)
@given(title=words, name=words, text=words, code=words, link=words)
def test_no_field_can_write_a_header_or_mark_up(
    title: str, name: str, text: str, code: str, link: str
) -> None:
    person = replace(CHEN, name=name, link=link)
    message = Message(code, title, (Section(person, (Line(text, text, text),)),))
    letter = compose(message, SENDER, CHEN.mail, NOW)
    assert letter is not None
    read_back = message_from_bytes(letter.as_bytes(), policy=default)
    assert len(read_back.keys()) == len(set(read_back.keys())) == 8
    assert (read_back["From"], read_back["To"]) == (SENDER, CHEN.mail)
    inside = body(letter, "html").partition("<p>")[2].partition("</p>")[0].replace("<br>", "")
    assert "<" not in inside.partition("<a href=")[0]
