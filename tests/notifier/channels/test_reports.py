"""What a gateway reports is believed only from a gateway, and one bad line hides no other."""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from types import MappingProxyType

import pytest

from notifier.channels.gateway import signed
from notifier.channels.reports import Report, ReportRefused, State, read_report
from tests.notifier.channels.rigs.rig import NOW

SECRET = "gw-shared"  # noqa: S105 -- a test's own
NONCE = "a1b2c3d4"
BODY = json.dumps(
    {"reports": [{"vendor_id": "V1", "id": "K7M2", "state": "keypress", "key": "1"}]}
).encode()


def read(
    body: bytes = BODY,
    at: datetime = NOW,
    secret: str = SECRET,
    changes: Mapping[str, str] = MappingProxyType({}),
) -> tuple[Report, ...]:
    headers = signed(body, SECRET, at, NONCE)
    replaced = {f"X-Jiaoying-{name.title()}": value for name, value in changes.items()}
    lowered = {name.lower() for name in replaced}
    kept = {name: value for name, value in headers.items() if name not in lowered}
    return read_report(body, {**kept, **replaced}, secret, NOW)


def rows(*reports: object) -> bytes:
    return json.dumps({"reports": reports}).encode()


def test_a_report_is_read() -> None:
    assert read() == (Report("V1", "K7M2", State.KEYPRESS, "1", NOW),)


@pytest.mark.parametrize("seconds", [-300, 0, 300])
def test_five_minutes_either_way_are_fresh(seconds: int) -> None:
    assert read(at=NOW + timedelta(seconds=seconds))


@pytest.mark.parametrize("seconds", [-301, 301])
def test_what_is_older_is_refused(seconds: int) -> None:
    with pytest.raises(ReportRefused, match="5分钟以内"):
        read(at=NOW + timedelta(seconds=seconds))


@pytest.mark.parametrize(
    "changes",
    [
        {"signature": ""},
        {"signature": "0" * 64},
        {"signature": "签名"},
        {"nonce": "b1b2c3d4"},
        {"nonce": ""},
        {"timestamp": ""},
        {"timestamp": "1782867601"},
        {"timestamp": "\ud83d"},
    ],
)
def test_whatever_was_changed_on_the_way_is_refused(changes: dict[str, str]) -> None:
    with pytest.raises(ReportRefused, match="签名不对"):
        read(changes=changes)


@pytest.mark.parametrize("nonce", ["short", "n" * 65])
def test_a_nonce_is_neither_short_nor_endless(nonce: str) -> None:
    with pytest.raises(ReportRefused, match="8到64个字符"):
        read_report(BODY, signed(BODY, SECRET, NOW, nonce), SECRET, NOW)


@pytest.mark.parametrize("secret", ["other", ""])
def test_another_secret_or_none_opens_nothing(secret: str) -> None:
    with pytest.raises(ReportRefused) as caught:
        read(secret=secret)
    assert SECRET not in str(caught.value)


def test_without_a_secret_nothing_is_believed() -> None:
    with pytest.raises(ReportRefused):
        read_report(BODY, signed(BODY, "", NOW, NONCE), "", NOW)


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"{}", b'{"reports": {}}', b"{no", b"[" * 100_000, rows(*[{}] * 1001)]
)
def test_what_is_no_report_is_refused_in_words(body: bytes) -> None:
    with pytest.raises(ReportRefused, match="读不懂"):
        read(body)


@pytest.mark.parametrize(
    "bad",
    [
        None,
        7,
        {},
        {"state": "vanished"},
        {"state": None},
        {"state": ["keypress"]},
        {"state": "keypress"},
        {"state": "unreadable"},
    ],
)
def test_one_bad_line_hides_no_other(bad: object) -> None:
    good = {"vendor_id": "V2", "id": "K7M3", "state": "answered"}
    found = read(rows(bad, good))
    assert [report.state for report in found] == [State.UNREADABLE, State.ANSWERED]


@pytest.mark.parametrize(
    ("time", "expected"),
    [
        ("2026-07-01T09:00:05+08:00", NOW + timedelta(seconds=5)),
        ("2026-07-01T01:00:05Z", NOW + timedelta(seconds=5)),
        ("2026-07-01T09:00:05", NOW),
        ("刚才", NOW),
        ("0001-01-01T00:00:00+14:00", NOW),
        (None, NOW),
        (1782867605, NOW),
    ],
)
def test_a_time_that_cannot_be_read_is_when_the_report_came(
    time: object, expected: datetime
) -> None:
    row = {"vendor_id": "V1", "id": "K7M2", "state": "busy", "time": time}
    assert [report.at for report in read(rows(row))] == [expected]


def test_every_state_of_the_contract_is_known() -> None:
    states = [state.value for state in State if state not in {State.KEYPRESS, State.UNREADABLE}]
    said = {"id": "K7M2", "from": "13900000000", "text": "已转移"}
    found = read(rows(*({**said, "state": state} for state in states)))
    assert [report.state.value for report in found] == states


def test_an_sms_that_comes_back_has_its_words_and_its_number() -> None:
    row = {"vendor_id": "V9", "state": "reply", "from": "13900000000", "text": " 已转移6户 "}
    assert read(rows(row)) == (
        Report("V9", "", State.REPLY, "", NOW, mobile="13900000000", text="已转移6户"),
    )


@pytest.mark.parametrize("lacking", ["from", "text"])
def test_an_sms_from_nobody_or_of_nothing_is_unreadable(lacking: str) -> None:
    row = {"state": "reply", "from": "13900000000", "text": "已转移"}
    states = [report.state for report in read(rows({**row, lacking: ""}))]
    assert states == [State.UNREADABLE]
