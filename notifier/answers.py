"""What a person may answer, judged before it is written: pure, with today as an argument."""

from dataclasses import dataclass
from datetime import date, timedelta

from notifier.calls import CallStanding, CallState
from notifier.events import ANSWER_WORDS, PROOF_WORDS, Answered, AnswerKind, Proof
from notifier.standing import MEETING, Standing, State

MOST_ANSWERS = 20
CALL_WORDS = {AnswerKind.HEARD: "收到", AnswerKind.DONE: "已落实"}
LONGEST_NOTE = 500
IN_ANOTHERS_PLACE = "（代办，这件事须本人办，不算数）"
MOST_AMOUNT = 9999
MOST_NAMES = 10
LONGEST_POSTPONEMENT = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class Reply:
    """What somebody put into the answer form.

    ``seen`` is how many answers the page showed when it was filled in: a second tap on the same
    page saw one too few. ``orders`` are those of a call that were carried out. ``amounts`` are how
    much was done of each of the duty's, ``objects`` those of its list that were reached.
    """

    answer: AnswerKind
    note: str = ""
    on: date | None = None
    until: date | None = None
    seen: int | None = None
    orders: tuple[str, ...] = ()
    amounts: tuple[int, ...] = ()
    objects: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a reply is not taken, in words for the person who gave it."""

    sentence: str


def judge(
    standing: Standing | None, person: str, reply: Reply, proof: Proof, today: date
) -> Answered | Refusal:
    """Give the answer as the ledger keeps it, or why it is not taken."""
    if standing is None:
        return Refusal("台账里没有这件事，请联系发出提醒的办公室")
    refusal = (
        _settled(standing, reply, today)
        or _misfit(standing, reply, today)
        or _miscounted(standing, reply)
    )
    if refusal:
        return refusal
    duty = standing.duty
    stands_in = duty.in_person and person != duty.person
    return Answered(
        key=duty.key,
        person=person,
        answer=reply.answer,
        proof=proof,
        reason=f"{person}凭{PROOF_WORDS[proof]}答复：{ANSWER_WORDS[reply.answer]}"
        + (IN_ANOTHERS_PLACE if stands_in else ""),
        note=reply.note.strip(),
        on=(reply.on or today) if reply.answer in MEETING else None,
        until=reply.until if reply.answer is AnswerKind.POSTPONED else None,
        amounts=reply.amounts if reply.answer is AnswerKind.DONE else (),
        objects=reply.objects if reply.answer is AnswerKind.DONE else (),
        counts=not stands_in,
    )


def _settled(standing: Standing, reply: Reply, today: date) -> Refusal | None:
    """Refuse what was answered already; who knows that may report more than was demanded."""
    match standing.state:
        case State.DONE if _is_more(standing, reply, today):
            return None
        case State.DONE:
            last = standing.answers[-1]
            return Refusal(f"这件事{last.person}已经报过办结，不用再答复")
        case State.WITHDRAWN:
            return Refusal("这件事已经不再要求，不用答复")
        case State.HEARD if reply.answer is AnswerKind.HEARD:
            return Refusal("这件事已经记过“收到”，办完后请点“已办”")
        case _ if reply.seen is not None and reply.seen != len(standing.answers):
            return Refusal("刚刚已经记下一次答复，没有重复记。还要答复，请看清下面的情况再点一次")
        case _ if len(standing.answers) >= most_answers(standing):
            return Refusal(f"这件事已经答复过{len(standing.answers)}次，再有变化请直接联系办公室")
        case _:
            return None


def most_answers(standing: Standing) -> int:
    """Give how many answers are taken: a long list may be reported one by one."""
    duty = standing.duty
    return MOST_ANSWERS + duty.need - 1 + sum(n for n, _ in duty.amounts)


def _is_more(standing: Standing, reply: Reply, today: date) -> bool:
    """Tell whether something more was done of what is met already, while its period lasts."""
    return (
        reply.answer is AnswerKind.DONE
        and reply.seen == len(standing.answers) < most_answers(standing)
        and today <= standing.duty.due
    )


def _miscounted(standing: Standing, reply: Reply) -> Refusal | None:
    """Refuse amounts and objects that are not those of the duty."""
    duty = standing.duty
    if reply.answer is AnswerKind.NOTHING and not duty.zero_report:
        return Refusal("这件事不能零报告，办完请点“已办”")
    if reply.answer is not AnswerKind.DONE:
        return None
    if len(reply.amounts) > len(duty.amounts):
        return Refusal("这件事的要求刚改过，请看清下面的情况再填一次")
    if any(not 0 <= n <= MOST_AMOUNT for n in reply.amounts):
        return Refusal(f"数量请填0到{MOST_AMOUNT}的整数")
    unknown = [name for name in reply.objects if name not in duty.objects]
    if unknown:
        return Refusal(f"“{unknown[0][:20]}”不在这份名单里，请看清下面的名单再勾选")
    if duty.objects and not reply.objects:
        names = "、".join((standing.missing or duty.objects)[:MOST_NAMES])
        more = "等" if len(standing.missing or duty.objects) > MOST_NAMES else ""
        return Refusal(f"请写明这次到了哪几家，还没到的有：{names}{more}")
    return None


def _misfit(standing: Standing, reply: Reply, today: date) -> Refusal | None:
    if len(reply.note) > LONGEST_NOTE:
        return Refusal(f"说明太长：最多{LONGEST_NOTE}字，现在{len(reply.note)}字")
    if reply.answer is AnswerKind.DONE and reply.on and reply.on > today:
        return Refusal("办理日期不能晚于今天")
    opens = standing.duty.opens.date()
    if reply.answer is AnswerKind.DONE and reply.on and reply.on < opens:
        return Refusal(f"办理日期不能早于本期开始的{opens}")
    if reply.answer is not AnswerKind.POSTPONED:
        return None
    if reply.until is None or reply.until <= today:
        return Refusal("延期要写明延到哪一天，而且要晚于今天")
    if reply.until - today > LONGEST_POSTPONEMENT:
        return Refusal("延期最长一年")
    return None if reply.note.strip() else Refusal("延期要写明原因")


@dataclass(frozen=True, slots=True)
class Speaker:
    """Who answers a call: by which proof, entered by whom, and whether it counts as the callee's.

    A superior or the duty room may say what they know; only the callee and his deputy answer.
    """

    person: str
    proof: Proof
    counts: bool = True
    by: str = ""


def judge_call(standing: CallStanding | None, speaker: Speaker, reply: Reply) -> Answered | Refusal:
    """Give a callee's answer as the ledger keeps it, or why it is not taken."""
    if standing is None:
        return Refusal("台账里没有这次叫应，请联系发出叫应的办公室")
    refusal = _ended(standing, reply) or _unfit(standing, reply)
    if refusal:
        return refusal
    whose = (
        "" if speaker.person == standing.callee.person else f"（被叫人{standing.callee.person}）"
    )
    entered = f"{speaker.by}代录" if speaker.by else PROOF_WORDS[speaker.proof]
    return Answered(
        key=standing.callee.key,
        person=speaker.person,
        answer=reply.answer,
        proof=speaker.proof,
        reason=f"{speaker.person}{whose}应答：{CALL_WORDS[reply.answer]}，凭{entered}",
        note=reply.note.strip(),
        by=speaker.by,
        orders=reply.orders,
        counts=speaker.counts,
    )


