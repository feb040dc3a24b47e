"""Old Word, WPS, Excel and RTF files, by way of LibreOffice where it is installed."""

import os
import shutil
import signal
import subprocess
import tempfile
from contextlib import suppress
from pathlib import Path

from obligations.documents import docx, xlsx
from obligations.documents.parts import Shown
from obligations.documents.source import LOCKED, Source

_PROGRAMS = ("soffice", "libreoffice")
_SECONDS = 90
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_SHEETS = ("Workbook".encode("utf-16-le"), "Book".encode("utf-16-le"))
_WORD = "WordDocument".encode("utf-16-le")
_RTF = b"{\\rtf1"
_DAMAGED = ("文件已损坏，里面找不到 Word、WPS 或 Excel 的正文", "请重新下载或请发文单位重发")
_SLIDES = "PowerPoint Document".encode("utf-16-le")
_NO_NOTICE = ("这是演示文稿，不是通知", "请提供通知的 Word 或 PDF 文件")
_SAVE = "请用 Word 或 WPS 打开后另存为 .docx 再试"


def read(source: Source) -> Shown:
    """Give the parts of an old office file."""
    data = source.data
    if _ENCRYPTED in data:
        raise source.unreadable(*LOCKED)
    if _SLIDES in data:
        raise source.unreadable(*_NO_NOTICE)
    sheets = _WORD not in data and any(name in data for name in _SHEETS)
    if not (sheets or _WORD in data or data.startswith(_RTF)):
        raise source.unreadable(*_DAMAGED)
    wanted = "xlsx" if sheets else "docx"
    made = Source(source.path, _convert(source, wanted))
    return xlsx.read(made) if sheets else docx.read(made)


def _convert(source: Source, wanted: str) -> bytes:
    """Give the file as LibreOffice saves it in the form that is wanted."""
    program = next(filter(None, map(shutil.which, _PROGRAMS)), None)
    if program is None:
        found = "这是旧格式的文件（.doc、.wps、.xls、.rtf），本机没有装 LibreOffice，读不了"
        advice = f"请用 Word 或 WPS 打开后另存为 .{wanted} 再试，或请管理员装上 LibreOffice"
        raise source.unreadable(found, advice)
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        home = Path(folder)
        old = home / f"notice.{'xls' if wanted == 'xlsx' else 'doc'}"
        old.write_bytes(source.data)
        _run(source, [program, *_words(home, wanted), str(old)], home)
        new = home / "out" / f"notice.{wanted}"
        if not new.is_file():
            found = "文件已损坏或有密码，LibreOffice 打不开"
            raise source.unreadable(found, _SAVE)
        return new.read_bytes()


def _words(home: Path, wanted: str) -> list[str]:
    """Give the options: no window, a profile of its own, so that an open LibreOffice is no bar."""
    profile = f"-env:UserInstallation={(home / 'profile').as_uri()}"
    out = str(home / "out")
    return [profile, "--headless", "--norestore", "--convert-to", wanted, "--outdir", out]


def _run(source: Source, words: list[str], home: Path) -> None:
    try:
        with subprocess.Popen(  # noqa: S603 - no shell; the file's name is our own
            words,
            cwd=home,
            env={**os.environ, "HOME": str(home)},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        ) as process:
            _wait(process)
    except subprocess.TimeoutExpired:
        found = f"LibreOffice 读了 {_SECONDS} 秒还没有读完，已停止"
        raise source.unreadable(found, _SAVE) from None
    except OSError as error:
        found = f"LibreOffice 启动不了（{error.strerror}）"
        raise source.unreadable(found, _SAVE) from error


def _wait(process: subprocess.Popen[bytes]) -> None:
    """Wait for the end; whatever comes first, nothing that LibreOffice has started stays behind."""
    try:
        process.wait(_SECONDS)
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
