"""A quarter of one office, from the first reminder to the last answer."""

from pathlib import Path

from notifier.standing import State
from tests.stories.office import Phone, story

MEETING = {
    "编号": "QX-03",
    "事项": "召集会议研究安全生产重大问题",
    "责任人": "应急办主任",
    "频次": "每季度至少1次",
    "佐证": "会议纪要",
    "来源": {"文件": "青溪府发〔2026〕1号", "条目": "3"},
}
KEY = "QX-03/周敏/2026Q3"
WORK_GROUP = "安委办工作群"


def test_a_quarter_without_an_answer_is_reminded_five_times_then_overdue(tmp_path: Path) -> None:
    with story(tmp_path, "2026-07-01T08:00+08:00", MEETING) as office:
        office.until("2026-07-01T09:00")
        office.expects(WORK_GROUP, "周敏", "新任务", "9月30日前", "召集会议")
        office.until("2026-09-04T18:00")
        half, third = office.group(WORK_GROUP)
        assert "时间过半" in half.text
        assert "已过三分之二" in third.text
        office.until("2026-09-30T18:00")
        near, final = office.group(WORK_GROUP)
        assert "快到期" in near.text
        assert "今天到期" in final.text
        office.until("2026-10-09T09:00")
        office.expects(WORK_GROUP, "逾期")


def test_an_answer_stops_the_reminders(tmp_path: Path) -> None:
    with story(tmp_path, "2026-07-01T08:00+08:00", MEETING) as office:
        office.until("2026-07-01T09:00")
        phone = Phone.of(office, office.expects(WORK_GROUP, "召集会议"))
        assert "召集会议研究安全生产重大问题" in phone.opens().text
        office.until("2026-07-10T10:00")
        assert phone.answers(KEY, "done", on="2026-07-09", note="第三次例会").status_code == 303
        office.until("2026-12-31T18:00")  # the next quarter begins, this one stays silent
        messages = office.group(WORK_GROUP)
        assert [one.text for one in messages if "9月30日" in one.text] == []
        assert office.standing(KEY).state is State.DONE
        assert "已办" in office.get("/").text


def test_having_heard_silences_what_comes_next_but_not_the_end(tmp_path: Path) -> None:
    with story(tmp_path, "2026-07-01T08:00+08:00", MEETING) as office:
        office.until("2026-07-01T09:00")
        phone = Phone.of(office, office.expects(WORK_GROUP))
        assert phone.answers(KEY, "heard").status_code == 303
        office.until("2026-09-20T18:00")
        office.expects_nothing()
        office.until("2026-09-29T18:00")
        office.expects(WORK_GROUP, "快到期")
        office.until("2026-09-30T18:00")
        office.expects(WORK_GROUP, "今天到期")


def test_a_postponed_duty_is_silent_until_the_day_asked_for(tmp_path: Path) -> None:
    with story(tmp_path, "2026-07-01T08:00+08:00", MEETING) as office:
        office.until("2026-07-01T09:00")
        phone = Phone.of(office, office.expects(WORK_GROUP))
        phone.answers(KEY, "postponed", until="2026-10-16", note="换届")
        office.until("2026-10-15T18:00")
        office.group(WORK_GROUP)  # the fourth quarter's own first reminder
        office.until("2026-10-16T09:00")
        office.expects(WORK_GROUP, "今天到期", "召集会议")
        assert "申请延期" in office.get("/").text


def test_the_ledger_tells_the_whole_story_with_reasons(tmp_path: Path) -> None:
    with story(tmp_path, "2026-07-01T08:00+08:00", MEETING) as office:
        office.until("2026-07-01T09:00")
        Phone.of(office, office.expects(WORK_GROUP)).answers(KEY, "done")
        assert office.kinds(KEY) == ["Opened", "Queued", "Sending", "Sent", "Answered"]
        assert all(entry.fact.reason for entry in office.history(KEY))
        assert "周敏凭专用链接答复：已办" in office.get(f"/duty?key={KEY}").text


def test_two_people_each_get_one_digest_in_their_own_group(tmp_path: Path) -> None:
    check = {**MEETING, "编号": "QX-04", "事项": "带队检查企业", "责任人": "应急办"}
    fair = {**MEETING, "编号": "QX-05", "事项": "宣传安全知识", "责任人": "经发办"}
    with story(tmp_path, "2026-07-01T08:00+08:00", MEETING, check, fair) as office:
        office.until("2026-07-01T10:00")
        office.expects(WORK_GROUP, "周敏：2件", "召集会议", "带队检查")
        office.expects("经发群", "陈立：1件", "宣传安全知识", "@0421")


def test_nothing_is_said_on_days_off(tmp_path: Path) -> None:
    daily = {**MEETING, "编号": "QX-06", "事项": "掌握当天情况", "频次": "每个工作日"}
    with story(tmp_path, "2026-09-30T08:00+08:00", daily) as office:
        office.until("2026-09-30T16:00")
        office.expects(WORK_GROUP, "今天到期")
        office.until("2026-10-07T23:00")
        office.expects_nothing()
        office.until("2026-10-08T16:00")
        office.expects(WORK_GROUP, "掌握当天情况")


def test_a_program_started_at_night_waits_for_the_next_slot(tmp_path: Path) -> None:
    with story(tmp_path, "2026-08-21T23:00+08:00", MEETING) as office:  # a Friday, past half-time
        office.until("2026-08-24T08:59")
        office.expects_nothing()
        office.until("2026-08-24T09:00")
        office.expects(WORK_GROUP, "时间过半")
