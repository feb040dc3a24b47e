"""One rig for each channel of the program: what its platform must see and may say."""

from tests.notifier.channels.rigs import dingtalk, wecom
from tests.notifier.channels.rigs.rig import Rig

RIGS: tuple[Rig, ...] = (
    *wecom.RIGS,
    *dingtalk.RIGS,
)
