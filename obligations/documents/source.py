"""A file as it came: its name and its bytes, and the sentence that refuses it."""

from dataclasses import dataclass
from os import fstat
from pathlib import Path

from obligations.errors import Unreadable

LARGEST = 200_000_000
LOCKED = ("文件有密码，打不开", "请打开后去掉密码，另存一份再试")


@dataclass(frozen=True, slots=True)
class Source:
    """The bytes of a file."""

    path: Path
    data: bytes

    def unreadable(self, found: str, advice: str) -> Unreadable:
        """Give the failure that names the file, what was found and what to do.

        >>> str(Source(Path("通知.pdf"), b"").unreadable("文件是空的", "请检查是否选错了文件"))
        '通知.pdf：文件是空的；请检查是否选错了文件。'
        """
        return Unreadable(f"{self.path}：{found}；{advice}。")


def load(path: Path) -> Source:
    """Give a file's bytes; raise ``Unreadable`` with a sentence where it has none."""
    source = Source(path, _bytes(path))
    if not source.data.strip():
        found = "文件是空的，没有可读的文字"
        raise source.unreadable(found, "请检查是否选错了文件")
    if len(source.data) > LARGEST:
        found = f"文件超过 {LARGEST // 1_000_000} MB，不像是一份通知"
        raise source.unreadable(found, "请检查是否选错了文件")
    return source


def _bytes(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            size = fstat(file.fileno()).st_size or LARGEST  # a pipe does not know its size
            return file.read(min(size, LARGEST) + 1)
    except FileNotFoundError:
        message = f"{path}：没有这个文件；请检查文件名和所在文件夹。"
    except IsADirectoryError:
        message = f"{path}：这是文件夹，不是文件；请写出通知文件的名字。"
    except PermissionError:
        message = f"{path}：没有读取这个文件的权限；请检查文件的权限设置。"
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        message = f"{path}：读不了这个文件（{reason}）；请换一个位置或重新拷贝后再试。"
    raise Unreadable(message)
