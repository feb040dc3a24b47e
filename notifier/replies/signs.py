"""A reply in plain signs: every sign is replaced by exactly one, so that places stay the same."""

import re

_TRADITIONAL = (
    "辦幾時點號開會轉達執處報無沒問嗎麼這個後週請長負責歸們關戶異嚴緩寬遲給讓進還來現場實"
    "級電話車壞領導謝張"
    "認識誰為從對應該當經過發業務區縣鎮鄉書記員總隊組織準備馬盡趕緊預計內間兩結項險災況鐘"
    "葉陳劉楊趙黃吳孫鄭"
    "馮許鄧蕭羅龍東華國強偉麗軍節標檢傳閱訴聽說據網絡聯絕難離調設產廠礦換頭腦妳你牠祂樣帶"
    "嘍囉瞭邊著與並從眾單"
    "擬屬參學習資補費於氣裡裏臺幹搶撥斷繼續歡勞動條約見觀點論證題類願顧顯風飛館驗體鬧齊畢"
    "妥衛衝術裝製複誤語"
)
_SIMPLIFIED = (
    "办几时点号开会转达执处报无没问吗么这个后周请长负责归们关户异严缓宽迟给让进还来现场实"
    "级电话车坏领导谢张"
    "认识谁为从对应该当经过发业务区县镇乡书记员总队组织准备马尽赶紧预计内间两结项险灾况钟"
    "叶陈刘杨赵黄吴孙郑"
    "冯许邓萧罗龙东华国强伟丽军节标检传阅诉听说据网络联绝难离调设产厂矿换头脑你你它他样带"
    "喽啰了边着与并从众单"
    "拟属参学习资补费于气里里台干抢拨断继续欢劳动条约见观点论证题类愿顾显风飞馆验体闹齐毕"
    "妥卫冲术装制复误语"
)
_MARKS = (
    "，。；：！？（）【】～｡﹐﹖﹗﹕﹔“”「」『』＂‘’﹁﹂\u3000\t\r\u00a0\u2002\u2003—–－‐‑…﹣﹢"
)
_PLAIN_MARKS = ',.;:!?()[]~.,?!:;"""""""""""      -----.-+'
_FULL_WIDTH = {0xFF00 + n: 0x20 + n for n in range(1, 0x5F)}
NOTHING_SEEN = "\x01"  # stands for a sign that says nothing: joiners, pictures
NODS = "👌"  # stands for every picture that means yes
_SIGNS = (
    dict.fromkeys((*range(0x2600, 0x27C0), *range(0x1F000, 0x1FB00)), NOTHING_SEEN)
    | _FULL_WIDTH
    | str.maketrans(_TRADITIONAL, _SIMPLIFIED)
    | str.maketrans(_MARKS, _PLAIN_MARKS)
    | dict.fromkeys(
        (*range(0x20), 0x200B, 0x200C, 0x200D, 0x2060, 0x20E3, 0xFEFF, 0xFE0F, 0x2063), NOTHING_SEEN
    )
    | dict.fromkeys((*range(0x2000, 0x200B), 0x202F, 0x205F), " ")
    | {ord("\n"): "\n", ord("\t"): " ", ord("\r"): " "}
    | dict.fromkeys(map(ord, "👌👍✅☑✔🫡🆗👏💪🙆"), NODS)
)
_BRACKETED = re.compile(r"\[([^\[\]\n]{1,12})\]")
_TITLE = re.compile("提醒|通知|叫应|预警|催办|督办|任务|公告|逾期|引用|转发|记录")
_NODDING = frozenset(
    {
        "ok",
        "好的",
        "强",
        "赞",
        "收到",
        "点赞",
        "敬礼",
        "get",
        "get到了",
        "了解",
        "胜利",
        "鼓掌",
        "加油",
        "奋斗",
        "是",
        "好",
        "1",
    }
)

