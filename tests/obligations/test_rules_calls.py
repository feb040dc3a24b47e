"""Ladders, ready-made calls, leave and accounts of rules.yaml as frozen values."""

import re
from datetime import date, time, timedelta
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic_core import PydanticCustomError

from obligations.errors import RulesRefused
from obligations.rules import (
    CallPlan,
    ChannelSpec,
    Ladder,
    Leave,
    Means,
    Office,
    Person,
    RollCall,
    Rung,
    examine,
    find_ladder,
    load,
)
from obligations.rules.ladders import BUILT_IN, last_call
from obligations.rules.lengths import LONGEST, length, spoken
from obligations.rules.platforms import PLATFORMS, PlatformName, accounts, knows, means_of
from obligations.rules.sheet import KEYS

CHINESE = """
办公室: {值班室: [周敏, 应急办], 后备联系人: 陈立}
单位: {应急办: {负责人: 周敏}}
人员:
  周敏:
    手机: 13800000001
    飞书: ou_8c1d
    邮箱: zhou@example.cn
    请假: [2026-12-01至2026-12-05, 2026-12-20]
    代理: 陈立
  陈立: {手机: 13800000002, 企业微信: chenli, 请假: 2025-05-01}
通道:
  叫应应用: {平台: 企业微信应用, 账号: $CORP, 应用: "${AGENT}", 密钥: $SECRET,
    令牌: $TOKEN, 解密: "${AES_KEY}"}
  短信: {平台: 短信网关, 地址: 沙箱}
  信箱: {平台: 邮件, 地址: $SMTP, 账号: aqb@example.cn}
阶梯:
  防汛:
    步骤:
      - {用: [应用, 短信]}
      - {等: 1分30秒, 叫: [本人, 代理], 用: 短信, 次数: 2, 间隔: 1分钟}
    到限: 5分钟
    报给: 上级
    应而未动: 半小时
    一人应即可: 是
    有效: 2小时
  日常: {步骤: [{叫: 本人}, {等: 1小时}], 到限: 3小时, 应而未动: 无}
叫应:
  险情: {内容: 水位过线, 叫: [应急办, 陈立], 阶梯: 防汛, 指令: [禁, 停, 撤, 疏, 停]}
  查岗: {内容: 请应答, 叫: 全体, 阶梯: 紧急, 时间: 22:00～6:00, 何时: 每天}
  抽查: {内容: 请应答, 叫: 周敏, 阶梯: 日常, 时间: 9:00至11:30}
日历: {重点时段: [{名称: 汛期, 开始: 2026-07-01, 结束: 2026-08-31}]}
"""
ENGLISH = """
office: {duty_room: [周敏, 应急办], backup: 陈立}
units: {应急办: {head: 周敏}}
people:
  周敏:
    mobile: 13800000001
    feishu: ou_8c1d
    mail: zhou@example.cn
    leaves: [2026-12-01至2026-12-05, 2026-12-20]
    deputy: 陈立
  陈立: {mobile: 13800000002, wecom: chenli, leaves: 2025-05-01}
channels:
  叫应应用: {platform: 企业微信应用, account: $CORP, app: "${AGENT}", secret: $SECRET,
    token: $TOKEN, aes_key: "${AES_KEY}"}
  短信: {platform: 短信网关, address: sandbox}
  信箱: {platform: 邮件, address: $SMTP, account: aqb@example.cn}
ladders:
  防汛:
    rungs:
      - {means: [应用, 短信]}
      - {wait: 90秒, whom: [本人, 代理], means: 短信, times: 2, every: 60秒}
    limit: 五分钟
    report_to: 上级
    follow_up: 30分钟
    any_one: yes
    valid: 120分
  日常: {rungs: [{whom: 本人}, {wait: 60分}], limit: 3小时}
calls:
  险情: {text: 水位过线, to: [应急办, 陈立], ladder: 防汛, orders: [禁, 停, 撤, 疏]}
  查岗: {text: 请应答, to: 全体, ladder: 紧急, window: 22:00-6:00, when: 每天}
  抽查: {text: 请应答, to: 周敏, ladder: 日常, window: 9:00-11:30, when: 重点时段}
calendar: {key_periods: [{name: 汛期, first: 2026-07-01, last: 2026-08-31}]}
"""
MINUTE = timedelta(minutes=1)


