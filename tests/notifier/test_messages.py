"""What a leader reads in ten seconds, word for word."""

from dataclasses import replace

import pytest

from notifier.messages import Form, Line, Message, Recipient, Section, escape, render, shorten

TEXT = Form("plain.jinja", escape.plain, lambda _: "")
MARKDOWN = Form(
    "markdown.jinja", escape.markdown, lambda who: f"<@{who.wecom}>" if who.wecom else ""
)
ZHOU = Recipient("周敏", wecom="zhoumin", link="https://qx.example/d/1")
MEETING = Line("召开防汛会商会", "首次提醒", "7月3日前（还剩2个工作日）")
SHOPS = Line("检查燃气门店2家", "逾期", "6月30日前（已过1天）")
ONE = Message("K7M2", "青溪镇履职提醒", (Section(ZHOU, (MEETING, SHOPS)),))


def test_one_person_reads_how_many_then_each_duty_then_where_to_answer() -> None:
    assert render(ONE, TEXT) == (
        "【青溪镇履职提醒】周敏：2件\n"
        "① 〔首次提醒〕7月3日前（还剩2个工作日）：召开防汛会商会\n"
        "② 〔逾期〕6月30日前（已过1天）：检查燃气门店2家\n"
        "点此答复：https://qx.example/d/1"
    )


def test_markdown_calls_the_person_and_hides_the_address_behind_words() -> None:
    assert render(ONE, MARKDOWN) == (
        "**【青溪镇履职提醒】周敏：2件**\n"
        "<@zhoumin>\n"
        "① 〔首次提醒〕7月3日前（还剩2个工作日）：召开防汛会商会\n"
        "② 〔逾期〕6月30日前（已过1天）：检查燃气门店2家\n"
        "[点此答复](https://qx.example/d/1)"
    )


def test_several_people_each_have_their_own_part_and_their_own_link() -> None:
    chen = Recipient("陈立", link="https://qx.example/d/2")
    several = replace(ONE, sections=(Section(ZHOU, (MEETING,)), Section(chen, (SHOPS,))))
    assert render(several, MARKDOWN) == (
        "**【青溪镇履职提醒】2人2件**\n"
        "\n"
        "**周敏**：1件 <@zhoumin>\n"
        "① 〔首次提醒〕7月3日前（还剩2个工作日）：召开防汛会商会\n"
        "[点此答复](https://qx.example/d/1)\n"
        "\n"
        "**陈立**：1件\n"
        "① 〔逾期〕6月30日前（已过1天）：检查燃气门店2家\n"
        "[点此答复](https://qx.example/d/2)"
    )


def test_a_plain_sentence_is_neither_numbered_nor_counted() -> None:
    told = Message("c", "通道停用", (Section(Recipient("周敏"), (Line("请重新添加机器人"),)),))
    assert render(told, TEXT) == "【通道停用】周敏\n请重新添加机器人"


def test_a_message_to_nobody_in_particular_is_its_title() -> None:
    assert render(Message("c", "规则已更新", ()), TEXT) == "【规则已更新】"


@pytest.mark.parametrize(
    ("repeated", "late", "head"),
    [
        (False, False, "【青溪镇履职提醒】"),
        (True, False, "〔重发〕【青溪镇履职提醒】"),
        (False, True, "〔迟发〕【青溪镇履职提醒】"),
        (True, True, "〔重发〕〔迟发〕【青溪镇履职提醒】"),
    ],
)
def test_sent_again_and_sent_late_stand_first(repeated: bool, late: bool, head: str) -> None:
    assert render(replace(ONE, repeated=repeated, late=late), TEXT).startswith(head + "周敏")


def test_fifty_duties_have_their_circled_numbers_and_the_next_a_plain_one() -> None:
    text = render(replace(ONE, sections=(Section(ZHOU, (SHOPS,) * 51),)), TEXT)
    starts = [line.split(" ")[0] for line in text.splitlines()[1:-1]]
    assert [starts[n - 1] for n in (1, 20, 21, 35, 36, 50, 51)] == [*"①⑳㉑㉟㊱㊿", "（51）"]
    assert len(set(starts)) == 51


def within(size: int) -> str | None:
    words = ("检查燃气门店、餐饮场所和液化气充装站" * 3, "首次提醒", "7月3日前")
    long = replace(ONE, sections=(Section(ZHOU, (Line(*words),) * 6),))
    return shorten(long, TEXT, lambda text: len(text.encode()) <= size)


def test_what_fits_is_left_whole() -> None:
    whole = within(10_000)
    assert whole is not None
    assert whole.count("检查燃气门店、餐饮场所和液化气充装站" * 3) == 6
    assert within(len(whole.encode())) == whole


