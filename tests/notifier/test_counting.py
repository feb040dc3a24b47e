"""What a reply in chat counts for, as the table counting.yaml says."""

import re
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from notifier.replying.counting import amounts_in, objects_in
from notifier.standing import Standing
from obligations.duties import Duty

TABLE = yaml.safe_load(Path(__file__).with_name("counting.yaml").read_text("utf-8"))


def owing(left: list[str]) -> Standing:
    found = [re.fullmatch(r"(\d+)(.+)", one) for one in left]
    amounts = tuple((int(one[1]), one[2]) for one in found if one)
    objects = tuple(one for one, amount in zip(left, found, strict=True) if not amount)
    opens, closes = datetime(2026, 7, 1), datetime(2026, 8, 1)
    duty = Duty(
        "A-1/周敏/2026-07",
        "A-1",
        "检查",
        "周敏",
        "周敏",
        "应急办",
        "2026-07",
        opens,
        closes,
        max(len(objects), 1),
        "每月",
        amounts=amounts,
        objects=objects,
    )
    return Standing(duty)


@pytest.mark.parametrize("case", TABLE, ids=lambda case: case["话"])
def test_a_reply_counts_for_what_it_names(case: dict[str, Any]) -> None:
    standing = owing(case["还差"])
    found = amounts_in(case["话"], standing) or objects_in(case["话"], standing)
    assert list(found) == case["记下"]
