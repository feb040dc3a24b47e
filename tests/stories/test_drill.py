"""演练: everybody is called once, and whoever could not be reached is listed."""

from pathlib import Path

import pytest

from notifier.calling import CallRequest, open_call
from notifier.cli import main
from notifier.cli.drill import TEXT
from tests.stories.office import RULES, Phone, story

TOWN = RULES.replace("名称: 青溪镇,", "名称: 青溪镇, 值班室: 周敏,")


def test_a_drill_lists_who_did_not_answer(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JIAOYING_DATABASE_URL", f"sqlite:///{tmp_path / 'ledger.db'}")
    result = ["doctor", "--drill-result", "--rules", str(tmp_path / "rules.yaml")]
    with story(tmp_path, "2026-07-01T20:00+08:00") as office:
        office.writes(base=TOWN)
        office.until("2026-07-01T20:01")
        request = CallRequest(TEXT, ("全体",), "演练", "YL", "演练", "体检")
        office.do(open_call(office.desk, request))
        office.until("2026-07-01T20:02")
        message = office.expects("安委办工作群", "周敏", "这是一次叫应演练")
        Phone.of(office, message).answers("叫应/YL/周敏", "heard")
        office.expects("经发群", "陈立")
        office.until("2026-07-01T20:12")
        office.expects("安委办工作群", "未叫醒名单", "陈立")
        assert main(result) == 1
        lines = capsys.readouterr().out.splitlines()
        assert lines[0] == "2026-07-01 20:01的演练：叫2人，1人应了，1人没有应"
        assert lines[1] == "  陈立（经发办）：送到了，没有应答"
