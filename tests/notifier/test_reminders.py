"""When somebody is reminded and why: the table in reminders.yaml, which offices read too."""

import re
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

from notifier.events import AnswerKind, Proof
from notifier.hours import Hours, office_hours
from notifier.reminders import decide
from notifier.standing import Answer, Standing
from obligations.duties import plan
from obligations.rules import load

TABLE = yaml.safe_load((Path(__file__).parent / "reminders.yaml").read_text("utf-8"))
OFFICE = "人员: {周敏: {}}\n规则: [{编号: A-1, 事项: 开会, 责任人: 周敏, 频次: %s}]\n"
YEAR, LAST = 2026, date(2026, 10, 31)
ANSWERS = {"收到": AnswerKind.HEARD, "已办": AnswerKind.DONE, "延期": AnswerKind.POSTPONED}


def day_of(words: str) -> date:
    found = re.match(r"(\d+)月(\d+)日", words)
    assert found, words
    return date(YEAR, int(found[1]), int(found[2]))


def answer(day: date, words: str, hours: Hours) -> Answer:
    kind, _, until = words.partition("到") if words.startswith("延期") else (words, "", "")
    at = hours.instant(datetime.combine(day, time(10)))
    limit = day_of(until) if until else None
    return Answer(at, "周敏", ANSWERS[kind], Proof.LINK, until=limit)


def live(standing: Standing, answers: dict[date, Answer], hours: Hours) -> list[str]:
    """Let the days pass slot by slot; give what was said, as the table writes it."""
    said = []
    day = standing.duty.opens.date()
    while day <= LAST:
        for index, name in ((0, "上午"), (1, "下午")):
            reminder = decide(standing, hours, hours.slot(day, index)).reminder
            if reminder:
                said.append(f"{day.month}月{day.day}日{name} {reminder.reason}")
                standing = replace(standing, stages=(*standing.stages, reminder.stage))
            if index == 0 and day in answers:
                standing = replace(standing, answers=(*standing.answers, answers[day]))
        day += timedelta(days=1)
    return said


@pytest.mark.parametrize("case", TABLE, ids=lambda case: f"{case['频次']} {case['任务']}")
def test_the_table_of_reminders_holds(case: dict[str, Any]) -> None:
    office = load(OFFICE % case["频次"])
    hours = office_hours(office)
    duties = plan(office, date(YEAR, 7, 1), LAST)
    duty = next(duty for duty in duties if duty.label == str(case["任务"]))
    answers = {
        day_of(day): answer(day_of(day), words, hours)
        for day, words in case.get("答复", {}).items()
    }
    assert live(Standing(duty), answers, hours) == case["提醒"]


def test_the_next_look_is_never_missed() -> None:
    """Looking only when `decide` asks to finds the same as looking in every slot."""
    office = load(OFFICE % "每季度至少1次")
    hours = office_hours(office)
    standing = Standing(plan(office, date(YEAR, 7, 1), date(YEAR, 7, 1))[0])
    by_slot = live(standing, {}, hours)
    now = hours.slot(date(YEAR, 7, 1))
    looked = 0
    while True:
        decision = decide(standing, hours, now)
        if decision.reminder:
            looked += 1
            standing = replace(standing, stages=(*standing.stages, decision.reminder.stage))
        if decision.look_at is None:
            break
        assert decision.look_at > now
        now = decision.look_at
    assert looked == len(by_slot)
