"""WeCom's self-built app and its phone."""

import json

from notifier.channels import Limit, Receipt
from obligations.rules.model import ChannelSpec
from tests.notifier.channels.rigs.rig import ALONE, MINUTE, NAME, Rig

BASE = "https://qyapi.weixin.qq.com/cgi-bin"
TOKEN = "t0ken-_" * 5
SECRET = "corps3cret" * 4
SETTINGS = {"WECOM_CORPID": "ww0123456789abcdef", "WECOM_AGENTID": "1000002", "APP_SECRET": SECRET}
DOORS = {"/cgi-bin/gettoken": {"errcode": 0, "access_token": TOKEN, "expires_in": 7200}}
PER_CORPORATION = Limit(10_000, MINUTE, MINUTE)
CALL = {"code": 0, "callid": "call-1", "userid": "zhoumin"}


def _content_bytes(body: bytes) -> int:
    return len(json.loads(body)["markdown"]["content"].encode())


RIGS = (
    Rig(
        platform="企业微信应用",
        spec=ChannelSpec(
            NAME, "企业微信应用", "", "$APP_SECRET", "$WECOM_CORPID", "$WECOM_AGENTID"
        ),
        settings=SETTINGS,
        secrets=(SECRET, TOKEN),
        url=f"{BASE}/message/send",
        query={"access_token": TOKEN},
        message=ALONE,
        body={
            "touser": "zhoumin",
            "agentid": 1000002,
            "msgtype": "markdown",
            "markdown": {
                "content": (
                    "**【青溪镇履职提醒】周敏：1件**\n"
                    "① 〔首次提醒〕7月3日前（还剩2个工作日）：召开防汛会商会\n"
                    "[点此答复](https://qx.example/d/1?t=a-b_c)"
                )
            },
        },
        doors=DOORS,
        limit=PER_CORPORATION,
        member_limits=(
            Limit(30, MINUTE, 0 * MINUTE),
            Limit(1000, 60 * MINUTE, 0 * MINUTE),
        ),
        width=16,
        too_fast=(45009, MINUTE),
        gone=301002,
        too_long=40058,
        weigh=_content_bytes,
        most=2048,
        doubt="不知道消息是否已送到",
    ),
    Rig(
        platform="企业微信电话",
        spec=ChannelSpec(NAME, "企业微信电话", "", "$APP_SECRET", "$WECOM_CORPID"),
        settings=SETTINGS,
        secrets=(SECRET, TOKEN),
        url=f"{BASE}/pstncc/call",
        query={"access_token": TOKEN},
        message=ALONE,
        body={"callee_userid": ["zhoumin"]},
        yes={"errcode": 0, "errmsg": "ok", "states": [CALL]},
        receipt=Receipt("K7M2", "ok", reference="call-1"),
        doors=DOORS,
        limit=PER_CORPORATION,
        member_limits=(
            Limit(3, 8 * MINUTE, 0 * MINUTE),
            Limit(8, 24 * 60 * MINUTE, 0 * MINUTE),
        ),
        width=16,
        too_fast=(45009, MINUTE),
        gone=301051,
        too_long=40058,
        doubt="不知道电话是否已打出",
    ),
)
