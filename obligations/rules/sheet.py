"""The shape of rules.yaml as pydantic models: Chinese keys, English names accepted."""

from datetime import date, time
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from obligations.rules import values
from obligations.rules.model import Shift

PLATFORMS = {"企业微信群机器人": "企业微信", "钉钉群机器人": "钉钉"}
SHIFTS = {"提前": Shift.EARLIER, "顺延": Shift.LATER, "不变": Shift.NONE}
TIERS = {
    "班": "shift",
    "日": "day",
    "周": "week",
    "旬": "ten_days",
    "半月": "half_month",
    "月": "month",
    "季度": "quarter",
    "半年": "half_year",
    "学期": "term",
    "年": "year",
}


def _emptied(value: object) -> object:
    """Read a key with nothing behind it as an empty group."""
    return {} if value == "" else value


def _unlisted(value: object) -> object:
    """Read a key with nothing behind it as an empty list."""
    return [] if value == "" else value


def _listed(value: object) -> object:
    """Read one word as a list of one, and a key with nothing behind it as an empty list."""
    if isinstance(value, str):
        return [value] if value.strip() else []
    return value


def _tiered(value: object) -> object:
    """Read bearers without tiers as the tier ``''``."""
    return value if isinstance(value, dict) else {"": _listed(value)}


def _tier(key: str) -> str:
    short = key.removeprefix("每").removeprefix("工作")
    short = {"天": "日", "季": "季度", "个月": "月"}.get(short, short)
    if key and short not in TIERS:
        words = "、".join(TIERS)
        values.refuse(f"“责任人”分层时，冒号前要写 {words} 之一，这里是{values.shown(key)}")
    return short


def _phrase(value: object) -> object:
    if isinstance(value, list):
        values.refuse("几种频次请分成几条规则，每条的“频次”只写一句话，如 每季度至少1次")
    return value


TierName = Literal["班", "日", "周", "旬", "半月", "月", "季度", "半年", "学期", "年"]
Text = Annotated[str, Field(strict=True)]
Words = Annotated[
    list[Text],
    BeforeValidator(_listed, json_schema_input_type=str | list[str]),
]
Clock = Annotated[
    time,
    BeforeValidator(values.clock, json_schema_input_type=str),
]
Clocks = Annotated[
    list[Clock],
    BeforeValidator(_listed, json_schema_input_type=str | list[str]),
]
Count = Annotated[int, BeforeValidator(values.number, json_schema_input_type=int | str)]
Day = Annotated[date, BeforeValidator(values.one_day, json_schema_input_type=str)]
Days = Annotated[tuple[date, ...], BeforeValidator(values.days, json_schema_input_type=str)]
DayList = Annotated[list[Days], BeforeValidator(_listed, json_schema_input_type=str | list[str])]
Mobile = Annotated[Text, AfterValidator(values.mobile)]
RuleId = Annotated[Text, AfterValidator(values.rule_id)]
Zone = Annotated[Text, AfterValidator(values.timezone)]
Tier = Annotated[str, AfterValidator(_tier)]
Tiers = Annotated[
    dict[Tier, Words],
    BeforeValidator(
        _tiered,
        json_schema_input_type=str | list[str] | dict[TierName, str | list[str]],
    ),
]
Phrase = Annotated[
    Any,
    BeforeValidator(_phrase, json_schema_input_type=str | dict[str, Any]),
]


def described(title: str, description: str) -> ConfigDict:
    """Give the words that an editor shows for a group of keys."""
    return ConfigDict(title=title, json_schema_extra={"description": description})


class Sheet(BaseModel):
    """A group of keys; a key that is not listed is refused."""

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        populate_by_name=True,
        str_strip_whitespace=True,
    )


