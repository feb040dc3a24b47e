"""DingTalk's open interface as it answers: tokens, the enterprise robot and its DINGs.

A refusal is a string code under HTTP 400, 401 or 403. Who is unknown or gets too much is named in a
list under HTTP 200.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from urllib.parse import unquote
from uuid import NAMESPACE_URL, uuid5

from notifier.channels import dingtalk_app, dingtalk_ding
from notifier.channels.dingtalk_open import HEADER, LIMIT, TOKEN_PATH
from notifier.channels.protocol import Limit
from notifier.channels.sandbox.meters import Meter
from notifier.channels.sandbox.rules import (
    Bot,
    Call,
    Credentials,
    Group,
    Reply,
    Shown,
    Simulated,
    links,
    strings,
)
from notifier.channels.wire import read_object

_LIFE = timedelta(seconds=7200)
_KNOWN_FOR = timedelta(hours=24)
_SETTLING = timedelta(seconds=1)  # read status is "not yet generated" just after the sending
_DING_PER_MINUTE = Limit(5999, timedelta(minutes=1), timedelta(minutes=1))
_MARKDOWN_KEYS = {"sampleMarkdown": "text", "sampleText": "content", "sampleActionCard": "text"}


@dataclass(slots=True)
class App(Bot):
    """One simulated application with its robot."""

    judge: "Callable[[App, Call], Reply]" = field(kw_only=True)
    tokens: dict[str, datetime] = field(default_factory=dict)
    calls: dict[str, Meter] = field(default_factory=dict)
    dings: Meter = field(default_factory=lambda: Meter(_DING_PER_MINUTE))
    sent: dict[str, tuple[datetime, tuple[str, ...]]] = field(default_factory=dict)
    received: dict[str, Meter] = field(default_factory=dict)

    def answer(self, call: Call) -> Reply | None:
        """Give the platform's answer where the AppKey or the token is this app's."""
        if call.path.endswith(TOKEN_PATH):
            return self._token(call)
        token = call.headers.get(HEADER, "")
        if token not in self.tokens:
            return None
        if self.removed or call.now >= self.tokens[token]:
            return unknown(call)
        if self.refusal:
            return _refusal(str(self.refusal.code), self.refusal.words)
        if self.calls.setdefault(call.path, Meter(LIMIT)).overruns(call.now):
            return _refusal("Forbidden.AccessDenied.QpsLimitForAppkeyAndApi", "too fast", 403)
        robot = call.fields.get("robotCode", call.query.get("robotCode"))
        if robot != self.credentials.app:
            return _refusal("invalid.robotCode", "invalid.robotCode")
        return self.judge(self, call)

    def remember(self, shown: Shown) -> None:
        """Keep whom a message went to, and that it can be asked about for a day."""
        self.sent[shown.uuid] = (shown.at, shown.to)
        for who in shown.to:
            self._received(who).calls.append(shown.at)

    def busy(self) -> Reply:
        """Give the answer of a platform that could not take the message and wants it again."""
        return _refusal("ServiceUnavailable", "service unavailable", 503)

    def slows(self, who: str, now: datetime) -> bool:
        """Tell whether somebody gets more than one person may."""
        return self._received(who).is_full(now)

    def _received(self, who: str) -> Meter:
        return self.received.setdefault(who, Meter(dingtalk_app.MEMBER_LIMIT))

    def _token(self, call: Call) -> Reply | None:
        """Give the same token as long as it lives, a new one after that."""
        if call.fields.get("appKey") != self.credentials.account:
            return None
        if self.removed or call.fields.get("appSecret") != self.credentials.secret:
            return unknown(call)
        living = [token for token, until in self.tokens.items() if call.now < until]
        token = living[0] if living else _key(self.group, "token", call.now)
        until = self.tokens.setdefault(token, call.now + _LIFE)
        return Reply({"accessToken": token, "expireIn": int((until - call.now).total_seconds())})


def unknown(call: Call) -> Reply:
    """Give the answer for keys and tokens that no app has."""
    if call.path.endswith(TOKEN_PATH):
        return _refusal("invalidClientIdOrSecret", "无效的clientId或者clientSecret")
    return _refusal("InvalidAuthentication", "不合法的access_token")


def _robot(app: App, call: Call) -> Reply:
    if call.path.endswith(dingtalk_app.READ_PATH):
        return _read_status(app, call)
    people = strings(call.fields, "userIds")
    if not 0 < len(people) <= dingtalk_app.PEOPLE:
        return _refusal("invalidParameter.userIds.size", "userIds的个数应当是1到20")
    param = _param(call.fields.get("msgParam"))
    key = str(call.fields.get("msgKey", ""))
    text = str(param.get(_MARKDOWN_KEYS.get(key, ""), ""))
    if not text:
        return _refusal("invalidParameter.msgParam.invalid", "msgParam不合法")
    if len(str(call.fields.get("msgParam")).encode()) > dingtalk_app.PARAM_BYTES:
        return _refusal("msg.param.length.limit", "msgParam太长")
    invalid = [who for who in people if who in app.strangers]
    slowed = [who for who in people if who not in invalid and app.slows(who, call.now)]
    reached = tuple(who for who in people if who not in {*invalid, *slowed})
    shown = _conversation(app, call, key, param, text, reached) if reached else None
    return Reply(
        {
            "processQueryKey": shown.uuid if shown else "",
            "invalidStaffIdList": invalid,
            "flowControlledStaffIdList": slowed,
        },
        shown=shown,
    )


def _conversation(  # noqa: PLR0913, PLR0917 -- one message, in all its parts
    app: App, call: Call, key: str, param: Mapping[str, object], text: str, to: tuple[str, ...]
) -> Shown:
    address = str(param.get("singleURL", ""))
    return Shown(
        call.now,
        dingtalk_app.PLATFORM,
        key,
        text,
        str(param.get("title", "")),
        links=tuple(dict.fromkeys([*links(text), *links(address)])),
        uuid=_key(app.group, "process", call.now, len(app.sent)),
        to=to,
        buttons=((str(param.get("singleTitle", "")), address),) if address else (),
    )


def _read_status(app: App, call: Call) -> Reply:
    known = app.sent.get(unquote(call.query.get("processQueryKey", "")))
    if known is None or not known[0] + _SETTLING <= call.now < known[0] + _KNOWN_FOR:
        return _refusal("processQueryKey.expireTime", "processQueryKey未生成或已过期")
    rows = [{"userId": who, "name": who, "readStatus": "UNREAD"} for who in known[1]]
    return Reply({"sendStatus": "SUCCESS", "messageReadInfoList": rows})


def _ding(platform: str) -> Callable[[App, Call], Reply]:
    kind = dingtalk_ding.KINDS[platform]

    def judge(app: App, call: Call) -> Reply:
        people = strings(call.fields, "receiverUserIdList")
        content = str(call.fields.get("content", ""))
        if not people or call.fields.get("remindType") != kind.number or not content:
            return _refusal("invalidParameter.param.invalid", "参数不合法")
        if len(people) > kind.people:
            return _refusal("ding.receivercount.limit", "ding receiver count limit")
        if len(content.encode()) > kind.content_bytes:
            return _refusal("invalidParameter.param.invalid", "参数不合法content")
        if app.dings.overruns(call.now):
            return _refusal("toomuch.msg", "send too fast")
        unknown_people = [who for who in people if who in app.strangers]
        reached = tuple(who for who in people if who not in unknown_people)
        if not reached:
            return _refusal("miss.staffId", f"miss.staffId {unknown_people[0]}")
        uuid = _key(app.group, "ding", call.now, len(app.sent))
        shown = Shown(
            call.now, platform, platform, content, links=links(content), uuid=uuid, to=reached
        )
        body: dict[str, object] = {"openDingId": uuid}
        if unknown_people:
            body["failedList"] = {"用户不存在": unknown_people}
        return Reply(body, shown=shown)

    return judge


def _param(written: object) -> Mapping[str, object]:
    """Give what stands in ``msgParam``, which is JSON in a string."""
    return (read_object(written) if isinstance(written, str) else None) or {}


def _refusal(code: str, words: str, status: int = 400) -> Reply:
    request = str(uuid5(NAMESPACE_URL, code)).upper()
    return Reply({"code": code, "requestid": request, "message": words}, status)


def _key(group: Group, *parts: object) -> str:
    return uuid5(NAMESPACE_URL, "/".join(map(str, (group.platform, group.name, *parts)))).hex


def _simulated(
    name: str, judge: Callable[[App, Call], Reply], routes: Iterable[tuple[str, str]]
) -> Simulated:
    def admit(group: Group, credentials: Credentials) -> Bot:
        return App(group, credentials, judge=judge)

    return Simulated(name, (("POST", TOKEN_PATH), *routes), admit, unknown)


SIMULATED = (
    _simulated(
        dingtalk_app.PLATFORM,
        _robot,
        (("POST", dingtalk_app.SEND_PATH), ("GET", dingtalk_app.READ_PATH)),
    ),
    *(
        _simulated(name, _ding(name), (("POST", dingtalk_ding.SEND_PATH),))
        for name in dingtalk_ding.KINDS
    ),
)
