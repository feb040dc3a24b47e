"""What is handed in: only what it says it is, whole on the disk, found when it is changed."""

import io
import os
import struct
import zlib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import given as suppose
from hypothesis import strategies as st
from PIL import Image

from notifier.cli import main
from notifier.events import EvidenceGiven
from notifier.evidence import KINDS, NotTaken, check, keep, place, show_copy, sweep, tell
from notifier.evidence.store import LARGEST
from notifier.ledger import Ledger, open_ledger
from tests.notifier.pictures import package, photo, picture

NOW = datetime(2026, 8, 14, 8, tzinfo=UTC)
TAKEN = {
    "jpg": photo(),
    "png": picture("PNG"),
    "webp": picture("WEBP"),
    "pdf": b"%PDF-1.7\n1 0 obj\n",
    "docx": package("[Content_Types].xml", "word/document.xml"),
    "xlsx": package("[Content_Types].xml", "xl/workbook.xml"),
    "ofd": package("OFD.xml", "Doc_0/Document.xml"),
}


def bomb() -> bytes:
    """Give a PNG of few bytes that says it has 900 million pixels."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return (
            struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        )

    head = struct.pack(">IIBBBBB", 30_000, 30_000, 8, 2, 0, 0, 0)
    parts = chunk(b"IHDR", head), chunk(b"IDAT", zlib.compress(b"\0" * 1000)), chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


REFUSED = {
    "empty": (b"", "是空的"),
    "page": (b"<html><script>alert(1)</script></html>", "不是能收的文件"),
    "drawing": (b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>', "不是能收的文件"),
    "program": (b"MZ\x90\x00", "不是能收的文件"),
    "script": (b"#!/bin/sh\nrm -rf /", "不是能收的文件"),
    "heic": (b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00", "兼容性最佳"),
    "video": (b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00", "兼容性最佳"),
    "half a photo": (photo()[:10], "没有传完整"),
    "no photo": (b"\xff\xd8\xff<script>alert(1)</script>", "没有传完整"),
    "no picture": (b"RIFF\x00\x00\x00\x00WAVEfmt ", "没有传完整"),
    "bomb": (bomb(), "尺寸太大"),
    "torn archive": (b"PK\x03\x04rubbish", "没有传完整"),
    "archive": (package("a.exe"), "压缩包"),
    "macros": (package("word/document.xml", "word/vbaProject.bin"), "宏"),
}


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    (tmp_path / "data").mkdir()
    found = open_ledger(f"sqlite:///{tmp_path / 'data' / 'jiaoying.db'}")
    yield found
    found.close()


def fact(digest: str, name: str = "a.jpg") -> EvidenceGiven:
    return EvidenceGiven(
        key="QX-03/周敏/2026Q3",
        person="周敏",
        digest=digest,
        name=name,
        size=1,
        type="image/jpeg",
        reason="周敏交来照片",
    )


@pytest.mark.parametrize("ending", TAKEN)
def test_what_is_taken_is_known_by_what_it_holds(tmp_path: Path, ending: str) -> None:
    digest, size, kind = keep(tmp_path, io.BytesIO(TAKEN[ending]), "随便什么名字.exe")
    assert (digest, size) == (sha256(TAKEN[ending]).hexdigest(), len(TAKEN[ending]))
    assert kind.ending == ending
    assert kind.type in KINDS
    assert place(tmp_path, digest).read_bytes() == TAKEN[ending]
    assert place(tmp_path, digest).stat().st_mode & 0o377 == 0


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_not_taken_is_refused_in_words_and_leaves_nothing(
    tmp_path: Path, name: str
) -> None:
    body, said = REFUSED[name]
    with pytest.raises(NotTaken, match=said):
        keep(tmp_path, io.BytesIO(body), "现场.jpg")
    assert list(tmp_path.iterdir()) == []


def test_what_is_too_large_is_refused_before_it_is_all_read(tmp_path: Path) -> None:
    class Endless(io.RawIOBase):
        asked = 0

        def read(self, size: int = -1) -> bytes:
            self.asked += size
            return b"\xff\xd8\xff" + b"\0" * (size - 3)

    endless = Endless()
    with pytest.raises(NotTaken, match="20MB"):
        keep(tmp_path, endless, "大.jpg")  # type: ignore[arg-type]  # it reads, which is all
    assert endless.asked <= LARGEST + 1024 * 1024
    assert list(tmp_path.iterdir()) == []


@pytest.mark.filterwarnings(
    "ignore::UserWarning:PIL"
)  # that a picture is damaged, we say ourselves
@suppose(st.binary(max_size=200), st.sampled_from([*TAKEN.values(), b""]), st.integers(0, 60))
def test_no_bytes_bring_it_down(
    tmp_path_factory: pytest.TempPathFactory, noise: bytes, base: bytes, at: int
) -> None:
    folder = tmp_path_factory.mktemp("evidence")
    try:
        digest, _, kind = keep(folder, io.BytesIO(base[:at] + noise + base[at:]), "x")
    except NotTaken:
        return
    if kind.is_picture:
        tell(place(folder, digest))


def test_a_photo_tells_where_and_when_and_its_copy_does_not(tmp_path: Path) -> None:
    digest, _, _ = keep(tmp_path, io.BytesIO(photo(size=(4000, 3000))), "现场.jpg")
    told = tell(place(tmp_path, digest))
    assert told.position == (29.51, 106.25)
    assert told.taken_at == datetime(2026, 8, 14, 15, 6, 7)
    copy = show_copy(tmp_path, place(tmp_path, digest))
    assert b"Exif" not in copy.read_bytes()
    assert b"SecretPhone" not in copy.read_bytes()
    with Image.open(copy) as image:
        assert image.size == (1200, 1600)  # turned upright, and small
        assert not image.getexif()
    assert b"SecretPhone" in place(tmp_path, digest).read_bytes()


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_a_picture_without_words_tells_nothing(tmp_path: Path, kind: str) -> None:
    digest, _, _ = keep(tmp_path, io.BytesIO(picture(kind)), "图.png")
    assert tell(place(tmp_path, digest)) == tell(tmp_path / "nowhere")
    with Image.open(show_copy(tmp_path, place(tmp_path, digest))) as image:
        assert image.format == "JPEG"


def test_the_same_photo_twice_is_one_file(tmp_path: Path) -> None:
    first = keep(tmp_path, io.BytesIO(photo()), "1.jpg")
    assert keep(tmp_path, io.BytesIO(photo()), "2.jpg") == first
    assert len([one for one in tmp_path.rglob("*") if one.is_file()]) == 1


def test_only_what_no_fact_names_is_swept_and_only_after_a_day(tmp_path: Path) -> None:
    named = keep(tmp_path, io.BytesIO(photo("red")), "1.jpg")[0]
    orphan = keep(tmp_path, io.BytesIO(photo("blue")), "2.jpg")[0]
    (tmp_path / ".draft-cut").write_bytes(b"half")
    show_copy(tmp_path, place(tmp_path, named))
    for path in tmp_path.rglob("*"):
        os.utime(path, (NOW.timestamp(), NOW.timestamp()))
    assert sweep(tmp_path, lambda digest: digest == named, NOW + timedelta(hours=23)) == 0
    assert sweep(tmp_path, lambda digest: digest == named, NOW + timedelta(hours=25)) == 2
    assert place(tmp_path, named).exists()
    assert not place(tmp_path, orphan).exists()
    assert not (tmp_path / ".draft-cut").exists()


def test_a_file_that_is_handed_in_again_is_not_swept_from_under_its_fact(tmp_path: Path) -> None:
    digest = keep(tmp_path, io.BytesIO(photo()), "1.jpg")[0]
    os.utime(place(tmp_path, digest), (0, 0))
    keep(tmp_path, io.BytesIO(photo()), "1.jpg")
    assert sweep(tmp_path, lambda _: False, datetime.now(UTC)) == 0


@pytest.mark.parametrize("at", [0, 1, 100, -1])
def test_one_changed_byte_of_a_file_is_found(
    tmp_path: Path, ledger: Ledger, at: int, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "data" / "evidence"
    ledger.record(NOW, (fact(keep(folder, io.BytesIO(photo("blue")), "蓝.jpg")[0]),)).result()
    digest = keep(folder, io.BytesIO(photo()), "现场.jpg")[0]
    ledger.record(NOW, (fact(digest, "现场.jpg"), fact(digest, "again.jpg"))).result()
    assert ledger.read(check, folder) == (2, None)
    verify = ["ledger", "verify", "--data", str(tmp_path / "data")]
    assert main(verify) == 0
    assert "2个证据文件都在" in capsys.readouterr().out
    path = place(folder, digest)
    body = bytearray(path.read_bytes())
    body[at] ^= 1
    path.chmod(0o600)
    path.write_bytes(body)
    assert main(verify) == 1
    assert "第2条记录的证据“现场.jpg”被改动过" in capsys.readouterr().out
    path.unlink()
    assert main(verify) == 1
    assert "不见了" in capsys.readouterr().out


def test_evidence_is_in_the_backup_and_comes_back(tmp_path: Path, ledger: Ledger) -> None:
    folder = tmp_path / "data" / "evidence"
    digest = keep(folder, io.BytesIO(photo()), "现场.jpg")[0]
    orphan = keep(folder, io.BytesIO(photo("blue")), "孤儿.jpg")[0]
    ledger.record(NOW, (fact(digest),)).result()
    where = ["--data", str(tmp_path / "data"), "--rules", str(tmp_path / "none.yaml")]
    assert main(["backup", str(tmp_path / "b.tar.gz"), *where]) == 0
    assert main(["restore", str(tmp_path / "b.tar.gz"), "--data", str(tmp_path / "new")]) == 0
    assert place(tmp_path / "new" / "evidence", digest).read_bytes() == photo()
    assert not place(tmp_path / "new" / "evidence", orphan).exists()
    assert main(["ledger", "verify", "--data", str(tmp_path / "new")]) == 0


def test_a_backup_without_its_evidence_is_not_made(
    tmp_path: Path, ledger: Ledger, capsys: pytest.CaptureFixture[str]
) -> None:
    ledger.record(NOW, (fact("ab" * 32, "丢了.jpg"),)).result()
    where = ["--data", str(tmp_path / "data"), "--rules", str(tmp_path / "none.yaml")]
    assert main(["backup", str(tmp_path / "b.tar.gz"), *where]) == 2
    assert "“丢了.jpg”不见了" in capsys.readouterr().err
    assert not (tmp_path / "b.tar.gz").exists()
