"""A round and the daily planning beside 10,000 and beside 1,000,000 open duties.

    PYTHONPATH=. python bench/rounds.py [FEW MANY]

What is open beside is put into the tables as planning leaves it, without its ledger.
"""

import asyncio
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import Connection, insert, select

from notifier.channels import Sandbox
from notifier.channels.client import open_client
from notifier.clock import Clock
from notifier.desk import Desk
from notifier.events import Fact
from notifier.ledger import Ledger, open_ledger, reads
from notifier.ledger.schema import agenda, stamp, standing
from notifier.rounds import open_duties
from notifier.server import Server, connect_channels, digest_of
from obligations.rules import load

BESIDE = (10_000, 1_000_000)
DAYS = 12
DUE = 200
PORTION = 10_000
NOON = datetime(2026, 7, 1, 3, tzinfo=UTC)  # 11:00 in the office, between two slots
LATER = NOON + timedelta(days=300)
RULES = """\
办公室: {名称: 青溪镇}
单位:
  应急办: {负责人: 周敏, 群: 安委办工作群}
人员:
  周敏: {职务: 应急办主任}
通道:
  安委办工作群: {平台: 企业微信群机器人, 地址: 沙箱}
规则:
"""
RULE = "  - {编号: R-%04d, 事项: 巡查第%d处隐患点, 责任人: 周敏, 频次: 每天}\n"


class Still(Clock):
    """A clock that is set by hand."""

    instant = NOON

    def now(self) -> datetime:
        """Give what it was set to."""
        return self.instant


@dataclass(frozen=True, slots=True)
class Cost:
    """Seconds of a round, of a day's planning, of reading all that is open for the board."""

    round: float
    planning: float
    board: float


def main(arguments: Sequence[str]) -> None:
    """Print the costs beside few and beside many, and the ratios."""
    beside = tuple(map(int, arguments)) or BESIDE
    found = [asyncio.run(measure(count)) for count in beside]
    for count, cost in zip(beside, found, strict=True):
        print(
            f"beside {count:>9,}: planning {DUE} duties {cost.planning * 1000:.0f} ms, "
            f"a round of {DUE} {cost.round * 1000:.0f} ms, "
            f"what the board reads {cost.board * 1000:.0f} ms"
        )
    few, many = found[0], found[-1]
    print(f"ratio: planning {many.planning / few.planning:.2f}, round {many.round / few.round:.2f}")


async def measure(count: int) -> Cost:
    """Give what everything costs beside so many open duties."""
    with tempfile.TemporaryDirectory() as folder:
        rules = Path(folder) / "rules.yaml"
        rules.write_text(RULES + "".join(RULE % (n, n) for n in range(DUE)), "utf-8")
        text, clock = rules.read_text("utf-8"), Still()
        office = load(text, "rules.yaml")
        sandbox = Sandbox(clock, Path(folder) / "sandbox.jsonl")
        with closing(open_ledger(f"sqlite:///{folder}/jiaoying.db")) as ledger:
            async with open_client() as client:
                channels = connect_channels(office, {}, client, sandbox, clock)
                desk = Desk(clock, ledger, office, channels, "秘密", "http://127.0.0.1")
                desk.rules_digest = digest_of(text)
                server = Server(desk, rules, lambda _: channels, print)
                await server.step()
                fill(ledger, count)
                days = [await live(desk, server, clock, day) for day in range(1, DAYS + 1)]
                board = read_board(ledger)
    rounds, plannings = zip(*days, strict=True)
    return Cost(min(rounds), min(plannings), board)


async def live(desk: Desk, server: Server, clock: Still, day: int) -> tuple[float, float]:
    """Plan a day and look at what it brought; give what the look and the planning took."""
    clock.instant = NOON + timedelta(days=day)
    began = time.perf_counter()
    await open_duties(desk)
    planned = time.perf_counter()
    await server.step()
    looked = time.perf_counter()
    await server.settle()
    return looked - planned, planned - began


def read_board(ledger: Ledger) -> float:
    """Give how long the board's question takes."""
    began = time.perf_counter()
    ledger.read(reads.board_standings, LATER)
    return time.perf_counter() - began


def fill(ledger: Ledger, count: int) -> None:
    """Put duties beside that are open and looked at later."""

    def work(connection: Connection) -> Sequence[Fact]:
        known = connection.execute(select(standing).limit(1)).one()
        for start in range(0, count, PORTION):
            keys = [f"{known.key}/{number}" for number in range(start, start + PORTION)]
            rows = [
                {**known._mapping, "key": key, "body": known.body.replace(known.key, key)}  # noqa: SLF001 -- SQLAlchemy's public name for it
                for key in keys
            ]
            connection.execute(insert(standing), rows)
            looks = [{"key": key, "due_at": stamp(LATER)} for key in keys]
            connection.execute(insert(agenda), looks)
        return ()

    ledger.write(NOON, work).result()


if __name__ == "__main__":
    main(sys.argv[1:])
