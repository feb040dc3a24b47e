"""叫应 under bad luck and bad words: wrong names, dead channels, two calls at once, roll calls."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from notifier.calling import CallRequest, open_call
from notifier.web.api import local_token
from tests.stories.office import Office, story
from tests.stories.test_calls import BEGINS, call, town

RED = "暴雨红色预警，立即转移"


def begin(office: Office, content: dict[str, Any]) -> None:
    office.writes(base=yaml.safe_dump(content, allow_unicode=True))
    office.until("2026-07-01T02:01")


def rich_town(**more: object) -> dict[str, Any]:
    """Give the town with an app and a text message gateway, by which its people are reached too."""
    content: dict[str, Any] = yaml.safe_load(town(**more))
    content["通道"]["叫应应用"] = {"平台": "企业微信应用", "地址": "沙箱"}
    content["通道"]["短信"] = {"平台": "短信网关", "地址": "沙箱"}
    for name, account in (("谢芳", "xiefang"), ("唐秀", "tangxiu")):
        content["人员"][name]["企业微信"] = account
    return content


def bearer(office: Office) -> dict[str, str]:
    return {"authorization": f"Bearer {local_token(office.desk.secret)}"}


ROLL_CALLS = {
    "a name with brackets": ("值班查岗（夜）", "查岗", "查岗"),
    "a text that is too long": ("值班查岗", "查岗" * 1001, "没有叫成"),
}


@pytest.mark.parametrize(("name", "text", "said"), ROLL_CALLS.values(), ids=ROLL_CALLS)
def test_no_roll_call_stops_everything_else(
    tmp_path: Path, name: str, text: str, said: str
) -> None:
    plan = {"内容": text, "叫": "谢芳", "阶梯": "日常", "时间": "02:00-02:30", "何时": "每天"}
    with story(tmp_path, BEGINS) as office:
        begin(office, rich_town(叫应={name: plan}))
        office.until("2026-07-01T02:35")
        assert office.server.troubles() == ()
        told = [one for group in office.sandbox.groups() for one in office.group(group.name)]
        assert said in told[0].text


def test_two_calls_at_the_same_instant_are_two_calls(tmp_path: Path) -> None:
    with story(tmp_path, BEGINS) as office:
        begin(office, rich_town())
        first, _ = office.do(open_call(office.desk, CallRequest("暴雨红色预警", ("谢芳",))))
        second, is_new = office.do(open_call(office.desk, CallRequest("危化品泄漏", ("谢芳",))))
        assert is_new
        assert first.id != second.id
        office.pass_to(office.clock.instant)
        office.expects("叫应应用", "暴雨红色预警", "危化品泄漏")
        office.expects("村社区安全群", "暴雨红色预警", "危化品泄漏")


def test_dead_app_and_dead_group_leave_the_text_message(tmp_path: Path) -> None:
    with story(tmp_path, BEGINS) as office:
        begin(office, rich_town())
        office.sandbox.refuse("叫应应用", -1, "system busy")
        office.sandbox.refuse("村社区安全群", -1, "system busy")
        call(office, "谢芳")
        office.until("2026-07-01T02:02")
        assert office.group("短信"), "within 60 s"


def test_the_list_reaches_whoever_the_app_does_not_know(tmp_path: Path) -> None:
    content = rich_town()
    content["单位"]["应急办"]["群"] = "经发群"
    with story(tmp_path, BEGINS) as office:
        begin(office, content)
        office.sandbox.estrange("叫应应用", "zhoumin", "hejing")
        call(office, "谢芳")
        office.until("2026-07-01T02:07")
        said = "".join(
            one.text for name in ("短信", "安委办工作群", "经发群") for one in office.group(name)
        )
        assert "未叫醒名单" in said
        for name in ("叫应应用", "村社区安全群"):
            office.group(name)
