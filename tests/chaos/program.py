"""The real program as a process that is killed, and the office whose rules it runs."""

import json
import os
import subprocess
import sys
import threading
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import datetime
from http.client import HTTPException
from pathlib import Path
from typing import Any

import yaml

from tests.chaos.robots import Moment, Robots

ROOT = Path(__file__).parents[2]
PEOPLE = tuple(f"村民{number:02}" for number in range(40))
GROUPS = 8  # every fourth is a DingTalk robot
SPEED = 20
WAIT = 40  # seconds between two strikes: longer than a lease
LIMIT = 120
TOKEN = "only-for-tests"  # noqa: S105 it opens nothing
PATIENCE = 30.0


class Dead(Exception):
    """The program was killed while it was asked."""


class Plug:
    """Kills the program when the moment it was armed for has come so many times."""

    def __init__(self) -> None:
        self.victim: subprocess.Popen[bytes] | None = None
        self._moment = Moment.ANY
        self._left = 0
        self._lock = threading.Lock()

    def arm(self, victim: "subprocess.Popen[bytes]", moment: Moment, times: int) -> None:
        with self._lock:
            self.victim, self._moment, self._left = victim, moment, times

    def disarm(self) -> None:
        with self._lock:
            self._left = 0

    def at(self, moment: Moment) -> None:
        with self._lock:
            if moment is not self._moment or not self._left:
                return
            self._left -= 1
            if not self._left:
                self.pull()

    def pull(self) -> None:
        if self.victim:
            self.victim.kill()
            self.victim.wait()


def write_rules(path: Path) -> None:
    wecom, dingtalk = {"平台": "企业微信群机器人"}, {"平台": "钉钉群机器人", "密钥": "$SIGN"}
    groups = {
        f"群{n}": {**(wecom if n % 4 else dingtalk), "地址": f"$HOOK_{n}"} for n in range(GROUPS)
    }
    rules = {
        "办公室": {"名称": "青溪镇", "值班室": "周敏"},
        "人员": {"周敏": {"企业微信": "zhoumin", "钉钉": "0421"}}
        | {name: {"企业微信": f"u{n}", "钉钉": f"d{n}"} for n, name in enumerate(PEOPLE)},
        "单位": {
            f"{name}家": {"负责人": name, "群": f"群{n % GROUPS}", "标签": "各家"}
            for n, name in enumerate(PEOPLE)
        },
        "通道": {"值班群": {"平台": "企业微信群机器人", "地址": "$HOOK_OFFICE"}} | groups,
        "阶梯": {
            "演练": {
                "步骤": [{"叫": "本人"}, *([{"等": f"{WAIT}秒", "叫": "本人"}] * 2)],
                "到限": f"{LIMIT}秒",
                "报给": "办公室",
            }
        },
        "规则": [],
    }
    text = yaml.dump(rules, Dumper=_Plain, allow_unicode=True)
    path.write_text(text, "utf-8")


class _Plain(yaml.SafeDumper):
    """Equal parts are written twice, not as aliases."""

    def ignore_aliases(self, _data: object) -> bool:
        return True


def spawn(folder: Path, robots: Robots, moment: datetime) -> "subprocess.Popen[bytes]":
    """Start the program at a moment of the office's time; it is not there yet."""
    base = f"http://127.0.0.1:{robots.server_port}"
    hooks = {f"HOOK_{number}": f"key-{number}" for number in range(GROUPS)}
    env = {
        **os.environ,
        **hooks,
        "HOOK_OFFICE": "key-office",
        "SIGN": "SEConly-for-tests",
        "JIAOYING_WECOM_API": base,
        "JIAOYING_DINGTALK_OAPI": base,
        "JIAOYING_API_TOKEN": TOKEN,
    }
    words = ["run", "--rules", str(folder / "rules.yaml"), "--data", str(folder / "data")]
    words += ["--at", moment.isoformat(), "--speed", str(SPEED), "--port", "0"]
    return subprocess.Popen(
        [sys.executable, "-m", "notifier", *words], cwd=ROOT, env=env, stderr=subprocess.PIPE
    )


@contextmanager
def ended(
    process: "subprocess.Popen[bytes]",
) -> Iterator["subprocess.Popen[bytes]"]:
    """Give the process, and leave none behind."""
    try:
        yield process
    finally:
        process.kill()
        process.wait()
        if process.stderr:
            process.stderr.close()


def address_of(process: "subprocess.Popen[bytes]") -> str:
    """Wait until the program answers; give where. Raises `Dead` if it was killed before."""
    assert process.stderr is not None
    first = process.stderr.readline().decode()
    if "http" not in first:
        rest = first + process.stderr.read().decode()
        assert not rest, rest
        raise Dead
    return first.partition("：")[2].strip().rstrip("/")


def ask(address: str, body: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Ask the program's interface."""
    data = json.dumps(body).encode() if body else None
    headers = {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/json"}
    request = urllib.request.Request(address, data, headers)
    try:
        with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
            found: dict[str, Any] = json.load(answer)
    except urllib.error.HTTPError as error:
        raise AssertionError(error.read().decode()) from error
    except (OSError, HTTPException, ValueError) as error:
        raise Dead from error
    return found


class _Stay(urllib.request.HTTPRedirectHandler):
    """A phone that does not follow: 303 is what counts."""

    def redirect_request(self, *_: object) -> None:
        return None


_PHONE = urllib.request.build_opener(_Stay)


def answer(address: str, form: Mapping[str, str]) -> int:
    """Post an answer; give the status that came back."""
    data = urllib.parse.urlencode(form).encode()
    try:
        with _PHONE.open(address, data, timeout=PATIENCE) as response:
            return int(response.status)
    except urllib.error.HTTPError as error:
        with suppress(OSError, HTTPException):
            error.read()
        return error.code
    except (OSError, HTTPException) as error:
        raise Dead from error
