"""The phrase language: phrase -> schedule -> YAML -> schedule -> words -> schedule."""

import pytest

from obligations.phrases import dump, explain, find, load, parse
from obligations.schedule import Bound, Period, Quota

PLAIN = {
    "每季度至少1次": Quota(Period.QUARTER, bound=Bound.AT_LEAST),
    "每2个月": Quota(Period.MONTH, 2),
    "每年不得少于两次": Quota(Period.YEAR, count=2, bound=Bound.AT_LEAST),
    "每周1至2次": Quota(Period.WEEK, most=2),
}


@pytest.mark.parametrize(("phrase", "schedule"), PLAIN.items())
def test_a_plain_phrase_goes_all_the_way_round(phrase: str, schedule: Quota) -> None:
    assert parse(phrase) == schedule
    assert load(dump(schedule)) == schedule
    assert parse(explain(schedule)) == schedule


def test_a_period_that_rules_two_duties_gives_two_mentions() -> None:
    line = "主要负责人每月开展1次检查，组织1次研究。"
    assert [line[m.start : m.end] for m in find(line)] == [
        "每月开展1次",
        "每月开展1次检查，组织1次",
    ]
