"""What the suite must know of a channel to put it to the test."""

from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import httpx

from notifier.channels import Limit, Line, Message, Receipt, Recipient, Section
from obligations.rules.model import ChannelSpec

NOW = datetime(2026, 7, 1, 1, 0, tzinfo=UTC)
STAMP = int(NOW.timestamp() * 1000)
MINUTE = timedelta(minutes=1)
NAME = "安委办工作群"

Handler = (
    Callable[[httpx.Request], httpx.Response]
    | Callable[[httpx.Request], Coroutine[None, None, httpx.Response]]
)

ZHOU = Recipient("周敏", wecom="zhoumin", dingtalk="0421", link="https://qx.example/d/1?t=a-b_c")
CHEN = Recipient("陈立", wecom="chenli", mobile="13900000000", link="https://qx.example/d/2")
ZHOU_S = Section(ZHOU, (Line("召开防汛会商会", "首次提醒", "7月3日前（还剩2个工作日）"),))
CHEN_S = Section(CHEN, (Line("检查燃气门店2家", "逾期", "6月30日前"), Line("补交台账", "逾期")))
MESSAGE = Message("K7M2", "青溪镇履职提醒", (ZHOU_S, CHEN_S))
ALONE = Message("K7M2", "青溪镇履职提醒", (ZHOU_S,))
TEXT = (
    "**【青溪镇履职提醒】2人3件**\n"
    "\n"
    "**周敏**：1件 {zhou}\n"
    "① 〔首次提醒〕7月3日前（还剩2个工作日）：召开防汛会商会\n"
    "[点此答复](https://qx.example/d/1?t=a-b_c)\n"
    "\n"
    "**陈立**：2件 {chen}\n"
    "① 〔逾期〕6月30日前：检查燃气门店2家\n"
    "② 〔逾期〕补交台账\n"
    "[点此答复](https://qx.example/d/2)"
)


TAKEN = Receipt("K7M2", "ok")


def errcode(code: int | str, words: str = "", status: int = 200) -> httpx.Response:
    """Answer as the older interfaces do: HTTP 200 always, the truth in errcode."""
    return httpx.Response(status, json={"errcode": code, "errmsg": words})


@dataclass(frozen=True)
class Rig:
    """One channel, and what its platform must see and may say.

    ``message`` is sent and must arrive as ``method url?query`` with ``headers`` and ``body``; the
    ``yes`` of the platform becomes the ``receipt``. ``doors`` answer what a channel asks before it
    sends (a token), by the end of the path. ``weigh`` measures a request against ``most``, None
    where no words travel. ``respond`` writes a refusal as the platform does. ``signs`` are made
    with the ``secrets`` and as secret.
    """

    platform: str
    spec: ChannelSpec
    settings: Mapping[str, str]
    secrets: tuple[str, ...]
    url: str
    query: Mapping[str, str]
    body: Mapping[str, object]
    limit: Limit
    gone: int | str
    too_long: int | str
    too_fast: tuple[int | str, timedelta | None]
    message: Message = MESSAGE
    method: str = "POST"
    headers: Mapping[str, str] = field(default_factory=dict)
    doors: Mapping[str, Mapping[str, object]] = field(default_factory=dict)
    yes: Mapping[str, object] = field(default_factory=lambda: {"errcode": 0, "errmsg": "ok"})
    receipt: Receipt = TAKEN
    respond: Callable[[int | str, str, int], httpx.Response] = errcode
    member_limits: tuple[Limit, ...] = ()
    width: int = 1
    deduplicates: bool = False
    weigh: Callable[[bytes], int] | None = None
    most: int = 0
    link: str = "[点此答复](https://qx.example/d/1?t=a-b_c)"
    doubt: str = "不知道消息是否已到群里"
    signs: tuple[str, ...] = ()

    def __str__(self) -> str:
        return self.platform

    @property
    def is_group(self) -> bool:
        """Tell whether its messages speak to several people, each with his own link."""
        return len(self.message.sections) > 1

    @property
    def ends_in_errcode(self) -> bool:
        return self.respond is errcode
