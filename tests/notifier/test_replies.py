"""The reply reader against a table that an office clerk can read and extend."""

from pathlib import Path

import pytest

from notifier.replies import Context, Reading, ReplyKind, read_reply

HERE = Path(__file__).parent
PARTS = ("code", "owner", "by", "date")


def rows(name: str) -> list[tuple[str, Context, ReplyKind, dict[str, str]]]:
    """Give text, context, kind and parts of every row of a table."""
    found = []
    for line in (HERE / name).read_text("utf-8").split("\n"):
        if not line or line.startswith("#"):
            continue
        text, context, kind, *named = line.split("\t")
        parts = dict(part.split("=", 1) for part in named)
        found.append((text.replace("\\n", "\n"), Context(context), ReplyKind(kind), parts))
    return found


def differences(reading: Reading, kind: ReplyKind, parts: dict[str, str]) -> list[str]:
    """Say in what a reading differs from what the table expects."""
    names = (*PARTS, "action") if "action" in parts else PARTS
    said = [
        f"{name}: {getattr(reading, name)!r}, not {parts.get(name)!r}"
        for name in names
        if getattr(reading, name) != parts.get(name)
    ]
    return ([] if reading.kind is kind else [f"{reading.kind}, not {kind}"]) + said


@pytest.mark.parametrize(("text", "context", "kind", "parts"), rows("replies.tsv"))
def test_every_reply_of_the_table_is_read_as_meant(
    text: str, context: Context, kind: ReplyKind, parts: dict[str, str]
) -> None:
    assert not differences(read_reply(text, context), kind, parts)
