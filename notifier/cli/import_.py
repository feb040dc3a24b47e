"""``jiaoying import``: what a notice demands, put into rules.yaml as rules that wait for a yes."""

import argparse
import os
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from notifier.cli.parse import day, tell_year
from obligations.clauses import read
from obligations.drafts import Draft, append, make_drafts, missing, new_file
from obligations.errors import Misconfigured, Unreadable

BACKUP = ".bak-"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add what the command understands."""
    parser.add_argument("files", nargs="+", metavar="通知", help="通知文件（纯文本）")
    parser.add_argument(
        "--into", required=True, metavar="rules.yaml", help="写进哪个规则文件；没有就新建一个"
    )
    parser.add_argument(
        "--issued",
        type=day,
        metavar="日期",
        help="通知没有落款日期时，按这个日期理解，如 2022-05-20",
    )


def run(options: argparse.Namespace) -> int:
    """Put the drafts of every notice into the file; 2 where none could be read, 1 for some."""
    path = Path(options.into)
    old = current(path)
    text = "" if old is None else old.decode()
    failed = 0
    for name in options.files:
        try:
            notice = read(Path(name), options.issued)
        except Unreadable as error:
            sys.stderr.write(f"{error}\n")
            failed += 1
            continue
        tell_year(name, notice, sys.stderr)
        drafts = make_drafts(notice)
        fresh = missing(drafts, text, str(path)) if text.strip() else drafts
        sys.stderr.write(f"{name}：{outcome(drafts, fresh)}\n")
        text = add(text, fresh, str(path))
    sys.stderr.write(save(path, old, text))
    if failed == len(options.files):
        return 2
    return 1 if failed else 0


def outcome(drafts: Sequence[Draft], fresh: Sequence[Draft]) -> str:
    """Say what a notice brings."""
    if not drafts:
        return "没有读出带时间要求的任务"
    if not fresh:
        return f"读出的 {len(drafts)} 条规则都已经有了"
    asked = sum(bool(draft.question) for draft in fresh)
    return f"新增 {len(fresh)} 条待确认的规则" + (f"，其中 {asked} 条有待定的问题" if asked else "")


def add(text: str, fresh: Sequence[Draft], file: str) -> str:
    """Give the file's text with the drafts in it."""
    if not fresh:
        return text
    return append(text, fresh, file) if text.strip() else new_file(fresh)


def save(path: Path, old: bytes | None, text: str) -> str:
    """Write the file where something is new, and say so."""
    if text.encode() == (old or b""):
        return f"{path} 没有改动\n"
    backup = replace_file(path, old, text.encode())
    return f"已写进 {path}" + (f"，原文件另存为 {backup}\n" if backup else "\n")


def current(path: Path) -> bytes | None:
    """Give what the file holds, None where there is none yet."""
    try:
        data = path.read_bytes()
        data.decode()
    except FileNotFoundError:
        return None
    except UnicodeDecodeError:
        message = f"{path}：不是 UTF-8 文字，没有写入；请用 UTF-8 另存一份再导入。"
        raise Misconfigured(message) from None
    except OSError as error:
        message = f"{path}：读不了（{error.strerror}），没有写入；请核对文件名和权限。"
        raise Misconfigured(message) from None
    return data


def replace_file(path: Path, old: bytes | None, new: bytes) -> Path | None:
    """Write the file in one step, the old one kept beside it; give the name of the old one."""
    target = path.resolve()
    draft = None
    try:
        backup = keep(path, old) if old is not None else None
        mode = target.stat().st_mode & 0o777 if old is not None else 0o644
        with tempfile.NamedTemporaryFile(dir=target.parent, delete=False) as draft:
            draft.write(new)
            draft.flush()
            os.fsync(draft.fileno())
        Path(draft.name).chmod(mode)
        Path(draft.name).replace(target)
    except OSError as error:
        if draft is not None:
            Path(draft.name).unlink(missing_ok=True)
        message = f"写不进 {path}（{error.strerror}），原文件没有改动；请核对权限和磁盘空间。"
        raise Misconfigured(message) from None
    return backup


def keep(path: Path, old: bytes) -> Path:
    """Copy the old file to the first free name: rules.yaml.bak-1, -2 and so on."""
    names = (path.with_name(f"{path.name}{BACKUP}{n}") for n in range(1, 1_000_000))
    backup = next(name for name in names if not name.exists())
    backup.write_bytes(old)
    return backup
