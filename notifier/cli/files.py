"""Files that a command writes for the office: whole or not at all."""

from pathlib import Path

from obligations.errors import Misconfigured


def write_file(path: Path, content: bytes) -> None:
    """Write the file in one step, or say in words why that is not possible."""
    draft = path.with_name(f".{path.name}.part")
    try:
        draft.write_bytes(content)
        draft.replace(path)
    except OSError as error:
        draft.unlink(missing_ok=True) if path.parent.is_dir() else None
        message = f"写不进 {path}（{error.strerror}）。请核对文件夹、权限，文件如果开着请先关掉"
        raise Misconfigured(message) from None
