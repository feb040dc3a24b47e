"""Notices named on the command line: read one by one, the bad ones told and passed over."""

import argparse
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from notifier.cli.values import day
from obligations.clauses import Clause, Notice, read, undated_clauses
from obligations.errors import Unreadable

SUFFIXES = frozenset(
    (
        ".txt",
        ".docx",
        ".doc",
        ".wps",
        ".rtf",
        ".odt",
        ".pdf",
        ".xlsx",
        ".xls",
        ".et",
        ".html",
        ".htm",
        ".md",
    )
)


@dataclass(slots=True)
class Reading:
    """The files that were named, and those that could not be read as it turned out so far."""

    files: tuple[Path, ...]
    refused: list[Path] = field(default_factory=list)

    @property
    def status(self) -> int:
        """The exit status: 0 when all could be read, 1 when some, 2 when none."""
        if not self.refused:
            return 0 if self.files else 2
        return 1 if len(self.refused) < len(self.files) else 2


def add_notices(parser: argparse.ArgumentParser) -> None:
    """Add the arguments that name notices."""
    parser.add_argument(
        "files",
        nargs="+",
        metavar="通知",
        help="通知文件（Word、WPS、PDF、Excel、网页、纯文本），或放着通知的文件夹",
    )
    parser.add_argument(
        "--issued",
        type=day,
        metavar="日期",
        help="通知没有落款日期时，按这个日期理解，如 2026-05-20",
    )


def named_files(names: Iterable[str]) -> tuple[Path, ...]:
    """Give the files that are named, those of a folder in the order of their names."""
    files: list[Path] = []
    for name in names:
        path = Path(name)
        inside = sorted(filter(_is_notice, path.iterdir())) if path.is_dir() else [path]
        if not inside:
            sys.stderr.write(f"{path}：这个文件夹里没有通知文件；请核对文件夹的名称\n")
        files += inside
    return tuple(dict.fromkeys(files))


def _is_notice(path: Path) -> bool:
    """Whether a file of a folder may be a notice: not a backup, not what Word keeps while open."""
    return path.is_file() and path.suffix.lower() in SUFFIXES and path.name[0] not in ".~"


def read_notices(options: argparse.Namespace, reading: Reading) -> Iterator[tuple[Path, Notice]]:
    """Give the notices that can be read, each with its file; what is amiss goes to stderr."""
    with progress_bar(len(reading.files)) as progress:
        task = progress.add_task("", total=len(reading.files))
        for path in reading.files:
            progress.update(task, description=path.name)
            notice, told = read_one(path, options)
            if told:
                progress.console.print(told, markup=False, highlight=False, soft_wrap=True)
            if notice is None:
                reading.refused.append(path)
            else:
                yield path, notice
            progress.advance(task)


def read_one(path: Path, options: argparse.Namespace) -> tuple[Notice | None, str]:
    """Give the notice in a file, if it can be read, and what is to be said of it."""
    try:
        notice = read(path, options.issued)
        return notice, "\n".join(_remarks(path, notice))
    except Unreadable as error:
        return None, str(error)
    except Exception as error:
        if options.debug:  # else a fault on one file must not stop the others
            raise
        fault = f"{type(error).__name__}：{error}".splitlines()[0][:80]
        return None, f"{path}：读的时候程序出错（{fault}），跳过了；请把这个文件交给维护人员。"


def progress_bar(count: int) -> Progress:
    """Give a bar on stderr, which shows only on a terminal and for more than one file."""
    console = Console(stderr=True)
    columns = (
        TextColumn("读通知"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.description}"),
    )
    shown = console.is_terminal and count > 1
    return Progress(*columns, console=console, transient=True, disable=not shown)


def _remarks(path: Path, notice: Notice) -> Iterator[str]:
    """Say what of the file was not read, and that its dates may lack a year."""
    yield from (f"{path}：{remark}" for remark in notice.document.remarks)
    undated = undated_clauses(notice)
    if undated:
        yield _open_year(path, notice, undated)


def _open_year(path: Path, notice: Notice, undated: Sequence[Clause]) -> str:
    """Say that dates without a year stay open where the notice bears no date."""
    first = undated[0]
    where = notice.document.place(first.line)
    return (
        f"{path}：通知没有日期，有 {len(undated)} 处期限（如{where}“{first.quote}”）"
        "不知道是哪一年；请加上 --issued 和发文日期，如 --issued 2026-05-20"
    )
