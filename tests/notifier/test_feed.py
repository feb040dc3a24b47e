"""Calendars: an independent program reads them, names stay, what is revoked opens nothing."""

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
import vobject
from hypothesis import given
from hypothesis import strategies as st

from notifier.decisions import Clerk, waive
from notifier.hours import Hours, office_hours
from notifier.ledger.feed_reads import Edition
from notifier.report.feed import Feed, make_feed
from notifier.standing import Standing
from notifier.web.api import local_token
from obligations.duties import Duty
from obligations.rules import Office as Written
from tests.stories.office import Office, Phone, story

RULE = {
    "编号": "QX-03",
    "事项": "召集会议, 研究;安全\\生产",
    "责任人": "应急办主任",
    "频次": "每季度至少1次",
    "佐证": "会议纪要",
}
Component = Any  # the other program has no types
CLERK = Clerk("办公室", "机构撤并")
HOURS: Hours = office_hours(Written("青溪镇"))


def issued(office: Office, **body: str | bool) -> str:
    token = local_token(office.desk.secret)
    answer = office.sends("/api/feeds", body, {"Authorization": f"Bearer {token}"})
    assert answer.status_code == 200, answer.text
    url: str = answer.json()["url"]
    return url.removeprefix("http://office.test")


def read(office: Office, path: str) -> Mapping[str, Component]:
    """Give the events by name, as another's program reads them."""
    answer = office.get(path)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    return {one.uid.value: one for one in parsed(answer.content)}


def parsed(content: bytes) -> list[Component]:
    calendar = vobject.readOne(content.decode())
    return [*calendar.contents.get("vevent", ()), *calendar.contents.get("vtodo", ())]


def of(found: Mapping[str, Component], component: str, due: str) -> Component:
    """Give the one event or task of a due day."""
    days = {"VEVENT": "dtstart", "VTODO": "due"}
    fitting = [
        one
        for one in found.values()
        if one.name == component and str(getattr(one, days[component]).value).startswith(due)
    ]
    assert len(fitting) == 1
    return fitting[0]


def test_a_quota_is_a_task_with_its_due_time_and_an_event_on_its_due_day(tmp_path: Path) -> None:
    with story(tmp_path, "2026-07-01T08:00+08:00", RULE) as office:
        office.until("2026-07-01T08:30")
        found = read(office, issued(office, person="周敏"))
        task = of(found, "VTODO", "2026-09-30")
        assert task.summary.value == "召集会议, 研究;安全\\生产"
        assert task.due.value.isoformat() == "2026-09-30T23:59:00+08:00"
        assert task.status.value == "NEEDS-ACTION"
        event = of(found, "VEVENT", "2026-09-30")
        assert event.dtstart.value == date(2026, 9, 30)
        assert event.dtend.value == date(2026, 10, 1)
        assert "佐证：会议纪要" in event.description.value


def test_names_stay_over_edits_and_each_edit_is_newer(tmp_path: Path) -> None:
    with story(tmp_path, "2026-07-01T08:00+08:00", RULE) as office:
        office.until("2026-07-01T09:00")
        phone = Phone.of(office, office.expects("安委办工作群"))
        path = issued(office, person="周敏")
        before = read(office, path)
        office.writes({**RULE, "事项": "召开季度会议", "频次": "每季度至少2次"})
        office.until("2026-07-01T09:10")
        phone.answers("QX-03/周敏/2026Q3", "done", on="2026-07-01")
        after = read(office, path)
        assert set(after) == set(before)
        old, new = of(before, "VTODO", "2026-09-30"), of(after, "VTODO", "2026-09-30")
        assert old.uid.value == new.uid.value
        assert int(new.sequence.value) == int(old.sequence.value) + 2
        assert new.last_modified.value > old.last_modified.value
        assert new.summary.value == "召开季度会议（已报1次，还差1次）"
        assert new.percent_complete.value == "50"


def test_what_is_not_open_yet_keeps_its_name_when_it_opens(tmp_path: Path) -> None:
    with story(tmp_path, "2026-09-20T10:00+08:00", RULE) as office:
        office.until("2026-09-20T10:10")
        path = issued(office, person="周敏")
        ahead = of(read(office, path), "VEVENT", "2026-12-31")
        office.until("2026-10-08T08:00")
        opened = of(read(office, path), "VEVENT", "2026-12-31")
        assert ahead.uid.value == opened.uid.value
        assert opened.dtstamp.value >= ahead.dtstamp.value
        for group in ("安委办工作群",):
            office.group(group)


def test_what_was_waived_is_cancelled_for_thirty_days_and_then_gone(tmp_path: Path) -> None:
    with story(tmp_path, "2026-07-01T07:00+08:00", RULE) as office:
        office.until("2026-07-01T07:10")
        path = issued(office, person="周敏")
        office.do(waive(office.desk, "QX-03/周敏/2026Q3", CLERK))
        found = read(office, path)
        assert of(found, "VEVENT", "2026-09-30").status.value == "CANCELLED"
        assert of(found, "VTODO", "2026-09-30").status.value == "CANCELLED"
        office.until("2026-07-30T07:00")
        assert len([one for one in read(office, path).values() if is_of(one, "2026-09-30")]) == 2
        office.until("2026-08-01T07:00")
        assert not [one for one in read(office, path).values() if is_of(one, "2026-09-30")]


