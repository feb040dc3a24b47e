"""The sandbox's chats on disk: one JSON line for each message, appended and never changed."""

import json
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

from notifier.channels.sandbox.rules import Group, Shown
from obligations.errors import Misconfigured


def prepare(store: Path) -> tuple[tuple[Group, Shown], ...]:
    """Give what an earlier run has shown, and leave the file ready for the next line.

    A line that a crash has cut short is passed over.
    """
    try:
        store.parent.mkdir(parents=True, exist_ok=True)
        with store.open("ab+") as file:
            file.seek(0)
            content = file.read()
            if content and not content.endswith(b"\n"):
                file.write(b"\n")
    except OSError as error:
        wrong = f"沙箱的记录文件{store}不能写（{error.strerror}）。请检查文件夹的权限和磁盘空间"
        raise Misconfigured(wrong) from error
    lines = (_read(line) for line in content.split(b"\n") if line)
    return tuple(entry for entry in lines if entry is not None)


def append(store: Path, group: Group, shown: Shown) -> None:
    """Add one message."""
    line = {"group": group.name, **asdict(shown), "at": shown.at.isoformat()}
    with store.open("ab") as file:
        file.write(json.dumps(line, ensure_ascii=False).encode("utf-8", "replace") + b"\n")


def _read(line: bytes) -> tuple[Group, Shown] | None:
    try:
        entry = json.loads(line)
        shown = Shown(
            at=datetime.fromisoformat(entry["at"]),
            platform=str(entry["platform"]),
            msgtype=str(entry["msgtype"]),
            text=str(entry["text"]),
            title=str(entry["title"]),
            mentions=tuple(map(str, entry["mentions"])),
            links=tuple(map(str, entry["links"])),
            uuid=str(entry["uuid"]),
            to=tuple(map(str, entry.get("to", ()))),
            buttons=tuple((str(text), str(key)) for text, key in entry.get("buttons", ())),
        )
        return Group(str(entry["group"]), shown.platform), shown
    except (ValueError, KeyError, TypeError):
        return None
