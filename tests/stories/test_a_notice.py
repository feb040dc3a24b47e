"""From a notice to a duty done: import, confirm, plan, reminder in two groups, answer, board."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from notifier.cli import main
from notifier.standing import State
from tests.stories.office import RULES, Office, Phone, story

SHARED = Path(__file__).parents[3] / "shared" / "documents"
REAL = next(iter(sorted(SHARED.glob("000_*.txt"))), None) if SHARED.is_dir() else None
OWN = """\
青溪镇人民政府
关于压实防汛责任的通知
青溪府发〔2026〕7号

各科室、各村：
一、防汛会商
1.镇长每季度至少召开1次防汛会商会，解决堤防隐患。
责任单位：应急办
2.经发办每月检查2次企业仓库。
责任单位：经发办

青溪镇人民政府
2026年6月20日
"""


def imported(folder: Path, notice: Path) -> list[dict[str, Any]]:
    """Import a notice and give its drafts."""
    into = folder / "drafts.yaml"
    into.write_text(RULES.replace("规则: []", ""), "utf-8")
    assert main(["import", str(notice), "--into", str(into)]) == 0
    drafts: list[dict[str, Any]] = yaml.safe_load(into.read_text("utf-8"))["规则"]
    assert {draft["状态"] for draft in drafts} == {"待确认"}
    return drafts


def confirmed(draft: dict[str, Any], bearer: str) -> dict[str, Any]:
    """Give a draft as the office confirms it: who bears it, and no longer a draft."""
    rest = {key: value for key, value in draft.items() if key not in ("状态", "待定")}
    return {**rest, "责任人": bearer}


def runs_to_the_end(office: Office, quarterly: str, monthly: str) -> None:
    office.until("2026-07-01T09:00")
    wecom = Phone.of(office, office.expects("安委办工作群", "周敏", "点此答复"))
    assert (
        wecom.answers(f"{quarterly}/周敏/2026Q3", "done", note="会上定了三件事").status_code == 303
    )
    assert office.standing(f"{quarterly}/周敏/2026Q3").state is State.DONE
    office.until("2026-07-31T18:00")
    *_, dingtalk = office.group("经发群")
    phone = Phone.of(office, dingtalk)
    need = office.standing(f"{monthly}/经发办/2026-07").duty.need
    for _ in range(need):
        assert phone.answers(f"{monthly}/经发办/2026-07", "done").status_code == 303
    assert office.standing(f"{monthly}/经发办/2026-07").state is State.DONE
    assert "已办" in office.get("/").text
    office.group("安委办工作群")


def test_drafts_remind_nobody_until_they_are_confirmed(tmp_path: Path) -> None:
    notice = tmp_path / "通知.txt"
    notice.write_text(OWN, "utf-8")
    with story(tmp_path, "2026-07-01T08:00+08:00", *imported(tmp_path, notice)) as office:
        office.until("2026-09-30T18:00")
        office.expects_nothing()


def test_an_own_notice_is_imported_reminded_answered_and_done(tmp_path: Path) -> None:
    notice = tmp_path / "通知.txt"
    notice.write_text(OWN, "utf-8")
    meeting, check = imported(tmp_path, notice)
    assert meeting["来源"]["文件"] == "青溪府发〔2026〕7号"
    rules = (confirmed(meeting, "周敏"), confirmed(check, "经发办"))
    with story(tmp_path, "2026-07-01T08:00+08:00", *rules) as office:
        runs_to_the_end(office, meeting["编号"], check["编号"])


@pytest.mark.skipif(REAL is None, reason="the real notices are not beside the project")
def test_a_real_notice_is_imported_reminded_answered_and_done(tmp_path: Path) -> None:
    assert REAL is not None
    drafts = imported(tmp_path, REAL)
    meeting = next(draft for draft in drafts if draft["来源"]["条目"] == "3")
    monthly = next(draft for draft in drafts if draft["来源"]["条目"] == "操作要点49")
    rules = (confirmed(meeting, "周敏"), confirmed(monthly, "经发办"))
    with story(tmp_path, "2026-07-01T08:00+08:00", *rules) as office:
        runs_to_the_end(office, meeting["编号"], monthly["编号"])