def is_of(one: Component, day: str) -> bool:
    return str((one.due if one.name == "VTODO" else one.dtstart).value).startswith(day)


def test_a_revoked_address_opens_nothing_and_the_new_one_does(tmp_path: Path) -> None:
    with story(tmp_path, "2026-07-01T07:00+08:00", RULE) as office:
        office.until("2026-07-01T07:10")
        old = issued(office, person="周敏")
        assert issued(office, person="周敏") == old
        new = issued(office, person="周敏", revoke=True)
        assert new != old
        gone = office.get(old)
        assert gone.status_code == 410
        assert "已经停用" in gone.text
        assert read(office, new)
        assert office.kinds("日历/人员/周敏") == ["FeedSet"]
        assert read(office, issued(office, unit="应急办"))  # another address of its own


def test_a_unit_sees_its_own_duties_and_no_others(tmp_path: Path) -> None:
    other = {"编号": "QX-04", "事项": "检查企业", "责任人": "陈立", "频次": "每月至少1次"}
    with story(tmp_path, "2026-07-01T07:00+08:00", RULE, other) as office:
        office.until("2026-07-01T07:10")
        texts = {one.summary.value for one in read(office, issued(office, unit="经发办")).values()}
        assert texts == {"检查企业"}
        texts = {one.summary.value for one in read(office, issued(office, person="周敏")).values()}
        assert texts == {"召集会议, 研究;安全\\生产"}


@pytest.mark.parametrize("path", ["/ics/x.ics", "/ics/WyJhIiwxXQ.sig.ics", "/ics/%00.ics"])
def test_a_made_up_address_opens_nothing(tmp_path: Path, path: str) -> None:
    with story(tmp_path, "2026-07-01T07:00+08:00", RULE) as office:
        assert office.get(path).status_code == 404


def test_an_answer_link_opens_no_calendar(tmp_path: Path) -> None:
    with story(tmp_path, "2026-07-01T08:59+08:00", RULE) as office:
        office.until("2026-07-01T09:00")
        phone = Phone.of(office, office.expects("安委办工作群"))
        assert office.get(f"/ics/{phone.link.rpartition('/')[2]}.ics").status_code == 404
        calendar = issued(office, person="周敏").rpartition("/")[2].removesuffix(".ics")
        assert office.get(f"/a/{calendar}").status_code == 403


def test_a_phone_that_asks_again_is_told_that_nothing_is_new(tmp_path: Path) -> None:
    with story(tmp_path, "2026-07-01T07:00+08:00", RULE) as office:
        office.until("2026-07-01T07:10")
        path = issued(office, person="周敏")
        mark = office.get(path).headers["etag"]
        again = office.get(path, {"If-None-Match": mark})
        assert again.status_code == 304
        assert again.content == b""
        office.do(waive(office.desk, "QX-03/周敏/2026Q3", CLERK))
        assert office.get(path, {"If-None-Match": mark}).status_code == 200


@pytest.mark.parametrize("body", [{}, {"person": "没有这个人"}, {"unit": 7}, {"unit": "周敏"}])
def test_nobody_unknown_gets_a_calendar(tmp_path: Path, body: dict[str, Any]) -> None:
    with story(tmp_path, "2026-07-01T07:00+08:00", RULE) as office:
        headers = {"Authorization": f"Bearer {local_token(office.desk.secret)}"}
        assert office.sends("/api/feeds", body, headers).status_code == 400
        assert office.sends("/api/feeds", {"person": "周敏"}, {}).status_code == 401


def feed_of(matter: str) -> bytes:
    duty = Duty(
        key="QX-03/周敏/2026Q3",
        rule="QX-03",
        matter=matter,
        bearer="周敏",
        person="周敏",
        unit="应急办",
        label="2026Q3",
        opens=datetime(2026, 7, 1),
        closes=datetime(2026, 10, 1),
        need=1,
        words="每季度至少1次",
        evidence=matter,
    )
    at = datetime(2026, 7, 1, tzinfo=UTC)
    feed = Feed(matter, (Standing(duty),), {duty.key: Edition(0, at)}, "")
    return make_feed(feed, HOURS, at)


@given(st.text(st.characters(codec="utf-8"), max_size=300))
def test_no_text_breaks_out_of_its_line(matter: str) -> None:
    content = feed_of(matter)
    lines = content.split(b"\r\n")
    assert all(len(line) <= 75 for line in lines)
    assert not re.search(rb"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]|\r(?!\n)|(?<!\r)\n", content)
    event, task = parsed(content)
    assert event.status.value == "CONFIRMED"
    assert task.uid.value.endswith("@jiaoying")
    assert event.summary.value == task.summary.value
    assert content.count(b"\r\nBEGIN:VEVENT\r\n") == 1


def test_text_that_looks_like_a_calendar_stays_text() -> None:
    hostile = "会\r\nEND:VEVENT\r\nBEGIN:VALARM\nATTACH:file:///etc/passwd\u2028X\rSTATUS:CANCELLED"
    event, _ = parsed(feed_of(hostile))
    assert "END:VEVENT" in event.summary.value
    assert event.status.value == "CONFIRMED"
    assert "valarm" not in event.contents
