"""值班查岗: a roll call makes itself, at a moment nobody knows, once, and only when it should."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from notifier.events import Call
from notifier.ledger import call_reads
from tests.stories.office import Office, story
from tests.stories.test_hostile_calls import begin, rich_town

EVENING = "2026-07-01T02:00+08:00"


def plan(window: str, when: str = "每天") -> dict[str, Any]:
    content = {"内容": "值班查岗", "叫": "谢芳", "阶梯": "日常", "时间": window, "何时": when}
    return {"夜间查岗": content}


def made(office: Office) -> tuple[Call, ...]:
    return tuple(reversed(office.ledger.read(call_reads.latest_calls, 50)))


def hangs_up(office: Office) -> None:
    for group in office.sandbox.groups():
        office.group(group.name)


def local(office: Office, moment: datetime) -> datetime:
    return office.desk.hours.local(moment).replace(tzinfo=None)


def test_a_window_over_midnight_is_one_window(tmp_path: Path) -> None:
    with story(tmp_path, EVENING) as office:
        begin(office, rich_town(叫应=plan("23:30-00:30")))
        office.until("2026-07-05T12:00")
        moments = [local(office, one.begun) for one in made(office)]
        assert len(moments) == 4
        for day, moment in enumerate(moments, start=1):
            opens = datetime(2026, 7, day, 23, 30)
            assert opens <= moment <= opens + timedelta(hours=1)
        hangs_up(office)


def test_only_in_key_periods_where_it_says_so(tmp_path: Path) -> None:
    content = rich_town(叫应=plan("20:00-21:00", "重点时段"))
    season = {"名称": "汛期", "开始": "2026-07-03", "结束": "2026-07-04"}
    content["日历"] = {"重点时段": [season]}
    with story(tmp_path, EVENING) as office:
        begin(office, content)
        assert not office.desk.rules_trouble
        office.until("2026-07-08T12:00")
        assert [local(office, one.begun).day for one in made(office)] == [3, 4]
        hangs_up(office)


@pytest.mark.parametrize("minutes", range(5, 60, 10))
def test_a_restart_inside_the_window_neither_loses_nor_doubles_it(
    tmp_path: Path, minutes: int
) -> None:
    with story(tmp_path, EVENING) as office:
        begin(office, rich_town(叫应=plan("20:00-21:00")))
        office.until(f"2026-07-01T20:{minutes:02}")
        office.stops()
        office.starts()
        office.until("2026-07-01T20:59:59")
        office.stops()
        office.starts()
        office.until("2026-07-02T12:00")
        (once,) = made(office)
        assert local(office, once.begun).hour == 20
        hangs_up(office)


def test_what_was_missed_for_the_whole_window_is_not_made_later(tmp_path: Path) -> None:
    with story(tmp_path, EVENING) as office:
        begin(office, rich_town(叫应=plan("20:00-21:00")))
        office.until("2026-07-01T19:59")
        office.stops()
        office.clock.instant += timedelta(hours=2)
        office.starts()
        office.until("2026-07-02T12:00")
        assert not made(office)


def test_what_was_missed_in_a_part_of_the_window_is_made_at_once(tmp_path: Path) -> None:
    with story(tmp_path, EVENING) as office:
        begin(office, rich_town(叫应=plan("20:00-21:00")))
        office.until("2026-07-01T19:59")
        office.stops()
        office.clock.instant += timedelta(minutes=60)
        office.starts()
        office.until("2026-07-02T12:00")
        (once,) = made(office)
        assert local(office, once.begun) == datetime(2026, 7, 1, 20, 59)
        hangs_up(office)
