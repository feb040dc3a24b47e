"""Loopback robots with the platforms' rules; they remember what arrived and may pull the plug."""

import json
import re
import sys
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from time import monotonic
from typing import Any
from urllib.parse import parse_qs, urlsplit

MOST = 20  # messages a minute; the twenty-first is refused inside HTTP 200
DINGTALK = "/robot/send"
_LINK = re.compile(r"https?://[^/\s]+(/a/[\w.\-]+)")
_PERSON = re.compile(r"村民\d+")
_CALL = re.compile(r"第(\d+)号演练")
_STAGE = re.compile(r"第\d次叫应")


class Moment(StrEnum):
    """Where in its work the program may be killed."""

    SENT = "sent"  # the platform has answered
    SENDING = "sending"  # the message is there, the platform has not answered
    ANSWERING = "answering"  # somebody's answer is on its way
    CALLING = "calling"  # a call is being made
    STARTING = "starting"
    ANSWERED = "answered"  # somebody was told that his answer counts
    ANY = "any"


@dataclass(frozen=True, slots=True)
class Arrived:
    """One message that a robot showed, or dropped as one it had seen; ``life`` of the program."""

    robot: str
    text: str
    uuid: str
    life: int

    @property
    def call(self) -> int:
        found = _CALL.search(self.text)
        return int(found[1]) if found else 0

    @property
    def stages(self) -> frozenset[str]:
        return frozenset(_STAGE.findall(self.text))

    @property
    def people(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(_PERSON.findall(self.text)))

    @property
    def links(self) -> tuple[str, ...]:
        return tuple(_LINK.findall(self.text))

    @property
    def is_list(self) -> bool:
        return "未叫醒名单" in self.text


class Robots(ThreadingHTTPServer):
    """Every robot of the office, in time that runs ``speed`` times as fast as ours."""

    daemon_threads = True
    request_queue_size = 64

    def __init__(self, speed: float, at: Callable[[Moment], None]) -> None:
        super().__init__(("127.0.0.1", 0), _Robot)
        self.at = at
        self.arrived: list[Arrived] = []
        self.refused = 0
        self.life = 0
        self._minute = 60 / speed
        self._recent: dict[str, deque[float]] = {}
        self._lock = threading.Lock()

    def take(self, robot: str, body: dict[str, Any]) -> bool:
        """Note a message; give whether it is within what the platform takes in a minute."""
        content = body[body["msgtype"]]
        text = content.get("content") or content.get("text")
        with self._lock:
            recent, now = self._recent.setdefault(robot, deque()), monotonic()
            while recent and recent[0] <= now - self._minute:
                recent.popleft()
            if len(recent) >= MOST:
                self.refused += 1
                return False
            recent.append(now)
            self.arrived.append(Arrived(robot, text, body.get("msgUuid", ""), self.life))
            return True

    def handle_error(self, request: object, client_address: object) -> None:
        if not isinstance(sys.exception(), OSError):  # a dead program hangs up on everybody
            super().handle_error(request, client_address)  # type: ignore[arg-type]


class _Robot(BaseHTTPRequestHandler):
    server: Robots
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        address = urlsplit(self.path)
        ((robot, *_), *_) = parse_qs(address.query).values()
        fits = self.server.take(robot, body)
        self.server.at(Moment.SENDING)
        too_many = 410100 if address.path == DINGTALK else 45009
        self._reply({"errcode": 0, "errmsg": "ok"} if fits else {"errcode": too_many})
        self.server.at(Moment.SENT)

    def _reply(self, answer: dict[str, object]) -> None:
        reply = json.dumps(answer).encode()
        try:
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(reply)))
            self.end_headers()
            self.wfile.write(reply)
            self.wfile.flush()
        except OSError:
            self.close_connection = True  # whoever asked is dead

    def log_message(self, *_: object) -> None:
        pass
