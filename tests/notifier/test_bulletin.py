"""Bulletins: the figures are right, each names what it counts, and the office changes the words."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from pathlib import Path
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

import pytest
from docx import Document
from sqlalchemy import text
from starlette.requests import Request

from notifier.cli import main
from notifier.events import Answered, AnswerKind, Fact, Opened, Proof, Waived
from notifier.hours import Hours
from notifier.ledger import open_ledger
from notifier.ledger.store import connect
from notifier.report.bulletin import Draft, Kind, draft
from notifier.report.bulletin.figures import Tally, last_places, ranked
from notifier.report.bulletin.gather import Owed
from notifier.report.bulletin.supervision import Pressing, supervise
from notifier.report.paper import write_markdown
from notifier.web.bulletin import approve
from obligations.duties import Duty
from obligations.errors import Misconfigured
from obligations.workdays import Calendar
from tests.stories.office import Office, story

HOURS = Hours(ZoneInfo("Asia/Shanghai"), Calendar(), ())
ON = date(2026, 10, 8)
RULES = "办公室: {名称: 青溪镇安委办}\n单位: {应急办: {负责人: 周敏}}\n人员: {周敏: {}}\n规则: []\n"
UNITS = {"应急办": "周敏", "经发办": "罗兰", "规建办": "吴涛"}


def duty(unit: str, month: int, need: int = 1) -> Duty:
    return Duty(
        key=f"BSY-08/{UNITS[unit]}/2026-{month:02}",
        rule="BSY-08",
        matter="带队检查一次",
        bearer=UNITS[unit],
        person=UNITS[unit],
        unit=unit,
        label=f"2026-{month:02}",
        opens=datetime(2026, month, 1),
        closes=datetime(2026, month + 1, 1),
        need=need,
        words="每月1次",
        source="白市驿府发〔2022〕44号 第8条",
    )


def done(one: Duty, on: date) -> Answered:
    return Answered(
        key=one.key,
        person=one.person,
        answer=AnswerKind.DONE,
        proof=Proof.LINK,
        reason="已办",
        on=on,
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Give an office: 应急办 in time, 经发办 late in September, 规建办 never since June."""
    ledger = open_ledger(f"sqlite:///{tmp_path / 'jiaoying.db'}")
    facts: list[tuple[datetime, Fact]] = []
    for month in (6, 7, 8, 9):
        begins = datetime(2026, month, 1, 1, tzinfo=UTC)
        for unit in UNITS:
            one = duty(unit, month)
            facts.append((begins, Opened(duty=one, reason="新任务")))
            late = unit == "经发办" and month == 9
            on = date(2026, 10, 2) if late else date(2026, month, 20)
            at = datetime(on.year, on.month, on.day, 2, tzinfo=UTC)
            if unit != "规建办":
                facts.append((at, done(one, on)))
    waived = duty("规建办", 5)
    facts += [
        (datetime(2026, 5, 1, tzinfo=UTC), Opened(duty=waived, reason="新任务")),
        (datetime(2026, 5, 2, tzinfo=UTC), Waived(key=waived.key, by="办公室", reason="机构调整")),
    ]
    for at, fact in sorted(facts, key=lambda one: one[0]):
        ledger.record(at, (fact,)).result()
    ledger.close()
    (tmp_path / "rules.yaml").write_text(RULES, "utf-8")
    return tmp_path


def drafted(
    folder: Path, kind: Kind = Kind.MONTHLY, on: date = ON, templates: Path | None = None
) -> Draft:
    engine = connect(f"sqlite:///{folder / 'jiaoying.db'}")
    try:
        with engine.connect() as connection:
            return draft(connection, kind, "青溪镇安委办", HOURS, on, templates=templates)
    finally:
        engine.dispose()


def figure(made: Draft, name: str) -> tuple[str, tuple[str, ...]]:
    return next((one.value, one.keys) for one in made.figures if one.name == name)


