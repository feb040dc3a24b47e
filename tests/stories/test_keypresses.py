"""A key pressed on the phone answers the call that rang, even where no number is told."""

from pathlib import Path

from notifier.calling import CallRequest, open_call, stop_call
from notifier.calls import CallState
from notifier.events import Proof, Sending
from notifier.hearing import receive
from notifier.inbox import Incoming
from notifier.ledger import call_reads, reads
from tests.stories.office import Office, story
from tests.stories.test_calls import BEGINS
from tests.stories.test_hostile_calls import begin, rich_town

RINGS = {"步骤": [{"叫": "本人", "用": "电话"}], "到限": "10分钟", "报给": "办公室"}
ABOVE = {
    "步骤": [{"叫": "本人", "用": "应用"}, {"等": "1分钟", "叫": "上级", "用": "电话"}],
    "到限": "10分钟",
}


def ring(office: Office, name: str, ladder: str = "电话") -> str:
    """Call somebody and give the code of the message that rang."""
    request = CallRequest("暴雨红色预警", ("谢芳",), ladder, name)
    office.do(open_call(office.desk, request))
    office.pass_to(office.clock.instant)
    facts = [one.fact for one in office.ledger.read(reads.latest, 20)]
    return next(one.code for one in facts if isinstance(one, Sending))


def presses(office: Office, code: str, way: str = "电话") -> None:
    incoming = Incoming(f"{code}/{way}", way, "", key="1", reference=code)
    assert office.do(receive(office.desk, incoming))
    office.pass_to(office.clock.instant)


def state(office: Office, name: str) -> CallState:
    found = office.ledger.read(call_reads.find_callee, f"叫应/{name}/谢芳")
    assert found is not None
    return found.state


def office_with_phone(office: Office) -> None:
    content = rich_town(阶梯={"电话": RINGS, "上报": ABOVE})
    content["通道"]["电话"] = {"平台": "语音网关", "地址": "沙箱"}
    begin(office, content)


def test_a_press_without_a_number_is_known_by_its_message(tmp_path: Path) -> None:
    with story(tmp_path, BEGINS) as office:
        office_with_phone(office)
        first, second = ring(office, "C1"), ring(office, "C2")
        assert len(office.group("电话")) == 2
        presses(office, second)
        assert (state(office, "C1"), state(office, "C2")) == (CallState.CALLING, CallState.HEARD)
        heard = office.ledger.read(call_reads.find_callee, "叫应/C2/谢芳")
        assert heard is not None
        assert heard.answers[0].proof is Proof.PHONE
        presses(office, "K7M2K7M2")
        presses(office, first, "短信")
        assert state(office, "C1") is CallState.CALLING, "no message of ours, or not of that way"
        presses(office, first)
        assert state(office, "C1") is CallState.HEARD
        assert not office.group("电话"), "nobody is rung up to hear that he was heard"
        office.group("叫应应用")


def test_a_superior_who_presses_does_not_answer_for_the_callee(tmp_path: Path) -> None:
    with story(tmp_path, BEGINS) as office:
        office_with_phone(office)
        ring(office, "C1", "上报")
        office.expects("叫应应用")
        office.until("2026-07-01T02:02:30")
        office.expects("电话", "谢芳")
        facts = [one.fact for one in office.ledger.read(reads.latest, 20)]
        presses(office, next(one.code for one in facts if isinstance(one, Sending)))
        assert state(office, "C1") is CallState.CALLING
        office.do(stop_call(office.desk, "C1", "", ""))
        office.pass_to(office.clock.instant)
        for name in ("叫应应用", "短信", "电话", "村社区安全群"):
            office.group(name)
