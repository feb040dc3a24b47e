"""The office looks at what was reported: accepted, or sent back, so that the duty opens again."""

import asyncio
from collections.abc import Iterator, Sequence

from sqlalchemy import Connection

from notifier.decisions import LONGEST_REASON, Clerk, NotDecided
from notifier.desk import Desk
from notifier.events import Announced, Fact, Reviewed
from notifier.ledger import reads
from notifier.notices import announce
from notifier.standing import MEETING, Answer, Standing

_SHORT = 100


async def review(desk: Desk, key: str, nth: int, clerk: Clerk, *, accepted: bool) -> None:
    """Accept the nth answer of a duty or send it back; raises `NotDecided` in words.

    Whoever gave it is told why it came back; whoever the rule names (抄报) is told what was
    accepted. Both are written with the review, so neither is ever without the other.
    """
    if len(clerk.reason) > LONGEST_REASON or not (accepted or clerk.reason.strip()):
        message = f"退回要写明哪里不行、要补什么，最多{LONGEST_REASON}字"
        raise NotDecided(message)

    def work(connection: Connection) -> Sequence[Fact]:
        standing = reads.find_standing(connection, key)
        if standing is None:
            message = "台账里没有这件事，请从看板点进去"
            raise NotDecided(message)
        answer = _reviewable(standing, nth)
        words = "通过" if accepted else "退回"
        reason = f"{clerk.by}{words}{answer.person}的答复" + (
            f"：{clerk.reason.strip()}" if clerk.reason.strip() else ""
        )
        fact = Reviewed(key=key, nth=nth, accepted=accepted, by=clerk.by, reason=reason)
        tell = _copies if accepted else _returned
        return (fact, *tell(desk, standing, nth, clerk))

    await asyncio.wrap_future(desk.ledger.write(desk.clock.now(), work))


def _reviewable(standing: Standing, nth: int) -> Answer:
    found = standing.answers[nth] if 0 <= nth < len(standing.answers) else None
    if found is None or found.answer not in MEETING:
        message = "这条答复不用审核，请刷新页面再点"
        raise NotDecided(message)
    if found.accepted is not None:
        message = "这条答复刚刚已经审核过了，没有重复记"
        raise NotDecided(message)
    return found


def _returned(desk: Desk, standing: Standing, nth: int, clerk: Clerk) -> Iterator[Announced]:
    duty = standing.duty
    text = (
        f"您报的“{duty.matter[:_SHORT]}”（{duty.words}）被{clerk.by}退回：{clerk.reason.strip()}。"
        "请补办后在原来的提醒里再报一次"
    )
    people = dict.fromkeys((standing.answers[nth].person, duty.person))
    yield from announce(desk.office, desk.ways, people, f"退回/{duty.key}/{nth}", (text,))


def _copies(desk: Desk, standing: Standing, nth: int, clerk: Clerk) -> Iterator[Announced]:
    duty = standing.duty
    rule = next((one for one in desk.office.rules if one.id == duty.rule), None)
    units = [desk.office.find_unit(name) for name in (rule.copy_to if rule else ())]
    heads = dict.fromkeys(unit.head for unit in units if unit and unit.head)
    answer = standing.answers[nth]
    done = f"{answer.on.month}月{answer.on.day}日" if answer.on else ""
    note = f"。{answer.note[:_SHORT]}" if answer.note else ""
    text = (
        f"抄报：{duty.bearer}{done}已办“{duty.matter[:_SHORT]}”（{duty.words}），"
        f"{clerk.by}已审核通过{note}"
    )
    yield from announce(desk.office, desk.ways, heads, f"抄报/{duty.key}/{nth}", (text,))
