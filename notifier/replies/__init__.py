"""What people type back, read as they mean it: text in, kind and parts out, nothing kept."""

from notifier.replies.model import Context, Reading, ReplyKind
from notifier.replies.reader import read_reply

__all__ = ["Context", "Reading", "ReplyKind", "read_reply"]
