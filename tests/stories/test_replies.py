"""有回应: what people type back is stored, read, written, and answered in one short line."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from notifier.calling import CallRequest, open_call
from notifier.calls import CallState
from notifier.channels import Shown
from notifier.hearing import receive
from notifier.inbox import Incoming
from notifier.ledger import call_reads
from notifier.replying import item_code
from notifier.standing import State
from tests.stories.office import RULES, Office, story

BEGINS = "2026-07-01T08:59+08:00"
RULE = {
    "编号": "A-1",
    "事项": "召开安全例会",
    "责任人": "谢芳",
    "频次": "每季度至少1次",
}
ZERO = {
    "编号": "A-2",
    "事项": "上报隐患",
    "责任人": "谢芳",
    "频次": "每季度至少1次",
    "零报告": "是",
}
KEY, ZERO_KEY = "A-1/谢芳/2026Q3", "A-2/谢芳/2026Q3"
PEOPLE = {
    "谢芳": {"职务": "石桥村书记", "企业微信": "xiefang", "手机": "13800000011", "代理": "唐秀"},
    "唐秀": {"职务": "青溪社区书记", "企业微信": "tangxiu", "手机": "13800000010"},
    "何静": {"职务": "镇长", "企业微信": "hejing", "手机": "13800000003"},
}


def town(*rules: dict[str, Any]) -> str:
    content = yaml.safe_load(RULES)
    content["办公室"]["值班室"] = "何静"
    content["单位"]["石桥村"] = {"负责人": "谢芳", "群": "叫应应用", "上级": "应急办"}
    content["人员"] |= PEOPLE
    content["通道"] = {"叫应应用": {"平台": "企业微信应用", "地址": "沙箱"}}
    for unit in content["单位"].values():
        unit["群"] = "叫应应用"
    content["规则"] = list(rules)
    return yaml.safe_dump(content, allow_unicode=True)


class Chat:
    """The app's chats: what was said to whom, read once; and what people type there."""

    def __init__(self, office: Office) -> None:
        self.office, self.typed = office, 0

    def says(self, account: str, text: str, **more: str) -> None:
        self.typed += 1
        incoming = Incoming(f"m{self.typed}", "叫应应用", account, text, **more)
        assert self.office.do(receive(self.office.desk, incoming))
        assert not self.office.do(receive(self.office.desk, incoming)), "brought twice, stored once"
        self.office.pass_to(self.office.clock.instant)

    def hears(self, account: str, *words: str) -> Shown:
        unread = [one for one in self.office.group("叫应应用") if account in one.to]
        assert len(unread) == 1, [one.text for one in unread]
        for word in words:
            assert word in unread[0].text, unread[0].text
        return unread[0]

    def hears_nothing(self) -> None:
        assert not self.office.group("叫应应用")


def begin(office: Office, *rules: dict[str, Any]) -> Chat:
    office.writes(*rules, base=town(*rules))
    office.until("2026-07-01T09:01")
    return Chat(office)


def call(office: Office, *to: str, name: str = "C1") -> str:
    request = CallRequest("暴雨红色预警，立即转移", to, "紧急", name, "暴雨红色预警", "周敏")
    office.do(open_call(office.desk, request))
    office.pass_to(office.clock.instant)
    office.group("叫应应用")
    return f"叫应/{name}/{to[0]}"


def state(office: Office, key: str) -> CallState:
    found = office.ledger.read(call_reads.find_callee, key)
    assert found is not None
    return found.state


def test_a_call_is_answered_with_who_does_what_by_when(tmp_path: Path) -> None:
    with story(tmp_path, BEGINS) as office:
        chat = begin(office)
        key = call(office, "谢芳")
        chat.says("xiefang", "收到")
        chat.hears("xiefang", "已记下：收到", "谁负责、做什么、几点前做完")
        assert state(office, key) is CallState.HEARD
        assert "应而无措施" in office.get("/calls/C1").text
        chat.says("xiefang", "小李带队正在转移12户，下午3点前转移完")
        chat.hears("xiefang", "已记下：收到")
        assert "应而无措施" not in office.get("/calls/C1").text
        chat.says("xiefang", "已全部转移完毕")
        chat.hears("xiefang", "已落实")
        assert state(office, key) is CallState.DONE
        office.until("2026-07-01T11:00")


