"""What rules owe, as a table that an office can read: owed.txt."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from obligations.duties import Duty, Happening, plan
from obligations.duties.sharing import share
from obligations.rules import Bearer, Listed, load, read

TABLE = Path(__file__).with_name("owed.txt")
OFFICE = """\
办公室: {名称: 青溪镇}
单位: {应急办: {负责人: 周敏}, 经发办: {负责人: 罗兰}, 规建办: {负责人: 吴涛}}
人员:
  周敏: {职务: [应急办主任, 主要负责人]}
  罗兰: {职务: [经发办主任, 分管负责人]}
  吴涛: {职务: 规建办主任}
  冯磊: {标签: 监管人员}
"""


@dataclass(frozen=True)
class Example:
    name: str
    rules: str
    days: tuple[date, date]
    happenings: tuple[Happening, ...]
    expected: tuple[str, ...]


def examples() -> Iterator[Example]:
    for part in TABLE.read_text("utf-8").split("\n=== ")[1:]:
        asked, _, answer = part.partition("\n---")
        name, *lines = asked.splitlines()
        since, until = next(one for one in lines if one.startswith("日子:")).split()[1:]
        happened = [one.split()[1:] for one in lines if one.startswith("发生:")]
        rest = [one for one in lines if not one.startswith(("日子:", "发生:"))]
        rules = [f"  - {one.removeprefix('规则: ')}" for one in rest if one.startswith("规则: ")]
        other = [one for one in rest if not one.startswith("规则: ")]
        yield Example(
            name,
            "\n".join((OFFICE + "\n".join(other), "规则:", *rules)),
            (date.fromisoformat(since), date.fromisoformat(until)),
            tuple(Happening(h[0], h[1], date.fromisoformat(h[2]), *h[3:]) for h in happened),
            tuple(line for line in answer.splitlines() if line.strip() and line[0] != "#"),
        )


EXAMPLES = tuple(examples())


def described(duty: Duty) -> str:
    amounts = "".join(f" {n}{unit}" for n, unit in duty.amounts)
    objects = f"（{'、'.join(duty.objects)}）" if duty.objects else ""
    days = f"{duty.opens.date()}→{duty.due}"
    return f"{duty.key}  {days}  {duty.need}次{amounts}{objects}  {duty.words}"


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda one: one.name)
def test_a_rule_owes_what_the_table_says(example: Example) -> None:
    found = plan(load(example.rules), *example.days, example.happenings)
    assert tuple(map(described, found)) == example.expected


def test_no_two_duties_of_the_sample_office_have_one_key() -> None:
    office = read(Path(__file__).parents[2] / "rules.yaml")
    found = plan(office, date(2025, 1, 1), date(2027, 12, 31))
    assert len({duty.key for duty in found}) == len(found)
    assert any(duty.objects for duty in found)
    assert any(duty.amounts for duty in found)


NAMES = st.lists(st.text("甲乙丙丁戊己", min_size=1, max_size=3), unique=True, max_size=9)
OWNERS = st.sampled_from(["", "周敏", "罗兰", "外人"])
BEARERS = (Bearer("周敏"), Bearer("罗兰"), Bearer("吴涛"))


@given(NAMES, st.data())
def test_everything_on_a_list_is_somebodys_and_one_more_at_its_end_moves_nothing(
    names: list[str], data: st.DataObject
) -> None:
    objects = [Listed(name, data.draw(OWNERS)) for name in names]
    shares = {bearer.name: own for bearer, own in share(objects, BEARERS)}
    assert sorted(name for own in shares.values() for name in own) == sorted(names)
    for name, owner in ((one.name, one.bearer) for one in objects):
        assert owner not in shares or name in shares[owner]
    for bearer, own in share([*objects, Listed("新厂")], BEARERS):
        assert tuple(name for name in own if name != "新厂") == shares[bearer.name]


def test_what_happened_is_named_in_the_matter() -> None:
    rule = "规则: [{编号: A-1, 事项: 公开, 责任人: 周敏, 频次: 结案后一个月内}]"
    on = date(2026, 5, 1)
    (duty,) = plan(load(OFFICE + rule), on, on, (Happening("A-1", "结案", on, "甲案"),))
    assert duty.matter == "公开（甲案）"
