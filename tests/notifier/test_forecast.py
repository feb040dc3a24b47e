"""How long a call takes: the table an office can read, and the arithmetic behind it."""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
import yaml

from notifier import links
from notifier.calls import find_callees
from notifier.channels import Sandbox, build
from notifier.cli import main
from notifier.clock import Clock
from notifier.events import Call
from notifier.forecast import Forecast, Question, foresee
from notifier.routes import find_ways
from obligations.rules import ChannelSpec, Ladder, Office, Person, Rung
from obligations.rules.ladders import BUILT_IN

RULES = """\
人员:
  甲: {企业微信: a, 标签: 各村}
  乙: {企业微信: b, 标签: 各村}
通道:
  群: {平台: 企业微信群机器人, 地址: 沙箱}
"""
NOW = datetime(2026, 7, 1, tzinfo=UTC)
DAY = date(2026, 7, 1)
TEXT = "水位上涨，请马上组织转移"
CASES = yaml.safe_load((Path(__file__).parent / "forecasts.yaml").read_text("utf-8"))


def town(count: int, platforms: Sequence[str]) -> Office:
    people = tuple(
        Person(
            f"村干部{number:03}",
            tags=("各村",),
            mobile=f"{13900000000 + number}",
            wecom=f"u{number}",
            dingtalk=f"d{number}",
        )
        for number in range(count)
    )
    specs = tuple(ChannelSpec(one, one, "沙箱") for one in platforms)
    return Office("青溪镇", people=people, channels=specs)


def ask(office: Office, ladder: Ladder, text: str = TEXT) -> Forecast:
    clock = Clock(NOW)
    sandbox = Sandbox(clock)
    made = {one.name: build(one, {}, sandbox.client, sandbox, clock) for one in office.channels}
    callees, _ = find_callees(office, "C1", ["各村"], DAY)
    call = Call("C1", "叫应", text, ladder, callees, "办公室", NOW)

    def link(code: str, person: str) -> str:
        return f"https://aj.example.gov.cn/a/{links.sign('密', links.Pass(code, person), NOW)}"

    return foresee(Question(office, find_ways(office, made), call, DAY, link))


def ladder_of(name: str) -> Ladder:
    return next(one for one in BUILT_IN if one.name == name)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["情形"])
def test_the_table_of_forecasts(case: dict[str, object]) -> None:
    platforms, people = case["通道"], case["人数"]
    assert isinstance(platforms, list)
    assert isinstance(people, int)
    found = ask(
        town(people, platforms), ladder_of(str(case["阶梯"])), TEXT * int(str(case["几倍长"]))
    )
    load = found.strikes[0].lanes[0]
    told_in = found.told_in.total_seconds() if found.told_in is not None else "轮不到"
    assert {
        "合成几条": load.messages,
        "要几秒": load.done.total_seconds(),
        "一人一条要几分": load.singly // timedelta(minutes=1),
        "叫遍要几秒": told_in,
        "照得上阶梯": found.is_met,
    } == {
        key: case[key]
        for key in ("合成几条", "要几秒", "一人一条要几分", "叫遍要几秒", "照得上阶梯")
    }


def test_merging_is_what_brings_25_minutes_down_to_one() -> None:
    load = ask(town(506, ["企业微信群机器人"]), ladder_of("演练")).strikes[0].lanes[0]
    assert load.singly == timedelta(seconds=1525 + 6 * 0.3)
    assert load.done < timedelta(minutes=1, seconds=10)


def test_who_was_missed_by_a_strike_comes_first_at_the_next_one() -> None:
    found = ask(town(450, ["企业微信群机器人"]), ladder_of("紧急"), TEXT * 60)
    missed = found.strikes[0].lanes[0].missed
    assert missed == tuple(f"村干部{number:03}" for number in range(440, 450))
    assert (found.untold, found.prompt, found.is_met) == ((), True, False)


def test_whom_a_slow_lane_does_not_come_to_before_the_limit_is_named() -> None:
    found = ask(town(110, ["企业微信群机器人"]), ladder_of("紧急"), TEXT * 160)
    assert found.untold == tuple(f"村干部{number:03}" for number in range(100, 110))
    assert found.told_in is None
    assert not found.prompt


def test_who_has_no_account_is_reached_by_nothing_and_holds_nobody_up() -> None:
    office = town(3, ["企业微信应用"])
    deaf = replace(office.people[0], wecom="", mobile="")
    found = ask(replace(office, people=(deaf, *office.people[1:])), ladder_of("紧急"))
    assert found.silent == ("村干部000",)
    assert (found.untold, found.is_met, found.prompt) == ((), True, True)


def test_members_limits_hold_a_person_back_and_nobody_else() -> None:
    ladder = replace(
        ladder_of("演练"),
        rungs=(Rung(timedelta(), times=5, every=timedelta(minutes=1)),),
        limit=timedelta(minutes=6),
    )
    found = ask(town(2, ["企业微信电话"]), ladder)
    assert [len(one.late) for one in found.strikes] == [0, 0, 0, 2, 2]  # 3 in 8 minutes


def test_the_command_says_it_in_words_and_in_lines(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rules = tmp_path / "rules.yaml"
    rules.write_text(RULES, "utf-8")
    words = ["forecast", TEXT, "--to", "各村", "--rules", str(rules)]
    assert main(words) == 0
    out = capsys.readouterr().out
    assert "按“紧急”叫“各村”，2人，假定没有人应答、平台每条0.3秒答复" in out
    assert "通道“群”（企业微信群机器人，1分钟20条）：2人，合成1条，要1秒；一人一条要1秒" in out
    assert main([*words, "--format", "jsonl"]) == 0
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert rows[-1]["met"] is True
    assert {row["kind"] for row in rows} == {"strike", "lane", "forecast"}


def test_a_ladder_or_a_name_that_nobody_knows_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rules = tmp_path / "rules.yaml"
    rules.write_text(RULES, "utf-8")
    assert main(["forecast", "--to", "王五", "--rules", str(rules)]) == 2
    assert "“王五”里没有叫得到的人" in capsys.readouterr().err
    assert main(["forecast", "--ladder", "特急", "--rules", str(rules)]) == 2
    assert "没有叫“特急”的阶梯。能用的有：紧急、日常、演练" in capsys.readouterr().err


def test_check_warns_of_a_ready_made_call_that_cannot_keep_up(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rules = tmp_path / "rules.yaml"
    crowd = "".join(f"  丙{n}: {{企业微信: c{n}, 标签: 各村}}\n" for n in range(60))
    text = f"叫应:\n  转移: {{内容: {TEXT * 160}, 叫: 各村, 阶梯: 紧急}}\n办公室: {{值班室: 甲}}\n"
    rules.write_text(RULES.replace("通道:", f"{crowd}通道:") + text, "utf-8")
    assert main(["check", str(rules)]) == 0
    line = next(one for one in capsys.readouterr().out.splitlines() if "叫不过来" in one)
    assert line.startswith(f"{rules}:67:3: 提醒：叫应“转移”照阶梯“紧急”叫不过来：")
    assert "第1次叫应有22人轮不到" in line
    assert "jiaoying forecast --to 各村" in line