def test_every_figure_is_right_and_names_what_it_counts(folder: Path) -> None:
    made = drafted(folder)
    assert figure(made, "应办")[0] == "3"
    assert figure(made, "已办结")[1] == ("BSY-08/周敏/2026-09", "BSY-08/罗兰/2026-09")
    assert figure(made, "按期办结")[1] == ("BSY-08/周敏/2026-09",)
    assert figure(made, "逾期未办")[1] == ("BSY-08/吴涛/2026-09",)
    assert figure(made, "办结率（未计入的）") == ("66.6%", ("BSY-08/吴涛/2026-09",))
    assert figure(made, "吴涛近半年逾期")[0] == "4"
    assert "规建办" in made.text
    assert "罗兰" not in made.text


def test_a_bulletin_of_an_earlier_day_does_not_know_what_came_later(folder: Path) -> None:
    made = drafted(folder, on=date(2026, 9, 30))
    assert figure(made, "已办结")[1] == ("BSY-08/周敏/2026-09",)
    assert figure(made, "逾期未办")[0] == "0"


@pytest.mark.parametrize("kind", list(Kind))
def test_every_bulletin_opens_as_a_document_and_reads_as_text(folder: Path, kind: Kind) -> None:
    made = drafted(folder, kind)
    document = Document(BytesIO(made.file))
    assert document.paragraphs[0].text == made.title
    said = write_markdown(made.paper)
    assert "[[" not in said
    assert "{{" not in said
    assert made.text.startswith("【")


@pytest.mark.parametrize("kind", list(Kind))
def test_an_empty_office_has_bulletins_too(tmp_path: Path, kind: Kind) -> None:
    open_ledger(f"sqlite:///{tmp_path / 'jiaoying.db'}").close()
    assert drafted(tmp_path, kind).title


def test_a_row_that_cannot_be_read_is_counted_not_hidden(folder: Path) -> None:
    engine = connect(f"sqlite:///{folder / 'jiaoying.db'}")
    with engine.connect() as connection:
        connection.execute(text("UPDATE standing SET body = '{}' WHERE key LIKE '%吴涛/2026-09'"))
    engine.dispose()
    assert "另有1件任务的状态读不出来" in write_markdown(drafted(folder).paper)


def test_the_office_changes_the_words(folder: Path) -> None:
    own = folder / "templates"
    own.mkdir()
    (own / "monthly.jinja").write_text("# 通报\n本月{{ 应办 }}件。\n[[表 排名]]\n", "utf-8")
    made = drafted(folder, templates=own)
    assert made.title == "通报"
    assert "本月3件。" in write_markdown(made.paper)


def test_the_office_brings_its_own_letterhead(folder: Path) -> None:
    own = folder / "templates"
    own.mkdir()
    letter = Document()
    letter.add_paragraph("青溪镇安全生产委员会办公室文件")
    letter.add_paragraph("应办{{ 应办 }}件，{{ 单位名 }}")
    letter.save(str(own / "monthly.docx"))
    made = drafted(folder, templates=own)
    texts = [one.text for one in Document(BytesIO(made.file)).paragraphs]
    assert "应办3件，青溪镇安委办" in texts


@pytest.mark.parametrize(
    ("template", "said"),
    [
        ("{{ 应办数 }}", "能用的名称有"),
        ("第一行\n{% if %}", "第2行"),
        ("[[表 排行榜]]", "没有这个表或图"),
        ("{{ 单位名.__class__.__mro__ }}", "填不出来"),
    ],
)
def test_a_wrong_template_is_told_with_its_place(folder: Path, template: str, said: str) -> None:
    own = folder / "templates"
    own.mkdir()
    (own / "monthly.jinja").write_text(template, "utf-8")
    with pytest.raises(Misconfigured, match=said):
        drafted(folder, templates=own)


DUE = date(2026, 9, 30)
OWED = Owed(
    key="k",
    rule="R",
    matter="检查",
    source="",
    bearer="周敏",
    unit="应急办",
    opens=date(2026, 9, 1),
    due=DUE,
    until=DUE,
    need=1,
    done=0,
    finished=None,
    is_told=True,
    is_answered=False,
    trouble="",
)


