"""rules.yaml on the disk: read whole, written in one step, the old one kept beside it."""

import os
import tempfile
from pathlib import Path

from obligations.errors import Misconfigured

BACKUP = ".bak-"


def read_rules(path: Path) -> str | None:
    """Give what the file holds, None where there is none yet."""
    try:
        return path.read_bytes().decode()
    except FileNotFoundError:
        return None
    except UnicodeDecodeError:
        message = f"{path}：不是 UTF-8 文字，没有写入；请用 UTF-8 另存一份再导入。"
    except OSError as error:
        message = f"{path}：读不了（{error.strerror}），没有写入；请核对文件名和权限。"
    raise Misconfigured(message)


def write_rules_file(path: Path, old: str | None, new: str) -> Path | None:
    """Write the file unless somebody else did meanwhile; give the name of the kept old one."""
    if read_rules(path) != old:
        message = f"{path}：刚刚被别人改过，没有写入；请再运行一次。"
        raise Misconfigured(message)
    return replace_file(path, None if old is None else old.encode(), new.encode())


def replace_file(path: Path, old: bytes | None, new: bytes) -> Path | None:
    """Write the file in one step; give the name under which the old one is kept."""
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