@pytest.fixture(scope="module", name="office")
def read_office() -> Office:
    return load(CHINESE)


def test_the_same_office_can_be_written_with_english_keys(office: Office) -> None:
    assert load(ENGLISH) == office


def test_people_keep_their_accounts_and_their_leave(office: Office) -> None:
    assert office.people[0] == Person(
        "周敏",
        mobile="13800000001",
        deputy="陈立",
        feishu="ou_8c1d",
        mail="zhou@example.cn",
        leaves=(
            Leave(date(2026, 12, 1), date(2026, 12, 5)),
            Leave(date(2026, 12, 20), date(2026, 12, 20)),
        ),
    )
    assert (office.duty_room, office.backup) == (("周敏", "应急办"), ("陈立",))


def test_a_channel_names_the_settings_it_goes_by(office: Office) -> None:
    assert office.channels == (
        ChannelSpec(
            "叫应应用", "企业微信应用", "", "$SECRET", "$CORP", "$AGENT", "$TOKEN", "$AES_KEY"
        ),
        ChannelSpec("短信", "短信网关", "沙箱"),
        ChannelSpec("信箱", "邮件", "$SMTP", account="aqb@example.cn"),
    )


def test_a_ladder_keeps_its_steps_and_its_limit(office: Office) -> None:
    assert find_ladder(office, "防汛") == Ladder(
        "防汛",
        (
            Rung(timedelta(), ("本人",), ("应用", "短信")),
            Rung(1.5 * MINUTE, ("本人", "代理"), ("短信",), 2, MINUTE),
        ),
        limit=5 * MINUTE,
        report_to=("上级",),
        any_one=True,
        follow_up=30 * MINUTE,
        valid=120 * MINUTE,
    )


def test_a_ladder_of_the_same_name_takes_the_place_of_the_built_in_one(office: Office) -> None:
    assert [ladder.name for ladder in office.ladders] == ["紧急", "日常", "演练", "防汛"]
    assert find_ladder(office, "日常") == Ladder(
        "日常", (Rung(timedelta()), Rung(60 * MINUTE)), limit=180 * MINUTE
    )
    assert find_ladder(office, "紧急") == BUILT_IN[0]


def test_the_built_in_ladders_are_there_without_any_rules() -> None:
    found = tuple(find_ladder(Office("青溪镇"), name) for name in ("紧急", "日常", "演练"))
    assert found == BUILT_IN
    assert load("人员: {周敏: }").ladders == BUILT_IN
    assert find_ladder(Office("青溪镇"), "防汛") is None


def test_the_urgent_ladder_calls_three_times_within_five_minutes() -> None:
    urgent, usual, _ = BUILT_IN
    assert [rung.wait.total_seconds() for rung in urgent.rungs] == [0, 100, 100]
    assert [("短信" in rung.means, "电话" in rung.means) for rung in urgent.rungs] == [
        (False, False),
        (True, False),
        (True, True),
    ]
    assert [rung.whom for rung in urgent.rungs] == [("本人",), ("本人",), ("本人", "代理")]
    assert (urgent.limit, urgent.report_to) == (5 * MINUTE, ("上级", "办公室"))
    assert (urgent.follow_up, urgent.valid) == (30 * MINUTE, 120 * MINUTE)
    assert [rung.wait / MINUTE for rung in usual.rungs] == [0, 10, 10]
    assert [rung.whom[1:] for rung in usual.rungs] == [(), (), ("代理",)]
    assert (usual.limit, usual.report_to) == (30 * MINUTE, ("办公室",))
    assert (usual.follow_up, usual.valid) == (None, 720 * MINUTE)


