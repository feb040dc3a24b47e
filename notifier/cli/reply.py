"""``jiaoying reply``: how a reply typed in a chat is read, in words or as JSON lines."""

import argparse
import json
import sys
from collections.abc import Iterable

from notifier.replies import Context, Reading, ReplyKind, read_reply
from obligations.errors import JiaoyingError

_KINDS = {
    ReplyKind.HEARD: "收到：知道了，或正在办、将要办",
    ReplyKind.DONE: "已办",
    ReplyKind.POSTPONED: "要求延期",
    ReplyKind.DELEGATED: "转给别人办",
    ReplyKind.REFUSED: "办不了，或不归他办",
    ReplyKind.NOTHING: "无情况可报",
    ReplyKind.UNCLEAR: "看不出是什么意思，会再问一次",
    ReplyKind.NOT_AN_ANSWER: "不是答复，不予理会",
}
_CONTEXTS = "duty 有一项任务待办，call 正在叫应，call_many 同时有几项待答，none 没有待答的"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add what the command understands."""
    parser.add_argument("text", nargs="*", metavar="答复", help="群里或私聊里回的话，如 收到，已办")
    parser.add_argument(
        "--context", choices=[*Context], default=Context.DUTY, help=f"{_CONTEXTS}；默认 duty"
    )
    parser.add_argument(
        "--stdin", action="store_true", help='从标准输入逐行读 {"text": …, "context": …}'
    )
    parser.add_argument(
        "--format",
        choices=("words", "jsonl"),
        default="words",
        help="words 给人看（默认），jsonl 给程序读",
    )


def run(options: argparse.Namespace) -> int:
    """Print how each reply is read; 2 where there is none or a line is broken."""
    if not options.stdin and not options.text:
        message = "没有给出答复。请写 jiaoying reply 收到，已办，或用 --stdin 逐行给出"
        raise JiaoyingError(message)
    replies = _lines(options) if options.stdin else [(" ".join(options.text), options.context)]
    for text, context in replies:
        reading = read_reply(text, Context(context))
        print(_record(reading) if options.format == "jsonl" else "\n".join(_said(text, reading)))
    return 0


def _lines(options: argparse.Namespace) -> Iterable[tuple[str, str]]:
    for number, line in enumerate(sys.stdin, 1):
        if line.strip():
            yield _line(line, number, options.context)


def _line(line: str, number: int, context: str) -> tuple[str, str]:
    """Give text and context of one line of JSON."""
    try:
        row = json.loads(line)
        return str.strip(row["text"]), Context(row.get("context") or context)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        message = (
            f"第{number}行读不懂：{line.strip()[:40]}。"
            '每行应是 {"text": "收到", "context": "duty"}，'
            f"context 为 {'、'.join(Context)} 之一"
        )
        raise JiaoyingError(message) from error


def _record(reading: Reading) -> str:
    row = {
        name: getattr(reading, name) for name in ("kind", "code", "owner", "action", "by", "date")
    }
    return json.dumps(row, ensure_ascii=False)


def _said(text: str, reading: Reading) -> Iterable[str]:
    """Say a reading in words."""
    yield f"答复：{text}"
    yield f"理解：{_KINDS[reading.kind]}"
    day = "办成的时间" if reading.kind is ReplyKind.DONE else "延到"
    parts = (
        ("编码", reading.code),
        ("谁来办", reading.owner),
        ("做什么", reading.action),
        ("什么时候前", reading.by),
        (day, reading.date),
        ("代谁答复", reading.instead_of),
    )
    yield from (f"  {name}：{words}" for name, words in parts if words)
