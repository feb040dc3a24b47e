"""Many people in one group: few messages, none above the robot's limit, everybody told."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.stories.office import RULES, story

PEOPLE = 48
LONG = "到企业现场检查安全生产责任制落实情况并督促整改发现的突出问题" * 12


def crowd(platform: str) -> str:
    content: dict[str, Any] = yaml.safe_load(RULES)
    for number in range(PEOPLE):
        content["人员"][f"村干部{number:02}"] = {
            "企业微信": f"u{number}",
            "钉钉": f"d{number}",
            "标签": "各村",
        }
    content["通道"] = {"安委办工作群": {"平台": platform, "地址": "沙箱"}}
    content["单位"] = {"应急办": {"负责人": "周敏", "群": "安委办工作群"}}
    return yaml.safe_dump(content, allow_unicode=True)


def rule(number: int, matter: str) -> dict[str, Any]:
    return {"编号": f"A-{number}", "事项": matter, "责任人": "各村", "频次": "每季度至少1次"}


@pytest.mark.parametrize("platform", ["企业微信群机器人", "钉钉群机器人"])
def test_a_crowd_is_told_in_few_messages(tmp_path: Path, platform: str) -> None:
    with story(tmp_path, "2026-07-01T08:00+08:00") as office:
        office.writes(rule(1, "检查辖区企业"), rule(2, "宣传安全知识"), base=crowd(platform))
        office.until("2026-07-01T09:30")
        messages = office.group("安委办工作群")
        assert len(messages) <= 10
        for number in range(PEOPLE):
            assert sum(f"村干部{number:02}" in one.text for one in messages) == 1


@pytest.mark.parametrize("platform", ["企业微信群机器人", "钉钉群机器人"])
def test_the_robot_is_never_driven_above_its_limit(tmp_path: Path, platform: str) -> None:
    duties = [rule(number, f"{number}{LONG}") for number in range(12)]
    with story(tmp_path, "2026-07-01T08:00+08:00") as office:
        office.writes(*duties, base=crowd(platform))
        office.until("2026-07-01T09:30")
        messages = office.group("安委办工作群")
        times = [one.at for one in messages]
        assert len(messages) > 20
        for first, last in zip(times, times[20:], strict=False):
            assert last - first > timedelta(seconds=60)
        for number in range(PEOPLE):
            assert office.kinds(f"A-3/村干部{number:02}/2026Q3")[-2:] == ["Sending", "Sent"]
