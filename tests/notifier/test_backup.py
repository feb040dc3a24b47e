"""A backup made beside the running program comes back as it was, or not at all."""

import gzip
import io
import sqlite3
import tarfile
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from notifier.cli import main
from notifier.events import Troubled
from notifier.ledger import open_ledger
from notifier.ledger.store import Ledger

NOW = datetime(2026, 7, 1, 1, tzinfo=UTC)
RULES = "人员: {周敏: {}}\n规则: [{编号: A-1, 事项: 开会, 责任人: 周敏, 频次: 每季度至少1次}]\n"


def record(ledger: Ledger, count: int) -> None:
    for number in range(count):
        fact = Troubled(subject="A-1", reason=f"第{number}次")
        ledger.record(NOW + timedelta(minutes=number), (fact,)).result()


def office(folder: Path, count: int = 3) -> Path:
    """Give a data folder with a ledger, evidence of nobody, secrets, and rules beside it."""
    data = folder / "data"
    data.mkdir()
    (folder / "rules.yaml").write_text(RULES, "utf-8")
    (data / "secret.key").write_text("MY-SECRET-KEY", "utf-8")
    (folder / ".env").write_text("WECOM_WEBHOOK=MY-SECRET-HOOK", "utf-8")
    ledger = open_ledger(f"sqlite:///{data / 'jiaoying.db'}")
    record(ledger, count)
    ledger.close()
    return data


def backup(folder: Path, name: str = "b.tar.gz") -> int:
    rules = str(folder / "rules.yaml")
    return main(["backup", str(folder / name), "--data", str(folder / "data"), "--rules", rules])


def restore(folder: Path, name: str = "b.tar.gz", to: str = "new") -> int:
    return main(["restore", str(folder / name), "--data", str(folder / to)])


def dump(database: Path) -> Sequence[str]:
    connection = sqlite3.connect(database)
    try:
        return tuple(connection.iterdump())
    finally:
        connection.close()


def unpacked(file: Path) -> dict[str, bytes]:
    found = {}
    with tarfile.open(file) as tar:
        for member in tar:
            content = tar.extractfile(member)
            assert content is not None
            found[member.name] = content.read()
    return found


def packed(file: Path, members: dict[str, bytes]) -> None:
    with tarfile.open(file, "w:gz") as tar:
        for name, body in members.items():
            about = tarfile.TarInfo(name)
            about.size = len(body)
            tar.addfile(about, io.BytesIO(body))


def test_what_is_restored_is_what_was_there(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = office(tmp_path)
    assert backup(tmp_path) == 0
    assert restore(tmp_path) == 0
    assert dump(tmp_path / "new" / "jiaoying.db") == dump(data / "jiaoying.db")
    assert (tmp_path / "new" / "rules.yaml").read_text("utf-8") == RULES
    assert "3条记录前后相连" in capsys.readouterr().out
    assert main(["ledger", "verify", "--data", str(tmp_path / "new")]) == 0


def test_a_backup_holds_no_secret_and_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    office(tmp_path)
    assert backup(tmp_path) == 0
    assert ".env 和 secret.key 请另外保管" in capsys.readouterr().out
    content = gzip.decompress((tmp_path / "b.tar.gz").read_bytes())
    assert b"MY-SECRET" not in content
    assert (tmp_path / "b.tar.gz").stat().st_mode & 0o077 == 0


def test_a_backup_beside_the_running_program_is_of_one_instant(tmp_path: Path) -> None:
    data = office(tmp_path, 0)
    ledger = open_ledger(f"sqlite:///{data / 'jiaoying.db'}")
    try:
        futures = [
            ledger.record(NOW, (Troubled(subject="A-1", reason=f"第{n}次"),)) for n in range(2000)
        ]
        futures[0].result()
        assert backup(tmp_path) == 0
        assert len(futures[-1].result()) == 1
    finally:
        ledger.close()
    assert restore(tmp_path) == 0


@pytest.mark.parametrize("share", [0.0, 0.1, 0.5, 0.9, 0.999])
def test_half_a_backup_is_refused_and_nothing_is_left(
    tmp_path: Path, share: float, capsys: pytest.CaptureFixture[str]
) -> None:
    office(tmp_path)
    backup(tmp_path)
    whole = (tmp_path / "b.tar.gz").read_bytes()
    (tmp_path / "half.tar.gz").write_bytes(whole[: int(len(whole) * share)])
    before = sorted(tmp_path.iterdir())
    assert restore(tmp_path, "half.tar.gz") == 2
    assert "没有恢复" in capsys.readouterr().err
    assert sorted(tmp_path.iterdir()) == before


def test_a_changed_row_in_a_backup_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    office(tmp_path)
    backup(tmp_path)
    members = unpacked(tmp_path / "b.tar.gz")
    members["jiaoying.db"] = members["jiaoying.db"].replace("第1次".encode(), "第9次".encode())
    packed(tmp_path / "bad.tar.gz", members)
    assert restore(tmp_path, "bad.tar.gz") == 2
    assert "第2条记录与校验值不符" in capsys.readouterr().err
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize(
    "name", ["../evil", "/etc/evil", "evidence/../../evil", "evidence/zz/evil", "secret.key"]
)
def test_a_backup_writes_nowhere_else(tmp_path: Path, name: str) -> None:
    office(tmp_path)
    backup(tmp_path)
    packed(tmp_path / "bad.tar.gz", {name: b"x", **unpacked(tmp_path / "b.tar.gz")})
    before = sorted(tmp_path.rglob("*"))
    assert restore(tmp_path, "bad.tar.gz") == 2
    assert sorted(tmp_path.rglob("*")) == before


@pytest.mark.parametrize(
    ("name", "said"), [("data", "不是空的"), ("rules.yaml", "不是空的"), ("b.tar.gz", "不是空的")]
)
def test_nothing_is_restored_over_what_is_there(
    tmp_path: Path, name: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    office(tmp_path)
    backup(tmp_path)
    assert restore(tmp_path, to=name) == 2
    assert said in capsys.readouterr().err


def test_an_empty_folder_takes_a_backup(tmp_path: Path) -> None:
    office(tmp_path)
    backup(tmp_path)
    (tmp_path / "new").mkdir()
    assert restore(tmp_path) == 0


@pytest.mark.parametrize(
    ("name", "said"),
    [("b.zip", ".tar.gz 结尾"), ("old.tar.gz", "已经有了"), ("nowhere/b.tar.gz", "没有做成")],
)
def test_a_backup_that_cannot_be_made_is_told(
    tmp_path: Path, name: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    office(tmp_path)
    (tmp_path / "old.tar.gz").write_bytes(b"")
    assert backup(tmp_path, name) == 2
    assert said in capsys.readouterr().err
