"""The office's own gateway, once for SMS and once for voice."""

from dataclasses import replace
from urllib.parse import quote

import httpx

from notifier.channels import Limit, Message, Receipt
from obligations.rules.model import ChannelSpec
from tests.notifier.channels.rigs.rig import CHEN_S, MINUTE, NAME, NOW, Rig

SECRET = "gw-shared-4f6a9b1c2d3e"  # noqa: S105 -- a test's own
URL = "https://gw.qx.example/send"
MESSAGE = Message("K7M2", "青溪镇履职提醒", (CHEN_S,))
DUE = "〔逾期〕6月30日前：检查燃气门店2家；〔逾期〕补交台账"
SPOKEN = "逾期，6月30日前，检查燃气门店2家；逾期，补交台账"
LINK = "https://qx.example/d/2"
CALLBACK = "https://qx.example/inbox/gateway"


def respond(code: int | str, words: str = "", status: int = 200) -> httpx.Response:
    body = {"accepted": False, "code": str(code), "message": words, "retryable": False}
    return httpx.Response(status, json=body)


def named(**variables: str) -> list[dict[str, str]]:
    return [{"name": name, "value": value} for name, value in variables.items()]


SMS = Rig(
    platform="短信网关",
    spec=ChannelSpec(NAME, "短信网关", "$GATEWAY", "$SECRET"),
    settings={"GATEWAY": URL, "SECRET": SECRET, "JIAOYING_GATEWAY_CALLBACK": CALLBACK},
    secrets=(SECRET,),
    url=URL,
    query={},
    message=MESSAGE,
    headers={"x-jiaoying-timestamp": str(int(NOW.timestamp()))},
    body={
        "id": "K7M2",
        "kind": "sms",
        "to": "13900000000",
        "template": "duty",
        "variables": named(who="陈立", title="青溪镇履职提醒", text=DUE, code="K7M2", link=LINK),
        "text": f"【青溪镇履职提醒】陈立：{DUE} 点此答复：{LINK}",
        "callback": f"{CALLBACK}/{quote(NAME)}",
    },
    limit=Limit(200, MINUTE, MINUTE),
    width=16,
    deduplicates=True,
    too_fast=("too_fast", MINUTE),
    gone="no_balance",
    too_long="too_long",
    yes={"accepted": True, "vendor_id": "S-1", "code": "ok", "message": "", "retryable": False},
    receipt=Receipt("K7M2", "网关编号S-1"),
    respond=respond,
    doubt="不知道短信是否已送到",
)
VOICE = replace(
    SMS,
    platform="语音网关",
    spec=ChannelSpec(NAME, "语音网关", "$GATEWAY", "$SECRET"),
    settings={"GATEWAY": URL, "SECRET": SECRET},
    body={
        "id": "K7M2",
        "kind": "voice",
        "to": "13900000000",
        "template": "duty",
        "variables": named(who="陈立", title="青溪镇履职提醒", text=SPOKEN, code="K7M2"),
        "text": f"青溪镇履职提醒。陈立：{SPOKEN}。收到请按1",
    },
    doubt="不知道电话是否已打通",
)
RIGS = (SMS, VOICE)
