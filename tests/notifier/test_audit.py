"""What the audit finds, and what it leaves alone."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from notifier.audit import Sight, examine
from notifier.channels import Channel, Sandbox, build
from notifier.clock import Clock
from notifier.hours import office_hours
from notifier.ledger.pending import Pending
from notifier.ledger.traffic import Departure, LaneHead
from notifier.messages import Topic
from obligations.rules import ChannelSpec, Office

NOON = datetime(2026, 7, 1, 4, tzinfo=UTC)  # 12:00 in the office
NIGHT = datetime(2026, 7, 1, 18, tzinfo=UTC)
OFFICE = Office("青溪镇", channels=(ChannelSpec("群", "企业微信群机器人", "沙箱"),))
MINUTE = timedelta(minutes=1)
CALL, DUTY = frozenset({Topic.CALL}), frozenset({Topic.DUTY})


def channels() -> dict[str, Channel]:
    clock = Clock(NOON)
    sandbox = Sandbox(clock)
    return {one.name: build(one, {}, sandbox.client, sandbox, clock) for one in OFFICE.channels}


def waits(
    topic: Topic, minutes: float, *, now: datetime = NOON, left: float | None = None
) -> Sight:
    """Give a lane in which something has waited so long, and which last sent so long ago."""
    gone = () if left is None else (Departure(now - left * MINUTE),)
    return Sight(
        now,
        heads=(LaneHead("群", frozenset({topic})),),
        pending=(Pending("群", topic, "周敏", now - minutes * MINUTE),),
        departures={"群": gone},
    )


def tried(topic: Topic, minutes: float, *, now: datetime = NOON) -> Sight:
    """Give a lane with a message that could be tried again so long ago."""
    return Sight(now, heads=(LaneHead("群", unsettled=((topic, now - minutes * MINUTE),)),))


def shut(sight: Sight, minutes: float) -> Sight:
    until = sight.now + minutes * MINUTE
    return replace(sight, heads=(replace(sight.heads[0], blocked_until=until),))


@pytest.mark.parametrize(
    ("sight", "subjects"),
    [
        (Sight(NOON), []),
        (Sight(NOON, overdue=3), ["叫应误时"]),
        (Sight(NOON, is_ringing=False), ["时钟线程"]),
        (Sight(NOON, free=100_000_000), ["磁盘"]),
        (Sight(NOON, free=10_000_000_000), []),
        (Sight(NOON, jump=timedelta(hours=-1)), ["本机时钟"]),
        (Sight(NOON, jump=timedelta(seconds=5)), []),
        (waits(Topic.CALL, 4), ["通道群/不动"]),
        (waits(Topic.CALL, 2.5), []),  # the lane's own minute may not be over yet
        (waits(Topic.CALL, 30, left=0.5), []),  # it moves, there is only much to send
        (waits(Topic.CALL, 4, now=NIGHT), ["通道群/不动"]),
        (waits(Topic.DUTY, 600, now=NIGHT), []),  # duties wait for the office
        (waits(Topic.DUTY, 600), ["通道群/不动"]),
        (shut(waits(Topic.CALL, 30), 5), []),  # the platform keeps it shut, and the board says so
        (shut(waits(Topic.CALL, 30), -1), []),  # it was shut until a minute ago
        (shut(waits(Topic.CALL, 30), -5), ["通道群/不动"]),
        (tried(Topic.CALL, 3), ["通道群/没有结果"]),
        (tried(Topic.CALL, 1), []),
        (tried(Topic.DUTY, 300, now=NIGHT), []),
        (shut(tried(Topic.CALL, 30), 5), []),
        (replace(waits(Topic.CALL, 4), pace=60.0), []),  # a demonstration's minutes are seconds
    ],
)
def test_what_is_found(sight: Sight, subjects: list[str]) -> None:
    found = examine(sight, channels(), office_hours(OFFICE))
    assert [one.subject for one in found] == subjects


def test_a_lane_that_is_no_channel_any_more_is_not_looked_for() -> None:
    assert examine(waits(Topic.CALL, 9), {}, office_hours(OFFICE)) == ()


def test_a_finding_about_a_channel_names_it_and_says_what_to_do() -> None:
    (found,) = examine(waits(Topic.CALL, 4), channels(), office_hours(OFFICE))
    assert found.lane == "群"
    assert found.words == "通道“群”有消息要发，4分钟没有发出去一条。请查看通道和网络"