def test_a_drill_calls_everybody_once_and_lists_who_did_not_answer_to_the_office_alone() -> None:
    drill = BUILT_IN[2]
    assert [(rung.whom, rung.times) for rung in drill.rungs] == [(("本人",), 1)]
    assert (drill.limit, drill.report_to) == (10 * MINUTE, ("办公室",))


def test_the_last_call_counts_every_wait_and_every_repeat() -> None:
    rungs = (Rung(timedelta(), times=3, every=MINUTE), Rung(2 * MINUTE, times=2, every=MINUTE))
    assert last_call(Ladder("甲", rungs, limit=9 * MINUTE)) == 5 * MINUTE


def test_ready_made_calls_keep_whom_they_call_their_orders_and_their_hours(office: Office) -> None:
    assert office.calls == (
        CallPlan("险情", "水位过线", ("应急办", "陈立"), "防汛", orders=("禁", "停", "撤", "疏")),
        CallPlan(
            "查岗",
            "请应答",
            ("全体",),
            "紧急",
            roll_call=RollCall(time(22), time(6), seasonal=False),
        ),
        CallPlan("抽查", "请应答", ("周敏",), "日常", roll_call=RollCall(time(9), time(11, 30))),
    )


@pytest.mark.parametrize(
    ("written", "seconds"),
    [
        ("90秒", 90),
        ("100 秒钟", 100),
        ("5分钟", 300),
        ("5分", 300),
        ("５分", 300),
        ("十分钟", 600),
        ("半小时", 1800),
        ("半个小时", 1800),
        ("一个半小时", 5400),
        ("1小时半", 5400),
        ("两小时", 7200),
        ("2个钟头", 7200),
        ("1小时30分", 5400),
        ("4分20秒", 260),
        ("1天", 86400),
        ("30天", 2_592_000),
    ],
)
def test_a_length_of_time_is_read_as_people_write_it(written: str, seconds: int) -> None:
    assert length(written) == timedelta(seconds=seconds)


@pytest.mark.parametrize(
    ("written", "complaint"),
    [
        ("", "空白不是时长"),
        ("90", "“90”没有单位"),
        ("九十", "“九十”不是时长"),
        ("5 份", "“5 份”不是时长"),
        ("-5分钟", "“-5分钟”不是时长"),
        ("1.5小时", "“1.5小时”不是时长"),
        ("半天", "“半天”不是时长"),
        ("大约5分钟", "“大约5分钟”不是时长"),
        ("0秒", "“0秒”等于没有"),
        ("31天", "“31天”超过30天"),
        ("99999天", "“99999天”超过30天"),
        ("5分5分", "“5分5分”不是时长"),
        ("20秒4分", "“20秒4分”不是时长"),
        ("5分" * 100_000, "不是时长"),
        (["5分钟"], "一组内容不是时长"),
    ],
    ids=lambda value: str(value)[:12],
)
def test_what_is_no_length_of_time_is_said_with_what_was_found(
    written: object, complaint: str
) -> None:
    with pytest.raises(PydanticCustomError, match=complaint):
        length(written)


@given(st.integers(1, int(LONGEST.total_seconds())))
def test_a_length_of_time_is_read_as_it_is_spoken(seconds: int) -> None:
    span = timedelta(seconds=seconds)
    assert length(spoken(span)) == span


def test_every_platform_that_may_be_written_is_described() -> None:
    assert tuple(PLATFORMS) == get_args(PlatformName)
    assert {kind.means for kind in PLATFORMS.values()} == set(Means)
    assert (means_of("微信群"), accounts("微信群")) == (None, ())


