"""What is owed and when: text and dates only, no clock, no network, no database.

The line, in the order in which modules may import one another:

    errors  schedule  workdays  numerals  phrases  rules  duties | documents  clauses  drafts

What other programs start from:

    read                      a notice's file -> Notice, its document and clauses (see clauses)
    phrases.parse, explain    a time phrase -> Schedule, and back into words
    rules.read                rules.yaml -> Office
    drafts.make_drafts        Notice -> rules that wait for somebody's yes
"""

from datetime import date
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from obligations.clauses import Notice


def read(path: Path | str, issued: date | None = None) -> "Notice":
    """Give the notice in a file with its clauses; raise ``Unreadable`` where there is no text.

    This is ``obligations.clauses.read``, loaded when called: what runs the rules reads no notice.

    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     path = Path(folder, "通知.txt")
    ...     _ = path.write_text("3.应急办每季度至少检查1次消防设施。", "utf-8")
    ...     notice = read(path)
    >>> [(c.item, c.actor, c.action, c.quote, c.kind.value) for c in notice.clauses]
    [('3', '应急办', '检查消防设施', '每季度至少检查1次', 'recurring')]
    """
    notice: Notice = import_module("obligations.clauses").read(path, issued)
    return notice
