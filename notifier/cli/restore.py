"""``jiaoying restore``: a backup becomes a data folder again, proved before it is used."""

import argparse
import fcntl
import gzip
import json
import os
import re
import shutil
import tarfile
import tempfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pydantic import TypeAdapter, ValidationError
from sqlalchemy.exc import SQLAlchemyError

from notifier.cli.backup import DATABASE, EVIDENCE, LABEL, RULES, Label, read_head
from notifier.config import environment, settings
from notifier.evidence import check
from notifier.ledger.chain import verify
from notifier.ledger.store import connect
from obligations.errors import JiaoyingError, Misconfigured

BLOCK = 64 * 1024
_NAME = re.compile(
    rf"{re.escape(LABEL)}|{re.escape(DATABASE)}|{re.escape(RULES)}|{EVIDENCE}/[0-9a-f]{{2}}/[0-9a-f]{{62}}"
)
_LABEL: TypeAdapter[Label] = TypeAdapter(Label)


class NotRestored(JiaoyingError):
    """The backup was not put in place; the folder is as it was."""


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the command takes."""
    parser.add_argument("file", type=Path, metavar="备份.tar.gz", help="jiaoying backup 写的文件")
    parser.add_argument("--data", required=True, help="恢复到哪个文件夹：新的，或者空的")


def run(options: argparse.Namespace) -> int:
    """Unpack beside the folder, prove what came out, then put it in place in one step."""
    target = settings(environment(), data=options.data).data
    _refuse_used(target)
    try:
        with _draft(target) as draft:
            label = _unpack(options.file, draft)
            _prove(draft, label)
    except OSError as error:
        message = (
            f"没有恢复：{options.file} 读不出来或 {target} 写不进去（{error.strerror or error}）"
        )
        raise NotRestored(message) from error
    print(f"已恢复到 {target}：台账{label.seq}条记录前后相连，证据文件{label.evidence}个都在")
    print("请把原来的 secret.key 放回这个文件夹、.env 放回规则文件旁边，再启动")
    if label.rules:
        print(f"规则文件在 {target / RULES}，启动时加 --rules {target / RULES}，或拷回原处")
    return 0


def _refuse_used(target: Path) -> None:
    lock = target / f"{DATABASE}.lock"
    if lock.exists():
        with lock.open("rb") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError as error:
                message = f"{target} 正被叫应程序使用，没有恢复。请用 --data 另选一个空文件夹"
                raise Misconfigured(message) from error
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        message = f"{target} 不是空的，没有恢复。请用 --data 另选一个空文件夹"
        raise Misconfigured(message)


@contextmanager
def _draft(target: Path) -> Iterator[Path]:
    """Give a folder that becomes the target where nothing goes wrong, and vanishes otherwise."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".restore-") as name:
        draft = Path(name) / "data"
        draft.mkdir(mode=0o700)
        yield draft
        draft.replace(target)  # an empty folder gives way, one with anything in it does not


def _unpack(file: Path, draft: Path) -> Label:
    """Write out what a backup may hold, and nothing else, whatever its names say."""
    try:
        with gzip.open(file) as packed, tarfile.open(None, "r|", packed) as tar:
            for member in tar:
                content = tar.extractfile(member) if member.isreg() else None
                if content is None or not _NAME.fullmatch(member.name):
                    message = f"{file} 里有不该有的“{member.name[:40]}”，不是叫应的备份，没有恢复"
                    raise NotRestored(message)
                path = draft / member.name
                path.parent.mkdir(parents=True, exist_ok=True)
                with path.open("xb") as out:
                    shutil.copyfileobj(content, out)
                    out.flush()
                    os.fsync(out.fileno())
            while packed.read(BLOCK):
                pass  # to the very end: the checksum over everything stands there
        return _LABEL.validate_python(json.loads((draft / LABEL).read_text("utf-8")))
    except (tarfile.TarError, EOFError, zlib.error, ValueError, FileExistsError) as error:
        message = f"{file} 不完整或被改动过，没有恢复。请换一份备份"
        raise NotRestored(message) from error


def _prove(draft: Path, label: Label) -> None:
    database = draft / DATABASE
    if not database.exists():
        message = "备份里没有台账，没有恢复"
        raise NotRestored(message)
    engine = connect(f"sqlite:///{database}")
    try:
        with engine.connect() as connection:
            _, flaw = verify(connection)
            files, lost = check(connection, draft / EVIDENCE)
        known = read_head(database)
    except (SQLAlchemyError, ValidationError) as error:
        message = "备份里的台账打不开，没有恢复。请换一份备份"
        raise NotRestored(message) from error
    finally:
        engine.dispose()
    flaw = flaw or lost
    if flaw:
        message = f"备份里的台账有问题，没有恢复：{flaw.message}"
        raise NotRestored(message)
    if (*known, files) != (label.seq, label.hash, label.evidence):
        message = f"备份里有{known[0]}条记录、{files}个文件，与备份时不一样，没有恢复"
        raise NotRestored(message)
