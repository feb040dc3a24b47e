"""One rig for each channel of the program: what its platform must see and may say."""

from tests.notifier.channels.rigs import dingtalk, dingtalk_open, feishu, gateway, wecom, wecom_app
from tests.notifier.channels.rigs.rig import Rig

RIGS: tuple[Rig, ...] = (
    *wecom.RIGS,
    *wecom_app.RIGS,
    *dingtalk.RIGS,
    *dingtalk_open.RIGS,
    *feishu.RIGS,
    *gateway.RIGS,
)