@pytest.mark.parametrize("platform", PLATFORMS)
def test_a_platform_reaches_whoever_has_one_of_its_accounts(platform: str) -> None:
    everything = Person(
        "周敏", mobile="13800000001", wecom="a", dingtalk="b", feishu="c", mail="d@example.cn"
    )
    assert knows(ChannelSpec("甲", platform), everything)
    assert not knows(ChannelSpec("甲", platform), Person("周敏"))


@pytest.mark.parametrize("platform", PLATFORMS)
def test_a_simulated_channel_needs_neither_account_nor_secret(platform: str) -> None:
    office, problems = examine(f"人员: {{周敏: }}\n通道: {{甲: {{平台: {platform}, 地址: 沙箱}}}}")
    assert office is not None
    assert not problems


@pytest.mark.parametrize("platform", PLATFORMS)
def test_a_channel_with_everything_its_platform_needs_is_in_order(platform: PlatformName) -> None:
    keys = ", ".join(f"{key}: ${example}" for key, example in PLATFORMS[platform].needs)
    office, problems = examine(f"人员: {{周敏: }}\n通道: {{甲: {{平台: {platform}, {keys}}}}}")
    assert office is not None
    assert not problems
    for key, example in PLATFORMS[platform].needs:
        less = keys.replace(f"{key}: ${example}", f"{key}: ")
        _, told = examine(f"人员: {{周敏: }}\n通道: {{甲: {{平台: {platform}, {less}}}}}")
        assert [f"没有写“{key}”" in problem.message for problem in told] == [True]
        assert f"{key}: ${example}" in told[0].message


@given(
    st.integers(0, len(CHINESE)),
    st.integers(0, 12),
    st.sampled_from(
        [*KEYS, *"：:，,{}[]-\n", ": ", "\n  ", "\n- ", "[]", "{}", "[[]]", "0秒", "99999天"]
    ),
)
@settings(max_examples=300, deadline=None)
def test_any_wound_in_a_good_file_is_an_office_or_problems(
    start: int, length: int, piece: str
) -> None:
    office, problems = examine(CHINESE[:start] + piece + CHINESE[start + length :])
    assert (office is None) == any(not problem.warning for problem in problems)


@pytest.mark.parametrize(
    "key", ["等", "到限", "有效", "应而未动", "一人应即可", "时间", "何时", "请假", "用"]
)
@pytest.mark.parametrize("value", ["[[]]", "{a: b}", "[{}]", "~", "[a, b]"])
def test_a_group_in_place_of_a_word_is_a_problem_with_a_place(key: str, value: str) -> None:
    wrong = re.sub(rf"(?<=[ {{]){key}: (\[[^]]*\]|[^,}}\n]*)", f"{key}: {value}", CHINESE)
    office, problems = examine(wrong)
    assert office is None
    assert all(problem.place.line > 1 for problem in problems)


def test_no_problem_of_a_call_shows_a_key_written_into_the_file() -> None:
    secret = "693a91f6-7xxx-4bc4-97a0-0ec2sifa5aaa"  # noqa: S105 - the vendor's own sample key
    text = f"""
办公室: {{值班室: {secret}, 后备联系人: {secret}}}
人员: {{周敏: {{飞书: {secret}, 邮箱: {secret}, 请假: {secret}}}}}
通道: {{甲: {{平台: 企业微信应用, 账号: {secret}, 应用: {secret}, 密钥: {secret}}}}}
阶梯:
  {secret}: {{步骤: [{{等: {secret}, 叫: {secret}, 用: {secret}, 次数: {secret}}}], 到限: {secret}}}
  甲: {{步骤: [{{叫: {secret}, 用: {secret}}}], 到限: 5分钟, 报给: {secret}, 一人应即可: {secret}}}
叫应:
  {secret}: {{内容: "", 叫: {secret}, 阶梯: {secret}, 时间: {secret}, 何时: {secret}}}
"""
    with pytest.raises(RulesRefused) as refused:
        load(text)
    assert len(refused.value.problems) > 15
    assert "693a91f6" not in str(refused.value)
