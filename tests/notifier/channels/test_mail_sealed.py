"""Mail over TLS: a server nobody vouches for is told neither the password nor the mail."""

import asyncio
import ssl
from datetime import timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from aiosmtpd.smtp import SMTP
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from notifier.channels import ChannelError, FailureKind, Receipt
from notifier.channels.mail import Mailbox, submit_to
from tests.notifier.channels.rigs.rig import NOW
from tests.notifier.channels.test_mail import (
    LETTER,
    PASSWORD,
    SENDER,
    Office,
    harmless,
    mail,
    shut,
)


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """Give a certificate of this machine, with its key behind it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    here = x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(NOW - timedelta(days=3650))
        .not_valid_after(NOW + timedelta(days=36500))
        .add_extension(here, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    unlocked = serialization.NoEncryption()
    private = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, unlocked)
    path = tmp_path / "mx.pem"
    path.write_bytes(made.public_bytes(pem) + private)
    return path


def deliver(office: Office, certificate: Path, *, use_tls: bool) -> Receipt:
    """Send to a server that is sealed from the first byte, or at STARTTLS."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate)

    def greet() -> SMTP:
        return SMTP(
            office,
            hostname="mx",
            tls_context=None if use_tls else context,
            authenticator=office.let_in,
            auth_require_tls=not use_tls,  # it does not see what lies around it
        )

    async def once() -> Receipt:
        around = context if use_tls else None
        loop = asyncio.get_running_loop()
        server = await loop.create_server(greet, "127.0.0.1", 0, ssl=around)
        port = server.sockets[0].getsockname()[1]
        box = Mailbox("127.0.0.1", port, SENDER, SENDER, PASSWORD, use_tls, start_tls=not use_tls)
        try:
            return await mail(submit_to(box)).send(LETTER)
        finally:
            await shut(server)

    return asyncio.run(once())


sealed = pytest.mark.parametrize("use_tls", [True, False], ids=["smtps", "starttls"])


@sealed
def test_a_server_whose_name_is_vouched_for_gets_the_mail(
    certificate: Path, use_tls: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    office = Office()
    assert deliver(office, certificate, use_tls=use_tls).code == "K7M2"
    assert office.users == [SENDER.encode()]
    assert len(office.envelopes) == 1


@sealed
def test_a_server_nobody_vouches_for_learns_nothing(certificate: Path, use_tls: bool) -> None:
    office = Office()
    with pytest.raises(ChannelError) as caught:
        deliver(office, certificate, use_tls=use_tls)
    error = harmless(caught.value)
    assert (error.kind, error.uncertain) == (FailureKind.TRANSIENT, False)
    assert "证书" in str(error)
    assert not office.users
    assert not office.envelopes
