"""What a lane cannot bring, or waits where nothing leaves, goes over another lane in time."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from notifier.calling import CallRequest, open_call, run_calls, stop_call
from notifier.channels import Shown
from notifier.ledger import call_reads, traffic
from tests.stories.office import Office, story
from tests.stories.test_calls import BEGINS
from tests.stories.test_hostile_calls import begin, newest, rich_town

RED = "暴雨红色预警，立即转移"
GROUP = "村社区安全群"


def crowd(content: dict[str, Any], number: int, **accounts: str) -> dict[str, Any]:
    """Add so many villages whose heads read in the group and have the accounts given."""
    for one in range(number):
        who = f"村长{one:03}"
        given = {name: f"{start}{one:03}" for name, start in accounts.items()}
        content["人员"][who] = {"手机": f"138001{one:05}", **given}
        content["单位"][f"村{one:03}"] = {"负责人": who, "群": GROUP, "标签": "全县"}
    return content


def ladder(*means: str, again: str = "1小时") -> dict[str, Any]:
    first, second = ({"叫": "本人", "用": [*means]} for _ in range(2))
    return {"步骤": [first, {"等": again, **second}], "到限": "2小时"}


def everything(office: Office) -> tuple[tuple[str, Shown], ...]:
    groups = tuple(group.name for group in office.sandbox.groups())
    return tuple((name, one) for name in groups for one in office.group(name))


def calls(office: Office, name: str, *to: str) -> str:
    made, _ = office.do(open_call(office.desk, CallRequest(RED, to, name, "C1")))
    return made.id


def ends(office: Office) -> None:
    office.do(stop_call(office.desk, newest(office), "", ""))
    office.pass_to(office.clock.instant + timedelta(minutes=3))
    everything(office)


def test_whom_nothing_else_reaches_goes_first_where_not_all_can_leave(tmp_path: Path) -> None:
    content = crowd(rich_town(阶梯={"三路": ladder("应用", "群", "短信")}), 230, 企业微信="u")
    del content["人员"]["村长229"]["企业微信"]
    with story(tmp_path, BEGINS) as office:
        begin(office, content)
        office.sandbox.refuse(GROUP, -1, "system busy")
        calls(office, "三路", "全县")
        office.pass_to(office.clock.instant + timedelta(seconds=30))
        told = [one for name, one in everything(office) if name == "短信"]
        assert len(told) == 200, "a minute's worth"
        assert any("13800100229" in one.to or "村长229" in one.text for one in told)
        ends(office)


@pytest.mark.parametrize("how", ["removed", "busy", "blocked"])
def test_what_waits_behind_a_message_that_fails_goes_another_way_too(
    tmp_path: Path, how: str
) -> None:
    content = crowd(rich_town(阶梯={"群": ladder("群")}), 60, 企业微信="u")
    with story(tmp_path, BEGINS) as office:
        begin(office, content)
        match how:
            case "removed":
                office.sandbox.remove(GROUP)
            case "busy":
                office.sandbox.refuse(GROUP, -1, "system busy")
            case _:
                office.sandbox.refuse(GROUP, 410100, "send too fast")
        begun = office.clock.instant
        calls(office, "群", "全县")
        office.pass_to(begun + timedelta(seconds=60))
        found = {to for name, one in everything(office) if name == "叫应应用" for to in one.to}
        assert {f"u{one:03}" for one in range(60)} <= found
        heads = office.ledger.read(call_reads.callees_of, "C1")
        assert all(one.told_at and one.told_at <= begun + timedelta(seconds=60) for one in heads)
        office.sandbox.restore(GROUP)
        office.pass_to(begun + timedelta(minutes=30))
        assert not everything(office), "what went another way does not come twice"
        ends(office)


def test_a_full_lane_hides_nothing_of_the_others(tmp_path: Path) -> None:
    content = crowd(rich_town(阶梯={"群": ladder("群")}), 40, 企业微信="u")
    with story(tmp_path, BEGINS) as office:
        begin(office, content)
        office.do(open_call(office.desk, CallRequest(RED, ("全县",), "群", "C1")))
        office.do(run_calls(office.desk))
        office.clock.instant += timedelta(seconds=1)
        office.do(open_call(office.desk, CallRequest(RED, ("周敏",), "群", "C2")))
        office.do(run_calls(office.desk))
        found = office.ledger.read(traffic.lanes_waiting, [GROUP, "安委办工作群"], 20)
        assert [one.person for one in found["安委办工作群"]] == ["周敏"]
        office.pass_to(office.clock.instant + timedelta(seconds=5))
        everything(office)
        for name in ("C1", "C2"):
            office.do(stop_call(office.desk, name, "", ""))
        office.pass_to(office.clock.instant + timedelta(minutes=3))
        everything(office)
