"""What in a message is not the writer's own: quotations, forwarded talk, addresses, mentions."""

import re
from typing import NamedTuple

LINKED = "\x02"  # stands for an address in the middle of a sentence
_URL = re.compile(
    r"(?:https?|ftp)://[^\s\u4e00-\u9fff]+|www\.[^\s\u4e00-\u9fff]+"
    r"|[A-Za-z0-9_.-]{1,64}@[A-Za-z0-9.-]{1,64}"
    r"|[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){0,4}\.(?:com|cn|net|org|gov|top|local|io"
    r"|edu|site)(?![A-Za-z])(?:[/:?][^\s\u4e00-\u9fff]*)?"
)
_QUOTED = re.compile(r"\"(?![A-Za-z0-9 ]{4,9}\")[^\"]{0,400}\"|《[^》\n]{0,100}》")
_RULE = re.compile(
    r"(?:^|\n) *(?:- ?){5,}-? *(?:\n|$)|(?:^|\n) *[-=_*]{5,} *(?:\n|$)|(?:^"
    r"|\n) *[—]{3,} *(?:\n|$)"
)
_BOT = re.compile(
    r"请(?:各|大家|你|您|所有|相关|有关|全体|尽快|及时|务必|速|在|于|收到|逐|按|立即"
    r"|马上)?[^,;!?\n]{0,12}(?:回复|答复|回应|反馈|确认|签收|接龙|报送)"
    r"|收到(?:后|的|者|消息|通知|信息)?[^,.;!?\n]{0,6}(?:请|务必|都|需|要|必须|速|立即"
    r"|马上|及时)[^,;!?\n]{0,8}(?:回|报|答|确认|接龙|扣|吱|说)"
    r"|(?:回复|回|扣|输入|发送|敲|打)[\"']?(?:收到|1|已办)[\"']?(?:即可|就行|表示|代表"
    r"|确认|就可以)"
    r"|收到(?:后)?[,. ]?(?:回复|请回|回个话|回一下|回话|勿回|不用回|不必回|无需回|吱声"
    r"|吱一声|扣1|打1|回1|后回|及时回)"
    r"|(?:回复|回|扣|输入|发送)[:]?,{3,}|(?:说|写|是|回|称|写着|道|叫|喊)(?:的是"
    r"|了)?[:,]?,{3,}|点此答复|^ *\[(?:引用|转发|聊天记录|合并转发)|点击(?:下方|链接|这里"
    r"|按钮)|^ *\[[^\]]{0,20}(?:提醒|通知|叫应|预警|催办|督办|任务|公告|新任务"
    r"|逾期)[^\]]{0,10}\]|机器人(?:提醒|说|发)|原文(?:如下)?[:]|转发[:]|^转[:]|(?:以上"
    r"|以下|上面)(?:是|为|转|内容)"
    r"|回复(?:编码|编号)|未回复(?:者|的|人员)|名单如下|通知如下|特此通知|^通知[:]|^关于"
    r"|现将|各(?:村|镇|单位|部门|社区|乡|科室|企业|街道|组)[^,;!?\n]{0,8}[:]"
)
_LOG_LINE = re.compile(r"^ *[\u4e00-\u9fffA-Za-z]{2,8}(?: ?\d[\d/: -]{3,20})? ?:", re.MULTILINE)
_LOG_TIMED = re.compile(
    r"^ *[\u4e00-\u9fff]{2,6} +(?:(?:\d{2,4}[-/年])?\d{1,2}[-/月]\d{1,2}日? +)?\d{1,2}:\d{"
    r"2}(?::\d{2})? *$",
    re.MULTILINE,
)
_MENTION = re.compile(
    r"@([^\s@,:;!?]{0,12}?(?:机器人|助手|小秘书?|bot|管家|叫应)|[^\s@,:;!?]{1,20}?(?=收到"
    r"|已办|办完|好的|明白|知道|[\s@:,;!?]|$))[\s:,]?",
    re.IGNORECASE,
)
_BOT_NAME = re.compile(r"叫应|机器人|助手|小秘|bot|提醒|管家|履职|安办|系统", re.IGNORECASE)


class Own(NamedTuple):
    """The writer's own words, the rest blotted out by commas; what stood there besides."""

    text: str
    quoted: bool
    mentions: bool


def own_words(text: str) -> Own:
    r"""Give what the writer says himself, every sign at its place.

    >>> own_words(">收到请回复\n已办").text
    ',,,,,,\n已办'
    """
    before = text
    if "\n" in text or text[:1] in (">", "|"):
        text = _without_lines(text)
    if '"' in text or "《" in text or "[" in text:
        text = _QUOTED.sub(_blot, text)
    if "." in text or "@" in text:
        text = _URL.sub(lambda found: LINKED * len(found[0]), text)
    if _BOT.search(text):
        lines = text.split("\n")
        text = "\n".join("," * len(line) if _BOT.search(line) else line for line in lines)
    quoted = text != before
    mentions = False
    if "@" in text:
        mentions = any(not _BOT_NAME.search(found[1]) for found in _MENTION.finditer(text))
        text = _MENTION.sub(_blot, text)
    return Own(text, quoted, mentions)


def _blot(found: re.Match[str]) -> str:
    return "," * len(found[0])


def _without_lines(text: str) -> str:
    """Blot out quoted blocks and pasted talk."""
    rules = list(_RULE.finditer(text))
    if rules:
        end = rules[-1].end()
        text = "," * end + text[end:]
    lines = text.split("\n")
    lines = ["," * len(line) if line.lstrip().startswith((">", "|")) else line for line in lines]
    text = "\n".join(lines)
    if len(_LOG_LINE.findall(text)) > 1 or _LOG_TIMED.search(text):
        return "," * len(text)
    return text