class OfficeSheet(Sheet):
    """The office itself: its name, its hours, when it reminds."""

    model_config = described("办公室", "名称、时区、上下班和提醒的钟点")

    name: Text = Field(default="", alias="名称", description="单位全称", examples=["青溪镇安委办"])
    timezone: Zone = Field(default="Asia/Shanghai", alias="时区", description="时区，国内不用改")
    opens: Clock = Field(
        default=time(8, 30), alias="上班", description="上班时间", examples=["8:30"]
    )
    closes: Clock = Field(
        default=time(18, 0), alias="下班", description="下班时间", examples=["18:00"]
    )
    slots: Clocks = Field(
        default=[time(9, 0), time(15, 0)],
        alias="提醒时刻",
        description="每天发提醒的时刻，同一时刻给同一人的提醒合成一条",
        examples=[["9:00", "15:00"]],
    )
    budget: Count = Field(
        default=5, alias="每周消息上限", description="每人每周最多收几条提醒", examples=[5]
    )


class UnitSheet(Sheet):
    """A unit: its head, its group, its superior."""

    model_config = described("单位", "负责人是谁，在哪个群，上级是谁")

    head: Text = Field(
        default="", alias="负责人", description="“人员”里的一个姓名", examples=["周敏"]
    )
    group: Text = Field(
        default="", alias="群", description="“通道”里的一个名称", examples=["工作群"]
    )
    superior: Text = Field(default="", alias="上级", description="上级单位，或“人员”里的一个姓名")
    tags: Words = Field(default=[], alias="标签", description="一组单位的统称", examples=["村社区"])


class PersonSheet(Sheet):
    """A person: posts, ways to reach him, his deputy."""

    model_config = described("人员", "职务、联系方式、代理人")

    posts: Words = Field(default=[], alias="职务", description="职务，规则里可以用它称呼这个人")
    mobile: Mobile = Field(
        default="", alias="手机", description="11位手机号", examples=["13800000001"]
    )
    wecom: Text = Field(
        default="", alias="企业微信", description="企业微信账号", examples=["zhoumin"]
    )
    dingtalk: Text = Field(
        default="", alias="钉钉", description="钉钉账号（userId）", examples=["0421"]
    )
    deputy: Text = Field(
        default="", alias="代理", description="本人不在时由谁代理，“人员”里的一个姓名"
    )
    tags: Words = Field(default=[], alias="标签", description="一组人的统称", examples=["监管人员"])


class ChannelSheet(Sheet):
    """A group robot; address and secret only name settings."""

    model_config = described("通道", "一个群机器人。地址和密钥只写设置名，不写内容")

    platform: Literal["企业微信群机器人", "钉钉群机器人"] = Field(
        alias="平台", description="群机器人属于哪个平台"
    )
    address: Text = Field(
        default="",
        alias="地址",
        description="写 沙箱（内置模拟群），或写 $ 加设置名；网址本身放在环境变量或 .env 里",
        examples=["沙箱", "$WECOM_WEBHOOK"],
    )
    secret: Text = Field(
        default="",
        alias="密钥",
        description="钉钉加签密钥的设置名，写 $ 加设置名；密钥本身放在环境变量或 .env 里",
        examples=["$DINGTALK_SECRET"],
    )


class KeyPeriodSheet(Sheet):
    """A named stretch of days."""

    model_config = described("重点时段", "名称和起止日期")

    name: Text = Field(alias="名称", description="时段名称", examples=["国庆假期"])
    first: Day = Field(alias="开始", description="第一天", examples=["2026-10-01"])
    last: Day = Field(alias="结束", description="最后一天", examples=["2026-10-07"])


class CalendarSheet(Sheet):
    """The office's own days off and on."""

    model_config = described("日历", "本单位自己的放假和上班，优先于国家节假日")

    holidays: DayList = Field(
        default=[], alias="放假", description="放假的日子", examples=[["2026-10-01~2026-10-07"]]
    )
    workdays: DayList = Field(
        default=[], alias="上班", description="周末要上班的日子", examples=[["2026-10-10"]]
    )
    key_periods: Annotated[list[KeyPeriodSheet], BeforeValidator(_unlisted)] = Field(
        default=[], alias="重点时段", description="要加密工作的时段，如汛期"
    )


