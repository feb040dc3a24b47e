"""The archive of a person's year: everything that was asked, told, answered and proved."""

import re
from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from pathlib import Path
from urllib.parse import quote
from zoneinfo import ZoneInfo

import pytest
from docx import Document
from docx.shared import Mm
from openpyxl import load_workbook
from sqlalchemy import text
from starlette.requests import Request

from notifier.cli import main
from notifier.events import (
    Answered,
    AnswerKind,
    Call,
    Called,
    Callee,
    EvidenceGiven,
    Fact,
    Listed,
    Opened,
    Proof,
    Reviewed,
    Sending,
    Sent,
    Told,
)
from notifier.hours import Hours
from notifier.ledger import Ledger, open_ledger
from notifier.ledger.store import connect
from notifier.report.archive import Archive, Subject, gather, lay_out_archive, make_archive
from notifier.report.paper import write_docx, write_markdown, write_xlsx
from notifier.web.archive import archive as archive_page
from notifier.web.bulletin import bulletin as bulletin_page
from obligations.duties import Duty
from obligations.rules import Ladder
from obligations.workdays import Calendar
from tests.stories.office import story

NOW = datetime(2026, 7, 1, 1, tzinfo=UTC)
HOURS = Hours(ZoneInfo("Asia/Shanghai"), Calendar(), ())
KEY = "BSY-03/周敏/2026Q3"
RULES = """\
办公室: {名称: 青溪镇安委办}
单位: {应急办: {负责人: 周敏, 群: 安委办工作群}}
人员: {周敏: {职务: 应急办主任}, 陈立: {职务: 副镇长}}
通道: {安委办工作群: {平台: 企业微信群机器人, 地址: 沙箱}}
规则: []
"""


def duty(person: str = "周敏", key: str = KEY) -> Duty:
    return Duty(
        key=key,
        rule="BSY-03",
        matter="主持会议研究防汛",
        bearer=person,
        person=person,
        unit="应急办",
        label="2026Q3",
        opens=datetime(2026, 7, 1),
        closes=datetime(2026, 10, 1),
        need=1,
        words="每季度至少1次",
        evidence="会议纪要",
        source="白市驿府发〔2022〕44号 第3条",
    )


def lives(ledger: Ledger) -> None:
    """Let a duty be asked, told, answered, proved and reviewed, and a call be missed."""
    told = Told(KEY, "周敏", "first", "主持会议研究防汛", "新任务", "9月30日前")
    callee = Callee("叫应/c1/周敏", "周敏", "应急办")
    ladder = Ladder("紧急", (), timedelta(minutes=5))
    call = Call("c1", "暴雨红色预警", "转移低洼处住户", ladder, (callee,), "办公室", NOW)
    facts: list[Fact] = [
        Opened(duty=duty(), reason="新任务"),
        Opened(duty=duty("陈立", "BSY-03/陈立/2026Q3"), reason="新任务"),
        Sending(code="K7", lane="群", lines=(told,), asked_at=NOW, attempt=1, reason="新任务"),
        Sent(code="K7", lane="群", keys=(KEY,), reason="平台收下"),
        Answered(
            key=KEY,
            person="周敏",
            answer=AnswerKind.DONE,
            proof=Proof.CHAT,
            reason="已办",
            note="=1+1 会开了\x08",
            on=date(2026, 7, 3),
        ),
        EvidenceGiven(
            key=KEY,
            person="周敏",
            digest="ab" * 32,
            name="纪要.pdf",
            size=3,
            type="application/pdf",
            reason="交来材料",
            position=(29.5, 106.3),
        ),
        Reviewed(key=KEY, nth=0, accepted=False, by="郑洁", reason="没有签名"),
        Called(call=call, reason="办公室发起"),
        Listed(call="c1", keys=(callee.key,), reason="到限未应"),
    ]
    for n, fact in enumerate(facts):
        ledger.record(NOW + timedelta(days=n), (fact,)).result()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    ledger = open_ledger(f"sqlite:///{tmp_path / 'jiaoying.db'}")
    lives(ledger)
    ledger.close()
    (tmp_path / "rules.yaml").write_text(RULES, "utf-8")
    return tmp_path


def made(folder: Path, subject: Subject, year: int = 2026) -> Archive:
    engine = connect(f"sqlite:///{folder / 'jiaoying.db'}")
    with engine.connect() as connection:
        record = gather(connection, subject)
    engine.dispose()
    return make_archive(record, HOURS, year, NOW + timedelta(days=30))


def test_the_archive_shows_what_was_asked_told_answered_proved_and_reviewed(folder: Path) -> None:
    archive = made(folder, Subject("周敏"))
    (task,), (reminder,), (answer,) = (
        archive.duties.rows,
        archive.reminders.rows,
        archive.answers.rows,
    )
    assert "白市驿府发〔2022〕44号 第3条" in task
    assert "未办" in task  # sent back, so it is open again
    assert reminder[:4] == (datetime(2026, 7, 3, 9), "主持会议研究防汛", "周敏", "新任务")
    assert "平台收下" in str(reminder[5])
    assert answer[2:5] == ("周敏", "已办", date(2026, 7, 3))
    assert "退回：没有签名" in answer
    assert archive.proofs.rows[0][3:6] == (
        "纪要.pdf",
        "application/pdf，3字节；北纬29.50000、东经106.30000",
        "ab" * 32,
    )
    assert archive.calls.rows[0][7] == "未叫醒"
    assert [row[2:5] for row in archive.decisions.rows] == [("审核退回", "没有签名", "郑洁")]


