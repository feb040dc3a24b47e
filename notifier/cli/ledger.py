"""``jiaoying ledger``: the record, shown or proved."""

import argparse
import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from sqlalchemy import Connection, select
from sqlalchemy.exc import SQLAlchemyError

from notifier.config import environment, settings
from notifier.evidence import FOLDER, check
from notifier.ledger.chain import verify
from notifier.ledger.projection import rebuild
from notifier.ledger.schema import ledger
from notifier.ledger.store import connect
from obligations.errors import Misconfigured


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the command takes."""
    parser.add_argument(
        "what", choices=("show", "verify", "rebuild"), help="列出、验证、由台账重算各表"
    )
    parser.add_argument("--data", help="存放台账的文件夹，默认 data")
    parser.add_argument(
        "--seal",
        action="append",
        default=[],
        type=_seal,
        help="档案上印的封存值，如 1234:9f86d0…",
    )


def run(options: argparse.Namespace) -> int:
    """Show every row as a JSON line, or say whether the record is as it was written."""
    chosen = settings(environment(), data=options.data)
    url = chosen.database_url
    if chosen.database_file and not chosen.database_file.exists():
        message = f"{chosen.data} 里没有台账。请用 --data 指明存放台账的文件夹"
        raise Misconfigured(message)
    engine = connect(url)
    try:
        with engine.connect() as connection:
            if options.what == "verify":
                return _verify(connection, options.seal, chosen.data / FOLDER)
            return _WHAT[options.what](connection)
    except SQLAlchemyError as error:
        message = f"台账打不开：{getattr(error, 'orig', error)}"
        raise Misconfigured(message) from error
    except ValidationError as error:
        message = "台账里有读不出来的记录，请先运行 jiaoying ledger verify 看是哪一条"
        raise Misconfigured(message) from error
    finally:
        engine.dispose()


def _show(connection: Connection) -> int:
    for row in connection.execute(select(ledger).order_by(ledger.c.seq)):
        shown = {"seq": row.seq, "at": row.at, **_body(row.body), "hash": row.hash}
        print(json.dumps(shown, ensure_ascii=False))
    return 0


def _body(text: str) -> dict[str, Any]:
    """Give what a row says; one that somebody spoiled is shown as it is."""
    try:
        body = json.loads(text)
    except ValueError:
        return {"unreadable": text}
    return body if isinstance(body, dict) else {"unreadable": text}


def _rebuild(connection: Connection) -> int:
    connection.exec_driver_sql("BEGIN")
    count = rebuild(connection)
    connection.exec_driver_sql("COMMIT")
    print(f"已由{count}条记录重算各表")
    return 0


def _seal(text: str) -> tuple[int, str]:
    """Give the row and the hash of a printed closing, or say how one is written."""
    seq, _, digest = text.replace("：", ":").partition(":")
    if seq.isascii() and seq.isdigit() and re.fullmatch(r"[0-9a-f]{8,64}", digest):
        return int(seq), digest
    message = f"“{text}”看不懂，请照档案上印的写，如 1234:9f86d081884c7d65"
    raise argparse.ArgumentTypeError(message)


def _verify(connection: Connection, printed: Sequence[tuple[int, str]], evidence: Path) -> int:
    count, flaw = verify(connection, printed)
    files, missing = check(connection, evidence) if flaw is None else (0, None)
    flaw = flaw or missing
    if flaw is None:
        proved = f"；{files}个证据文件都在，没有改动" if files else ""
        print(f"台账完好：{count}条记录，前后相连，没有改动{proved}")
        return 0
    print(f"台账有问题：{flaw.message}")
    return 1


_WHAT = {"show": _show, "rebuild": _rebuild}
