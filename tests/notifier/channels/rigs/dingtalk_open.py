"""DingTalk's enterprise robot and its three ways to DING."""

import json
from datetime import timedelta

import httpx

from notifier.channels import Limit, Receipt
from obligations.rules.model import ChannelSpec
from tests.notifier.channels.rigs.rig import ALONE, MINUTE, NAME, Rig

KEY = "dingq7x9appkey"
SECRET = "app-secret-beefbeefbeef"  # noqa: S105 -- made up
TOKEN = "token-f00dfeed"  # noqa: S105 -- made up
ROBOT = "dingrobot42"
SECOND = timedelta(seconds=1)
DOOR = {"/v1.0/oauth2/accessToken": {"accessToken": TOKEN, "expireIn": 7200}}
LINK = "https://qx.example/d/1?t=a-b_c"
DUTY = "① 〔首次提醒〕7月3日前（还剩2个工作日）：召开防汛会商会"
HEAD = "【青溪镇履职提醒】周敏：1件"
SPOKEN = f"{HEAD}\n{DUTY}"
WRITTEN = f"{SPOKEN}\n点此答复：{LINK}"


def refusal(code: int | str, words: str, status: int = 200) -> httpx.Response:
    """Answer as the open interface does: a string code, HTTP 400 unless it says otherwise."""
    body = {"code": str(code), "requestid": "01A08FE7-CD6B", "message": words}
    return httpx.Response(400 if status == httpx.codes.OK else status, json=body)


def _param_bytes(body: bytes) -> int:
    return len(json.loads(body)["msgParam"].encode())


def _content_bytes(body: bytes) -> int:
    return len(json.loads(body)["content"].encode())


def _spec(platform: str) -> ChannelSpec:
    return ChannelSpec(NAME, platform, "", "$APPSECRET", "$APPKEY", "$ROBOTCODE")


SETTINGS = {"APPKEY": KEY, "APPSECRET": SECRET, "ROBOTCODE": ROBOT}


def _ding(platform: str, number: int, content: str, most: int) -> Rig:
    return Rig(
        platform=platform,
        spec=_spec(platform),
        settings=SETTINGS,
        secrets=(SECRET, TOKEN, KEY),
        url="https://api.dingtalk.com/v1.0/robot/ding/send",
        query={},
        headers={"x-acs-dingtalk-access-token": TOKEN},
        doors=DOOR,
        message=ALONE,
        body={
            "robotCode": ROBOT,
            "remindType": number,
            "receiverUserIdList": ["0421"],
            "content": content,
        },
        yes={"openDingId": "54165xxx"},
        receipt=Receipt("K7M2", "ok", (), "54165xxx"),
        respond=refusal,
        limit=Limit(20, SECOND, SECOND),
        width=16,
        too_fast=("toomuch.msg", MINUTE),
        gone="ding.serverquota.insufficient",
        too_long="invalidParameter.param.invalid",
        weigh=_content_bytes if most else None,
        most=most,
        link=f"点此答复：{LINK}",
        doubt="不知道消息是否已送到",
    )


RIGS = (
    Rig(
        platform="钉钉企业机器人",
        spec=_spec("钉钉企业机器人"),
        settings=SETTINGS,
        secrets=(SECRET, TOKEN, KEY),
        url="https://api.dingtalk.com/v1.0/robot/oToMessages/batchSend",
        query={},
        headers={"x-acs-dingtalk-access-token": TOKEN},
        doors=DOOR,
        message=ALONE,
        body={
            "robotCode": ROBOT,
            "userIds": ["0421"],
            "msgKey": "sampleActionCard",
            "msgParam": json.dumps(
                {
                    "title": "青溪镇履职提醒",
                    "text": f"**{HEAD}**  \n{DUTY}",
                    "singleTitle": "点此答复",
                    "singleURL": LINK,
                },
                ensure_ascii=False,
                separators=(",", ":"),
            ),
        },
        yes={
            "processQueryKey": "pqk-1",
            "invalidStaffIdList": [],
            "flowControlledStaffIdList": [],
        },
        receipt=Receipt("K7M2", "ok", (), "pqk-1"),
        respond=refusal,
        limit=Limit(20, SECOND, SECOND),
        member_limits=(Limit(20, MINUTE, MINUTE),),
        width=16,
        too_fast=("send.too.fast", MINUTE),
        gone="invalid.robotCode",
        too_long="invalidParameter.param.invalid",
        weigh=_param_bytes,
        most=15_000,
        link=LINK,
        doubt="不知道消息是否已送到",
    ),
    _ding("钉钉DING", 1, WRITTEN, 2048),
    _ding("钉钉DING短信", 2, WRITTEN, 1500),
    _ding(
        "钉钉DING电话", 3, SPOKEN, 0
    ),  # links are not spoken: its lengths have tests of their own
)
