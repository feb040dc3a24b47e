"""What is said about a rules.yaml that is wrong, case by case, as the office would read it."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from obligations.errors import RulesRefused
from obligations.rules import examine, load, repair

CASES = Path(__file__).with_name("rules")


@dataclass(frozen=True, slots=True)
class Case:
    name: str
    text: str
    expected: tuple[str, ...]
    mended: str | None


def parts(block: str) -> Case:
    name, _, rest = block.partition("\n")
    text, _, said = rest.partition("--- 指出\n")
    expected, fixed, mended = said.partition("--- 修正\n")
    lines = tuple(line for line in expected.splitlines() if line)
    return Case(name.strip(), text, lines, mended.rstrip("\n") if fixed else None)


def cases() -> tuple[Case, ...]:
    texts = (path.read_text("utf-8") for path in sorted(CASES.glob("*.txt")))
    return tuple(parts(block) for text in texts for block in text.split("\n=== ")[1:])


def problems(text: str) -> tuple[str, ...]:
    return tuple(str(problem).removeprefix("rules.yaml:") for problem in examine(text)[1])


@pytest.mark.parametrize("case", cases(), ids=lambda case: case.name)
def test_every_problem_is_told_with_its_place(case: Case) -> None:
    found = problems(case.text)
    wanted = tuple(line.removesuffix("…") for line in case.expected)
    shortened = tuple(
        text[: len(want)] if line.endswith("…") else text
        for text, want, line in zip(found, wanted, case.expected, strict=False)
    )
    assert shortened + found[len(shortened) :] == wanted


@pytest.mark.parametrize(
    "case", [case for case in cases() if case.mended is not None], ids=lambda case: case.name
)
def test_slips_are_mended_and_the_mended_file_has_none_left(case: Case) -> None:
    mended = repair(case.text).text
    assert mended.rstrip("\n") == case.mended
    assert not repair(mended).slips()
    assert not [line for line in problems(mended) if "提醒" not in line]


@pytest.mark.parametrize("case", cases(), ids=lambda case: case.name)
def test_a_file_with_an_error_is_refused_whole_and_one_without_is_not(case: Case) -> None:
    wrong = [line for line in case.expected if ": 提醒：" not in line]
    if not wrong:
        assert load(case.text).people
        return
    with pytest.raises(RulesRefused) as refused:
        load(case.text)
    assert len(refused.value.problems) == len(wrong)


def test_no_problem_ever_shows_a_key_written_into_the_file() -> None:
    secret = "693a91f6-7xxx-4bc4-97a0-0ec2sifa5aaa"  # noqa: S105 - the vendor's own sample key
    text = f"""
单位: {{应急办: {{负责人: {secret}, 群: "https://example.com/send?key={secret}"}}}}
人员: {{{secret}: {{手机: {secret}}}, {secret}: {{}}}}
通道: {{甲: {{平台: {secret}, 地址: {secret}, 密钥: {secret}}}}}
规则:
  - {{编号: A-1, 事项: x, 责任人: {secret}1, 频次: {secret}, 遇休: {secret}, {secret}: 1}}
  - {{编号: {secret}, 事项: , 频次: {{周期: {secret}}}, 待定: {secret}}}
  - {{编号: {secret}, 事项: !{secret} x, 责任人: {{{secret}: 1}}, 频次: 定期{secret}}}
"""
    found = problems(text)
    assert len(found) > 15
    assert not [line for line in found if "693a91f6" in line]


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_the_line_endings_of_the_office_stay_as_they_are(newline: str) -> None:
    text = "人员：\n  周敏: {手机:13800000001}\n".replace("\n", newline)
    mended = "人员:\n  周敏: {手机: 13800000001}\n".replace("\n", newline)
    assert repair(text).text == mended
    assert [line[:4] for line in problems(text)] == ["1:3:", "2:10"]