def test_a_call_handed_over_calls_the_other(tmp_path: Path) -> None:
    with story(tmp_path, BEGINS) as office:
        chat = begin(office)
        key = call(office, "谢芳")
        chat.says("xiefang", "收到，由唐秀办")
        told = office.group("叫应应用")
        assert sorted(one.to for one in told) == [("tangxiu",), ("xiefang",)]
        assert state(office, key) is CallState.RELEASED
        chat.says("tangxiu", "已转移")
        chat.hears("tangxiu", "已落实")
        chat.says("xiefang", "由张三办")
        chat.hears("xiefang", "现在没有等您答复的事")


def test_a_refusal_goes_to_the_superior_at_once(tmp_path: Path) -> None:
    with story(tmp_path, BEGINS) as office:
        chat = begin(office)
        key = call(office, "谢芳")
        chat.says("xiefang", "收到，但是路断了去不了")
        told = {one.to[0]: one.text for one in office.group("叫应应用")}
        assert "已告诉周敏" in told["xiefang"]
        assert "路断了去不了" in told["zhoumin"]
        assert state(office, key) is CallState.HEARD
        chat.says("xiefang", "已经办好了")
        chat.hears("xiefang", "已落实")


@pytest.mark.parametrize("text", ["谁收到了？", "没收到", "收到请回复", "@王强 你去看看"])
def test_what_is_no_answer_answers_nothing(tmp_path: Path, text: str) -> None:
    with story(tmp_path, BEGINS) as office:
        chat = begin(office)
        key = call(office, "谢芳")
        chat.says("xiefang", text)
        chat.hears_nothing()
        assert state(office, key) is CallState.CALLING
        office.post("/calls/C1/stop", {"by": "周敏"})
        office.pass_to(office.clock.instant)
        chat.hears("xiefang", "叫应结束")


def test_several_open_things_are_asked_back_by_name(tmp_path: Path) -> None:
    with story(tmp_path, BEGINS) as office:
        chat = begin(office, RULE, ZERO)
        chat.hears("xiefang", "召开安全例会", "上报隐患")
        chat.says("xiefang", "已办")
        chat.hears("xiefang", "2件事", item_code(KEY), item_code(ZERO_KEY), "召开安全例会")
        chat.says("xiefang", f"{item_code(KEY)} 已办")
        chat.hears("xiefang", "7月1日已办")
        assert office.standing(KEY).state is State.DONE
        chat.says("xiefang", "无")
        chat.hears("xiefang", "无情况可报")
        assert office.standing(ZERO_KEY).state is State.DONE


def test_a_duty_is_put_off_and_handed_over_in_chat(tmp_path: Path) -> None:
    with story(tmp_path, BEGINS) as office:
        chat = begin(office, RULE)
        chat.hears("xiefang", "召开安全例会")
        chat.says("xiefang", "无")
        chat.hears("xiefang", "不能零报告")
        chat.says("xiefang", "能不能缓几天？")
        chat.hears("xiefang", "要延到哪一天")
        chat.says("xiefang", "收到，推到7月10日")
        chat.hears("xiefang", "延到7月10日")
        chat.says("xiefang", "收到，由唐秀办")
        told = {one.to[0]: one.text for one in office.group("叫应应用")}
        assert "已转给唐秀" in told["xiefang"]
        assert "谢芳把“召开安全例会”交给您办，9月30日前办结" in told["tangxiu"]
        chat.says("tangxiu", "昨天已办")
        chat.hears("tangxiu", "不能早于")
        chat.says("tangxiu", "已办")
        chat.hears("tangxiu", "已办")
        assert office.standing(KEY).state is State.DONE


def test_an_answer_in_anothers_name_never_counts(tmp_path: Path) -> None:
    with story(tmp_path, BEGINS) as office:
        chat = begin(office)
        key = call(office, "谢芳")
        chat.says("xiefang", "代周敏收到")
        chat.hears("xiefang")
        assert state(office, key) is CallState.CALLING
        chat.says("xiefang", "收到，已落实")
        chat.hears("xiefang", "已落实")


def test_an_unknown_account_is_told_how_to_get_in(tmp_path: Path) -> None:
    with story(tmp_path, BEGINS) as office:
        chat = begin(office)
        chat.says("wangqiang", "收到")
        chat.hears("wangqiang", "没有登记", "青溪镇")
        chat.says("wangqiang", "收到")
        chat.hears_nothing()
        page = office.get("/letters").text
        assert "不认识" in page
        assert "wangqiang" in page


