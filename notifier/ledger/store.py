"""The one writer. What arrives together shares a commit; what fails is told, and nothing else."""

import os
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, InvalidStateError
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from enum import Enum, auto
from functools import partial
from itertools import chain, groupby, islice
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Any, Concatenate, ParamSpec, TypeVar

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, Engine, create_engine, event, insert, select
from sqlalchemy.engine import make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import ConnectionPoolEntry

from notifier.events import Fact, encode
from notifier.ledger.chain import GENESIS, Entry, link
from notifier.ledger.projection import project
from notifier.ledger.schema import head, ledger, stamp
from obligations.errors import JiaoyingError

# Made once: what arrives together is written many times a second.
_HEAD = select(head.c.seq, head.c.hash)
_APPEND = insert(ledger)
_PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",
    "busy_timeout=10000",
    "cache_size=-32768",  # KiB
)

BATCH = 256
LINGER = 0.0002  # seconds; while one batch is written, the next should arrive
MOST_LINGERS = 20

P = ParamSpec("P")
K = TypeVar("K", bound=Hashable)
T = TypeVar("T")

Work = Callable[[Connection], Sequence[Fact]]
Look = Callable[[Connection, Sequence[K]], Mapping[K, T]]
_Dated = Sequence[tuple[datetime, Fact]]
_Decide = Callable[[], _Dated]
_Outcome = tuple[Entry, ...] | Exception


class LedgerClosed(JiaoyingError):
    """The ledger is shut: the program is going down."""


class LedgerBroken(JiaoyingError):
    """The database could not be written; nothing was recorded."""


@dataclass(frozen=True, slots=True)
class _Job:
    """One write: facts that stand already, or ``work`` that reads and then decides.

    ``about`` names what such work looks at; where it is None, the work may look at everything.
    ``look`` finds what is ``asked`` for many jobs at once, and ``work`` gets what was found.
    """

    at: datetime
    future: "Future[tuple[Entry, ...]]"
    work: Callable[[Any], Sequence[Fact]] | Sequence[Fact]
    about: str | None = None
    look: Look[Any, Any] | None = None
    asked: Hashable = None

    def decide(self, found: object) -> "_Dated":
        """Give what is to be appended."""
        facts = self.work(found) if callable(self.work) else self.work
        return [(self.at, fact) for fact in facts]


