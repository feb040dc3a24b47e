"""What follows from a reply to a call. 有回应 is who does what by when; it is asked for once."""

from dataclasses import replace

from notifier.answers import Refusal, Reply, Speaker, judge_call
from notifier.calls import CallStanding, find_superior, named
from notifier.events import MARK, Answered, AnswerKind, Callee, Joined, Released
from notifier.replies import ReplyKind
from notifier.replying.scene import Outcome, Scene

_KINDS = {
    ReplyKind.HEARD: AnswerKind.HEARD,
    ReplyKind.NOTHING: AnswerKind.HEARD,
    ReplyKind.DONE: AnswerKind.DONE,
    ReplyKind.POSTPONED: AnswerKind.POSTPONED,
    ReplyKind.REFUSED: AnswerKind.REFUSED,
    ReplyKind.DELEGATED: AnswerKind.DELEGATED,
}


def follow_call(scene: Scene, standing: CallStanding) -> Outcome:
    """Give what follows from a reply to one call."""
    kind, callee = _KINDS[scene.reading.kind], standing.callee
    in_person = scene.reading.instead_of in (None, scene.person, callee.person)
    answer = AnswerKind.DONE if kind is AnswerKind.DONE else AnswerKind.HEARD
    orders = standing.orders if kind is AnswerKind.DONE else ()
    speaker = Speaker(scene.person, scene.proof, in_person)
    verdict = judge_call(standing, speaker, Reply(answer, scene.text, orders=orders))
    if isinstance(verdict, Refusal):
        return Outcome(word=verdict.sentence)
    reading = scene.reading
    fact = replace(
        verdict,
        answer=kind,
        owner=reading.owner or "",
        action=reading.action or "",
        deadline=reading.by or "",
    )
    if not in_person:
        return Outcome((fact,), f"已记下，但要{callee.person}本人应答，还会再叫")
    match kind:
        case AnswerKind.DELEGATED:
            return _hand_over(scene, standing, fact)
        case AnswerKind.REFUSED:
            return refuse(scene, callee, fact, scene.call(standing).name)
        case AnswerKind.POSTPONED:
            return _ask_office(scene, standing, fact)
        case AnswerKind.DONE:
            return Outcome((fact,), "已记下：已落实")
        case _:
            return _heard(scene, standing, fact)


def refuse(scene: Scene, callee: Callee, fact: Answered, what: str) -> Outcome:
    """Tell the superior at once that somebody says he cannot."""
    above = find_superior(scene.office, callee)
    words = f"{callee.person}对“{what}”回复办不了：{scene.text[:200]}。请处理"
    names = "、".join(above)
    back = f"已记下，已告诉{names}" if names else "已记下，请直接联系办公室"
    return Outcome((fact,), back, tuple((name, words) for name in above))


def unknown_owner(owner: str | None) -> str:
    """Say that nobody was found to hand it to."""
    if not owner:
        return "转给谁办？请写上姓名，如“由张三办”"
    return f"通讯录里找不到“{owner}”，没有转。请写全名或职务，如“由张三办”"


def _heard(scene: Scene, standing: CallStanding, fact: Answered) -> Outcome:
    owner, action, deadline = standing.measures
    parts = {
        "谁负责": fact.owner or owner,
        "做什么": fact.action or action,
        "几点前做完": fact.deadline or deadline,
    }
    missing = "、".join(name for name, said in parts.items() if not said)
    if not missing or scene.call(standing).ladder.follow_up is None:
        return Outcome((fact,), "已记下：收到")
    asked = f"已记下：收到。请再回一句：{missing}"
    return Outcome((fact,), asked, asks=standing.callee.key, instead="已记下：收到")


def _ask_office(scene: Scene, standing: CallStanding, fact: Answered) -> Outcome:
    words = f"{scene.person}对“{scene.call(standing).name}”要求缓一缓：{scene.text[:200]}。请决定"
    people = named(scene.office, scene.office.duty_room)
    told = tuple((name, words) for name in people)
    return Outcome((fact,), "已记下，是否同意由办公室答复", told)


def _hand_over(scene: Scene, standing: CallStanding, fact: Answered) -> Outcome:
    callee, call = standing.callee, scene.call(standing)
    found = named(scene.office, (scene.reading.owner or "",))
    if len(found) != 1 or found[0] == callee.person:
        heard = replace(fact, answer=AnswerKind.HEARD)
        return Outcome((heard,), f"已记下：收到。{unknown_owner(scene.reading.owner)}")
    other = Callee(f"{MARK}/{call.id}/{found[0]}", found[0], callee.group)
    reason = f"{callee.person}交给{found[0]}"
    released = Released(call=call.id, keys=(callee.key,), reason=reason, by=callee.person)
    if any(one.key == other.key for one in call.callees):
        return Outcome((fact, released), f"已记下，{found[0]}也在叫应之列")
    joined = Joined(call=call.id, callee=other, instead_of=callee.key, reason=reason)
    return Outcome((fact, joined, released), f"已转给{found[0]}，改叫{found[0]}")
