"""How a command speaks to the running program beside it: over its own API, with its own token."""

import argparse
import socket
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import httpx

from notifier.config import environment, secret_key, settings
from notifier.web.api import local_token
from obligations.errors import JiaoyingError

_ADDRESS = "address"
PATIENCE = 30.0


class NotAnswered(JiaoyingError):
    """The running program was not reached, or did not do what was asked."""


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare where the running program is found."""
    parser.add_argument("--rules", help="规则文件，默认 rules.yaml")
    parser.add_argument("--data", help="存放台账的文件夹，默认 data")


def leave_address(data: Path, listener: socket.socket) -> None:
    """Note where the program answers, for the commands that run beside it."""
    host, port = listener.getsockname()[:2]
    shown = "127.0.0.1" if host == "0.0.0.0" else host  # noqa: S104 only compared with
    (data / _ADDRESS).write_text(f"http://{shown}:{port}", "utf-8")


def ask(
    options: argparse.Namespace, method: str, path: str, body: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """Give the running program's answer; raises `NotAnswered` with its words or with what to do."""
    chosen = settings(environment(options.rules), options.rules, options.data)
    address = chosen.data / _ADDRESS
    if not address.exists():
        raise _not_running(chosen.data)
    token = local_token(secret_key(chosen.env, chosen.data))
    try:
        with httpx.Client(timeout=PATIENCE, trust_env=False) as client:
            response = client.request(
                method,
                address.read_text("utf-8") + path,
                json=body,
                headers={"Authorization": f"Bearer {token}"},
            )
            found = response.json()
    except httpx.ConnectError:
        raise _not_running(chosen.data) from None
    except (httpx.HTTPError, ValueError):
        message = "叫应程序没有给出读得懂的回答，不知道是否办成。请打开叫应页看一眼"
        raise NotAnswered(message) from None
    if response.is_error or not isinstance(found, dict):
        words = found.get("error") if isinstance(found, dict) else None
        message = str(words or "叫应程序没有办成")
        raise NotAnswered(message)
    return found


def _not_running(data: Path) -> NotAnswered:
    message = f"叫应程序没有在运行（数据文件夹 {data}）。请先运行 jiaoying run，再发起"
    return NotAnswered(message)
