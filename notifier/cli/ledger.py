"""``jiaoying ledger``: the record, shown or proved."""

import argparse
import json
from pathlib import Path

from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from notifier.config import environment, settings
from notifier.events import encode
from notifier.ledger.chain import entries, verify
from notifier.ledger.store import connect
from obligations.errors import Misconfigured


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the command takes."""
    parser.add_argument("what", choices=("show", "verify"), help="show 列出，verify 验证")
    parser.add_argument("--data", help="存放台账的文件夹，默认 data")


def run(options: argparse.Namespace) -> int:
    """Show every row as a JSON line, or say whether the record is as it was written."""
    chosen = settings(environment(), data=options.data)
    url = chosen.database_url
    if url.startswith("sqlite:///") and not Path(url.removeprefix("sqlite:///")).exists():
        message = f"{chosen.data} 里没有台账。请用 --data 指明存放台账的文件夹"
        raise Misconfigured(message)
    engine = connect(url)
    try:
        with engine.connect() as connection:
            return _show(connection) if options.what == "show" else _verify(connection)
    except SQLAlchemyError as error:
        message = f"台账打不开：{getattr(error, 'orig', error)}"
        raise Misconfigured(message) from error
    finally:
        engine.dispose()


def _show(connection: Connection) -> int:
    for entry in entries(connection):
        fact = json.loads(encode(entry.fact))
        row = {"seq": entry.seq, "at": entry.at.isoformat(), **fact, "hash": entry.hash}
        print(json.dumps(row, ensure_ascii=False))
    return 0


def _verify(connection: Connection) -> int:
    count, flaw = verify(connection)
    if flaw is None:
        print(f"台账完好：{count}条记录，前后相连，没有改动")
        return 0
    print(f"台账有问题：{flaw.message}")
    return 1
