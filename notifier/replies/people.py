"""Names and roles in replies: who will do it, where the reply says so."""

import re
from functools import lru_cache

_SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢"
    "蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪"
    "田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚"
    "文庞樊兰殷施陶洪翟安颜倪严牛温芦季"
    "俞章鲁葛伍韦申尤毕聂丛焦向柳邢路岳齐沿梅莫庄辛管祝左涂谷祁时舒耿牟卜路詹关苗凌费纪靳"
    "盛童欧甄项曲成游阳裴席卫查屈鲍位覃霍"
    "翁隋植甘景薄单包司柏宁柯阮桂闵解强柴华车冉房边辜吉饶刁瞿戚丘古米池滕晋苑邬臧畅宫来嵺"
    "苟全褚廉简娄盖符奚木穆党燕郎邸冀谈姬"
    "屠连郜晏栾郁商蒙计喻揭窦迟宇敖糜鄢冷卓花仇艾蓝都巩稽井练仲乐虞卞封竺冼原官衣楚佟栗匡"
    "宗应台巫鞠僧桑荆谌银扬明沙薄伏岑习胥保和蔺"
)
_COMPOUND = "欧阳|司马|上官|诸葛|东方|皇甫|尉迟|公孙|慕容|令狐|夏侯|司徒|长孙|宇文|端木"
_GIVEN = (
    "[^\x00-\u4dff的了着过在把被给对与及到去来已将要就也都不没未马这那你我他她们"
    "说是有收办完请让叫派由负处做弄值带跟]"
)
SURNAME = rf"(?:{_COMPOUND}|[{_SURNAMES}])"
_TITLE = (
    "(?:副?(?:书记|主任|镇长|乡长|县长|区长|市长|村长|所长|站长|队长|局长|科长|股长|处长"
    "|厅长|部长|组长|主席|社长|校长|院长|班长|厂长|矿长|场长|店长|经理|总经理|总监|会长"
    "|秘书长|大队长|中队长|支队长|总指挥|指挥长)"
    "|支书|村支书|会计|文书|委员|网格员|安全员|医生|老师|师傅|同志|干事|专干|总工|工|总"
    "|董|队|局|所|哥|姐|叔|嫂|伯|婶|姨|爷|乡|镇|科|站|主管|专员|助理)"
)
_ROLE_TAIL = (
    "(?:办公室|办|局|所|站|队|中心|公司|村|社区|科|股|部|委|会|院|厂|矿|处|组|室|企业"
    "|单位|部门|政府|街道|镇|乡"
    "|值班员|值班领导|带班领导|网格员|网格长|安全员|驾驶员|司机|巡查员|护林员|联络员"
    "|负责人|主任|书记|村支书|支书|村长|村主任|村干部|镇干部|队长|班长|组长|所长|站长"
    "|局长|镇长|乡长|厂长|矿长|经理|会计|文书"
    "|师傅|民兵|志愿者|物业|消防员|保安|电工|村医|副手|分管领导|分管同志|专干|连长|排长"
    "|信息员|观测员|监测员|驻村工作队|工作队|应急队|突击队|包保干部|包村干部|党员|同事)"
)
_NOT_ROLE = re.compile(
    r".*(?:开会|机会|社会|等会|开会|会|一会|待会|照办|经办|不办|全部|全村|内部|专门|专人"
    r"|大家|人员|别人|他人|其他人|别的|相关|有关|具体|自己|现在|村里|单独|处理|全处|到处"
    r"|马上|立即|尽快|赶紧|都|各部门)$"
)
_PERSONAL = (
    rf"(?:[老小阿大]{SURNAME}(?:{_TITLE})?|{SURNAME}{_TITLE}"
    rf"|{SURNAME}(?:{_GIVEN}){{1,2}}(?:{_TITLE})?)"
)
_NAME = re.compile(_PERSONAL)
_ROLE = re.compile(rf"[\u4e00-\u9fff]{{0,12}}?{_ROLE_TAIL}(?:的)?(?:{_PERSONAL})?|副{_ROLE_TAIL}")
_BAD_ROLE = re.compile(
    "[了着过把被给请让叫由已将要就也不没未您你他她]|会(?!计|长|$|主任|副|书记)|办理|负责"
    "|完成|处理|转移"
)
_SHORTEST = 2
_SELF = frozenset({"我", "我们", "本人", "俺", "我自己", "咱们", "咱", "俺们"})  # fmt: skip
_NO_NAMES = re.compile(
    "[人去来]|有关|下面|上面|底下|专(?!干|班|职)|周[一二三四五六日天末]|安装|单独|保证|计划|应该|应急(?!办|队|局|站|中心"
    "|分队)|时间|时候|方案|方便|成功|成立|车辆|车子|车坏|路上|水位|水库|水太|白天|马上"
    "|高度|高温|任务|任何|万一|全|于今|安全(?!员|办|科|部|总监|主管)|安排|安置|连夜|连续"
    "|关于|关停|关闭"
    "|单位$|费用|平时|常态|严格|严密|强化|强降|和平|温度|文件|明[天早晚日]|包括|管理(?!员"
    "|站|所|处|局|部)|都|各|申请|经过|向(?:上|群|您|领导|村民|各|县|镇)|解除|广播|相关"
    "|群众|游客|学生|工人|员工|居民|村民|业主|旅客|乘客|住户|户|老人$|小孩$|小时|小雨"
    "|大雨|大家|大概|大约|大部|大多|大人|老百姓|老乡|仓库|房屋|房子|石头|沙子|牛羊|江边"
    "|河边|山体|施工$|单子|表格|别|其他|车$|钟|时|后"
)
_PLACE = re.compile(".*(?:村|镇|乡|社区|街道|公司|厂|矿|场|组|企业|单位|单位|园区|学校|医院)$")


def is_self(words: str) -> bool:
    """Say whether the words mean the writer: 我, 本人, 我和老李."""
    if words in _SELF:
        return True
    first, _, other = re.sub("[跟与]", "和", words).partition("和")
    return first in _SELF and bool(other) and is_person(other)


@lru_cache(maxsize=4096)
def is_person(words: str) -> bool:
    """Say whether the words are one name or role, or several: 小李, 村主任王强, 经发办、李四.

    >>> is_person("小李"), is_person("经发办"), is_person("村主任王强"), is_person("别人")
    (True, True, True, False)
    """
    parts = [part for part in re.split("[、,和与及跟 ]", words) if part]
    return bool(parts) and all(_is_one(part) for part in parts)


def is_place(words: str) -> bool:
    """Say whether the words name a village or an enterprise, which is mostly the writer's own."""
    return _PLACE.fullmatch(words) is not None


def _is_one(words: str) -> bool:
    if len(words) < _SHORTEST or _NO_NAMES.match(words) or _NOT_ROLE.fullmatch(words):
        return False
    if _NAME.fullmatch(words):
        return True
    return _ROLE.fullmatch(words) is not None and not _BAD_ROLE.search(words)
