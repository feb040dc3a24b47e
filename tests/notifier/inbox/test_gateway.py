"""What the gateway reports: keys and words are answers, fates of messages are only noted."""

import json
from datetime import datetime

import httpx
import pytest

from notifier.channels.gateway import signed
from notifier.channels.reports import State
from notifier.inbox.letters import Delivery
from notifier.inbox.protocol import Incoming
from tests.notifier.inbox.letterbox import NOW, SETTINGS, Ask, Letterbox, later, sending

PRESSED = {"vendor_id": "V1", "id": "K7M2", "state": "keypress", "key": "1", "from": "13900000000"}
WROTE = {"vendor_id": "V2", "state": "reply", "from": "13900000001", "text": "已转移6户"}
RANG = {"vendor_id": "V3", "id": "P4XN", "state": "no_answer"}


def body_of(*reports: object) -> bytes:
    return json.dumps({"reports": reports}, ensure_ascii=False).encode()


def post(
    body: bytes,
    nonce: str = "a1b2c3d4",
    at: datetime = NOW,
    secret: str = SETTINGS["GATEWAY"],
    channel: str = "短信",
) -> Ask:
    url = f"https://aj.example.cn/inbox/gateway/{channel}"
    headers = signed(body, secret, at, nonce)
    return sending(httpx.Request("POST", url, headers=headers, content=body))


def test_keys_and_words_come_in_and_fates_are_noted() -> None:
    box = Letterbox()
    (answer,) = box.ask(post(body_of(PRESSED, WROTE, RANG)))
    assert (answer.status_code, answer.content) == (200, b"")
    pressed, wrote = sorted(box.came, key=lambda one: one.account)
    assert pressed == Incoming(
        "V1/K7M2/keypress/1", "短信", "13900000000", key="1", reference="K7M2"
    )
    assert (wrote.account, wrote.text, wrote.key) == ("13900000001", "已转移6户", "")
    assert box.fates == [Delivery("短信", "P4XN", "V3", State.NO_ANSWER, NOW)]


@pytest.mark.parametrize("report", [PRESSED, WROTE])
def test_what_is_reported_again_under_a_new_nonce_is_one_answer(report: object) -> None:
    box = Letterbox()
    asks = [post(body_of(report), nonce=f"nonce-{n:03}", at=later(n)) for n in range(4)]
    assert box.post(*asks) == [200] * 4
    assert (box.brought, len(box.came)) == (4, 1)


@pytest.mark.parametrize(
    "changes",
    [{"key": "2"}, {"id": "OTHER"}, {"vendor_id": "V8"}],
    ids=str,
)
def test_another_key_message_or_ringing_is_another_answer(changes: dict[str, str]) -> None:
    box = Letterbox()
    box.post(post(body_of(PRESSED)), post(body_of({**PRESSED, **changes}), nonce="e5f6g7h8"))
    assert len(box.came) == 2


def test_the_same_words_on_another_day_are_another_answer_though_nothing_has_a_number() -> None:
    days = ("2026-07-01T09:00:00+08:00", "2026-07-02T09:00:00+08:00")
    rows = [{**WROTE, "vendor_id": "", "time": day} for day in days]
    box = Letterbox()
    assert box.post(post(body_of(rows[0], rows[1], rows[0]))) == [200]
    assert len(box.came) == 2


def test_a_nonce_counts_once() -> None:
    box = Letterbox()
    assert box.post(post(body_of(PRESSED)), post(body_of(PRESSED))) == [200, 401]
    assert box.brought == 1


def test_a_nonce_whose_report_was_not_stored_may_come_again() -> None:
    box = Letterbox(is_full=True)
    assert box.post(post(body_of(PRESSED))) == [500]
    box.is_full = False
    assert box.post(post(body_of(PRESSED))) == [200]
    assert len(box.came) == 1


def test_one_report_that_cannot_be_stored_loses_no_other() -> None:
    box = Letterbox(is_full=True)
    assert box.post(post(body_of(PRESSED, RANG))) == [500]
    assert [fate.vendor_id for fate in box.fates] == ["V3"]


@pytest.mark.parametrize(
    "wrong",
    [
        post(body_of(PRESSED), secret="other"),  # noqa: S106 -- a test's own
        post(body_of(PRESSED), at=later(-301)),
        post(body_of(PRESSED), at=later(301)),
        post(body_of(PRESSED), nonce="short"),
    ],
)
def test_what_the_gateway_did_not_sign_just_now_is_turned_away(wrong: Ask) -> None:
    box = Letterbox()
    (answer,) = box.ask(wrong)
    assert (answer.status_code, answer.content) == (401, b"")
    assert (box.brought, box.fates) == (0, [])


@pytest.mark.parametrize("body", [b"", b"[]", b"[" * 100_000, b'{"reports": 1}', b"\xff"])
def test_signed_garbage_is_turned_away(body: bytes) -> None:
    box = Letterbox()
    assert box.post(post(body)) == [400]
    assert box.brought == 0


def test_a_thousand_reports_fit_and_a_longer_body_does_not() -> None:
    box = Letterbox()
    rows = [{**WROTE, "vendor_id": f"V{n}", "text": "已转移" * 60} for n in range(1000)]
    assert box.post(post(body_of(*rows))) == [200]
    assert len(box.came) == 1000
    assert box.post(post(b" " * (1024 * 1024 + 1), nonce="e5f6g7h8")) == [413]


def test_one_gateways_secret_opens_no_other_platforms_address() -> None:
    box = Letterbox()
    assert box.post(post(body_of(PRESSED), channel="应用")) == [404]


def test_a_number_is_known_however_the_carrier_writes_it() -> None:
    box = Letterbox()
    box.post(post(body_of({**PRESSED, "from": "+86 139-0000-0000"})))
    assert [one.account for one in box.came] == ["13900000000"]


@pytest.mark.parametrize("text", ["\ud800", "收\x00到", "\x00"])
def test_letters_that_no_database_takes_break_no_other_report(text: str) -> None:
    rows = [{**WROTE, "text": text}, {**PRESSED, "key": text}, {**PRESSED, "key": "2"}]
    body = json.dumps({"reports": rows}).encode()
    box = Letterbox()
    assert box.post(post(body)) == [200]
    told = "".join(one.text + one.key + one.id for one in box.came)
    assert told.encode().count(0) == 0
    assert "2" in [one.key for one in box.came]


def test_a_long_number_of_the_carriers_hides_no_second_key() -> None:
    box = Letterbox()
    row = {**PRESSED, "vendor_id": "V" * 500}
    box.post(post(body_of(row, {**row, "key": "2"})))
    assert len(box.came) == 2
    assert all(len(one.id) <= 160 for one in box.came)
