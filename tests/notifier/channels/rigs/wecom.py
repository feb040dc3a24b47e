"""WeCom's group robot."""

import json

from notifier.channels import Limit
from obligations.rules.model import ChannelSpec
from tests.notifier.channels.rigs.rig import MINUTE, NAME, TEXT, Rig

KEY = "693a91f6-7xxx-4bc4-97a0-0ec2sifa5aaa"
URL = "https://qyapi.weixin.qq.com/cgi-bin/webhook/send"


def _content_bytes(body: bytes) -> int:
    return len(json.loads(body)["markdown"]["content"].encode())


RIGS = (
    Rig(
        platform="企业微信群机器人",
        spec=ChannelSpec(NAME, "企业微信群机器人", "$WEBHOOK"),
        settings={"WEBHOOK": f"{URL}?key={KEY}"},
        secrets=(KEY,),
        url=URL,
        query={"key": KEY},
        body={
            "msgtype": "markdown",
            "markdown": {"content": TEXT.format(zhou="<@zhoumin>", chen="<@chenli>")},
        },
        limit=Limit(20, MINUTE, MINUTE),
        too_fast=(45009, MINUTE),
        gone=93000,
        too_long=40058,
        weigh=_content_bytes,
        most=4096,
    ),
)
