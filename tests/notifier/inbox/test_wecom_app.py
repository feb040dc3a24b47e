"""WeCom's letters to its app, sealed by another's hand: stored once, and only if they are real."""

import base64
from collections.abc import AsyncIterator
from dataclasses import replace

import httpx
import pytest
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC

from notifier.inbox.protocol import Incoming
from notifier.inbox.wecom_crypto import Seal, Unsealable, aes_key, is_signed, unseal
from tests.notifier.inbox.letterbox import (
    AES_KEY,
    CORP,
    NOW,
    SETTINGS,
    TOKEN,
    WECOM,
    Letterbox,
    Sealed,
    later,
    letter,
    sending,
)

SAID = Sealed(letter("text.xml", text="收到，马上转移", id="7012345678901234567"))
PRESSED = Sealed(
    letter("card.xml", event="template_card_event", key="heard:K7M2", task="K7M2", response="RC1")
)
OTHER_KEY = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"
SEAL = Seal(TOKEN, aes_key(AES_KEY) or b"", CORP)


def test_the_platforms_own_sample_opens() -> None:
    sealed = (
        "P9nAzCzyDtyTWESHep1vC5X9xho/qYX3Zpb4yKa9SKld1DsH3Iyt3tP3zNdtp+4RPcs8TgAE7OaBO+FZXvnaqQ=="
    )
    signature = "5c45ff5e21c57e6ad56bac8758b79b1d9ac89fd3"
    assert is_signed(SEAL, signature, "1409659589", "263014780", sealed)
    assert unseal(SEAL, sealed) == b"1616140317555161061"


@pytest.mark.parametrize("words", ["", "收到", "a" * 11, "a" * 12, "汛" * 2000])
def test_whatever_another_seals_opens_here(words: str) -> None:
    query, sealed = Sealed(words).envelope()
    assert is_signed(SEAL, query["msg_signature"], query["timestamp"], query["nonce"], sealed)
    assert unseal(SEAL, sealed).decode() == words


def test_words_are_stored_before_an_empty_answer() -> None:
    box = Letterbox()
    (answer,) = box.ask(SAID.ask())
    assert (answer.status_code, answer.content) == (200, b"")
    assert box.came == [Incoming("7012345678901234567", "应用", "zhoumin", text="收到，马上转移")]


def test_a_button_brings_its_key_and_the_code_that_changes_the_card() -> None:
    box = Letterbox()
    assert box.post(PRESSED.ask()) == [200]
    stamp = int(NOW.timestamp())
    mark = f"zhoumin/{stamp}/K7M2/heard:K7M2"
    assert box.came == [Incoming(mark, "应用", "zhoumin", key="heard:K7M2", reference="RC1")]


def test_the_menu_of_a_card_is_a_button_too() -> None:
    menu = Sealed(
        letter("card.xml", event="template_card_menu_event", key="done", task="T", response="R")
    )
    box = Letterbox()
    assert box.post(menu.ask()) == [200]
    assert [one.key for one in box.came] == ["done"]


@pytest.mark.parametrize("event", ["enter_agent", "subscribe", "unsubscribe", "low_active", ""])
def test_other_events_are_taken_and_left(event: str) -> None:
    box = Letterbox()
    assert box.post(Sealed(letter("event.xml", event=event)).ask()) == [200]
    assert box.came == []


@pytest.mark.parametrize(
    ("kind", "words"),
    [("image", "[图片]"), ("voice", "[语音]"), ("video", "[视频]"), ("unheard_of", "")],
)
def test_what_is_no_text_is_named_by_its_kind(kind: str, words: str) -> None:
    box = Letterbox()
    assert box.post(Sealed(letter("media.xml", kind=kind, id="9")).ask()) == [200]
    assert [one.text for one in box.came] == [words] * bool(words)


def test_what_is_brought_three_times_is_one_answer() -> None:
    box = Letterbox()
    ask = SAID.ask()
    assert box.post(ask, ask, ask) == [200, 200, 200]
    assert (box.brought, len(box.came)) == (1, 1)


def test_what_is_brought_three_times_at_once_is_one_answer() -> None:
    box = Letterbox()
    assert box.together([SAID.ask()] * 3) == [200, 200, 200]
    assert len(box.came) == 1


def test_a_repeat_under_a_new_signature_is_the_same_answer() -> None:
    box = Letterbox()
    again = SAID.changed(nonce="99", at=later(5))
    assert box.post(SAID.ask(), again.ask()) == [200, 200]
    assert (box.brought, len(box.came)) == (2, 1)


def test_what_could_not_be_stored_is_not_thanked_for_and_stored_at_the_next_try() -> None:
    box = Letterbox(is_full=True)
    ask = SAID.ask()
    assert box.post(ask) == [500]
    box.is_full = False
    assert box.post(ask) == [200]
    assert len(box.came) == 1


