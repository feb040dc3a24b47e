"""``jiaoying backup``: the record, its evidence and the rules as one file, while all goes on."""

import argparse
import gzip
import io
import json
import os
import sqlite3
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import select

from notifier.cli.records import missing
from notifier.config import Settings, environment, settings
from notifier.evidence import FOLDER, given, place
from notifier.ledger.chain import GENESIS
from notifier.ledger.schema import head
from notifier.ledger.store import connect
from obligations.errors import JiaoyingError, Misconfigured

DATABASE = "jiaoying.db"
RULES = "rules.yaml"
EVIDENCE = FOLDER
LABEL = "backup.json"
DONE = "done"
ENDINGS = (".tar.gz", ".tgz")


class NotBackedUp(JiaoyingError):
    """No backup was made; nothing was left half done."""


@dataclass(frozen=True, slots=True)
class Label:
    """What a backup holds: the last row of its ledger and how many files of evidence."""

    made: str
    seq: int
    hash: str
    evidence: int
    rules: bool


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the command takes."""
    parser.add_argument("file", type=Path, metavar="备份.tar.gz", help="写到哪个文件")
    parser.add_argument("--rules", help="规则文件，默认 rules.yaml")
    parser.add_argument("--data", help="存放台账的文件夹，默认 data")


def run(options: argparse.Namespace) -> int:
    """Write the backup in one step; secrets stay where they are, and that is said."""
    chosen = settings(environment(options.rules), options.rules, options.data)
    target: Path = options.file
    if not target.name.endswith(ENDINGS):
        message = f"备份文件请以 .tar.gz 结尾，如 {target.name.partition('.')[0]}.tar.gz"
        raise Misconfigured(message)
    if target.exists():
        message = f"{target} 已经有了，没有覆盖。请换一个文件名"
        raise Misconfigured(message)
    try:
        with _draft(target) as draft:
            label = _pack(chosen, draft)
    except (OSError, sqlite3.Error) as error:
        message = f"备份没有做成（{error}）。请检查 {target.parent} 能不能写、磁盘够不够"
        raise NotBackedUp(message) from error
    print(f"已备份到 {target}：台账{label.seq}条记录，证据文件{label.evidence}个")
    if not label.rules:
        print(f"没有找到规则文件 {chosen.rules}，备份里没有规则")
    print("密钥没有放进备份：.env 和 secret.key 请另外保管，没有它们以前发出的答复链接打不开")
    return 0


@contextmanager
def _draft(target: Path) -> Iterator[Path]:
    """Give a folder beside the target; its file `DONE` takes the target's place at the end."""
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".backup-") as name:
        draft = Path(name)
        yield draft
        (draft / DONE).replace(target)


def _pack(chosen: Settings, draft: Path) -> Label:
    """Copy the database first: whatever its facts name was on the disk before them."""
    copy = draft / DATABASE
    copy_database(chosen, copy)
    seq, last = read_head(copy)
    files = _evidence(copy, chosen.data / EVIDENCE)
    now = datetime.now(UTC).isoformat(timespec="seconds")
    label = Label(now, seq, last, len(files), chosen.rules.is_file())
    with (draft / DONE).open("xb") as file:
        os.fchmod(file.fileno(), 0o600)
        with gzip.GzipFile("", "wb", 6, file) as packed, tarfile.open(None, "w|", packed) as tar:
            _add_text(tar, LABEL, json.dumps(asdict(label)))
            tar.add(copy, DATABASE)
            if label.rules:
                tar.add(chosen.rules.resolve(), RULES)
            for path in files:
                tar.add(path, f"{EVIDENCE}/{path.parent.name}/{path.name}")
        file.flush()
        os.fsync(file.fileno())
    return label


def copy_database(chosen: Settings, copy: Path) -> None:
    """Copy the embedded database as it stands at one instant, while others write to it."""
    source = chosen.database_file
    if source is None:
        message = (
            "台账在数据库服务器上，请用服务器自己的备份（pg_dump），再用 jiaoying export 留一份"
        )
        raise Misconfigured(message)
    if not source.exists():
        raise missing(chosen.data)
    with closing(sqlite3.connect(source)) as old, closing(sqlite3.connect(copy)) as new:
        old.backup(new)
        new.execute("PRAGMA journal_mode=DELETE")  # one file, whole by itself


def read_head(database: Path) -> tuple[int, str]:
    """Give the number and the hash of a ledger's last row."""
    engine = connect(f"sqlite:///{database}")
    try:
        with engine.connect() as connection:
            known = connection.execute(select(head.c.seq, head.c.hash)).one_or_none()
    finally:
        engine.dispose()
    return (known.seq, known.hash) if known else (0, GENESIS)


def _evidence(database: Path, folder: Path) -> tuple[Path, ...]:
    """Give the files that the ledger names; one that is missing is told at once."""
    engine = connect(f"sqlite:///{database}")
    try:
        with engine.connect() as connection:
            named = {fact.digest: fact.name for _, fact in given(connection)}
    finally:
        engine.dispose()
    lost = [name for digest, name in named.items() if not place(folder, digest).is_file()]
    if lost:
        message = f"证据文件“{lost[0]}”不见了，没有备份。请运行 jiaoying ledger verify 看是哪一条"
        raise NotBackedUp(message)
    return tuple(place(folder, digest) for digest in sorted(named))


def _add_text(tar: tarfile.TarFile, name: str, text: str) -> None:
    body = text.encode()
    about = tarfile.TarInfo(name)
    about.size = len(body)
    about.mode = 0o600
    tar.addfile(about, io.BytesIO(body))
