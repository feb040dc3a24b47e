"""A red warning to 506 people: three rounds in five minutes, late replies, breakdowns.

JIAOYING_SEEDS says how many random counties are played; by default a few.
"""

import os
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import groupby
from pathlib import Path
from random import Random
from typing import Any

import pytest
import yaml

from notifier import links
from notifier.calling import CallRequest, open_call
from notifier.calls import CallState
from notifier.events import Answered, Escalated, Fact, Listed, Sending, Sent
from notifier.ledger import Entry, call_reads
from notifier.ledger.chain import entries
from notifier.links import Pass
from notifier.messages import Topic
from tests.stories.office import Office, story

SEEDS = int(os.environ.get("JIAOYING_SEEDS", "2"))
PEOPLE = 506
GROUPS = 30
APP, SMS, PHONE = "叫应应用", "短信", "电话"
ROUNDS = tuple(timedelta(seconds=seconds) for seconds in (0, 100, 200))
LIMIT = timedelta(minutes=5)
SECOND = timedelta(seconds=1)
ELSEWHERE = timedelta(seconds=60)
RED = "暴雨红色预警，马上组织低洼处和山边的住户转移"


def county(random: Random) -> str:
    """Give 506 villages in 30 districts, each district with its group; some heads lack accounts."""
    people: dict[str, Any] = {"何静": {"职务": "县长", "企业微信": "hejing", "手机": "13700000000"}}
    units: dict[str, Any] = {}
    channels: dict[str, Any] = {
        APP: {"平台": "企业微信应用", "地址": "沙箱"},
        SMS: {"平台": "短信网关", "地址": "沙箱"},
        PHONE: {"平台": "语音网关", "地址": "沙箱"},
    }
    for number in range(GROUPS):
        kind = "企业微信群机器人" if number % 2 else "钉钉群机器人"
        channels[f"群{number:02}"] = {"平台": kind, "地址": "沙箱"}
        units[f"街道{number:02}"] = {"负责人": f"主任{number:02}", "群": f"群{number:02}"}
        people[f"主任{number:02}"] = {"企业微信": f"head{number}", "手机": f"137{number:08}"}
    for number in range(PEOPLE):
        district = f"{number % GROUPS:02}"
        accounts = {"手机": f"138{number:08}", "钉钉": f"d{number}", "企业微信": f"u{number}"}
        if random.random() < 0.1:
            del accounts["企业微信"]
        people[f"村长{number:03}"] = accounts
        units[f"村{number:03}"] = {
            "负责人": f"村长{number:03}",
            "群": f"群{district}",
            "上级": f"街道{district}",
            "标签": "各村",
        }
    office = {"名称": "青溪县", "值班室": "何静"}
    content = {"办公室": office, "单位": units, "人员": people, "通道": channels, "规则": []}
    return yaml.safe_dump(content, allow_unicode=True)


@dataclass
class County:
    """What happens to the call of one seed."""

    office: Office
    random: Random
    name: str = ""
    begun: datetime = field(init=False)
    phones: dict[str, str] = field(default_factory=dict)  # the newest link of each person
    heard: dict[str, datetime] = field(default_factory=dict)

    def calls(self) -> None:
        made, _ = self.office.do(open_call(self.office.desk, CallRequest(RED, ("各村",))))
        assert len(made.callees) == PEOPLE
        self.name, self.begun = made.id, made.begun

    def plans(self) -> list[tuple[timedelta, str]]:
        """Give when who does what: answers at random moments, one channel that dies.

        Several answer at each moment, as every moment costs the story time.
        """
        ends = (5, 40, 99.9, 150, 199.9, 250, 299.9, 301)
        moments = [round(self.random.uniform(0.2, end), 3) for end in ends for _ in range(5)]
        found = []
        for number in range(PEOPLE):
            if self.random.random() < 0.8:
                after = timedelta(seconds=self.random.choice(moments))
                found.append((after, f"村长{number:03}"))
        dies = timedelta(seconds=self.random.choice((0, self.random.uniform(0, 290))))
        return sorted([*found, (dies, "")])

    def lives(self) -> None:
        for after, some in groupby(self.plans(), key=lambda one: one[0]):
            self.office.pass_to(self.begun + after)
            self.looks()
            for _, who in some:
                if who:
                    self.answers(who)
                else:
                    self.breaks()
        self.office.pass_to(self.begun + LIMIT + SECOND)

    def breaks(self) -> None:
        lane = self.random.choice((APP, SMS, PHONE, *(f"群{n:02}" for n in range(GROUPS))))
        if self.random.random() < 0.5:
            self.office.sandbox.remove(lane)
        else:
            self.office.sandbox.refuse(lane, -1, "system busy")

    def answers(self, who: str) -> None:
        """Press 收到 behind the newest link, where one has arrived."""
        link = self.phones.get(who)
        if link is None:
            return
        key = f"叫应/{self.name}/{who}"
        given = self.office.post(link, {"key": key, "answer": "heard"})
        assert given.status_code == 303, given.text
        self.heard[who] = self.office.clock.instant

    def looks(self) -> None:
        """Let everybody see what has come since; nobody who has answered may be called again."""
        for group in self.office.sandbox.groups():
            for message in self.office.group(group.name):
                for link in message.links:
                    who = self.owner(link)
                    at = self.heard.get(who)
                    assert at is None or at >= message.at, f"{who} had answered at {at}"
                    self.phones[who] = link

    def owner(self, link: str) -> str:
        _, _, token = link.rpartition("/")
        found = links.read(self.office.desk.secret, token, self.office.clock.instant)
        assert isinstance(found, Pass), found
        return found.person