def test_the_address_is_verified_with_the_bare_words() -> None:
    (answer,) = Letterbox().ask(Sealed("1616140317555161061").verify())
    assert (answer.status_code, answer.content) == (200, b"1616140317555161061")


@pytest.mark.parametrize("words", [SAID.letter, "<xml>收到</xml>", "1" * 257], ids=len)
def test_a_letter_overheard_cannot_be_read_by_asking_for_verification(words: str) -> None:
    (answer,) = Letterbox().ask(Sealed(words).verify())
    assert (answer.status_code, answer.content) == (400, b"")


def test_verification_stores_nothing() -> None:
    box = Letterbox()
    box.ask(SAID.verify(), PRESSED.verify(), Sealed("161").verify())
    assert box.brought == 0


FORGED = {
    "another token": SAID.changed(token="other"),  # noqa: S106 -- a test's own
    "another key": SAID.changed(key=OTHER_KEY),
    "another corporation": SAID.changed(corp="wx0000000000000000"),
    "no corporation": SAID.changed(corp=""),
    "six minutes old": SAID.changed(at=later(-360)),
    "six minutes ahead": SAID.changed(at=later(360)),
    "no xml inside": SAID.changed(letter="收到"),
    "nothing inside": SAID.changed(letter=""),
}
STATUS = {"another key": 400, "another corporation": 400, "no corporation": 400}
STATUS |= {"no xml inside": 400, "nothing inside": 400}


@pytest.mark.parametrize("wrong", FORGED, ids=str)
def test_what_wecom_did_not_write_just_now_for_us_is_turned_away(wrong: str) -> None:
    box = Letterbox()
    (answer,) = box.ask(FORGED[wrong].ask())
    assert (answer.status_code, answer.content) == (STATUS.get(wrong, 403), b"")
    assert box.brought == 0


@pytest.mark.parametrize("seconds", [-300, 300])
def test_clocks_may_differ_by_five_minutes(seconds: int) -> None:
    assert Letterbox().post(SAID.changed(at=later(seconds)).ask()) == [200]


@pytest.mark.parametrize("part", ["msg_signature", "timestamp", "nonce"])
@pytest.mark.parametrize("value", ["", "0", "签名", "-1", "1" * 5000, "１７８２８６７６００"])
def test_a_changed_query_opens_nothing(part: str, value: str) -> None:
    request = SAID.request()
    changed = request.url.copy_set_param(part, value)
    box = Letterbox()
    posted = httpx.Request("POST", changed, content=request.read())
    assert box.post(sending(posted)) == [403]
    assert box.brought == 0


def test_time_and_nonce_swapped_make_an_old_letter_fresh_but_no_second_answer() -> None:
    """The signature runs over both, sorted: only the id inside can be believed."""
    box = Letterbox()
    future = int(later(9000).timestamp())
    request = SAID.changed(nonce=str(future)).request()
    swapped = request.url.copy_set_param("timestamp", future).copy_set_param(
        "nonce", int(NOW.timestamp())
    )
    assert box.post(sending(request)) == [200]
    box.watch.at = later(9000)
    assert box.post(sending(httpx.Request("POST", swapped, content=request.read()))) == [200]
    assert (box.brought, len(box.came)) == (2, 1)


BOMB = (
    b'<!DOCTYPE x [<!ENTITY a0 "ha">'
    + b"".join(b'<!ENTITY a%d "%s">' % (n, b"&a%d;" % (n - 1) * 10) for n in range(1, 10))
    + b"]><xml><Encrypt>&a9;</Encrypt></xml>"
)
GARBAGE = {
    "nothing": b"",
    "no xml": b"\x00\xff{}",
    "cut": b"<xml><Encrypt><![CDATA[P9nA",
    "nested": b"<a>" * 20_000,
    "wide": b"<xml>" + b"<a/>" * 15_000 + b"</xml>",
    "attributes": b"<xml " + b" ".join(b'a%d="1"' % n for n in range(6000)) + b"/>",
    "ten to the ninth laughs": BOMB,
    "laughs in an attribute": BOMB.replace(b"<xml>", b'<xml a="&a9;">'),
    "a file": b'<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/hostname">]><xml>&f;</xml>',
    "a file as dtd": b'<!DOCTYPE x SYSTEM "http://127.0.0.1:9/x.dtd"><xml/>',
    "utf-16": '<?xml version="1.0" encoding="utf-16"?><xml/>'.encode("utf-16"),
    "no such encoding": b'<?xml version="1.0" encoding="x-none"?><xml/>',
    "json": b'{"Encrypt": "P9nA"}',
    "too long": b"<xml>" + b"a" * 65_536,
}


@pytest.mark.parametrize("what", GARBAGE, ids=str)
def test_garbage_is_turned_away(what: str) -> None:
    url = SAID.request().url
    box = Letterbox()
    (status,) = box.post(sending(httpx.Request("POST", url, content=GARBAGE[what])))
    assert status in {400, 403, 413}
    assert box.brought == 0


