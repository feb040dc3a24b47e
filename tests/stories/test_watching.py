"""The program looks after itself: what goes wrong is told once, and its end is told to somebody."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from threading import Event

import httpx
import pytest
from sqlalchemy import Connection

from notifier.calling import CallRequest, open_call, run_calls, stop_call
from notifier.clock import Clock, Ringer
from notifier.events import Fact, Troubled
from notifier.watch import Watch, speak_last
from tests.stories.office import RULES, Office, story

TOWN = RULES.replace("名称: 青溪镇,", "名称: 青溪镇, 值班室: 周敏, 后备联系人: 陈立,").replace(
    "规则: []", "  短信: {平台: 短信网关, 地址: 沙箱}\n规则: []"
)
BEGINS = "2026-07-01T20:00+08:00"
SECRET = "https://beat.example.cn/ping/geheim"  # noqa: S105 the secret that must not be shown


class StubbornRinger(Ringer):
    """A ringer that nothing brings back to life."""

    def revive(self) -> None:
        message = "can't start new thread"
        raise RuntimeError(message)


@dataclass
class Guard:
    """The watch of a story's office, with real seconds that the story lets pass."""

    office: Office
    folder: Path
    kind: type[Ringer] = Ringer
    seconds: float = 1000.0
    left: list[str] = field(default_factory=list)
    fetched: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    answer: int = 200

    def __post_init__(self) -> None:
        self.ringer = self.kind(Clock(), lambda: None)
        self.ringer.start()
        self.watch = Watch(
            self.office.desk,
            self.ringer,
            httpx.AsyncClient(transport=httpx.MockTransport(self._fetch)),
            self.folder,
            say=self.said.append,
            wake=lambda: None,
            leave=lambda: self.left.append("3"),
            heartbeat=SECRET,
            steady=lambda: self.seconds,
        )

    def looks(self, *, after: float = 0.0, beats: bool = True) -> tuple[str, ...]:
        """Let real seconds pass, look, and give what is wrong."""
        self.seconds += after
        if beats:
            self.watch.beat()
        self.office.do(self.watch.look())
        return self.watch.troubles()

    def _fetch(self, request: httpx.Request) -> httpx.Response:
        self.fetched.append(str(request.url))
        return httpx.Response(self.answer)


@pytest.fixture(name="office")
def open_office(tmp_path: Path) -> Iterator[Office]:
    with story(tmp_path, BEGINS) as office:
        office.writes(base=TOWN)
        office.until("2026-07-01T20:01")
        yield office


@pytest.fixture(name="guard")
def set_guard(office: Office, tmp_path: Path) -> Iterator[Guard]:
    guard = Guard(office, tmp_path)
    yield guard
    guard.ringer.stop()


def test_while_all_is_well_the_heartbeat_goes_out_once_a_minute(guard: Guard) -> None:
    assert guard.looks() == ()
    assert guard.fetched == []
    for _ in range(12):
        assert guard.looks(after=10) == ()
    assert guard.fetched == [SECRET, SECRET]


def test_a_call_that_nobody_takes_on_is_told_to_the_duty_room_once(
    office: Office, guard: Guard
) -> None:
    office.do(open_call(office.desk, CallRequest("水位上涨", ("陈立",), id="C1")))
    office.clock.instant += timedelta(minutes=2)
    assert "有1人到了该叫的时候，过了1分钟还没有叫" in guard.looks(after=60)[0]
    assert guard.fetched == []
    guard.looks(after=60)
    office.until("2026-07-01T20:04")
    office.expects("安委办工作群", "叫应程序自查：有1人到了该叫的时候")
    office.expects("经发群", "水位上涨")
    assert guard.looks(after=60) == ()
    assert guard.fetched == [SECRET]
    kinds = [one.fact.kind for one in office.history("自查/叫应误时/2026-07-01")]
    assert kinds == ["Troubled"]
    office.do(_stop(office))
    office.until("2026-07-01T20:05")
    office.expects("经发群", "叫应结束")


