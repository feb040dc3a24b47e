"""The check-up: what stands well, what should be seen to, what keeps a call from working."""

import json
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from notifier.channels import Channel, Sandbox, build
from notifier.checkup import (
    Verdict,
    check_calendar,
    check_clock,
    check_disk,
    check_helpers,
    check_people,
    check_secrets,
    check_units,
)
from notifier.cli import main
from notifier.clock import Clock
from notifier.events import Troubled
from notifier.hours import office_hours
from notifier.ledger import open_ledger
from notifier.ledger.store import connect
from notifier.routes import Way, find_ways
from obligations.rules import ChannelSpec, DayPlan, Ladder, Office, Person, Rung, Unit

NOW = datetime(2026, 7, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)
MB = 1024 * 1024
ZHOU = Person("周敏", mobile="13800000001", wecom="zhoumin")
CHEN = Person("陈立", wecom="chenli")
LIN = Person("林远")
GROUP = ChannelSpec("群", "企业微信群机器人", "沙箱")
APP = ChannelSpec("应用", "企业微信应用", "沙箱")
SMS = ChannelSpec("短信", "短信网关", "沙箱")
LOUD = Ladder("响", (Rung(timedelta(), means=("应用", "短信")),), limit=HOUR)
HOURS = office_hours(Office("青溪镇"))

RULES = """\
办公室: {名称: 青溪镇, 值班室: 周敏, 后备联系人: 陈立}
单位: {应急办: {负责人: 周敏, 群: 群}}
人员:
  周敏: {企业微信: zhoumin, 手机: "13800000001"}
  陈立: {企业微信: chenli, 手机: "13800000002"}
通道:
  群: {平台: 企业微信群机器人, 地址: 沙箱}
  短信: {平台: 短信网关, 地址: 沙箱}
"""


def grades(found: Iterable[Verdict]) -> list[str]:
    return [one.grade.value for one in found]


def words(found: Iterable[Verdict]) -> str:
    return "\n".join(one.words for one in found)


def ways(office: Office) -> tuple[Way, ...]:
    clock = Clock(NOW)
    sandbox = Sandbox(clock)
    made: dict[str, Channel] = {
        one.name: build(one, {}, sandbox.client, sandbox, clock) for one in office.channels
    }
    return find_ways(office, made)


@pytest.mark.parametrize(
    ("found", "grade"),
    [
        (check_disk(100 * MB), "不行"),
        (check_disk(1000 * MB), "注意"),
        (check_disk(50_000 * MB), "好"),
        (check_clock(HOURS, NOW, None), "好"),
        (check_clock(HOURS, NOW, NOW - HOUR), "好"),
        (check_clock(HOURS, NOW, NOW + HOUR / 2), "注意"),
        (check_clock(HOURS, NOW, NOW + 2 * HOUR), "不行"),
    ],
)
def test_disk_and_clock(found: Verdict, grade: str) -> None:
    assert found.grade == grade


@pytest.mark.parametrize(
    ("today", "own", "expected"),
    [
        (date(2026, 10, 31), (), ["好"]),
        (date(2026, 11, 1), (), ["注意"]),  # the holidays of 2027 are asked for from November on
        (date(2026, 11, 1), (date(2027, 1, 1),), ["好"]),
        (date(2027, 3, 1), (), ["注意"]),
        (date(2027, 11, 1), (), ["注意", "注意"]),
    ],
)
def test_next_years_holidays_are_asked_for_from_november_on(
    today: date, own: tuple[date, ...], expected: list[str]
) -> None:
    office = Office("青溪镇", days=DayPlan(holidays=own))
    assert grades(check_calendar(office, today)) == expected


@pytest.mark.parametrize(
    ("text", "env", "expected"),
    [
        ("地址: $HOOK", {"HOOK": "https://example.cn/k"}, ["好"]),
        ("地址: $HOOK", {}, ["不行"]),
        ("# https://example.cn/k", {"HOOK": "https://example.cn/k"}, ["不行"]),
    ],
)
def test_a_secret_stands_in_its_setting_and_nowhere_else(
    text: str, env: dict[str, str], expected: list[str]
) -> None:
    found = tuple(check_secrets(text, env, ("HOOK",)))
    assert grades(found) == expected
    assert "example.cn" not in words(found)


def test_a_unit_without_a_head_cannot_be_called() -> None:
    office = Office("青溪镇", units=(Unit("应急办", "周敏"), Unit("经发办", "")), people=(ZHOU,))
    found = tuple(check_units(office))
    assert (grades(found), "经发办" in words(found)) == (["不行"], True)


def test_a_duty_room_and_a_backup_are_asked_for() -> None:
    office = Office("青溪镇", people=(ZHOU,), duty_room=("周敏",))
    assert grades(check_helpers(office)) == ["好", "注意"]