def _ended(standing: CallStanding, reply: Reply) -> Refusal | None:
    match standing.state:
        case CallState.DONE:
            return Refusal("已经报过落实，不用再答复")
        case CallState.RELEASED:
            return Refusal(f"这次叫应已经结束（{standing.released}），不用再答复")
        case CallState.HEARD if reply.answer is AnswerKind.HEARD and not reply.note.strip():
            return Refusal("已经记过“收到”。措施落实后请点“已落实”")
        case _ if len(standing.answers) >= MOST_ANSWERS and not _is_news(standing, reply):
            return Refusal(f"已经答复过{MOST_ANSWERS}次，再有变化请直接联系办公室")
        case _:
            return None


def _is_news(standing: CallStanding, reply: Reply) -> bool:
    """Tell whether it reports something as carried out that nobody has reported yet."""
    if reply.answer is not AnswerKind.DONE:
        return False
    return not standing.orders or not set(reply.orders) <= set(standing.carried_out)


def _unfit(standing: CallStanding, reply: Reply) -> Refusal | None:
    if len(reply.note) > LONGEST_NOTE:
        return Refusal(f"说明太长：最多{LONGEST_NOTE}字，现在{len(reply.note)}字")
    if reply.answer not in CALL_WORDS:
        return Refusal("叫应不能延期，请点“收到”或“已落实”")
    if not set(reply.orders) <= set(standing.orders):
        return Refusal("勾选的指令不在这次叫应里，请从消息里重新点开")
    if reply.answer is AnswerKind.DONE and standing.orders and not reply.orders:
        return Refusal(f"请勾选已经落实的指令：{'、'.join(standing.orders)}")
    return None
