"""What a phone hands in with an answer, and what the office makes of it."""

from pathlib import Path
from typing import Any

import httpx
import pytest

from notifier.events import EvidenceGiven, Inspected, Reviewed
from notifier.evidence import check, place
from notifier.evidence.store import LARGEST
from notifier.standing import State
from notifier.web import Doors, make_app
from tests.notifier.pictures import package, photo
from tests.stories.office import RULES, Office, Phone, story

KEY = "QX-03/周敏/2026Q3"
RULE = {"编号": "QX-03", "事项": "检查企业", "责任人": "应急办主任", "频次": "每季度至少1次"}
File = tuple[str, tuple[str, bytes, str]]


def opened(office: Office) -> tuple[Phone, Path]:
    """Give the phone that was told of the duty, with a folder for evidence."""
    folder = office.folder / "evidence"
    doors = Doors(is_open=True, evidence=folder)
    office.app = make_app(office.desk, office.sandbox, office.server.troubles, doors)
    office.until("2026-07-01T09:00")
    return Phone.of(office, office.expects("安委办工作群")), folder


def hands_in(phone: Phone, *files: File, path: str = "/evidence", **form: str) -> httpx.Response:
    async def post() -> httpx.Response:
        transport = httpx.ASGITransport(phone.office.app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://office.test") as client:
            fields = {"key": KEY, **form}
            return await client.post(phone.link + path, data=fields, files=files or NO_FILES)

    return phone.office.do(post())


def file(body: bytes, name: str = "现场.jpg", kind: str = "text/html") -> File:
    return ("files", (name, body, kind))


NO_FILES = [("files", ("", b"", "application/octet-stream"))]  # what browsers send for none chosen
DONE = {"answer": "done", "on": "2026-07-01", "seen": "0"}


def test_a_photo_comes_with_the_answer_and_keeps_what_it_says(tmp_path: Path) -> None:
    with story(tmp_path, "2026-07-01T08:59+08:00", RULE) as office:
        phone, folder = opened(office)
        response = hands_in(phone, file(photo()), **DONE, place="甲厂", findings="通道堵塞")
        assert response.status_code == 303
        assert phone.link.endswith(response.headers["location"])
        assert office.kinds(KEY)[-3:] == ["Answered", "Inspected", "EvidenceGiven"]
        given, minutes = office.history(KEY)[-1].fact, office.history(KEY)[-2].fact
        assert isinstance(given, EvidenceGiven)
        assert isinstance(minutes, Inspected)
        assert given.position == (29.51, 106.25)
        assert "拍于2026-08-14 15:06，照片里的位置：北纬29.51、东经106.25" in given.reason
        assert minutes.reason == "周敏填写检查记录。地点：甲厂；发现问题：通道堵塞"
        assert place(folder, given.digest).read_bytes() == photo()
        assert office.standing(KEY).state is State.DONE
        assert given.digest in phone.opens().text
        assert given.digest in office.get(f"/duty?key={KEY}").text
        assert office.ledger.read(check, folder) == (1, None)


def test_what_is_shown_is_a_file_that_does_nothing(tmp_path: Path) -> None:
    with story(tmp_path, "2026-07-01T08:59+08:00", RULE) as office:
        phone, _ = opened(office)
        hands_in(phone, file(photo(), "<script>现场.html"), file(b"%PDF-1.7 <script>"), **DONE)
        shown, paper = office.standing(KEY).evidence
        for path in (f"/evidence/{shown.digest}", f"{phone.link}/evidence/{shown.digest}"):
            found = office.get(path)
            assert found.headers["content-type"] == "image/jpeg"
            assert b"Exif" not in found.content
            harmless(found)
        original = office.get(f"/evidence/{shown.digest}/original")
        assert original.content == photo()
        harmless(original)
        found = office.get(f"{phone.link}/evidence/{paper.digest}")
        assert found.headers["content-type"] == "application/pdf"
        harmless(found)


def harmless(found: httpx.Response) -> None:
    assert found.status_code == 200
    assert found.headers["content-disposition"].startswith("attachment")
    assert ".html" not in found.headers["content-disposition"]
    assert found.headers["content-security-policy"] == "sandbox; default-src 'none'"
    assert found.headers["x-content-type-options"] == "nosniff"


def test_a_stranger_sees_no_evidence(tmp_path: Path) -> None:
    other = {"编号": "QX-04", "事项": "开会", "责任人": "陈立", "频次": "每季度至少1次"}
    with story(tmp_path, "2026-07-01T08:59+08:00", RULE, other) as office:
        phone, folder = opened(office)
        stranger = Phone.of(office, office.expects("经发群"))
        hands_in(phone, file(photo()), **DONE)
        digest = office.standing(KEY).evidence[0].digest
        assert office.get(f"{stranger.link}/evidence/{digest}").status_code == 404
        assert hands_in(stranger, file(photo("blue")), **DONE).status_code == 403
        closed = Doors(is_open=False, evidence=folder)
        office.app = make_app(office.desk, office.sandbox, office.server.troubles, closed)
        assert office.get(f"/evidence/{digest}").status_code == 403
        assert office.get(f"/evidence/{digest}/original").status_code == 403
        assert office.get(f"{phone.link[:-3]}/evidence/{digest}").status_code == 403


@pytest.mark.parametrize("digest", ["x", "..%2f..%2fledger.db", "a" * 64, "%00"])
def test_no_address_reaches_anything_but_evidence(tmp_path: Path, digest: str) -> None:
    with story(tmp_path, "2026-07-01T08:59+08:00", RULE) as office:
        opened(office)
        assert office.get(f"/evidence/{digest}").status_code == 404


@pytest.mark.parametrize(
    ("files", "form", "said"),
    [
        ([file(b"<html>")], DONE, "不是能收的文件"),
        ([file(photo()), file(b"MZ", "a.exe")], DONE, "“a.exe”不是能收的文件"),
        ([file(photo()[:50])], DONE, "没有传完整"),
        ([file(package("x"), "a.zip")], DONE, "压缩包"),
        ([file(photo() + b"\0" * LARGEST)], DONE, "最多20MB"),
        ([file(photo())] * 10, DONE, "超过9个"),
        ([], {}, "还没有选照片"),
        ([file(photo())], {**DONE, "on": "2027-01-01"}, "不能晚于今天"),
        ([file(photo())], {**DONE, "answer": "x"}, "请点“收到”"),
        ([], {**DONE, "place": "长" * 301}, "“地点”太长"),
    ],
)
def test_what_is_wrong_with_one_part_leaves_nothing_recorded(
    tmp_path: Path, files: list[File], form: dict[str, str], said: str
) -> None:
    with story(tmp_path, "2026-07-01T08:59+08:00", RULE) as office:
        phone, _ = opened(office)
        before = office.kinds(KEY)
        response = hands_in(phone, *files, **form)
        assert response.status_code in {400, 409}
        assert said in response.text
        assert office.kinds(KEY) == before


def test_a_form_that_makes_no_sense_is_told_so(tmp_path: Path) -> None:
    with story(tmp_path, "2026-07-01T08:59+08:00", RULE) as office:
        phone, _ = opened(office)
        path = f"{phone.link}/evidence"
        broken = {"Content-Type": "multipart/form-data"}
        assert "读不懂" in office.post(path, {"key": KEY}, broken).text
        plain = office.post(path, {"key": KEY, "answer": "heard"})
        assert plain.status_code == 303
        assert office.get(path).status_code == 303
        assert office.standing(KEY).state is State.HEARD


def test_without_a_folder_for_it_words_are_taken_and_files_are_not(tmp_path: Path) -> None:
    with story(tmp_path, "2026-07-01T08:59+08:00", RULE) as office:
        office.until("2026-07-01T09:00")
        phone = Phone.of(office, office.expects("安委办工作群"))
        assert "没有设存放材料的文件夹" in hands_in(phone, file(photo()), **DONE).text
        assert hands_in(phone, **DONE, place="甲厂").status_code == 303
        assert office.kinds(KEY)[-2:] == ["Answered", "Inspected"]


def test_a_duty_takes_only_so_many_files(tmp_path: Path) -> None:
    with story(tmp_path, "2026-07-01T08:59+08:00", RULE) as office:
        phone, _ = opened(office)
        for row in range(7):
            some = [file(photo(size=(20 + row, 20 + column))) for column in range(9)]
            answer = hands_in(phone, *some)
        assert answer.status_code == 409
        assert "最多60个" in answer.text
        assert len(office.standing(KEY).evidence) == 54


def test_material_can_follow_an_answer_and_the_same_photo_is_known_again(tmp_path: Path) -> None:
    other = {**RULE, "编号": "QX-04", "事项": "检查另一家"}
    with story(tmp_path, "2026-07-01T08:59+08:00", RULE, other) as office:
        phone, _ = opened(office)
        phone.answers(KEY, "done", on="2026-07-01")
        assert hands_in(phone, file(photo())).status_code == 303
        assert hands_in(phone, file(photo(), "again.jpg")).status_code == 303
        assert office.kinds(KEY).count("EvidenceGiven") == 1
        assert len(office.standing(KEY).answers) == 1
        hands_in(phone, file(photo()), key="QX-04/周敏/2026Q3")
        reason: Any = office.history("QX-04/周敏/2026Q3")[-1].fact.reason
        assert f"与周敏为{KEY}交的是同一个文件" in reason


def test_what_was_sent_back_opens_again_and_its_person_is_told(tmp_path: Path) -> None:
    with story(tmp_path, "2026-07-01T08:59+08:00", RULE) as office:
        phone, _ = opened(office)
        hands_in(phone, file(photo()), **DONE)
        form = {"key": KEY, "nth": "0", "by": "李四", "reason": "看不清牌子"}
        assert office.post("/duty/return", {**form, "reason": ""}).status_code == 400
        assert office.post("/duty/return", form).status_code == 303
        standing = office.standing(KEY)
        assert standing.state is State.OPEN
        assert not standing.answers[0].counts
        assert "已经审核过" in office.post("/duty/accept", form).text
        office.until("2026-07-01T09:30")
        office.expects("安委办工作群", "被李四退回：看不清牌子")
        assert "李四退回周敏的答复：看不清牌子" in phone.opens().text
        hands_in(phone, file(photo("blue")), **{**DONE, "seen": "1"})
        assert office.standing(KEY).state is State.DONE
        assert office.post("/duty/accept", {**form, "nth": "1"}).status_code == 303
        fact = office.history(KEY)[-1].fact
        assert isinstance(fact, Reviewed)
        assert fact.accepted
        assert office.post("/duty/accept", {**form, "nth": "7"}).status_code == 400


def test_the_unit_that_the_rule_names_is_told_of_what_was_accepted(tmp_path: Path) -> None:
    with story(tmp_path, "2026-07-01T08:59+08:00", {**RULE, "抄报": "经发办"}) as office:
        phone, _ = opened(office)
        hands_in(phone, file(photo()), **DONE, note="查了甲厂")
        form = {"key": KEY, "nth": "0", "by": "李四", "reason": ""}
        assert office.post("/duty/accept", form).status_code == 303
        office.until("2026-07-01T09:30")
        shown = office.expects(
            "经发群", "抄报：周敏7月1日已办“检查企业”", "李四已审核通过。查了甲厂"
        )
        assert "http" not in shown.text


def test_what_another_does_in_his_place_is_marked_and_does_not_count(tmp_path: Path) -> None:
    base = RULES.replace(
        "职务: 应急办主任,", "职务: 应急办主任, 代理: 陈立, 请假: 2026-06-30至2026-07-02,"
    )
    with story(tmp_path, "2026-07-01T07:59+08:00") as office:
        office.writes({**RULE, "须本人": "是"}, base=base)
        office.until("2026-07-01T09:00")
        deputy = Phone.of(office, office.expects("安委办工作群", "由您代办"))
        assert deputy.answers(KEY, "done", on="2026-07-01").status_code == 303
        standing = office.standing(KEY)
        assert standing.state is not State.DONE
        assert not standing.answers[0].counts
        assert "（代办，这件事须本人办，不算数）" in office.history(KEY)[-1].fact.reason