def test_who_has_no_account_that_a_channel_knows_is_named() -> None:
    office = Office("青溪镇", people=(ZHOU, CHEN, LIN), channels=(GROUP, APP))
    found = tuple(check_people(office, ways(office)))
    assert grades(found) == ["不行"]
    assert "林远" in words(found)
    assert "周敏" not in words(found)


def test_who_is_reached_by_some_means_of_a_ladder_only_is_named_with_it() -> None:
    office = Office("青溪镇", people=(ZHOU, CHEN), channels=(APP, SMS), ladders=(LOUD,))
    found = tuple(check_people(office, ways(office)))
    assert grades(found) == ["好", "注意"]
    assert found[1].words == "“短信”叫不到陈立，只能用别的通道叫。请补上账号"


def test_a_means_without_a_channel_is_told_for_each_ladder() -> None:
    office = Office("青溪镇", people=(ZHOU,), channels=(APP,), ladders=(LOUD,))
    found = tuple(check_people(office, ways(office)))
    assert grades(found) == ["好", "注意"]
    assert found[1].words.startswith("没有“短信”的通道")


@pytest.fixture(name="folder")
def make_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name in ("JIAOYING_RULES", "JIAOYING_DATA", "JIAOYING_HEARTBEAT_URL"):
        monkeypatch.delenv(name, raising=False)
    (tmp_path / "rules.yaml").write_text(RULES, "utf-8")
    (tmp_path / "data").mkdir(mode=0o700)
    return tmp_path


def doctor(capsys: pytest.CaptureFixture[str], *more: str) -> tuple[int, dict[str, str]]:
    status = main(["doctor", "--format", "jsonl", *more])
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    return status, {row["what"]: f"{row['grade']} {row['words']}" for row in rows}


def test_a_fresh_office_is_fit_and_told_what_to_add(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status, found = doctor(capsys)
    assert folder.exists()
    assert status == 0
    assert found["台账"].startswith("注意 data 里还没有台账")
    assert found["心跳"].startswith("注意 没有设 JIAOYING_HEARTBEAT_URL")
    assert found["通道“群”"].startswith("好 设置齐全，现在是沙箱")
    assert found["人员"] == "好 2人都有通道叫得到"


def test_a_test_message_goes_out_only_when_asked_for(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert folder.exists()
    assert doctor(capsys, "--send")[1]["通道“短信”"] == "好 试发成了，请周敏看一眼收到没有"


def test_a_ledger_is_read_and_a_changed_one_is_found(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    url = f"sqlite:///{folder / 'data' / 'jiaoying.db'}"
    ledger = open_ledger(url)
    for number in range(3):
        ledger.record(NOW, (Troubled(subject="X", reason=f"第{number}次"),)).result()
    ledger.close()
    (folder / "data" / "jiaoying.db").chmod(0o600)
    status, found = doctor(capsys)
    assert (status, found["台账"]) == (0, "好 3条记录，能读能写，末尾的记录前后相连")
    engine = connect(url)
    with engine.connect() as connection:
        connection.exec_driver_sql("UPDATE ledger SET body = replace(body, '第1', '第9')")
    engine.dispose()
    status, found = doctor(capsys)
    assert (status, found["台账"][:12]) == (1, "不行 末尾的记录对不上。")


def test_a_secret_that_others_can_read_is_not_well(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / ".env").write_text("X=1", "utf-8")
    (folder / ".env").chmod(0o644)
    status, found = doctor(capsys)
    assert (status, found["权限"]) == (1, "不行 .env 别人能读。请运行 chmod 600 .env")


def test_a_broken_rules_file_and_a_missing_setting_are_told(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "rules.yaml").write_text("人员: [", "utf-8")
    assert doctor(capsys)[1]["规则"].startswith("不行 rules.yaml")
    real = RULES.replace("机器人, 地址: 沙箱", "机器人, 地址: $DOCTOR_HOOK")
    (folder / "rules.yaml").write_text(real, "utf-8")
    status, found = doctor(capsys)
    assert status == 1
    assert "DOCTOR_HOOK 没有设" in found["密钥"]
    assert found["通道“群”"].startswith("不行")
    assert found["网址"].startswith("不行 没有设 JIAOYING_PUBLIC_URL")


def test_a_drill_needs_the_running_program_and_its_result_a_drill(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["doctor", "--drill"]) == 2
    assert "叫应程序没有在运行" in capsys.readouterr().err
    open_ledger(f"sqlite:///{folder / 'data' / 'jiaoying.db'}").close()
    assert main(["doctor", "--drill-result"]) == 2
    assert "还没有做过演练" in capsys.readouterr().err