def test_first_the_words_of_each_duty_are_cut_and_every_duty_stays() -> None:
    text = within(1000)
    assert text is not None
    assert 900 < len(text.encode()) <= 1000  # no more is cut than must be
    assert text.count("〔首次提醒〕7月3日前：检查燃气门店、") == text.count("…\n") == 6
    assert "另有" not in text


def test_then_duties_are_left_out_and_counted() -> None:
    text = within(400)
    assert text is not None
    assert len(text.encode()) <= 400
    assert text.splitlines() == [
        "【青溪镇履职提醒】周敏：6件",
        "① 〔首次提醒〕7月3日前：检查燃气门店、餐饮场所和液化气充装站检查燃气门…",
        "② 〔首次提醒〕7月3日前：检查燃气门店、餐饮场所和液化气充装站检查燃气门…",
        "……另有4项，见链接",
        "点此答复：https://qx.example/d/1",
    ]


def test_without_a_link_nobody_is_sent_to_it() -> None:
    alone = replace(ONE, sections=(Section(Recipient("周敏"), (SHOPS,) * 9),))
    text = shorten(alone, TEXT, lambda text: len(text.encode()) <= 200)
    assert text is not None
    assert text.endswith("……另有7项")


def test_where_not_even_the_names_fit_there_is_no_text() -> None:
    assert within(60) is None


@pytest.mark.parametrize("size", range(160, 1600, 7))
def test_no_character_is_ever_cut_in_two(size: int) -> None:
    text = within(size)
    assert text is not None
    assert len(text.encode()) <= size
    assert "\N{REPLACEMENT CHARACTER}" not in text


@pytest.mark.parametrize(
    ("size", "expected"),
    [
        (99, "e\u0301a防汛"),
        (10, "e\u0301a防汛"),
        (9, "e\u0301a…"),
        (6, "e\u0301…"),
        (5, "…"),  # the letter does not stay without its accent
        (3, "…"),
        (2, ""),
    ],
)
def test_a_letter_keeps_its_accent_or_goes_with_it(size: int, expected: str) -> None:
    assert escape.clip("e\u0301a防汛", size) == expected


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("研究安全生产与自然灾害防治（含森林防火）", "研究安全生产与自然灾害防治（含森林防火）"),
        ("降雨量50.5毫米，No.3水库", "降雨量50.5毫米，No.3水库"),
        ("A类 100% 1-2次/月 “日周月”", "A类 100% 1-2次/月 “日周月”"),
        ("会议\r\n\t纪要\u3000一份", "会议 纪要 一份"),
        ("**加急**", "＊＊加急＊＊"),
        ("<@all>", "＜＠all＞"),
        ("&lt;@all&gt;", "＆lt;＠all＆gt;"),
        ("[领奖](https://evil.example)", "［领奖］（https：//evil．example）"),
        ("https:\\\\evil.example", "https：＼＼evil．example"),
        ("上www.evil.com看", "上www．evil．com看"),
        ("mailto:a@b.cn", "mailto：a＠b．cn"),
        ("反\u202e向\u200b零宽\x07", "反向零宽"),
        ("半个\ud83d字", "半个\N{REPLACEMENT CHARACTER}字"),
        ("生僻字\ue863", "生僻字\ue863"),
    ],
)
def test_what_people_typed_reads_the_same_and_does_nothing(typed: str, shown: str) -> None:
    assert escape.markdown(typed) == shown


def test_a_template_in_a_field_is_only_words() -> None:
    named = replace(ONE, title="{{ 7*7 }}{% for x in y %}")
    assert "【{{ 7*7 }}{% for x in y %}】" in render(named, TEXT)


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("https://qx.example/d/a-b_c.d?t=1&u=%E5", "https://qx.example/d/a-b_c.d?t=1&u=%E5"),
        ("http://127.0.0.1:8000/d/x", "http://127.0.0.1:8000/d/x"),
        ("https://qx.example/d/防汛", "https://qx.example/d/%E9%98%B2%E6%B1%9B"),
        ("https://qx.example/)<@all>", "https://qx.example/%29%3C%40all%3E"),
        ("https://qx.example/\n[x](y)", "https://qx.example/%0A%5Bx%5D%28y%29"),
        ("javascript:alert(1)", ""),
        ("/d/1", ""),
        ("", ""),
        ("https://qx.example/" + "a" * 2000, ""),
    ],
)
def test_a_link_cannot_end_before_its_end(address: str, shown: str) -> None:
    assert escape.link(address) == shown


def test_escaping_a_hundred_thousand_marks_takes_no_time() -> None:
    for word in ("<@", "a.", "www.", "http:", " \n", "mailto:", "。", "\u202e"):
        assert len(escape.markdown(word * 100_000)) <= 100_000 * len(word) + 1
