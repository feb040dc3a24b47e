"""Whoever holds a link may answer, once, for himself; whatever else happens is told in words."""

from datetime import timedelta
from pathlib import Path

import pytest

from notifier import links
from notifier.links import Pass
from tests.stories.office import Office, Phone, story

WORK_GROUP = "安委办工作群"
RULE = {"编号": "QX-03", "事项": "召集会议", "责任人": "应急办主任", "频次": "每季度至少1次"}
OTHER = {**RULE, "编号": "QX-04", "事项": "带队检查"}
FOREIGN = {**RULE, "编号": "QX-05", "事项": "宣传安全知识", "责任人": "经发办"}
KEY = "QX-03/周敏/2026Q3"


def reminded(office: Office) -> Phone:
    office.until("2026-07-01T09:00")
    office.group("经发群")
    return Phone.of(office, office.expects(WORK_GROUP))


def test_opening_a_link_changes_nothing_however_often(tmp_path: Path) -> None:
    with story(tmp_path, "2026-07-01T08:59+08:00", RULE) as office:
        phone = reminded(office)
        before = len(office.history(KEY))
        pages = {phone.opens().text for _ in range(5)}
        assert len(pages) == 1
        assert len(office.history(KEY)) == before


def test_a_digest_is_answered_line_by_line(tmp_path: Path) -> None:
    with story(tmp_path, "2026-07-01T08:59+08:00", RULE, OTHER) as office:
        phone = reminded(office)
        phone.answers("QX-04/周敏/2026Q3", "done", note="查了三家")
        page = phone.opens().text
        assert "查了三家" in page
        assert page.count("确认已办") == 1


def test_a_second_answer_is_told_that_it_is_done(tmp_path: Path) -> None:
    with story(tmp_path, "2026-07-01T08:59+08:00", RULE) as office:
        phone = reminded(office)
        phone.answers(KEY, "done")
        again = phone.answers(KEY, "done")
        assert again.status_code == 409
        assert "已经报过办结" in again.text
        assert office.kinds(KEY).count("Answered") == 1


def test_an_old_link_says_when_it_ended(tmp_path: Path) -> None:
    with story(tmp_path, "2026-07-01T08:59+08:00", RULE) as office:
        phone = reminded(office)
        office.clock.instant += links.LIFETIME + timedelta(seconds=2)
        page = phone.opens()
        assert page.status_code == 410
        assert "已于2026年10月9日到期" in page.text
        assert phone.answers(KEY, "done").status_code == 410


@pytest.mark.parametrize("change", ["a", "", "."])
def test_a_changed_link_is_not_ours(tmp_path: Path, change: str) -> None:
    with story(tmp_path, "2026-07-01T08:59+08:00", RULE) as office:
        phone = reminded(office)
        forged = Phone(office, phone.link[:-1] + change)
        assert forged.opens().status_code == 403
        assert "不是本系统发出的" in forged.answers(KEY, "done").text
        assert "Answered" not in office.kinds(KEY)


def test_nobody_answers_for_what_his_message_did_not_say(tmp_path: Path) -> None:
    with story(tmp_path, "2026-07-01T08:59+08:00", RULE, FOREIGN) as office:
        phone = reminded(office)
        refused = phone.answers("QX-05/经发办/2026Q3", "done")
        assert refused.status_code == 403
        assert "Answered" not in office.kinds("QX-05/经发办/2026Q3")


def test_a_link_to_a_message_that_never_was_leads_nowhere(tmp_path: Path) -> None:
    with story(tmp_path, "2026-07-01T08:59+08:00", RULE) as office:
        reminded(office)
        token = links.sign(office.desk.secret, Pass("NOSUCH", "周敏"), office.clock.now())
        assert office.get(f"/a/{token}").status_code == 404


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ({"answer": ""}, "请点“收到”“已办”或“延期”"),
        ({"answer": "done", "on": "2026-07-02"}, "不能晚于今天"),
        ({"answer": "done", "on": "昨天"}, "看不懂"),
        ({"answer": "done", "on": "1990-01-01"}, "不能早于"),
        ({"answer": "heard", **{f"x{n}": "1" for n in range(30)}}, "读不懂"),
        ({"answer": "done", "note": "长" * 501}, "最多500字"),
        ({"answer": "done", "note": "长" * 9999}, "太长"),
        ({"answer": "postponed", "note": "没空"}, "延到哪一天"),
        ({"answer": "postponed", "until": "2026-07-01", "note": "没空"}, "晚于今天"),
        ({"answer": "postponed", "until": "2029-07-01", "note": "没空"}, "最长一年"),
        ({"answer": "postponed", "until": "2026-07-09", "note": " "}, "写明原因"),
    ],
)
def test_a_form_that_does_not_fit_says_why(
    tmp_path: Path, form: dict[str, str], words: str
) -> None:
    with story(tmp_path, "2026-07-01T08:59+08:00", RULE) as office:
        response = reminded(office).answers(KEY, **form)
        assert response.status_code in (400, 409)
        assert words in response.text
        assert "Answered" not in office.kinds(KEY)


def test_a_second_tap_on_the_same_page_is_not_a_second_report(tmp_path: Path) -> None:
    twice = {**RULE, "频次": "每季度至少2次"}
    with story(tmp_path, "2026-07-01T08:59+08:00", twice) as office:
        phone = reminded(office)
        assert phone.answers(KEY, "done", seen="0").status_code == 303
        again = phone.answers(KEY, "done", seen="0")
        assert again.status_code == 409
        assert "没有重复记" in again.text
        assert phone.answers(KEY, "done", seen="1").status_code == 303
        assert office.standing(KEY).done == 2


def test_nobody_floods_the_record_through_one_link(tmp_path: Path) -> None:
    with story(tmp_path, "2026-07-01T08:59+08:00", RULE) as office:
        phone = reminded(office)
        statuses = [
            phone.answers(KEY, "postponed", until="2026-08-01", note="忙").status_code
            for _ in range(25)
        ]
        assert statuses.count(303) == 20


def test_hostile_words_stay_words(tmp_path: Path) -> None:
    with story(tmp_path, "2026-07-01T08:59+08:00", RULE) as office:
        phone = reminded(office)
        phone.answers(KEY, "done", note="<script>alert(1)</script><@all>")
        for page in (phone.opens().text, office.get(f"/duty?key={KEY}").text):
            assert "<script>alert" not in page
            assert "&lt;script&gt;" in page


def test_answer_pages_are_not_kept_framed_or_leaked(tmp_path: Path) -> None:
    with story(tmp_path, "2026-07-01T08:59+08:00", RULE) as office:
        headers = reminded(office).opens().headers
        assert headers["cache-control"] == "no-store"
        assert headers["referrer-policy"] == "same-origin"
        assert "frame-ancestors 'self'" in headers["content-security-policy"]
