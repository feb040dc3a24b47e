"""What the forecast said is what happens: the same call is forecast, then made."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

from notifier.calling import CallRequest, open_call
from notifier.forecast import Question, foresee
from notifier.ledger.call_reads import callees_of, find_call
from tests.stories.office import RULES, Office, story

SHORT = "水位上涨，请马上组织转移"
LONG = SHORT * 60
AT_ONCE = timedelta()  # a story's platforms answer at once


def crowd(count: int, platform: str) -> str:
    content: dict[str, Any] = yaml.safe_load(RULES)
    people = {
        f"村干部{number:03}": {
            "企业微信": f"u{number}",
            "钉钉": f"d{number}",
            "手机": f"{13900000000 + number}",
            "标签": "各村",
        }
        for number in range(count)
    }
    return yaml.safe_dump(
        {
            "办公室": {"名称": "青溪镇"},
            "人员": content["人员"] | people,
            "通道": {"通道": {"平台": platform, "地址": "沙箱"}},
        },
        allow_unicode=True,
    )


@pytest.mark.parametrize(
    ("count", "platform", "text"),
    [
        (60, "企业微信群机器人", LONG),
        (120, "企业微信群机器人", SHORT),
        (45, "钉钉群机器人", LONG),
        (250, "短信网关", SHORT),
    ],
)
def test_a_call_takes_as_long_as_was_forecast(
    tmp_path: Path, count: int, platform: str, text: str
) -> None:
    with story(tmp_path, "2026-07-01T20:00+08:00") as office:
        office.writes(base=crowd(count, platform))
        office.until("2026-07-01T20:01")
        request = CallRequest(text, ("各村",), "演练", "C1")
        office.do(open_call(office.desk, request))
        found = foresee(_question(office))
        office.until("2026-07-01T20:10")
        shown = office.group("通道")
        call = office.ledger.read(find_call, "C1")
        assert call is not None
        told = [one.told_at for one in office.ledger.read(callees_of, "C1") if one.told_at]
        assert len(told) == count
        load = found.strikes[0].lanes[0]
        assert len(shown) == load.messages
        assert found.told_in is not None
        took = max(told) - call.begun
        assert abs(took - found.told_in).total_seconds() <= max(0.02 * took.total_seconds(), 1)


def test_a_lane_too_slow_for_its_ladder_comes_to_everybody_all_the_same(tmp_path: Path) -> None:
    with story(tmp_path, "2026-07-01T20:00+08:00") as office:
        office.writes(base=crowd(500, "企业微信群机器人"))
        office.until("2026-07-01T20:01")
        office.do(open_call(office.desk, CallRequest(LONG, ("各村",), "紧急", "C1")))
        found = foresee(_question(office))
        assert not found.is_met
        office.until("2026-07-01T20:06")
        assert len(office.group("通道")) > 60
        told = [one.told_at for one in office.ledger.read(callees_of, "C1") if one.told_at]
        assert len(told) == 500
        assert found.untold == ()
        assert found.told_in is not None
        call = office.ledger.read(find_call, "C1")
        assert call is not None
        assert abs(max(told) - call.begun - found.told_in) <= timedelta(seconds=2)


def _question(office: Office) -> Question:
    desk = office.desk
    call = office.ledger.read(find_call, "C1")
    assert call is not None
    today = desk.hours.today(call.begun)
    return Question(desk.office, desk.ways, call, today, desk.link, AT_ONCE)