def of(kind: type[Fact], record: tuple[Entry, ...]) -> list[tuple[datetime, Any]]:
    return [(one.at, one.fact) for one in record if isinstance(one.fact, kind)]


def strikes_of(record: tuple[Entry, ...]) -> dict[str, list[datetime]]:
    found: dict[str, list[datetime]] = {}
    for at, fact in of(Escalated, record):
        for key in fact.keys:
            found.setdefault(key, []).append(at)
    return found


@pytest.mark.parametrize("seed", range(SEEDS))
def test_nobody_in_the_county_is_forgotten(tmp_path: Path, seed: int) -> None:
    random = Random(seed)  # noqa: S311 a story must be played again as it was
    with story(tmp_path, "2026-07-01T02:00+08:00") as office:
        office.writes(base=county(random))
        office.until("2026-07-01T02:01")
        played = County(office, random)
        played.calls()
        played.lives()
        played.looks()
        record = tuple(office.ledger.read(lambda connection: list(entries(connection))))
        check_rounds(played, record)
        check_arrivals(played, record)
        check_list(played, record)
        check_lanes(record)


def check_rounds(played: County, record: tuple[Entry, ...]) -> None:
    """Everybody was called at 0, 100 and 200 s as long as he had not answered, and never after."""
    struck = strikes_of(record)
    for number in range(PEOPLE):
        who = f"村长{number:03}"
        heard = played.heard.get(who)
        due = [
            played.begun + after
            for after in ROUNDS
            if heard is None or played.begun + after <= heard
        ]
        taken = struck[f"叫应/{played.name}/{who}"]
        assert len(taken) == len(due), f"{who}: {taken}, {heard}"
        for at, moment in zip(taken, due, strict=True):
            assert timedelta() <= at - moment <= SECOND, f"{who}: {at - moment}"


def check_arrivals(played: County, record: tuple[Entry, ...]) -> None:
    """Every strike reached some platform within a minute, unless he answered before."""
    sent: dict[str, list[datetime]] = {}
    for at, fact in of(Sent, record):
        for key in fact.keys:
            sent.setdefault(key, []).append(at)
    for key, strikes in strikes_of(record).items():
        heard = played.heard.get(key.rpartition("/")[2])
        for at in strikes:
            told = any(at <= one <= at + ELSEWHERE for one in sent.get(key, ()))
            answered = heard is not None and heard <= at + ELSEWHERE
            assert told or answered, f"{key}: struck at {at - played.begun}, sent {sent.get(key)}"


def check_list(played: County, record: tuple[Entry, ...]) -> None:
    """At the limit the list is there, whole, and on its way to those whom it concerns."""
    late = {who for who, at in played.heard.items() if at >= played.begun + LIMIT}
    silent = {f"村长{number:03}" for number in range(PEOPLE)} - (set(played.heard) - late)
    listed = of(Listed, record)
    for at, _ in listed:
        assert timedelta() <= at - played.begun - LIMIT <= SECOND
    names = [key.rpartition("/")[2] for _, fact in listed for key in fact.keys]
    assert sorted(names) == sorted(silent)
    standings = played.office.ledger.read(call_reads.callees_of, played.name)
    unreached = {one.callee.person for one in standings if one.state is CallState.UNREACHED}
    assert unreached == silent - late
    told = "".join(
        line.text
        for _, fact in of(Sending, record)
        if fact.topic is Topic.NOTICE
        for line in fact.lines
        if line.person == "何静"
    )
    assert all(who in told for who in silent)


def check_lanes(record: tuple[Entry, ...]) -> None:
    """Nothing but the call and its list was said, and no lane went above its limit."""
    topics = {fact.topic for _, fact in of(Sending, record)}
    assert topics <= {Topic.CALL, Topic.NOTICE}
    reasons = [one.fact.reason for one in record if one.fact.kind == "Failed"]
    assert not [one for one in reasons if "45009" in one or "410100" in one]
    assert len(of(Answered, record)) == len({fact.key for _, fact in of(Answered, record)})