def test_laughs_inside_a_rightly_sealed_letter_are_not_expanded() -> None:
    box = Letterbox()
    assert box.post(Sealed(BOMB.decode()).ask()) == [400]
    assert box.brought == 0


def test_a_rightly_sealed_letter_that_defines_words_of_its_own_is_not_read() -> None:
    defined = '<!DOCTYPE xml [<!ENTITY heard "收到">]>' + letter("text.xml", text="好", id="7")
    box = Letterbox()
    assert box.post(Sealed(defined).ask()) == [400]
    assert box.brought == 0


def test_a_body_without_an_end_is_cut_off() -> None:
    given: list[int] = []

    async def endless(client: httpx.AsyncClient) -> httpx.Response:
        async def chunks() -> AsyncIterator[bytes]:
            while True:
                given.append(1)
                yield b"a" * 4096

        return await client.post("/inbox/wecom/应用", content=chunks())

    assert Letterbox().post(endless) == [413]
    assert len(given) < 20


@pytest.mark.parametrize(
    "sealed",
    [b"", b"a", b"P9nA", b"\x00" * 31, b"\x00" * 32, b"\x00" * 33, b"\xff" * 64, b"a" * 4096],
)
def test_what_no_one_sealed_does_not_open(sealed: bytes) -> None:
    for written in (base64.b64encode(sealed).decode(), sealed.decode("latin-1")):
        with pytest.raises(Unsealable):
            unseal(SEAL, written)


@pytest.mark.parametrize("size", [16, 31, 33, 48])
def test_what_is_no_multiple_of_thirty_two_bytes_is_not_even_tried(size: int) -> None:
    with pytest.raises(Unsealable, match="密文长度不对"):
        unseal(SEAL, base64.b64encode(bytes(size)).decode())


@pytest.mark.parametrize("end", [b"\x01\x02", b"\x00", b"\x21", b"\x05\x04\x05\x05\x05"])
def test_padding_that_is_none_does_not_open(end: bytes) -> None:
    inside = bytes(16) + (3).to_bytes(4) + b"abc" + CORP.encode()
    plain = inside + bytes(-(len(inside) + len(end)) % 32) + end
    sealer = Cipher(AES(SEAL.key), CBC(SEAL.key[:16])).encryptor()
    sealed = base64.b64encode(sealer.update(plain) + sealer.finalize()).decode()
    with pytest.raises(Unsealable, match="密钥不对"):
        unseal(SEAL, sealed)


def test_a_letter_for_nobody_opens_only_for_nobody() -> None:
    _, sealed = Sealed("abc", corp="").envelope()
    with pytest.raises(Unsealable):
        unseal(SEAL, sealed)
    assert unseal(replace(SEAL, receiver=""), sealed) == b"abc"


@pytest.mark.parametrize("written", ["", "a" * 42, "a" * 44, "汉" * 43, "a" * 42 + "="])
def test_a_key_of_another_length_is_none(written: str) -> None:
    assert aes_key(written) is None


@pytest.mark.parametrize("missing", ["TOKEN", "AES", "CORP"])
def test_a_setting_that_is_not_there_closes_the_address_and_tells_nobody(missing: str) -> None:
    box = Letterbox()
    del box.settings[missing]
    (answer,) = box.ask(SAID.ask())
    assert (answer.status_code, answer.content) == (503, b"")
    assert box.brought == 0


def test_a_channel_that_is_not_called_back_or_not_there_has_no_address() -> None:
    box = Letterbox(channels=(replace(WECOM, token="", aes_key=""),))
    assert box.post(SAID.ask(), SAID.changed(channel="没有").ask()) == [404, 404]


def test_changed_rules_count_at_once() -> None:
    box = Letterbox(channels=())
    ask = SAID.ask()
    assert box.post(ask) == [404]
    box.channels = (WECOM,)
    assert box.post(ask) == [200]


def test_no_secret_shows_in_what_is_printed() -> None:
    printed = repr(SEAL) + repr(Letterbox().reception)
    assert not [
        one for one in (*SETTINGS.values(), str(SEAL.key)) if one in printed and one != CORP
    ]


def test_the_log_says_once_which_clock_or_key_is_wrong(caplog: pytest.LogCaptureFixture) -> None:
    box = Letterbox()
    with caplog.at_level("WARNING", logger="jiaoying"):
        box.post(*(FORGED[wrong].ask() for wrong in ("another token", "six minutes old")))
        box.post(*[FORGED["another corporation"].ask()] * 3)
    assert caplog.messages == [
        "通道“应用”的回调没有收：签名对，但时间戳差了0:06:00。如果不是有人重放旧消息，请校准本机时钟",
        "通道“应用”的回调没有收：签名对，但不是发给这个企业的。请核对“解密”和“账号”",
    ]