def test_a_unit_has_what_all_its_people_owe(folder: Path) -> None:
    assert len(made(folder, Subject("应急办", is_unit=True)).duties.rows) == 2
    assert len(made(folder, Subject("陈立")).duties.rows) == 1


def test_another_year_is_empty(folder: Path) -> None:
    assert not any(table.rows for table in made(folder, Subject("周敏"), 2025).tables)


def test_a_row_that_was_changed_is_told_in_the_archive(folder: Path) -> None:
    engine = connect(f"sqlite:///{folder / 'jiaoying.db'}")
    with engine.connect() as connection:
        connection.execute(
            text("UPDATE ledger SET body = replace(body, '会开了', '会没开') WHERE seq = 5")
        )
    engine.dispose()
    archive = made(folder, Subject("周敏"))
    assert archive.unfit == (5,)
    assert "第5条与校验值不符" in write_markdown(lay_out_archive(archive, "安委办"))


def test_the_document_is_an_official_one(folder: Path) -> None:
    file = write_docx(lay_out_archive(made(folder, Subject("周敏")), "青溪镇安委办"))
    document = Document(BytesIO(file))
    section = document.sections[0]
    margins = (
        section.top_margin,
        section.bottom_margin,
        section.left_margin,
        section.right_margin,
    )
    assert [round(one.mm) for one in margins if one] == [37, 35, 28, 26]
    assert section.page_width
    assert abs(section.page_width - Mm(210)) < Mm(1)
    texts = [paragraph.text for paragraph in document.paragraphs]
    assert texts[0] == "周敏2026年度安全履职档案"
    assert "青溪镇安委办" in texts
    cells = {cell.text for table in document.tables for row in table.rows for cell in row.cells}
    assert "=1+1 会开了" in cells
    assert "白市驿府发〔2022〕44号 第3条" in cells


def test_the_sheets_have_real_dates_and_no_formulas(folder: Path) -> None:
    book = load_workbook(BytesIO(write_xlsx(made(folder, Subject("周敏")).tables)))
    assert book.sheetnames == ["任务", "提醒", "答复", "佐证", "叫应", "审定", "封存"]
    answers = book["答复"]
    assert answers.freeze_panes == "A2"
    assert answers["A2"].value == datetime(2026, 7, 5, 9)
    assert answers["F2"].value == "=1+1 会开了"
    assert answers["F2"].data_type == "s"


def test_the_command_writes_and_closes(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    places = ["--rules", str(folder / "rules.yaml"), "--data", str(folder)]
    out = folder / "周敏.docx"
    assert main(["archive", "--person", "周敏", "--year", "2026", "--out", str(out), *places]) == 0
    assert out.read_bytes()[:2] == b"PK"
    assert "任务1" in capsys.readouterr().out
    assert main(["archive", "close", "--period", "2026-07", *places]) == 0
    seal = re.search(r"第(\d+)条，校验值 (\w+)", capsys.readouterr().out)
    assert seal
    word = f"{seal[1]}:{seal[2][:16]}"
    wrong = f"{seal[1]}:{'0' * 16}"
    for sealed, is_flaw in ((word, False), (wrong, True)):
        main(["ledger", "verify", "--data", str(folder), "--seal", sealed])
        assert ("封存值对不上" in capsys.readouterr().out) is is_flaw


def test_the_archive_is_read_beside_the_running_program(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    running = open_ledger(f"sqlite:///{folder / 'jiaoying.db'}")
    later = duty(key="BSY-03/周敏/2026Q3.2")
    running.record(NOW + timedelta(days=20), (Opened(duty=later, reason="新任务"),)).result()
    places = ["--rules", str(folder / "rules.yaml"), "--data", str(folder)]
    assert main(["archive", "--person", "周敏", "--year", "2026", *places]) == 0
    running.close()
    assert "任务2" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--person", "无此人"], "都没有“无此人”"),
        ([], "要写明谁的档案"),
        (["--person", "周敏", "--out", "周敏.pdf"], ".docx、.xlsx 或 .md"),
        (["close", "--period", "2026年7月"], "不是一个月或季度"),
        (["close", "--period", "2120Q1"], "还没有结束"),
    ],
)
def test_what_cannot_be_done_is_said(
    folder: Path, capsys: pytest.CaptureFixture[str], words: list[str], said: str
) -> None:
    places = ["--rules", str(folder / "rules.yaml"), "--data", str(folder)]
    assert main(["archive", *words, *places]) == 2
    assert said in capsys.readouterr().err


def page(office: object, path: str, query: str) -> Request:
    scope = {
        "type": "http",
        "method": "GET",
        "path": path,
        "query_string": quote(query, safe="=&-").encode(),
        "headers": [],
        "app": office.app,  # type: ignore[attr-defined]
    }
    return Request(scope)


def test_the_pages_show_the_archive_and_the_bulletins(tmp_path: Path) -> None:
    rule = {"编号": "QX-03", "事项": "召集会议", "责任人": "应急办主任", "频次": "每季度至少1次"}
    with story(tmp_path, "2026-07-01T08:00+08:00", rule) as office:
        office.until("2026-07-01T08:01")
        shown = archive_page(page(office, "/archive", "person=周敏&year=2026"))
        assert "召集会议" in bytes(shown.body).decode()
        assert "选一个人或单位" in bytes(archive_page(page(office, "/archive", "")).body).decode()
        file = archive_page(page(office, "/archive", "unit=应急办&year=2026&as=xlsx"))
        assert file.headers["content-disposition"].startswith("attachment")
        drafted = bulletin_page(page(office, "/bulletin", "kind=monthly&on=2026-07-01"))
        assert "关于2026年6月安全履职情况的通报" in bytes(drafted.body).decode()