def test_a_press_on_a_card_answers_its_call(tmp_path: Path) -> None:
    with story(tmp_path, BEGINS) as office:
        chat = begin(office)
        key = call(office, "谢芳")
        chat.says("xiefang", "", key=f"heard {key}")
        chat.hears("xiefang", "已记下：收到")
        chat.says("tangxiu", "", key=f"done {key}")
        chat.hears("tangxiu", "现在没有等您答复的事")
        assert state(office, key) is CallState.HEARD, "a card of another's answers nothing"
        chat.says("xiefang", "", key=f"done {key}")
        chat.hears("xiefang", "已落实")


def test_nobody_is_drawn_into_a_conversation(tmp_path: Path) -> None:
    with story(tmp_path, BEGINS) as office:
        chat = begin(office)
        call(office, "谢芳")
        for number in range(8):
            chat.says("xiefang", f"应该办了吧{number}")
        assert len(office.group("叫应应用")) == 5
        chat.says("xiefang", "已落实")
        chat.hears_nothing()
        assert state(office, "叫应/C1/谢芳") is CallState.DONE


def test_who_is_on_leave_is_reminded_through_his_deputy(tmp_path: Path) -> None:
    with story(tmp_path, BEGINS) as office:
        content = yaml.safe_load(town(RULE))
        content["人员"]["谢芳"]["请假"] = "2026-06-30至2026-07-03"
        office.writes(RULE, base=yaml.safe_dump(content, allow_unicode=True))
        office.until("2026-07-01T09:01")
        chat = Chat(office)
        chat.hears("tangxiu", "召开安全例会（谢芳请假，由您代办）")
        chat.says("tangxiu", "收到，已办")
        chat.hears("tangxiu", "7月1日已办")
        assert office.standing(KEY).answers[0].person == "唐秀"


@pytest.mark.parametrize("typed", ["已办", "无"])
def test_what_a_deputy_reports_of_what_must_be_done_in_person_does_not_count(
    tmp_path: Path, typed: str
) -> None:
    rule = {**ZERO, "须本人": "是"}
    with story(tmp_path, BEGINS) as office:
        content = yaml.safe_load(town(rule))
        content["人员"]["谢芳"]["请假"] = "2026-06-30至2026-07-03"
        office.writes(rule, base=yaml.safe_dump(content, allow_unicode=True))
        office.until("2026-07-01T09:01")
        chat = Chat(office)
        chat.hears("tangxiu", "上报隐患（谢芳请假，由您代办）")
        chat.says("tangxiu", typed)
        chat.hears("tangxiu", "已记下，但要谢芳本人答复")
        standing = office.standing(ZERO_KEY)
        assert standing.state is not State.DONE
        assert not standing.answers[0].counts


FRAGMENTS = {
    "who and when": ("小李，下午3点前", ("小李", "转移12户", "下午3点前")),
    "when": ("下午3点前", ("", "转移12户", "下午3点前")),
    "who": ("唐秀", ("唐秀", "转移12户", "")),
}


@pytest.mark.parametrize(("typed", "said"), FRAGMENTS.values(), ids=FRAGMENTS)
def test_a_fragment_completes_what_was_asked_back(
    tmp_path: Path, typed: str, said: tuple[str, str, str]
) -> None:
    with story(tmp_path, BEGINS) as office:
        chat = begin(office)
        key = call(office, "谢芳")
        chat.says("xiefang", typed)
        assert state(office, key) is CallState.CALLING, "nobody has asked for it yet"
        office.group("叫应应用")
        chat.says("xiefang", "收到，正在转移12户")
        chat.hears("xiefang", "谁负责、几点前做完")
        chat.says("xiefang", typed)
        chat.hears("xiefang", "已记下：收到")
        found = office.ledger.read(call_reads.find_callee, key)
        assert found is not None
        assert found.measures == said
        chat.says("xiefang", "已全部转移完毕")
        office.group("叫应应用")


@pytest.mark.parametrize("typed", ["应该差不多吧", "那个", "不清楚"])
def test_what_is_no_measure_completes_nothing(tmp_path: Path, typed: str) -> None:
    with story(tmp_path, BEGINS) as office:
        chat = begin(office)
        key = call(office, "谢芳")
        chat.says("xiefang", "收到")
        chat.hears("xiefang", "谁负责")
        chat.says("xiefang", typed)
        office.group("叫应应用")
        found = office.ledger.read(call_reads.find_callee, key)
        assert found is not None
        assert found.measures == ("", "", "")
        chat.says("xiefang", "已全部转移完毕")
        office.group("叫应应用")
