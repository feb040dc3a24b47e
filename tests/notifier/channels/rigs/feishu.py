"""Feishu's group robot."""

from dataclasses import replace

import httpx

from notifier.channels import Limit, Receipt
from notifier.channels.feishu import signature
from obligations.rules.model import ChannelSpec
from tests.notifier.channels.rigs.rig import CHEN_S, MESSAGE, MINUTE, NAME, NOW, ZHOU_S, Rig

KEY = "c4f1e2d3-77aa-4b5c-9d8e-0123456789ab"
SECRET = "nPq7sTuVwXyZfeishu"  # noqa: S105 -- a test's own
URL = f"https://open.feishu.cn/open-apis/bot/v2/hook/{KEY}"
STAMP = int(NOW.timestamp())
SIGN = signature(SECRET, STAMP)
TEXT = (
    "**周敏**：1件 <at id=ou_zhou></at>\n"
    "① 〔首次提醒〕7月3日前（还剩2个工作日）：召开防汛会商会\n"
    "[点此答复](https://qx.example/d/1?t=a-b_c)\n"
    "\n"
    "**陈立**：2件 <at id=ou_chen></at>\n"
    "① 〔逾期〕6月30日前：检查燃气门店2家\n"
    "② 〔逾期〕补交台账\n"
    "[点此答复](https://qx.example/d/2)"
)
PEOPLE = tuple(
    replace(section, recipient=replace(section.recipient, feishu=account))
    for section, account in ((ZHOU_S, "ou_zhou"), (CHEN_S, "ou_chen"))
)


def respond(code: int | str, words: str = "", status: int = 200) -> httpx.Response:
    return httpx.Response(status, json={"code": code, "msg": words, "data": {}})


RIGS = (
    Rig(
        platform="飞书群机器人",
        spec=ChannelSpec(NAME, "飞书群机器人", "$WEBHOOK", "$SECRET"),
        settings={"WEBHOOK": URL, "SECRET": SECRET},
        secrets=(KEY, SECRET),
        signs=(SIGN,),
        url=URL,
        query={},
        message=replace(MESSAGE, sections=PEOPLE),
        body={
            "timestamp": str(STAMP),
            "sign": SIGN,
            "msg_type": "interactive",
            "card": {
                "config": {"wide_screen_mode": True},
                "header": {
                    "title": {"tag": "plain_text", "content": "【青溪镇履职提醒】2人3件"},
                    "template": "blue",
                },
                "elements": [{"tag": "markdown", "content": TEXT}],
            },
        },
        limit=Limit(5, MINUTE / 20, MINUTE),
        too_fast=(11232, MINUTE),
        gone=19001,
        too_long=9499,
        yes={"code": 0, "msg": "success", "data": {}, "StatusCode": 0, "StatusMessage": "success"},
        receipt=Receipt("K7M2", "success"),
        respond=respond,
        weigh=len,
        most=20_000,
    ),
)
