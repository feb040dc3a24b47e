"""What follows from a reply to a duty."""

from dataclasses import replace

from notifier.answers import Refusal, Reply, judge
from notifier.calls import named
from notifier.days import day_of
from notifier.events import Answered, AnswerKind, Callee, Handed
from notifier.reminders import counted_words
from notifier.replies import ReplyKind
from notifier.replying.calls import refuse, unknown_owner
from notifier.replying.counting import amounts_in, objects_in
from notifier.replying.scene import Outcome, Scene
from notifier.standing import Standing


def follow_duty(scene: Scene, standing: Standing) -> Outcome:
    """Give what follows from a reply to one duty."""
    match scene.reading.kind:
        case ReplyKind.DELEGATED:
            return _hand_over(scene, standing)
        case ReplyKind.REFUSED:
            callee = Callee(standing.duty.key, scene.person, standing.duty.unit)
            fact = _answered(scene, standing, AnswerKind.REFUSED)
            return refuse(scene, callee, fact, standing.duty.matter[:30])
        case ReplyKind.NOTHING:
            return _report_nothing(scene, standing)
        case ReplyKind.POSTPONED:
            return _postpone(scene, standing)
        case ReplyKind.DONE:
            on = day_of(scene.reading.date or "", scene.today, ahead=False)
            amounts = amounts_in(scene.text, standing)
            objects = objects_in(scene.text, standing)
            done = Reply(AnswerKind.DONE, scene.text, on, amounts=amounts, objects=objects)
            return _judged(scene, standing, done)
        case _:
            return _judged(scene, standing, Reply(AnswerKind.HEARD, scene.text))


def _judged(scene: Scene, standing: Standing, reply: Reply) -> Outcome:
    verdict = judge(standing, scene.person, reply, scene.proof, scene.today)
    if isinstance(verdict, Refusal):
        return Outcome(word=verdict.sentence)
    reading = scene.reading
    fact = replace(
        verdict,
        owner=reading.owner or "",
        action=reading.action or "",
        deadline=reading.by or "",
        counts=verdict.counts and reading.instead_of in (None, scene.person, standing.duty.person),
    )
    return Outcome((fact,), _back(standing, fact))


def _back(standing: Standing, fact: Answered) -> str:
    if not fact.counts:
        return f"已记下，但要{standing.duty.person}本人答复"
    if fact.answer is AnswerKind.NOTHING:
        return "已记下：无情况可报"
    if fact.until:
        return f"已记下：延到{fact.until.month}月{fact.until.day}日"
    if fact.on:
        day = f"{fact.on.month}月{fact.on.day}日已办"
        return f"已记下：{day}{counted_words(fact, standing.duty)}"
    return "已记下：收到。办完请回“已办”"


def _postpone(scene: Scene, standing: Standing) -> Outcome:
    words = scene.reading.date or scene.reading.by or ""
    until = day_of(words, scene.today, ahead=True)
    if until is None:
        return Outcome(word="要延到哪一天？请回“推到几月几日”，并说明原因")
    return _judged(scene, standing, Reply(AnswerKind.POSTPONED, scene.text, until=until))


def _report_nothing(scene: Scene, standing: Standing) -> Outcome:
    if not standing.duty.zero_report:
        return Outcome(word=f"“{standing.duty.matter[:18]}”不能零报告，办完请回“已办”")
    return _judged(scene, standing, Reply(AnswerKind.NOTHING, scene.text))


def _hand_over(scene: Scene, standing: Standing) -> Outcome:
    found = named(scene.office, (scene.reading.owner or "",))
    if len(found) != 1 or found[0] == scene.person:
        return Outcome(word=unknown_owner(scene.reading.owner))
    answered = replace(_answered(scene, standing, AnswerKind.DELEGATED), owner=found[0])
    reason = f"{scene.person}交给{found[0]}"
    handed = Handed(key=standing.duty.key, person=found[0], by=scene.person, reason=reason)
    due = standing.duty.due
    words = f"{scene.person}把“{standing.duty.matter}”交给您办，{due.month}月{due.day}日前办结"
    return Outcome((answered, handed), f"已转给{found[0]}", ((found[0], words),))


def _answered(scene: Scene, standing: Standing, kind: AnswerKind) -> Answered:
    return Answered(
        key=standing.duty.key,
        person=scene.person,
        answer=kind,
        proof=scene.proof,
        reason=f"{scene.person}回复：{scene.text[:40]}",
        note=scene.text,
    )
