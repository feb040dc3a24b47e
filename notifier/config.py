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


def environment(folder: Path = Path()) -> Mapping[str, str]:
    """Give the environment laid over the ``.env`` of a folder."""
    stored = dotenv_values(folder / ".env", interpolate=False)
    return {**{key: value for key, value in stored.items() if value is not None}, **os.environ}


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
        public_url=(env.get("JIAOYING_PUBLIC_URL") or "").rstrip("/"),
        env=env,
    )


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
        return path.read_text("utf-8").strip() if named or path.exists() else _new_key(path)
    except (OSError, UnicodeDecodeError) as error:
        sentence = f"签名密钥文件 {path} 读不出来。请检查 JIAOYING_SECRET_KEY_FILE 和文件权限"
        raise Misconfigured(sentence) from error


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
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(key)
    return key
