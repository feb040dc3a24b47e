"""The subject of a clause: 各村（社区）要每月…… -> 各村（社区）."""

import re
from functools import lru_cache

from obligations.clauses.words import (
    CERTAIN,
    ENDINGS,
    NEVER_FIRST,
    NO_POSTS,
    PIVOTS,
    PLACES,
    POSSIBLE,
)

_LONGEST = 60
_SHORTEST_AFTER_LIST = 4
_LEAD = re.compile(
    r"(?:[一二三四五六七八九十]{1,3}[是要]|第[一二三四五六七八九十](?![责层时线步批道])|首先|其次|再次|最后|同时|此外|另外|其中"
    r"|原则上|并且|而且|特别是|请(?=各|你|有关|相关|全体)|[（(][一二三四五六七八九十\d]{1,3}[）)]|[①-⑳]"
    r"|[，、；\s])+"
)
_LED = re.compile(r"[，\s]*(?:要|应当|应|必须|须|并|均|统一)?由(?!于|此)")
_LED_NAME = re.compile(
    r"([\u4e00-\u9fff（）、]{2,30}?)"
    r"(?=牵头|负责|组织|会同|具体|对|按|统一|每|开展|主持|召集)"
)
_ROLE = re.compile(r"的?(?:主要|工作|安全)?(?:职责|责任|任务|方面)?(?:是|为)?[。：:\s]*$")
_ITS = re.compile(r"^其(?![他它余中])")
_LABEL = re.compile(r"(?:责任|牵头|配合|主办|协办|承办)(?:单位|部门|科室|人|领导)")
_WITHIN = re.compile(r"[，。；：！？]|应当|必须|进行|不得|严格落实|认真落实|贯彻|通过")
_AND = re.compile(r"^(?:以及|和|及|或者)")
_BRACKET = re.compile(r"[（(][^（()）]{0,30}[）)]$")
_NAME_GOES_ON = 8
_NAME_ENDS = 5
_WHOLE = re.compile(
    r"各|属地|辖区|基层|有关|相关|全国|所有|两|[省市县区乡镇、（）]{2}|(?:[省市州县区乡镇村厂]|公司|车间|班组|企业)级$"
)
_NOT_A_SUBJECT = frozenset({"全镇", "全街", "全市", "全区", "全县", "全省", "全员", "其", "所在地"})
_TIERS = frozenset({"省", "市", "县", "区", "乡", "镇", "村", "街道"})
_STATES = re.compile(r"[设分]在|下设|挂牌|.[为是]|配合$|负责$|牵头$")
_FIELDS = re.compile(r"(?:教育|宣传|组织|规划|督查|治理|审计)、.*(?:部门|单位|机构)$")
_RELATIVE = re.compile(
    r"(?:发[现生]|造成|导致|持有|具备|符合|达到|接到|收到|拒不|未|没有|列入|纳入|配备|涉及|进入).+的"
    r"[^的，]{2,10}"
)
_TOPIC = re.compile(
    r"[\u4e00-\u9fff]{0,10}?(?:单位|企业|公司|经营者|使用者|当事人|申请人|机构|学校)(?!的)"
)
_DATED = re.compile(r"\d\s*[年月日](?!报)")
_WHERE = re.compile(
    r"在(?:地|单位|车间|企业|班组|部门|区域|学校|场所|乡镇|街道|岗位)|有(?!权|关)|属|需|述|列"
)
_LAST = frozenset(word[-1] for word in (*ENDINGS, *PLACES)) | {"）", ")", "”"}


@lru_cache(maxsize=1024)  # the same clauses are asked for by every time phrase behind them
def leading_subject(clause: str, limit: int | None = None) -> str:
    """Give the subject that opens a clause, or "" where it opens with something else.

    ``limit`` is where a time phrase begins: the subject may stand right before it.

    >>> leading_subject("镇应急办要会同派出所开展联合检查")
    '镇应急办'
    >>> leading_subject("各村（社区）、有关企业每月", limit=11)
    '各村（社区）、有关企业'
    >>> leading_subject("对存在隐患的企业要从严处理")
    ''
    """
    lead = _LEAD.match(clause)
    skipped = lead.end() if lead else 0
    bound = None if limit is None else limit - skipped
    return shorten(_scan(clause[skipped:], bound))