# What the input method makes of what was meant, each as long as what it stands for.
_SLIPS = {
    "收倒": "收到", "收道": "收到", "收导": "收到", "收捣": "收到", "收刀": "收到", "手到": "收到",
    "首到": "收到", "守到": "收到", "寿到": "收到", "兽到": "收到", "收致": "收到", "受道": "收到",
    "收悼": "收到", "收稻": "收到", "收盗": "收到", "售到": "收到", "瘦到": "收到", "搜到": "收到",
    "收西": "收悉", "收息": "收悉", "收希": "收悉", "知到了": "知道了", "只道了": "知道了",
    "知倒了": "知道了", "之道了": "知道了", "明百": "明白", "名白": "明白",
    "办节": "办结", "办洁": "办结", "办接": "办结", "拌完": "办完", "半完": "办完", "伴完": "办完",
    "班完": "办完", "般完": "办完", "办玩": "办完", "办万": "办完", "办丸": "办完", "做玩": "做完",
    "弄玩": "弄完", "弄万": "弄完", "完城": "完成", "完呈": "完成", "玩成": "完成", "完程": "完成",
    "完诚": "完成", "落石": "落实", "落时": "落实", "洛实": "落实", "络实": "落实", "转以": "转移",
    "转依": "转移", "专移": "转移", "转宜": "转移", "整该": "整改", "整盖": "整改", "政改": "整改",
    "关庭": "关停", "关挺": "关停", "安牌": "安排", "按排": "安排", "案排": "安排", "推尺": "推迟",
    "推持": "推迟", "推池": "推迟", "延其": "延期", "延七": "延期", "言期": "延期", "沿期": "延期",
    "眼期": "延期", "缓俩天": "缓两天", "上抱": "上报", "尚报": "上报", "上暴": "上报",
    "部暑": "部署", "布署": "部署", "布暑": "部署", "排察": "排查", "排叉": "排查", "徘查": "排查",
    "无异长": "无异常", "无益常": "无异常", "无异藏": "无异常", "五异常": "无异常",
    "另报告": "零报告", "0报告": "零报告", "灵报告": "零报告", "凌报告": "零报告",
    "准查": "巡查", "寻查": "巡查", "巡察": "巡查", "撒离": "撤离", "彻离": "撤离",
    "到未": "到位", "道位": "到位", "到为": "到位",
}  # fmt: skip
_SLIP = re.compile("|".join(sorted(_SLIPS, key=len, reverse=True)))
_BEHIND_ALREADY = (
    "经?[收办完落转安通开传部整报上做处关到按知阅撤排检组派召学宣填交发签弄搞全停巡疏][理"
    "实成移报排]?"
)
_LIKE_ALREADY = re.compile(
    rf"(?<![自知律克利异人舍])[己巳](?={_BEHIND_ALREADY})"
    rf"|(?<![可所予加难足得给何用据是])以(?=经|{_BEHIND_ALREADY}(?:[理实成移报]?$|了|完|毕"
    r"|好|结|到位|$|[,.!;~ ]))"
    r"|(?:(?<=^)|(?<=[,.!; ]))(?:乙|亿|易|一)(?=(?:办|收到|完成|落实|转移|上报)(?:$"
    r"|[,.!;~了完结好毕]))"
    r"|(?<=已)(?:力|半|拌|扮|伴|辨|辩)(?=$|[,.!;~了完理结好妥毕 ])"
)
_ALREADY_DONE = {"力": "办", "半": "办", "拌": "办", "扮": "办", "伴": "办", "辨": "办", "辩": "办"}
_HEARD_ALONE = re.compile(r"(?:^|(?<=[,.!;~ 的]))(?:受到|收的|收到到|兽道)(?=了?(?:$|[,.!;~ ]))")
_BY = re.compile(
    r"(?<![没只还具所含若如由])[有油尤邮](?=[\u4e00-\u9fff]{2,4}(?:负责|去办|来办|办理|牵头"
    r"|处理))"
)


def plain(text: str) -> str:
    """Give the reply in simplified signs and half-width marks, slips mended, of the same length.

    >>> plain("收倒，己经辦理！")
    '收到,已经办理!'
    """
    text = text.translate(_SIGNS)
    if "[" in text:
        text = _BRACKETED.sub(_pictured, text)
    text = _SLIP.sub(lambda found: _SLIPS[found[0]], text)
    text = _LIKE_ALREADY.sub(lambda found: _ALREADY_DONE.get(found[0], "已"), text)
    text = _HEARD_ALONE.sub(lambda found: "收到"[: len(found[0])].ljust(len(found[0]), "了"), text)
    return _BY.sub("由", text)


def _pictured(found: re.Match[str]) -> str:
    """Put one sign for a picture in brackets; what is no picture keeps its words."""
    inner = found[1]
    size = len(found[0])
    if inner.lower() in _NODDING:
        return NODS.ljust(size, NOTHING_SEEN)
    if inner.isalnum() and not inner.isascii() and not _TITLE.search(inner):
        return NOTHING_SEEN * size
    return found[0]
