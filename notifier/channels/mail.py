"""Mail (邮件) through the office's own SMTP server: one person, one mail, one connection."""

import asyncio
import base64
import contextlib
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from email.message import EmailMessage

import aiosmtplib

from notifier.channels import letters
from notifier.channels.addresses import Endpoint, is_loopback, own_secret, own_url, required
from notifier.channels.outcomes import crowded
from notifier.channels.protocol import (
    ChannelError,
    Clock,
    FailureKind,
    Limit,
    Message,
    Receipt,
    Recipient,
)
from notifier.channels.wire import PATIENCE, Wire, redact
from notifier.messages import escape
from obligations.errors import Misconfigured
from obligations.rules.model import ChannelSpec

PLATFORM = "邮件"
_MINUTE = timedelta(minutes=1)
LIMIT = Limit(60, _MINUTE, _MINUTE)
WIDTH = 4
_TEMPORARY, _REFUSALS = range(400, 500), range(400, 600)
_SMTPS, _SUBMISSION = 465, 587
_AUTHENTICATION = frozenset({530, 534, 535, 538})


@dataclass(frozen=True, slots=True)
class Mailbox:
    """The server and whose name the mails carry; ``user`` "" needs no password.

    ``use_tls`` from the first byte (smtps), else ``start_tls`` before anything is told.
    """

    host: str
    port: int
    sender: str
    user: str = ""
    password: str = field(default="", repr=False)
    use_tls: bool = False
    start_tls: bool = False

    @property
    def secrets(self) -> tuple[str, ...]:
        """Give what no sentence may repeat: the password, and as it goes over the wire."""
        if not self.password:
            return ()
        plain = f"\0{self.user}\0{self.password}".encode()
        forms = (base64.b64encode(plain), base64.b64encode(self.password.encode()))
        return (self.password, *(form.decode() for form in forms))


def mailbox(spec: ChannelSpec, endpoint: Endpoint, settings: Mapping[str, str]) -> Mailbox:
    """Give the mailbox of an entry of rules.yaml; raises Misconfigured with what to mend."""
    url = own_url(spec, endpoint, settings)
    written = required(spec, spec.account, settings, "账号（发信邮箱）")
    sender = escape.mail(written)
    if not sender:
        wrong = f"通道“{spec.name}”：账号应当是一个邮箱，像anwei@example.cn。请改正"
        raise Misconfigured(wrong)
    password = own_secret(spec, settings, "密钥（邮箱授权码）") if spec.secret else ""
    use_tls = url.scheme == "smtps"
    return Mailbox(
        url.host,
        url.port or (_SMTPS if use_tls else _SUBMISSION),
        sender,
        (url.username or sender) if password else "",
        password,
        use_tls,
        start_tls=not use_tls and not is_loopback(url.host),
    )


Post = Callable[[EmailMessage, "Progress"], Awaitable[str]]
"""Hand a mail over and give the server's words; raises aiosmtplib's errors."""


@dataclass(slots=True)
class Progress:
    """Whether the mail itself is under way: from then on a silence leaves it in doubt."""

    under_way: bool = False