class SourceSheet(Sheet):
    """Where a rule comes from."""

    model_config = described("来源", "这一条出自哪份文件的哪一项")

    document: Text = Field(default="", alias="文件", description="文号", examples=["〔2022〕44号"])
    item: Text = Field(default="", alias="条目", description="第几项", examples=["3"])
    quote: Text = Field(default="", alias="原文", description="原句")
    title: Text = Field(
        default="", alias="标题", description="文件标题，明年再发同一种文件时靠它认出来"
    )
    mark: Text = Field(
        default="",
        alias="指纹",
        description="导入时记下原文说了什么，再导入时靠它看出改了没有，请不要改动",
    )


class RuleSheet(Sheet):
    """A rule: who, what, how often, by what proof, from where."""

    model_config = described("规则", "谁、什么事、多久一次、凭什么算做了、出自哪里")

    id: RuleId = Field(alias="编号", description="不再改动的编号", examples=["QX-01"])
    matter: Text = Field(default="", alias="事项", description="要做的事，一句话")
    bearer: Tiers = Field(
        default={},
        alias="责任人",
        description="姓名、职务、单位或标签；几个的写成列表；“日周月”可以分层写",
        examples=["应急办主任", {"日": "监管人员", "周": "分管负责人", "月": "主要负责人"}],
    )
    frequency: Phrase = Field(
        default="",
        alias="频次",
        description="照文件的说法写",
        examples=["每季度至少1次", "2026年9月底前", {"周期": "季度", "次数": 1, "界": "至少"}],
    )
    evidence: Text = Field(
        default="", alias="佐证", description="用什么材料证明", examples=["会议纪要"]
    )
    source: Annotated[SourceSheet, BeforeValidator(_emptied)] = Field(
        default=SourceSheet(), alias="来源", description="出自哪份文件的哪一项"
    )
    status: Literal["待确认", "已确认", ""] = Field(
        default="", alias="状态", description="待确认的规则不执行，确认后删掉这一行"
    )
    question: Text = Field(default="", alias="待定", description="还要问清楚的事")
    replaces: Text = Field(
        default="",
        alias="替代",
        description="待确认的规则确认后代替哪一条（写旧规则的编号）",
        examples=["QX-01"],
    )
    shift: Literal["提前", "顺延", "不变"] = Field(
        default="提前", alias="遇休", description="期限遇到休息日：提前、顺延或不变"
    )


class FileSheet(Sheet):
    """The whole of rules.yaml."""

    model_config = described("rules.yaml", "叫应的规则文件 rules.yaml")

    office: Annotated[OfficeSheet, BeforeValidator(_emptied)] = Field(
        default=OfficeSheet(), alias="办公室"
    )
    units: Annotated[
        dict[Text, Annotated[UnitSheet, BeforeValidator(_emptied)]], BeforeValidator(_emptied)
    ] = Field(default={}, alias="单位", description="单位名称 → 负责人、群、上级")
    people: Annotated[
        dict[Text, Annotated[PersonSheet, BeforeValidator(_emptied)]], BeforeValidator(_emptied)
    ] = Field(default={}, alias="人员", description="姓名 → 职务、手机、账号、代理")
    channels: Annotated[
        dict[Text, Annotated[ChannelSheet, BeforeValidator(_emptied)]], BeforeValidator(_emptied)
    ] = Field(default={}, alias="通道", description="群的名称 → 平台、地址、密钥")
    calendar: Annotated[CalendarSheet, BeforeValidator(_emptied)] = Field(
        default=CalendarSheet(), alias="日历"
    )
    rules: Annotated[list[RuleSheet], BeforeValidator(_unlisted)] = Field(
        default=[], alias="规则", description="每一条规则以“- 编号:”开头"
    )


def _names(model: type[BaseModel]) -> dict[str, str]:
    return {info.alias or name: name for name, info in model.model_fields.items()}


GROUPS = (
    FileSheet,
    OfficeSheet,
    UnitSheet,
    PersonSheet,
    ChannelSheet,
    CalendarSheet,
    KeyPeriodSheet,
    SourceSheet,
    RuleSheet,
)
KEYS = tuple(dict.fromkeys(alias for group in GROUPS for alias in _names(group)))
ENGLISH = {
    alias: tuple(_names(group)[alias] for group in GROUPS if alias in _names(group))
    for alias in KEYS
}
