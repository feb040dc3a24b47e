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
    choose_lines,
    code_for,
    failed,
    first_sending,
    free_at,
    gives_way,
    member_free_at,
    next_sending,
    room,
)
from notifier.ledger.traffic import Departure, Unsettled
from notifier.messages import Topic

NOW = datetime(2026, 7, 1, 1, tzinfo=UTC)
LIMIT = Limit(20, timedelta(seconds=60), timedelta(seconds=60))
LINES = tuple(Told(f"A-{n}", f"人{n % 3}", "first", "检查", "新任务") for n in range(6))
SENDING = first_sending("群", LINES, NOW, NOW)


def traffic(left: tuple[datetime, ...] = (), blocked_until: datetime | None = None) -> Traffic:
    return Traffic(departures=tuple(map(Departure, left)), blocked_until=blocked_until)


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
    shut = traffic(blocked_until=until)
    assert free_at(shut, LIMIT, NOW) == until
    assert [room(shut, LIMIT, moment) for moment in (NOW, until)] == [0, 20]


@given(st.lists(st.integers(0, 200), max_size=60))
def test_there_is_room_exactly_when_the_lane_is_free(ages: list[int]) -> None:
    left = tuple(sorted(NOW - timedelta(seconds=age) for age in ages))
    lane = traffic(left)
    assert (room(lane, LIMIT, NOW) > 0) is (free_at(lane, LIMIT, NOW) == NOW)


def test_one_member_is_spared_while_the_others_go_on() -> None:
    limits = (
        Limit(2, timedelta(minutes=1), timedelta()),
        Limit(3, timedelta(hours=1), timedelta()),
    )
    left = [Departure(NOW - timedelta(seconds=age), "周敏") for age in (1800, 50, 10)]
    assert member_free_at(left[:2], limits, "周敏", NOW) == NOW
    assert member_free_at(left, limits, "周敏", NOW) == NOW + timedelta(seconds=1801)
    assert member_free_at(left, limits, "陈立", NOW) == NOW


def test_no_line_of_a_call_is_cut_or_hidden() -> None:
    chosen = choose_lines(LINES, lambda some: len(some) <= 1)
    assert [line.key for line in chosen] == ["A-0"]
    assert len(choose_lines(LINES, lambda some: len(some) <= 4)) == 4


def test_a_call_leaves_a_lane_that_cannot_bring_it() -> None:
    call = first_sending("群", LINES, NOW, NOW, Topic.CALL)
    lost = ChannelError("断线", FailureKind.TRANSIENT)
    fast = ChannelError("太快", FailureKind.THROTTLED, retry_after=timedelta(minutes=10))
    gone = ChannelError("机器人被移除", FailureKind.PERMANENT, closed=True)
    second = next_sending(Unsettled(call, NOW, doubtful=False), LINES, NOW)
    given = [(call, lost), (call, fast), (call, gone), (second, lost), (SENDING, gone)]
    found = [gives_way(sending, failed(sending, error, NOW), NOW) for sending, error in given]
    assert found == [False, True, True, True, False]


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
