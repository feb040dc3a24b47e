"""What is wrong with a channel: no address, a key that is missing or stands in the file itself."""

from collections.abc import Iterator

from obligations.errors import Problem
from obligations.rules.form import Form
from obligations.rules.platforms import PLATFORMS
from obligations.rules.sheet import ChannelSheet
from obligations.rules.values import SANDBOX, SECRET, setting, shown

MOVE = "网址和密钥不能写在规则文件里：请把它放进环境变量或 .env（如 {name}=…），这里写 ${name}"
EXAMPLES = {
    "地址": "WECOM_WEBHOOK",
    "密钥": "DINGTALK_SECRET",
    "账号": "WECOM_CORPID",
    "应用": "WECOM_AGENTID",
    "令牌": "WECOM_TOKEN",
    "解密": "WECOM_AES_KEY",
}
OPEN = ("账号", "应用")
SEALS = ("令牌", "解密")


def check_channels(form: Form) -> Iterator[Problem]:
    """Give every problem of a channel's address, secret, account, app and seal."""
    for name, channel in form.sheet.channels.items():
        needs = PLATFORMS[channel.platform].needs
        yield from _address(form, name, channel)
        yield from _inside(form, name, channel)
        yield from _returns(form, name, channel)
        simulated = channel.address in SANDBOX
        if not simulated and ("地址" not in dict(needs) or setting(channel.address)):
            yield from _missing(form, name, channel)


def _address(form: Form, name: str, channel: ChannelSheet) -> Iterator[Problem]:
    needs = dict(PLATFORMS[channel.platform].needs)
    example = needs.get("地址", EXAMPLES["地址"])
    if form.told("通道", name, "地址"):
        return
    if channel.address:
        if channel.address not in SANDBOX and not setting(channel.address):
            yield form.problem(_misplaced("地址", channel.address, example), "通道", name, "地址")
    elif "地址" in needs:
        message = f"通道{shown(name)}没有写“地址”，请写 地址: 沙箱（先试用），或 地址: ${example}"
        yield form.key_problem(message, "通道", name)


def _inside(form: Form, name: str, channel: ChannelSheet) -> Iterator[Problem]:
    """Give a problem for each secret that is written into the file; an account may be, if short."""
    examples = EXAMPLES | dict(PLATFORMS[channel.platform].needs)
    for key, text in _named(channel):
        open_to_all = key in OPEN and not text.startswith("$") and not SECRET.search(text)
        if text and not setting(text) and not open_to_all:
            yield form.problem(_misplaced(key, text, examples[key]), "通道", name, key)


def _returns(form: Form, name: str, channel: ChannelSheet) -> Iterator[Problem]:
    """Give a problem where answers could not come in: half a seal, or one that nobody uses."""
    returns = dict(PLATFORMS[channel.platform].returns)
    written = {key: text for key, text in _named(channel) if key in SEALS and text}
    for key in (key for key in written if key not in returns):
        message = f"{channel.platform}不用写“{key}”，请删掉；只有企业微信应用要用它收答复"
        yield form.key_problem(message, "通道", name, key)
    lacking = [key for key in returns if key not in written and not form.told("通道", name, key)]
    if lacking and any(key in written for key in returns):
        lines = ", ".join(f"{key}: ${returns[key]}" for key in lacking)
        message = (
            f"通道{shown(name)}只写了“{'”“'.join(written)}”，没有写“{'”“'.join(lacking)}”：两个都有"
            f"才收得到答复，请补上 {lines}，内容照企业微信后台“接收消息”里的，放进 .env"
        )
        yield form.key_problem(message, "通道", name)


def _named(channel: ChannelSheet) -> tuple[tuple[str, str], ...]:
    """Give what may only name a setting, and what may be short enough to stand there itself."""
    return (
        ("密钥", channel.secret),
        ("账号", channel.account),
        ("应用", channel.app),
        ("令牌", channel.token),
        ("解密", channel.aes_key),
    )


def _missing(form: Form, name: str, channel: ChannelSheet) -> Iterator[Problem]:
    written = {"密钥": channel.secret, "账号": channel.account, "应用": channel.app, "地址": "有"}
    missing = [
        (key, example)
        for key, example in PLATFORMS[channel.platform].needs
        if not written[key] and not form.told("通道", name, key)
    ]
    if not missing:
        return
    keys = "".join(f"“{key}”" for key, _ in missing)
    lines = ", ".join(f"{key}: ${example}" for key, example in missing)
    message = (
        f"通道{shown(name)}没有写{keys}：{channel.platform}要用到，"
        f"请把内容放进环境变量或 .env，这里补上 {lines}；先试用就写 地址: 沙箱"
    )
    if channel.platform == "钉钉群机器人":
        message = (
            f"通道{shown(name)}没有写“密钥”：钉钉群机器人要加签，"
            "请把加签密钥放进环境变量或 .env，这里补上 密钥: $DINGTALK_SECRET"
        )
    yield form.key_problem(message, "通道", name)


def _misplaced(key: str, text: str, example: str) -> str:
    secret = key in SEALS or len(text) > len("https://") or "://" in text
    if text.startswith("$"):
        return f"“{key}”里 $ 后面只能是字母、数字和下划线，如 ${example}"
    if secret and text.isascii():
        return f"“{key}”直接写了内容（不在此显示），{MOVE.format(name=example)}"
    choice = f"沙箱，或 ${example}" if key == "地址" else f"${example}"
    return f"“{key}”写的是{shown(text)}，应当写 {choice}；{MOVE.format(name=example)}"