def test_a_lane_that_does_not_move_is_told_of_over_another(office: Office, guard: Guard) -> None:
    request = CallRequest("水位上涨", ("周敏",), "日常", "C1")
    office.do(open_call(office.desk, request))
    office.do(run_calls(office.desk))
    office.clock.instant += timedelta(minutes=5)
    words = "通道“安委办工作群”有消息要发，5分钟没有发出去一条"
    assert guard.looks(after=60) == (f"{words}。请查看通道和网络",)
    office.until("2026-07-01T20:07")
    office.expects("短信", words)
    office.expects("安委办工作群", "水位上涨")
    assert guard.looks(after=60) == ()


async def _stop(office: Office) -> None:
    await stop_call(office.desk, "C1", "办公室", "")


def test_a_dead_writer_ends_the_program_with_a_word_to_the_second_person(
    office: Office, guard: Guard
) -> None:
    office.ledger.close()
    guard.looks()
    assert guard.left == ["3"]
    assert guard.said == ["台账的写入线程停了，程序退出，等待重新启动"]
    office.expects("经发群", "叫应程序坏了：台账的写入线程停了")
    guard.looks(after=10)
    office.expects_nothing()  # a program that dies again and again says so once an hour
    office.loses_power()


def test_a_caller_who_goes_away_does_not_take_the_writer_with_him(office: Office) -> None:
    hold = Event()
    now = office.clock.now()

    def dawdle(_connection: Connection) -> Sequence[Fact]:
        hold.wait()
        return ()

    busy = office.ledger.write(now, dawdle)
    left = office.ledger.record(now, (Troubled(subject="甲", reason="乙"),))
    assert left.cancel()
    hold.set()
    busy.result()
    office.ledger.record(now, ()).result()
    assert office.ledger.is_alive
    assert office.kinds("甲") == ["Troubled"]  # what was asked for is written all the same


def test_a_disk_that_takes_nothing_for_two_minutes_ends_the_program(
    office: Office, tmp_path: Path
) -> None:
    guard = Guard(office, tmp_path / "没有这个文件夹")
    for _ in range(12):
        guard.looks(after=10)
        assert guard.left == []
    guard.looks(after=10)
    assert guard.left == ["3"]
    office.expects("经发群", "数据库已有2分钟写不进去")
    guard.ringer.stop()


def test_the_last_word_goes_another_way_where_the_best_one_is_refused(office: Office) -> None:
    office.refuses = "@"
    assert office.do(speak_last(office.desk, "时钟线程停了"))
    office.expects("短信", "时钟线程停了")


def test_a_clock_thread_that_died_is_started_again_and_told_of(
    office: Office, guard: Guard
) -> None:
    guard.ringer.stop()
    guard.looks(beats=False)
    assert guard.ringer.is_alive
    assert guard.looks(after=60) == ("时钟线程停过，程序已经重新启动它",)
    assert guard.looks(after=60) == ()
    office.until("2026-07-01T20:02")
    office.expects("安委办工作群", "时钟线程停过")


def test_a_clock_thread_that_lives_but_does_nothing_is_seen_too(
    office: Office, guard: Guard
) -> None:
    assert guard.looks(after=80, beats=False) == ()
    assert guard.looks(after=80, beats=False) == ("时钟线程停过，程序已经重新启动它",)
    assert guard.looks(after=60) == ()
    office.until("2026-07-01T20:02")
    office.expects("安委办工作群", "时钟线程停过")


def test_a_clock_that_cannot_be_started_again_ends_the_program(
    office: Office, tmp_path: Path
) -> None:
    guard = Guard(office, tmp_path, StubbornRinger)
    guard.ringer.stop()
    for _ in range(3):
        guard.looks(after=5, beats=False)
        assert guard.left == []
    guard.looks(after=5, beats=False)
    assert guard.left == ["3"]
    office.expects("经发群", "时钟线程停了，重新启动不成")


def test_an_audit_that_is_not_done_is_a_trouble_of_its_own(guard: Guard) -> None:
    guard.seconds += 200
    assert guard.watch.troubles() == ("自查已有3分钟没有做成",)


def test_a_heartbeat_that_fails_never_shows_its_address(
    guard: Guard, caplog: pytest.LogCaptureFixture
) -> None:
    guard.answer = 500
    assert guard.looks(after=60) == ()
    assert "心跳没有送到（HTTPStatusError）" in caplog.text
    assert "geheim" not in caplog.text.replace(f"HTTP Request: GET {SECRET}", "")
    assert "geheim" not in repr(guard.watch)