def _scan(text: str, limit: int | None) -> str:
    """Give the shortest head of the text that ends like a subject and goes on like a clause.

    Where the word behind it may be a verb or part of a longer name (检查 in 单位检查人员), the
    longer name is taken if it is near and goes on like a clause too.
    """
    if limit is not None and text[:limit] in _TIERS:
        return text[:limit]
    early = 0
    longest = min(len(text), _LONGEST, len(text) if limit is None else limit)
    for at in range(1, longest + 1):
        near = early and text[at - 1] == "、" and at - early <= _NAME_ENDS
        if near and ends_like_subject(text[: at - 1]):
            early = 0  # 仓库管理员、: the first of several names
        if early and (at - early > _NAME_GOES_ON or text[at - 1] == "、"):
            break
        if text[at - 1] not in _LAST or not ends_like_subject(text[:at]):
            continue
        if text[at - 1] == "所" and _WHERE.match(text, at):
            continue  # 危险源所在车间
        if at == limit or CERTAIN.match(text, at):
            return _valid(text[:at])
        if not early and POSSIBLE.match(text, at):
            early = at
    return _valid(text[:early])


def whole_subject(clause: str) -> str:
    """Give a clause that is nothing but a name, as laws write them: 设有锅炉的单位，应当…….

    >>> whole_subject("以及宾馆、商场等场所"), whole_subject("完善制度")
    ('宾馆、商场等场所', '')
    """
    name = _AND.sub("", clause.strip())
    if len(name) > _LONGEST or not ends_like_subject(name) or _STATES.search(name):
        return ""
    return "" if _goes_on(name) else _valid(name)


def named_subject(words: str) -> str:
    """Give the name that the words only announce: 保卫科。医务室职责：…….

    >>> named_subject("医务室职责"), named_subject("（二）落实责任。")
    ('医务室', '')
    """
    if len(words) > _LONGEST:
        return ""
    lead = _LEAD.match(words)
    name = whole_subject(_ROLE.sub("", words[lead.end() :] if lead else words))
    return "" if _LABEL.fullmatch(name) else name


def _goes_on(name: str) -> bool:
    """Whether the words are a subject and more: 各单位要明确一名联络员."""
    inner = (at for at in range(1, len(name)) if name[at - 1] in _LAST)
    return any(CERTAIN.match(name, at) and ends_like_subject(name[:at]) for at in inner)


def ends_like_subject(head: str) -> bool:
    """Whether the words could be the end of somebody's name or post."""
    bare = _BRACKET.sub("", head) if head.endswith(("）", ")")) else head
    bare = bare.rstrip("”")
    if len(bare) > 1 and bare.endswith(ENDINGS):
        return not NO_POSTS.search(bare)
    return bare.endswith(PLACES) and bool(_WHOLE.match(bare))


def _valid(head: str) -> str:
    name = head.strip()
    if not name or name in _NOT_A_SUBJECT or _WITHIN.search(name) or _DATED.search(name):
        return ""
    if NEVER_FIRST.match(name) and not (_FIELDS.match(name) or _RELATIVE.fullmatch(name)):
        return ""
    return name if name.count("“") == name.count("”") else ""


def shorten(name: str) -> str:
    """Give the name without the examples before 等, where the rest says enough.

    >>> shorten("学校、医院、商场等人员密集场所"), shorten("住建、水利等部门")
    ('人员密集场所', '住建、水利等部门')
    """
    name = _ITS.sub("", name)
    before, mark, after = name.rpartition("等")
    vague = after.startswith(("部门", "单位", "有关", "相关", "人员场"))
    if mark and "、" in before and len(after) >= _SHORTEST_AFTER_LIST and not vague:
        return after
    return name


def topic_subject(words: str) -> str:
    """Give whom a condition is about: 用人单位噪声超标的，…….

    >>> topic_subject("用人单位噪声超标的"), topic_subject("对拒不整改的")
    ('用人单位', '')
    """
    found = _TOPIC.match(words)
    return _valid(found[0]) if found else ""


def led_subject(words: str) -> str:
    """Give whom the words leave the duty to: 由区教育局牵头…….

    >>> led_subject("由城管队、派出所在路口设卡"), led_subject("由于天气原因")
    ('城管队、派出所', '')
    """
    found = _LED.match(words)
    if found is None:
        return ""
    rest = words[found.end() :]
    name = _LED_NAME.match(rest)
    return leading_subject(rest) or (shorten(_valid(name[1])) if name else "")


def driven_subject(clause: str, limit: int) -> str:
    """Give whom the clause drives to the duty that stands before ``limit``.

    >>> driven_subject("督促加油站每日自查", 5)
    '加油站'
    """
    pivot = PIVOTS.match(clause)
    if pivot is None or pivot.end() >= limit:
        return ""
    return leading_subject(clause[pivot.end() :], limit - pivot.end())


def trailing_subject(text: str) -> str:
    """Give the subject at the very end of the words before a time phrase.

    >>> trailing_subject("努力做到驻村干部、网格员")
    '驻村干部、网格员'
    >>> trailing_subject("排查发现的重大隐患")
    ''
    """
    if not ends_like_subject(text):
        return ""
    for pivot in PIVOTS.finditer(text):
        name = _valid(text[pivot.end() :])
        if name:
            return shorten(name)
    return ""
