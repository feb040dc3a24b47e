"""When the program follows the machine's clock after a jump, and what it takes back then."""

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection

from notifier.clock import SLEW
from notifier.desk import Desk
from notifier.events import ClockSet, Fact
from notifier.ledger import call_reads, reads
from obligations.errors import JiaoyingError
from obligations.rules.lengths import spoken


async def follow_wall(desk: Desk) -> None:
    """Go by the machine's clock again once it stays where it jumped to and no call runs by ours."""
    if desk.clock.jump is None or not desk.clock.is_settled:
        return
    if desk.ledger.read(call_reads.next_ring) is not None:
        return
    before = desk.clock.now()
    after = desk.clock.adopt()
    try:
        await _record(desk, after, after - before, "本机时钟被改过，5分钟没有变回来，现在跟着它走")
    except JiaoyingError:  # what was not written is not so: it is tried again
        desk.clock.keep(before)
        raise


async def take_back(desk: Desk) -> None:
    """Bring what was put off nearer where the record is ahead of the clock: it was wrong before."""
    now, last = desk.clock.now(), desk.ledger.read(reads.last_instant)
    if last is not None and last > now + SLEW:
        await _record(desk, now, now - last, "台账里最后一条记录比现在还晚，按现在的时间接着办")


async def _record(desk: Desk, at: datetime, by: timedelta, why: str) -> None:
    fact = ClockSet(by=by, reason=f"{why}（{span_words(by)}）")

    def work(_connection: Connection) -> Sequence[Fact]:
        return (fact,)

    await asyncio.wrap_future(desk.ledger.write(at, work))


def span_words(by: timedelta) -> str:
    """Give by how much a clock was moved.

    >>> span_words(timedelta(hours=-1)), span_words(timedelta(seconds=90))
    ('拨回1小时', '拨快1分30秒')
    """
    seconds = round(abs(by).total_seconds())
    words = spoken(timedelta(seconds=seconds)) if seconds else "不到1秒"
    return ("拨回" if by < timedelta() else "拨快") + words
