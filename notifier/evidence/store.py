"""Files under the name of what they hold: evidence/ab/cdef…, whole or not there at all."""

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from threading import Lock
from typing import BinaryIO

from notifier.evidence.kinds import Kind, NotTaken, kind_of
from obligations.errors import JiaoyingError

FOLDER = "evidence"  # in the data folder
LARGEST = 20 * 1024 * 1024
SPARE = 500 * 1024 * 1024  # what evidence leaves of the disk to the ledger
ORPHAN = timedelta(days=1)
COPIES = "shown"
_BLOCK = 256 * 1024
_MOVING = Lock()  # a sweep must not take what is being kept again


class NotKept(JiaoyingError):
    """A file could not be put on the disk; nothing of the answer was recorded."""


def place(folder: Path, digest: str) -> Path:
    """Give where a file lies.

    >>> place(Path("data/evidence"), "ab" + "0" * 62).parent.name
    'ab'
    """
    return folder / digest[:2] / digest[2:]


def keep(folder: Path, content: BinaryIO, name: str) -> tuple[str, int, Kind]:
    """Put a file on the disk for good; give its digest, its size and what it is.

    Raises `NotTaken` where it is too large or of no kind that is taken, `NotKept` where the disk
    fails. When it returns, a power cut does not lose the file.
    """
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if shutil.disk_usage(folder).free < SPARE:
            message = "办公室电脑的磁盘快满了，没有收下文件。请先只点“已办”，并告诉办公室"
            raise NotKept(message)
        with tempfile.NamedTemporaryFile(dir=folder, prefix=".draft-", delete=False) as draft:
            path = Path(draft.name)
            try:
                digest, size = _copy(content, draft, name)
                kind = kind_of(path, name)
                path.chmod(0o400)
                _move(path, place(folder, digest))
            finally:
                path.unlink(missing_ok=True)
    except OSError as error:
        message = f"文件没有存下来（{error.strerror}），答复也没有记。请稍后再试，或联系办公室"
        raise NotKept(message) from error
    return digest, size, kind


def _copy(
    content: BinaryIO, draft: "tempfile._TemporaryFileWrapper[bytes]", name: str
) -> tuple[str, int]:
    seen = sha256()
    size = 0
    while block := content.read(_BLOCK):
        size += len(block)
        if size > LARGEST:
            message = f"“{name}”太大：每个文件最多20MB。请缩小后再交"
            raise NotTaken(message)
        seen.update(block)
        draft.write(block)
    draft.flush()
    os.fsync(draft.fileno())
    return seen.hexdigest(), size


def _move(draft: Path, target: Path) -> None:
    """Put the whole file in its place; the same content again only becomes young again."""
    target.parent.mkdir(mode=0o700, exist_ok=True)
    with _MOVING:
        if target.exists():
            os.utime(target)
            return
        draft.replace(target)
    for folder in (target.parent, target.parent.parent):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def sweep(folder: Path, is_named: Callable[[str], bool], now: datetime) -> int:
    """Remove what no fact names and is older than a day; give how much that was.

    A file without a fact is what a power cut left between the two; a fact never comes first.
    """
    oldest = (now - ORPHAN).timestamp()
    removed = 0
    for path in _files(folder):
        with _MOVING:
            try:
                is_old = path.stat().st_mtime < oldest
                if is_old and not is_named(path.parent.name + path.name):
                    path.unlink()
                    removed += 1
            except FileNotFoundError:  # a draft that was just kept
                continue
    return removed


def _files(folder: Path) -> Iterator[Path]:
    yield from folder.glob("[0-9a-f][0-9a-f]/*")
    yield from folder.glob(".draft-*")
