"""A lane never drives its robot above the limit, and every failure has its consequence."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifier.channels import ChannelError, FailureKind, Limit
from notifier.events import Told
from notifier.lanes import (
    Traffic,
    choose,
    code_for,
    failed,
    first_sending,
    free_at,
    next_sending,
    ready_at,
)
from notifier.ledger.reads import Blockage, Unsettled

NOW = datetime(2026, 7, 1, 1, tzinfo=UTC)
LIMIT = Limit(20, timedelta(seconds=60), timedelta(seconds=60))
LINES = tuple(Told(f"A-{n}", f"人{n % 3}", "first", "检查", "新任务") for n in range(6))
SENDING = first_sending("群", LINES, NOW, NOW)


def traffic(departures: tuple[datetime, ...] = (), blockage: Blockage | None = None) -> Traffic:
    return Traffic((), (), departures, blockage)


@given(st.lists(st.floats(0, 50), min_size=1, max_size=200))
def test_no_stretch_of_a_minute_holds_more_than_the_limit(pauses: list[float]) -> None:
    """Somebody always wants to send: after any pause, as soon as the lane is free."""
    now, left = NOW, list[datetime]()
    for pause in pauses:
        now = free_at(traffic(tuple(left)), LIMIT, now + timedelta(seconds=pause))
        left.append(now)
    for first, later in zip(left, left[LIMIT.count :], strict=False):
        assert later - first > LIMIT.per


def test_a_blocked_lane_waits_as_long_as_the_platform_demands() -> None:
    until = NOW + timedelta(minutes=10)
    assert free_at(traffic(blockage=Blockage("群", until, "发得太快")), LIMIT, NOW) == until


def test_a_lane_with_nothing_to_do_is_never_ready() -> None:
    assert ready_at(traffic(), LIMIT, NOW) is None


def test_a_message_in_flight_is_ready_when_its_lease_is_over() -> None:
    later = NOW + timedelta(seconds=30)
    busy = Traffic((), (Unsettled(SENDING, later, doubtful=True),), (), None)
    assert ready_at(busy, LIMIT, NOW) == later


@pytest.mark.parametrize(
    ("error", "retry", "blocked"),
    [
        (ChannelError("断线", FailureKind.TRANSIENT), 10, None),
        (
            ChannelError("太快", FailureKind.THROTTLED, retry_after=timedelta(minutes=10)),
            600,
            600,
        ),
        (ChannelError("内容不行", FailureKind.PERMANENT), None, None),
        (ChannelError("机器人被移除", FailureKind.PERMANENT, closed=True), 300, 300),
    ],
)
def test_what_follows_from_a_failure(
    error: ChannelError, retry: int | None, blocked: int | None
) -> None:
    def seconds(moment: datetime | None) -> float | None:
        return None if moment is None else (moment - NOW).total_seconds()

    fact = failed(SENDING, error, NOW)
    assert (seconds(fact.retry_at), seconds(fact.blocked_until)) == (retry, blocked)


def test_what_may_have_arrived_twice_is_not_sent_a_third_time() -> None:
    lost = ChannelError("没有回应", FailureKind.TRANSIENT, uncertain=True)
    assert failed(SENDING, lost, NOW).retry_at is not None
    again = next_sending(Unsettled(SENDING, NOW, doubtful=True), LINES, NOW)
    last = failed(again, lost, NOW)
    assert last.retry_at is None
    assert "请到群里看一眼" in last.reason


def test_a_channel_that_stays_down_is_tried_ever_more_seldom() -> None:
    pauses, sending = [], SENDING
    for _ in range(10):
        fact = failed(sending, ChannelError("断线", FailureKind.TRANSIENT), NOW)
        assert fact.retry_at is not None
        pauses.append((fact.retry_at - NOW).total_seconds())
        sending = next_sending(Unsettled(sending, NOW, doubtful=False), LINES, NOW)
    assert pauses[:4] == [10, 20, 40, 80]
    assert pauses[-1] == 600


def test_only_what_may_have_arrived_says_that_it_is_repeated() -> None:
    assert next_sending(Unsettled(SENDING, NOW, doubtful=True), LINES, NOW).repeated
    certain = next_sending(Unsettled(SENDING, NOW, doubtful=False), LINES, NOW)
    assert not certain.repeated
    assert certain.code == SENDING.code
    lost = Unsettled(SENDING, NOW, doubtful=True)
    assert not next_sending(lost, LINES, NOW, may_double=False).repeated


def test_people_stay_whole_and_as_many_go_as_fit() -> None:
    chosen = choose(LINES, lambda some: len(some) <= 4)
    assert [line.person for line in chosen] == ["人0", "人0", "人1", "人1"]
    assert len(choose(LINES, lambda _: False)) == 2  # the first person always goes


@given(st.text(max_size=20), st.integers(0, 10**9))
def test_a_code_can_be_read_aloud(lane: str, seconds: int) -> None:
    code = code_for(lane, LINES, NOW + timedelta(seconds=seconds))
    assert len(code) == 8
    assert not set(code) & set("01IO")
