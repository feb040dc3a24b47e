"""The groups of rules.yaml about calling: ladders with their steps, and ready-made calls."""

from datetime import timedelta
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from obligations.rules.sheet.parts import (
    ClockSpan,
    Count,
    FollowUp,
    Length,
    Sheet,
    Text,
    Wait,
    Words,
    YesNo,
    described,
    unlisted,
)


class RungSheet(Sheet):
    """A step of a ladder: how long to wait, whom to call, by what, how many times."""

    model_config = described("步骤", "等多久、叫谁、用什么叫、叫几次")

    wait: Wait = Field(
        default=timedelta(),
        alias="等",
        description="上一步最后一次叫过以后再等多久；第一步不写就是马上叫",
        examples=["100秒"],
    )
    whom: Words = Field(
        default=["本人"],
        alias="叫",
        description="本人、代理、上级、值班室，或姓名、职务、单位、标签",
        examples=["本人", ["本人", "代理"]],
    )
    means: Words = Field(
        default=[],
        alias="用",
        description="应用、群、短信、电话、邮件，或“通道”里的一个名称；不写就用最能叫到他的",
        examples=[["应用", "群"]],
    )
    times: Count = Field(default=1, alias="次数", description="这一步叫几次", examples=[2])
    every: Length = Field(
        default=timedelta(), alias="间隔", description="几次之间隔多久", examples=["1分钟"]
    )


class LadderSheet(Sheet):
    """How somebody is called until he answers."""

    model_config = described("阶梯", "一步一步怎样叫，到什么时候报给谁")

    rungs: Annotated[list[RungSheet], BeforeValidator(unlisted)] = Field(
        default=[], alias="步骤", description="一步一项，从先到后"
    )
    limit: Length = Field(
        alias="到限", description="从开始叫起多久还没应，就算未叫醒", examples=["5分钟"]
    )
    report_to: Words = Field(
        default=["上级", "办公室"],
        alias="报给",
        description="未叫醒名单给谁：上级、办公室，或姓名、职务、单位、标签",
    )
    follow_up: FollowUp = Field(
        default=None,
        alias="应而未动",
        description="应了以后多久没有动静就再叫；写 无 就不再叫",
        examples=["30分钟", "无"],
    )
    any_one: YesNo = Field(
        default=False, alias="一人应即可", description="一个单位里有一人应了就不再叫其他人"
    )
    valid: Length = Field(
        default=timedelta(hours=2),
        alias="有效",
        description="过了多久还没发出去就不必再发",
        examples=["2小时"],
    )


class CallSheet(Sheet):
    """A ready-made call: what is said, to whom, by which ladder."""

    model_config = described("叫应", "备好的叫应：说什么、叫谁、用哪套阶梯")

    text: Text = Field(alias="内容", description="要说的话", examples=["值班查岗，请马上应答"])
    to: Words = Field(
        alias="叫", description="姓名、职务、单位或标签；几个的写成列表", examples=["村社区"]
    )
    ladder: Text = Field(
        alias="阶梯", description="紧急、日常，或“阶梯”里的一个名称", examples=["紧急"]
    )
    orders: Words = Field(
        default=[],
        alias="指令",
        description="要逐条回报已执行的指令",
        examples=[["禁", "停", "撤", "疏"]],
    )
    window: ClockSpan = Field(
        default=None,
        alias="时间",
        description="自己叫的时候：在这段时间里随机挑一刻，可以过半夜",
        examples=["20:00-23:00"],
    )
    when: Literal["重点时段", "每天", ""] = Field(
        default="", alias="何时", description="每天都叫，还是只在重点时段叫（不写就是重点时段）"
    )
