"""DingTalk's group robot."""

from notifier.channels import Limit
from notifier.channels.dingtalk import signature
from obligations.rules.model import ChannelSpec
from tests.notifier.channels.rigs.rig import MINUTE, NAME, STAMP, TEXT, Rig

TOKEN = "f00dfeed" * 8
SIGNING_KEY = "SECbeefbeefbeefbeefbeefbeefbeefbeef"
SIGN = signature(SIGNING_KEY, STAMP)
URL = "https://oapi.dingtalk.com/robot/send"

RIGS = (
    Rig(
        platform="钉钉群机器人",
        spec=ChannelSpec(NAME, "钉钉群机器人", "$WEBHOOK", "$SECRET"),
        settings={"WEBHOOK": f"{URL}?access_token={TOKEN}", "SECRET": SIGNING_KEY},
        secrets=(TOKEN, SIGNING_KEY),
        signs=(SIGN,),
        url=URL,
        query={"access_token": TOKEN, "timestamp": str(STAMP), "sign": SIGN},
        body={
            "msgtype": "markdown",
            "msgUuid": "K7M2",
            "markdown": {
                "title": "青溪镇履职提醒 周敏、陈立",
                "text": TEXT.format(zhou="@0421", chen="@13900000000").replace("\n", "  \n"),
            },
            "at": {"atMobiles": ["13900000000"], "atUserIds": ["0421"], "isAtAll": False},
        },
        limit=Limit(20, MINUTE, 10 * MINUTE),
        deduplicates=True,
        too_fast=(410100, 10 * MINUTE),
        gone=400106,
        too_long=460101,
        weigh=len,
        most=20_000,
    ),
)