class Ledger:
    """The record: `write` decides and appends in one transaction, `read` asks.

    ``work`` runs on the writer's thread inside the transaction, so what it reads is what the facts
    it gives back are appended to: that is how one answer wins a race.
    """

    def __init__(self, engine: Engine) -> None:
        """Start the writer."""
        self._engine = engine
        self._jobs: SimpleQueue[_Job | None] = SimpleQueue()
        self._thread = Thread(target=self._run, name="ledger-writer", daemon=True)
        self._thread.start()

    def write(
        self, at: datetime, work: Work, about: str | None = None
    ) -> "Future[tuple[Entry, ...]]":
        """Give a future of the entries that ``work`` led to; it is done once they are on disk.

        Work that only reads, and only what is ``about`` one thing, is folded together with what
        arrives beside it about other things; of two about the same the second sees the first.
        """
        return self._put(_Job(at, Future(), work, about))

    def judge(
        self,
        at: datetime,
        about: str,
        look: Look[K, T],
        asked: K,
        decide: Callable[[T], Sequence[Fact]],
    ) -> "Future[tuple[Entry, ...]]":
        """Give a future of the entries that ``decide`` led to, shown what ``look`` finds as asked.

        As `write` does, but everything that arrives together is looked up in one question.
        """
        return self._put(_Job(at, Future(), decide, about, look, asked))

    def record(self, at: datetime, facts: Sequence[Fact]) -> "Future[tuple[Entry, ...]]":
        """Give a future of the entries of facts that need no look at the record before.

        Facts that arrive together are folded together, which is much cheaper than one by one.
        """
        return self._put(_Job(at, Future(), tuple(facts)))

    def _put(self, job: _Job) -> "Future[tuple[Entry, ...]]":
        if not self.is_alive:
            job.future.set_exception(LedgerClosed("台账已经关闭，没有记下来"))
        else:
            self._jobs.put(job)
        return job.future

    def read(
        self,
        question: Callable[Concatenate[Connection, P], T],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> T:
        """Give the answer to a question of `notifier.ledger.reads`."""
        try:
            with self._engine.connect() as connection:
                return question(connection, *args, **kwargs)
        except SQLAlchemyError as error:
            raise _broken(error) from error

    @property
    def is_alive(self) -> bool:
        """Give whether the writer is at work."""
        return self._thread.is_alive()

    def close(self) -> None:
        """Finish what is queued and stop."""
        self._jobs.put(None)
        self._thread.join()
        self._engine.dispose()

    def _run(self) -> None:
        running = True
        while running:
            batch = self._take()
            running = batch[-1] is not None
            jobs = [job for job in batch if job is not None]
            if jobs:
                self._commit(jobs)

    def _take(self) -> list[_Job | None]:
        """Give what is queued, once something is; what may be shared waits while more comes."""
        batch = [self._jobs.get()]
        if batch[0] is not None and batch[0].about is not None:
            self._linger()
        while len(batch) < BATCH and batch[-1] is not None:
            try:
                batch.append(self._jobs.get_nowait())
            except Empty:
                break
        return batch

    def _linger(self) -> None:
        """Let what arrives together come: the fewer commits, the more answers."""
        seen = 0
        for _ in range(MOST_LINGERS):
            time.sleep(LINGER)
            if self._jobs.qsize() == seen:
                break
            seen = self._jobs.qsize()

    def _commit(self, jobs: list[_Job]) -> None:
        """Run all jobs in one transaction; one that fails takes only itself back."""
        outcomes: list[tuple[_Job, _Outcome]] = []
        try:
            with self._engine.connect() as connection:
                connection.exec_driver_sql(_BEGIN[connection.dialect.name])
                try:
                    outcomes = list(_perform_all(connection, jobs))
                    connection.exec_driver_sql("COMMIT")
                except BaseException:
                    with suppress(SQLAlchemyError):  # what failed first is what must be told
                        connection.exec_driver_sql("ROLLBACK")
                    raise
        except Exception as error:  # noqa: BLE001 whatever went wrong, every caller is told
            outcomes = [(job, _broken(error)) for job in jobs]
        for job, outcome in outcomes:
            with suppress(InvalidStateError):  # whoever asked has gone; what he asked for is done
                if isinstance(outcome, Exception):
                    job.future.set_exception(outcome)
                else:
                    job.future.set_result(outcome)


_BEGIN = {"sqlite": "BEGIN IMMEDIATE", "postgresql": "BEGIN"}


def _perform_all(connection: Connection, jobs: Sequence[_Job]) -> Iterator[tuple[_Job, _Outcome]]:
    """Perform jobs in the order in which they came, except that what may be shared is shared."""
    for kind, run in groupby(jobs, key=_kind):
        if kind is _Kind.ALONE:
            yield from ((job, _perform(connection, partial(job.decide, connection))) for job in run)
        else:
            for wave in _waves(run):
                yield from _perform_together(connection, wave)


class _Kind(Enum):
    """With what a job may share."""

    PLAIN = auto()
    ABOUT = auto()
    ALONE = auto()


def _kind(job: _Job) -> _Kind:
    if not callable(job.work):
        return _Kind.PLAIN
    return _Kind.ALONE if job.about is None else _Kind.ABOUT


def _waves(jobs: Iterable[_Job]) -> Sequence[Sequence[_Job]]:
    """Give the jobs in waves: the second about the same thing goes with the second wave."""
    waves: list[list[_Job]] = []
    turns: Counter[str] = Counter()
    for job in jobs:
        turn = 0
        if job.about is not None:
            turn = turns[job.about]
            turns[job.about] += 1
        if turn == len(waves):
            waves.append([])
        waves[turn].append(job)
    return waves


def _perform_together(
    connection: Connection, jobs: Sequence[_Job]
) -> Iterator[tuple[_Job, _Outcome]]:
    """Let all decide, then append what they decided at once; where that fails, one by one."""
    decided: list[tuple[_Job, _Dated]] = []
    known = _look_up(connection, jobs)
    for job in jobs:
        facts = _decide(job, known[job.look][job.asked] if job.look else connection)
        if isinstance(facts, Exception):
            yield job, facts
        else:
            decided.append((job, facts))
    together = tuple(chain.from_iterable(facts for _, facts in decided))
    outcome = _perform(connection, lambda: together)
    if isinstance(outcome, Exception):
        for job, facts in decided:
            yield job, _perform(connection, partial(tuple, facts))
        return
    entries = iter(outcome)
    yield from ((job, tuple(islice(entries, len(facts)))) for job, facts in decided)


def _look_up(
    connection: Connection, jobs: Sequence[_Job]
) -> Mapping[Look[Any, Any], Mapping[Any, Any]]:
    """Find what jobs ask for, with one question for all that look for the same."""
    wanted: defaultdict[Look[Any, Any], list[Hashable]] = defaultdict(list)
    for job in jobs:
        if job.look:
            wanted[job.look].append(job.asked)
    return {look: look(connection, asked) for look, asked in wanted.items()}


def _decide(job: _Job, found: object) -> _Dated | Exception:
    try:
        return job.decide(found)
    except SQLAlchemyError:
        raise
    except Exception as error:  # noqa: BLE001 the caller gets it through his future
        return error


def _perform(connection: Connection, decide: _Decide) -> _Outcome:
    """Append what is decided under a savepoint: what fails takes only itself back."""
    connection.exec_driver_sql("SAVEPOINT job")
    try:
        entries = append(connection, decide())
    except SQLAlchemyError:
        raise
    except Exception as error:  # noqa: BLE001 the caller gets it through his future
        connection.exec_driver_sql("ROLLBACK TO SAVEPOINT job")
        return error
    connection.exec_driver_sql("RELEASE SAVEPOINT job")
    return entries


def append(connection: Connection, facts: _Dated) -> tuple[Entry, ...]:
    """Chain facts to the ledger and bring the derived tables along; give the new entries."""
    if not facts:
        return ()
    known = connection.execute(_HEAD).one_or_none()
    seq, before = (known.seq, known.hash) if known else (0, GENESIS)
    entries, rows = [], []
    for at, fact in facts:
        seq += 1
        body, stamped = encode(fact), stamp(at)
        before = link(before, seq, stamped, body)
        rows.append({"seq": seq, "at": stamped, "kind": fact.kind, "body": body, "hash": before})
        entries.append(Entry(seq, at, fact, before))
    connection.execute(_APPEND, rows)
    project(connection, entries)
    return tuple(entries)


def open_ledger(url: str) -> Ledger:
    """Give the ledger behind a database address, its tables made or brought up to date.

    Raises `LedgerBroken` in words where the database cannot be opened or written.
    """
    try:
        engine = connect(url)
        migrate(engine)
    except (SQLAlchemyError, OSError, ImportError, ValueError) as error:
        raise _broken(error) from error
    return Ledger(engine)


def connect(url: str) -> Engine:
    """Give an engine in which every transaction is begun by hand."""
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    if make_url(url).get_backend_name() == "sqlite":
        event.listen(engine, "connect", _set_pragmas)
    return engine


def migrate(engine: Engine) -> None:
    """Bring the tables to the newest form."""
    config = Config()
    config.set_main_option("script_location", os.fspath(Path(__file__).parent / "migrations"))
    with engine.connect() as connection:
        connection.exec_driver_sql(_BEGIN[connection.dialect.name])
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        connection.exec_driver_sql("COMMIT")


def _set_pragmas(connection: DBAPIConnection, _record: ConnectionPoolEntry) -> None:
    cursor = connection.cursor()
    for pragma in _PRAGMAS:
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _broken(error: Exception) -> LedgerBroken:
    """Word a database failure without the statement and its values."""
    cause = getattr(error, "orig", None) or error
    return LedgerBroken(
        f"数据库写不进去或读不出来（{cause}），这一次没有记下来。"
        "请检查数据文件夹是否可写、磁盘是否已满，然后再试"
    )
