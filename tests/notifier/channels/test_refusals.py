from datetime import timedelta
from pathlib import Path

import pytest

from notifier.channels import (
    dingtalk,
    dingtalk_app,
    dingtalk_open,
    feishu,
    gateway,
    wecom,
    wecom_api,
)
from tests.notifier.channels.contract import failure, refusing
from tests.notifier.channels.rigs import RIGS
from tests.notifier.channels.rigs.wecom_app import RIGS as WECOM_APPS

TABLE = Path(__file__).with_name("refusals.txt")
LINES = TABLE.read_text(encoding="utf-8").splitlines()
ROWS = [
    tuple(cell.strip() for cell in line.split("|"))
    for line in LINES
    if line.strip() and not line.startswith("#")
]
RIG = {rig.platform: rig for rig in RIGS}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row[0]}-{row[1]}-{row[2][:12]}")
def test_every_error_code_means_what_the_table_says(row: tuple[str, ...]) -> None:
    platform, code, words, kind, wait, closed, told = row
    rig = RIG[platform]
    error = failure(rig, refusing(rig, int(code) if rig.ends_in_errcode else code, words))
    assert error.kind.value == kind
    assert error.retry_after == (None if wait == "-" else timedelta(seconds=int(wait)))
    assert error.closed is (closed == "是")
    assert told in str(error)
    assert f"错误码{code}" in str(error)


@pytest.mark.parametrize("code", ["410100", "310000", "-1"])
def test_a_code_written_as_a_string_means_the_same(code: str) -> None:
    rig = RIG[dingtalk.PLATFORM]
    as_string, as_number = (failure(rig, refusing(rig, each)) for each in (code, int(code)))
    assert str(as_string) == str(as_number)
    assert as_string.kind is as_number.kind


def test_the_table_holds_every_code_that_the_program_knows() -> None:
    listed = {(row[0], row[1].lower()) for row in ROWS}
    known = {(wecom.PLATFORM, str(code)) for code in wecom.REFUSALS}
    known |= {(dingtalk.PLATFORM, str(code)) for code in (*dingtalk.REFUSALS, 310000)}
    known |= {(dingtalk_app.PLATFORM, code) for code in dingtalk_open.REFUSALS}
    known |= {(feishu.PLATFORM, str(code)) for code in feishu.REFUSALS}
    known |= {(way, code) for way in (gateway.SMS, gateway.VOICE) for code in gateway.REFUSALS}
    assert known <= listed
    apps = {code for platform, code in listed if platform in {rig.platform for rig in WECOM_APPS}}
    assert {str(code) for code in wecom_api.REFUSALS} <= apps