def of(unit: str, *, is_done: bool) -> Tally:
    one = replace(OWED, unit=unit, finished=DUE if is_done else None)
    return Tally(unit, (one,), ON)


def test_equal_units_share_a_place_and_the_last_ones_are_named_together() -> None:
    ranking = ranked([of(name, is_done=name == "甲") for name in "甲乙丙"])
    assert [(place, one.name) for place, one in ranking] == [(1, "甲"), (2, "丙"), (2, "乙")]
    assert {one.name for one in last_places(ranking)} == {"乙", "丙"}


def test_nobody_is_last_where_all_is_done() -> None:
    ranking = ranked([of(name, is_done=True) for name in "甲乙丙"])
    assert last_places(ranking) == ()


@pytest.mark.parametrize(
    ("on", "is_answered", "colour"),
    [
        (date(2026, 9, 10), False, None),
        (date(2026, 9, 28), True, Pressing.BLUE),
        (date(2026, 9, 28), False, Pressing.YELLOW),
        (date(2026, 9, 30), True, Pressing.BLUE),
        (date(2026, 10, 1), True, Pressing.RED),
    ],
)
def test_blue_is_near_yellow_is_behind_red_is_overdue(
    on: date, is_answered: bool, colour: Pressing | None
) -> None:
    one = replace(OWED, is_answered=is_answered)
    found = supervise((one,), Calendar(), on)
    assert [item.colour for item in found] == ([colour] if colour else [])


def test_the_command_writes_the_file_and_prints_the_sources(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    places = ["--rules", str(folder / "rules.yaml"), "--data", str(folder), "--on", "2026-10-08"]
    out = folder / "通报.docx"
    assert main(["bulletin", "monthly", "--out", str(out), *places]) == 0
    assert out.read_bytes()[:2] == b"PK"
    assert "办结率66.6%" in capsys.readouterr().out
    assert main(["bulletin", "monthly", "--format", "jsonl", *places]) == 0
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert rows[0] == {
        "数据": "应办",
        "数值": "3",
        "出处": [f"BSY-08/{name}/2026-09" for name in ("吴涛", "周敏", "罗兰")],
    }
    assert main(["bulletin", "weekly", "--out", "周报.pdf", *places]) == 2


def test_what_is_put_off_is_not_overdue_before_its_new_day() -> None:
    one = replace(OWED, until=ON + timedelta(days=20), is_answered=True)
    assert supervise((one,), Calendar(), ON) == ()
    assert Tally("合计", (one,), ON).overdue == ()


def post(office: Office, fields: dict[str, str]) -> Request:
    body = urlencode(fields).encode()

    async def receive() -> dict[str, object]:
        return {"type": "http.request", "body": body, "more_body": False}

    scope = {
        "type": "http",
        "method": "POST",
        "path": "/bulletin",
        "query_string": b"",
        "headers": [],
        "app": office.app,
    }
    return Request(scope, receive)


def test_a_bulletin_leaves_after_the_yes_once_and_in_the_offices_words(tmp_path: Path) -> None:
    rule = {"编号": "QX-03", "事项": "召集会议", "责任人": "应急办主任", "频次": "每年1次"}
    with story(tmp_path, "2026-07-01T10:00+08:00", rule) as office:
        yes = {"kind": "monthly", "on": "2026-07-01", "text": "六月没有到期的事，谢谢大家"}
        for _ in range(2):
            assert office.do(approve(post(office, yes))).status_code == 303
        office.until("2026-07-01T10:01")
        for group in ("安委办工作群", "经发群"):
            assert office.expects(group).text.count("六月没有到期的事，谢谢大家") == 1


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"kind": "monthly", "on": "2026-07-01", "text": "长" * 9999}, "内容太长"),
        ({"kind": "monthly", "on": "明天"}, "看不懂"),
    ],
)
def test_what_cannot_be_read_sends_nothing_and_says_why(
    tmp_path: Path, fields: dict[str, str], words: str
) -> None:
    with story(tmp_path, "2026-07-01T10:00+08:00") as office:
        answered = office.do(approve(post(office, fields)))
        assert answered.status_code == 400
        assert words in bytes(answered.body).decode()