@dataclass(frozen=True, slots=True)
class Mail:
    """One mailbox that writes to people one by one."""

    wire: Wire
    sender: str
    host: str
    post: Post = field(repr=False)
    clock: Clock = field(repr=False)
    limit: Limit = LIMIT
    deduplicates: bool = False
    member_limits: tuple[Limit, ...] = ()
    width: int = WIDTH

    def reaches(self, recipient: Recipient) -> bool:
        """Tell whether he has an address."""
        return bool(escape.mail(recipient.mail))

    def fits(self, message: Message) -> bool:
        """Tell whether it is for one person and needs no cutting."""
        return letters.fits(message)

    async def send(self, message: Message) -> Receipt:
        """Send it once; raises ChannelError where the server has not taken it."""
        found = await self._hand_over(self._compose(message))
        if isinstance(found, ChannelError):
            raise found
        return Receipt(message.code, redact(found, self.wire.secrets))

    def _compose(self, message: Message) -> EmailMessage:
        if len(message.sections) != 1:
            raise crowded(self.wire, message)
        person = message.sections[0].recipient
        address = escape.mail(person.mail)
        if not address:
            unreachable = f"{person.name}没有邮箱，没有发出"
            raise self.wire.refused(unreachable, FailureKind.PERMANENT)
        letter = letters.compose(message, self.sender, address, self.clock.now())
        if letter is None:
            raise crowded(self.wire, message)
        return letter

    async def _hand_over(self, letter: EmailMessage) -> str | ChannelError:
        """Give the failure instead of raising it: the library's error would be its context."""
        progress = Progress()
        try:
            async with asyncio.timeout(PATIENCE.total_seconds()):
                return await self.post(letter, progress)
        except aiosmtplib.SMTPResponseException as refused:
            if refused.code in _REFUSALS:
                return self._refusal(refused)
            return self._broken(f"{self.host}的回答读不懂（错误码{refused.code}）", progress)
        except TimeoutError:
            silent = f"{self.host}在{PATIENCE.total_seconds():.0f}秒内没有回应"
            return self._broken(silent, progress)
        except OSError:  # the library's own errors of connections are such as well
            way = f"与{self.host}的连接中途断开" if progress.under_way else f"连不上{self.host}"
            return self._broken(way, progress)
        except aiosmtplib.SMTPException:
            what = f"{self.host}不支持加密或登录。请核对地址开头的smtp或smtps和端口"
            return self.wire.refused(what, FailureKind.PERMANENT, closed=True)

    def _broken(self, what: str, progress: Progress) -> ChannelError:
        if progress.under_way:
            return self.wire.doubted(what)
        return self.wire.refused(
            f"{what}，邮件没有发出。请检查网络、证书和邮件服务器的地址；程序会自动再试",
            FailureKind.TRANSIENT,
        )

    def _refusal(self, refused: aiosmtplib.SMTPResponseException) -> ChannelError:
        code = refused.code
        words = redact(refused.message, self.wire.secrets) or "没有说明"
        said = f"（错误码{code}：{words}）"
        if code in _TEMPORARY:
            what = f"邮件服务器暂时不收{said}；程序会自动再试"
            return self.wire.refused(what, FailureKind.TRANSIENT)
        if isinstance(refused, aiosmtplib.SMTPRecipientRefused):
            what = f"邮件服务器不收这个邮箱的信。请核对邮箱{said}"
            return self.wire.refused(what, FailureKind.PERMANENT)
        if isinstance(refused, aiosmtplib.SMTPDataError):
            return self.wire.refused(f"邮件服务器不收这封信{said}", FailureKind.PERMANENT)
        if isinstance(refused, aiosmtplib.SMTPAuthenticationError) or code in _AUTHENTICATION:
            what = f"邮箱的账号或密码不对。请核对发信账号和授权码{said}"
            return self.wire.refused(what, FailureKind.PERMANENT, closed=True)
        what = f"邮件服务器不让这个账号发信。请核对发信账号{said}"
        return self.wire.refused(what, FailureKind.PERMANENT, closed=True)


def submit_to(mailbox: Mailbox) -> Post:
    """Give the way to hand a mail to the server."""

    async def submit(letter: EmailMessage, progress: Progress) -> str:
        client = aiosmtplib.SMTP(
            hostname=mailbox.host,
            port=mailbox.port,
            local_hostname="[127.0.0.1]",
            use_tls=mailbox.use_tls,
            start_tls=mailbox.start_tls,
            timeout=PATIENCE.total_seconds(),
        )
        try:
            await client.connect()
            if mailbox.user:
                await _log_in(client, mailbox)
            await client.mail(mailbox.sender)
            await client.rcpt(str(letter["To"]))
            progress.under_way = True
            answer = await client.data(letter.as_bytes())
            _take_leave(client)
        finally:
            client.close()
        return answer.message

    return submit


async def _log_in(client: aiosmtplib.SMTP, mailbox: Mailbox) -> None:
    """Log in by one method: a second guess at the password brings an account nearer to its lock."""
    await client.ehlo()
    if "plain" in client.supported_auth_methods:
        await client.auth_plain(mailbox.user, mailbox.password)
    elif "login" in client.supported_auth_methods:
        await client.auth_login(mailbox.user, mailbox.password)
    else:
        await client.login(mailbox.user, mailbox.password)


def _take_leave(client: aiosmtplib.SMTP) -> None:
    """Say goodbye and wait for no answer: what was taken is taken."""
    with contextlib.suppress(aiosmtplib.SMTPException):
        if client.protocol is not None:
            client.protocol.write(b"QUIT\r\n")
