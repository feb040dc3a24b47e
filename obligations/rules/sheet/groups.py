"""The groups of rules.yaml as pydantic models: Chinese keys, English names accepted."""

from datetime import time
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from obligations.rules.platforms import PlatformName
from obligations.rules.sheet.calls import CallSheet, LadderSheet
from obligations.rules.sheet.lists import Confirm, Denser, Listing, Materials
from obligations.rules.sheet.parts import (
    AnyDay,
    Clock,
    Clocks,
    Count,
    DayList,
    Leaves,
    Mail,
    Marks,
    Mobile,
    Phrase,
    RuleId,
    Sheet,
    Text,
    Tiers,
    Words,
    YesNo,
    Zone,
    described,
    emptied,
    unlisted,
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
    duty_room: Words = Field(
        default=[],
        alias="值班室",
        description="程序有毛病告诉谁，未叫醒名单报给“办公室”时给谁：姓名、职务、单位或标签",
        examples=[["周敏", "应急办"]],
    )
    backup: Words = Field(
        default=[],
        alias="后备联系人",
        description="程序自己快停了的时候告诉谁",
        examples=[["陈立"]],
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
    feishu: Text = Field(
        default="", alias="飞书", description="飞书账号（open_id）", examples=["ou_8c1d"]
    )
    mail: Mail = Field(
        default="", alias="邮箱", description="邮箱地址", examples=["zhou@example.cn"]
    )
    leaves: Leaves = Field(
        default=[],
        alias="请假",
        description="请假的日子，首尾两天都算；这几天由代理人顶替",
        examples=[["2026-12-01至2026-12-05", "2026-12-20"]],
    )


class ChannelSheet(Sheet):
    """A group robot, an app or a gateway; address and secret only name settings."""

    model_config = described(
        "通道", "一个群机器人、应用、短信或语音网关。地址和密钥只写设置名，不写内容"
    )

    platform: PlatformName = Field(alias="平台", description="群机器人、应用或网关属于哪个平台")
    address: Text = Field(
        default="",
        alias="地址",
        description="写 沙箱（内置模拟群），或写 $ 加设置名；网址本身放在环境变量或 .env 里",
        examples=["沙箱", "$WECOM_WEBHOOK"],
    )
    secret: Text = Field(
        default="",
        alias="密钥",
        description="密钥的设置名，写 $ 加设置名；密钥本身放在环境变量或 .env 里",
        examples=["$DINGTALK_SECRET"],
    )
    account: Text = Field(
        default="",
        alias="账号",
        description="应用属于哪个账号（企业微信 CorpID、钉钉 AppKey），或发邮件的邮箱",
        examples=["$WECOM_CORPID"],
    )
    app: Text = Field(
        default="",
        alias="应用",
        description="哪一个应用（企业微信 AgentId、钉钉 RobotCode）",
        examples=["$WECOM_AGENTID"],
    )
    token: Text = Field(
        default="",
        alias="令牌",
        description="企业微信应用“接收消息”里的 Token，写 $ 加设置名；和“解密”一起写，才收得到答复",
        examples=["$WECOM_TOKEN"],
    )
    aes_key: Text = Field(
        default="",
        alias="解密",
        description="企业微信应用“接收消息”里的 EncodingAESKey，写 $ 加设置名",
        examples=["$WECOM_AES_KEY"],
    )


class KeyPeriodSheet(Sheet):
    """A named stretch of days."""

    model_config = described("重点时段", "名称和起止日期")

    name: Text = Field(alias="名称", description="时段名称", examples=["国庆假期"])
    first: AnyDay = Field(
        default=None,
        alias="开始",
        description="第一天；名称是国家节假日（春节、国庆节）的不用写",
        examples=["2026-10-01"],
    )
    last: AnyDay = Field(
        default=None, alias="结束", description="最后一天", examples=["2026-10-07"]
    )


class CalendarSheet(Sheet):
    """The office's own days off and on."""

    model_config = described("日历", "本单位自己的放假和上班，优先于国家节假日")

    holidays: DayList = Field(
        default=[], alias="放假", description="放假的日子", examples=[["2026-10-01~2026-10-07"]]
    )
    workdays: DayList = Field(
        default=[], alias="上班", description="周末要上班的日子", examples=[["2026-10-10"]]
    )
    key_periods: Annotated[list[KeyPeriodSheet], BeforeValidator(unlisted)] = Field(
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
    zero_report: YesNo = Field(
        default=False, alias="零报告", description="没有情况时可以报“无”，也算办了"
    )
    source: Annotated[SourceSheet, BeforeValidator(emptied)] = Field(
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
    denser: Denser = Field(
        default={},
        alias="加密",
        description="重点时段里要几倍，或另按什么频次；可以分时段写",
        examples=["2倍", {"主汛期": "2倍", "国庆假期": "每日1次"}],
    )
    season: Text = Field(
        default="",
        alias="时段",
        description="只在这个重点时段里要做；写 重点时段 就是每一个",
        examples=["重点时段", "国庆假期"],
    )
    materials: Materials = Field(
        default={},
        alias="材料",
        description="要报送的材料和日子，一样一行",
        examples=[{"方案": "2026年6月10日", "总结": "2026年9月28日"}],
    )
    confirm: Confirm = Field(
        default="",
        alias="确认",
        description="长期坚持的事多久确认一次",
        examples=["每月", "每季度"],
    )
    in_person: YesNo = Field(
        default=False, alias="须本人", description="别人代为答复的记作“代办”，不算数"
    )
    copy_to: Words = Field(
        default=[], alias="抄报", description="审核通过后告诉哪些单位", examples=["镇安委会"]
    )


class FileSheet(Sheet):
    """The whole of rules.yaml."""

    model_config = described("rules.yaml", "叫应的规则文件 rules.yaml")

    office: Annotated[OfficeSheet, BeforeValidator(emptied)] = Field(
        default=OfficeSheet(), alias="办公室"
    )
    units: Annotated[
        dict[Text, Annotated[UnitSheet, BeforeValidator(emptied)]], BeforeValidator(emptied)
    ] = Field(default={}, alias="单位", description="单位名称 → 负责人、群、上级")
    people: Annotated[
        dict[Text, Annotated[PersonSheet, BeforeValidator(emptied)]], BeforeValidator(emptied)
    ] = Field(default={}, alias="人员", description="姓名 → 职务、手机、账号、代理")
    channels: Annotated[
        dict[Text, Annotated[ChannelSheet, BeforeValidator(emptied)]], BeforeValidator(emptied)
    ] = Field(default={}, alias="通道", description="群的名称 → 平台、地址、密钥")
    calendar: Annotated[CalendarSheet, BeforeValidator(emptied)] = Field(
        default=CalendarSheet(), alias="日历"
    )
    ladders: Annotated[
        dict[Text, Annotated[LadderSheet, BeforeValidator(emptied)]], BeforeValidator(emptied)
    ] = Field(
        default={},
        alias="阶梯",
        description="阶梯的名称 → 几步、到限、报给谁；不写也有“紧急”“日常”两套，同名的以这里为准",
    )
    pacing: Annotated[
        dict[Literal["日", "周", "月", "季度", "半年", "年"], Marks], BeforeValidator(emptied)
    ] = Field(
        default={},
        alias="节奏",
        description="多长的任务在什么时候提醒；不写的用常用的",
        examples=[{"季度": ["开始", "过半", "过三分之二", "剩5个工作日", "到期"]}],
    )
    calls: Annotated[
        dict[Text, Annotated[CallSheet, BeforeValidator(emptied)]], BeforeValidator(emptied)
    ] = Field(default={}, alias="叫应", description="备好的叫应：名称 → 内容、叫谁、用哪套阶梯")
    lists: Annotated[dict[Text, Listing], BeforeValidator(emptied)] = Field(
        default={},
        alias="名单",
        description="名单的名称 → 要逐家走到的有哪些；频次写“全覆盖”的规则照着它排",
        examples=[{"挂牌企业": ["甲厂", {"名称": "乙厂", "负责": "罗兰"}]}],
    )
    rules: Annotated[list[RuleSheet], BeforeValidator(unlisted)] = Field(
        default=[], alias="规则", description="每一条规则以“- 编号:”开头"
    )
