"""Settings: the environment and ``.env``, read once at the edge; secrets go no further."""

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

from dotenv import dotenv_values

from obligations.errors import Misconfigured

DEFAULT_RULES = "rules.yaml"
DEFAULT_DATA = "data"
_KEY_FILE = "secret.key"


@dataclass(frozen=True, slots=True)
class Settings:
    """What one run goes by. ``env`` holds everything, secrets too, and is never shown."""

    rules: Path
    data: Path
    database_url: str
    public_url: str
    env: Mapping[str, str] = field(repr=False)

    @property
    def database_file(self) -> Path | None:
        """Give the file of an embedded database, None for a server's."""
        prefix = "sqlite:///"
        found = self.database_url.startswith(prefix)
        return Path(self.database_url.removeprefix(prefix)) if found else None


def environment(rules: str | None = None) -> Mapping[str, str]:
    """Give the environment laid over ``.env`` beside rules.yaml and in the folder one stands in."""
    here = {**_stored(Path()), **os.environ}
    beside = settings(here, rules).rules.parent
    return {**_stored(beside), **here}


def _stored(folder: Path) -> dict[str, str]:
    path = folder / ".env"
    try:
        values = dotenv_values(path, interpolate=False)
    except (OSError, UnicodeDecodeError) as error:
        sentence = f"{path} 读不出来。请用记事本另存为 UTF-8 编码"
        raise Misconfigured(sentence) from error
    return {key: value for key, value in values.items() if value is not None}


def settings(env: Mapping[str, str], rules: str | None = None, data: str | None = None) -> Settings:
    """Give the settings of a run; what is said on the command line comes first.

    >>> settings({"JIAOYING_DATA": "台账"}).database_url
    'sqlite:///台账/jiaoying.db'
    """
    folder = Path(data or env.get("JIAOYING_DATA") or DEFAULT_DATA)
    return Settings(
        rules=Path(rules or env.get("JIAOYING_RULES") or DEFAULT_RULES),
        data=folder,
        database_url=env.get("JIAOYING_DATABASE_URL") or f"sqlite:///{folder / 'jiaoying.db'}",
        public_url=_public_url(env.get("JIAOYING_PUBLIC_URL") or ""),
        env=env,
    )


def _public_url(written: str) -> str:
    url = urlsplit(written)
    if written and (url.scheme not in ("http", "https") or not url.hostname):
        sentence = f"JIAOYING_PUBLIC_URL“{written}”不是完整的网址，请写成 https://aj.example.cn"
        raise Misconfigured(sentence)
    return written.rstrip("/")


def heartbeat_url(env: Mapping[str, str]) -> str:
    """Give the address that is fetched while all is well, "" for none; it is never shown."""
    written = (env.get("JIAOYING_HEARTBEAT_URL") or "").strip()
    url = urlsplit(written)
    if written and (url.scheme not in ("http", "https") or not url.hostname):
        sentence = "JIAOYING_HEARTBEAT_URL 不是完整的网址，请写成 https:// 开头的心跳地址"
        raise Misconfigured(sentence)
    return written


def make_folder(folder: Path) -> None:
    """Make the data folder, or say in words why it cannot be used."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe = folder / ".probe"
        probe.write_bytes(b"")
        probe.unlink()
    except OSError as error:
        sentence = f"数据文件夹 {folder} 不能写（{error.strerror}）。请换一个文件夹，或给它写的权限"
        raise Misconfigured(sentence) from error


def secret_key(env: Mapping[str, str], data: Path) -> str:
    """Give the key that signs links: as set, as in its file, or made once for this folder."""
    if key := env.get("JIAOYING_SECRET_KEY"):
        return key
    named = env.get("JIAOYING_SECRET_KEY_FILE")
    path = Path(named) if named else data / _KEY_FILE
    try:
        key = path.read_text("utf-8").strip() if named or path.exists() else _new_key(path)
    except (OSError, UnicodeDecodeError) as error:
        sentence = f"签名密钥文件 {path} 读不出来。请检查 JIAOYING_SECRET_KEY_FILE 和文件权限"
        raise Misconfigured(sentence) from error
    if not key:
        sentence = f"签名密钥文件 {path} 是空的，谁都能伪造答复链接。请删掉它再启动，会生成新的"
        raise Misconfigured(sentence)
    return key


def is_local(address: str) -> bool:
    """Give whether only this machine can reach an address.

    >>> is_local("http://127.0.0.1:8000"), is_local("https://aj.example.gov.cn")
    (True, False)
    """
    host = urlsplit(address if "//" in address else f"//{address}").hostname or ""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _new_key(path: Path) -> str:
    key = secrets.token_urlsafe(32)
    fresh = path.with_suffix(".new")
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(key)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)  # whole or not at all: half a key would be a weak one
    return key
