"""``jiaoying check`` as the office meets it: what is printed, what is mended, how it ends."""

from pathlib import Path

import pytest

from notifier.cli import main

GOOD = """人员: {周敏: {手机: 13800000001}}
通道:
  # 甲群以前用的是 $OLD
  甲群: {平台: 企业微信群机器人, 地址: $CHECK_WEBHOOK}
规则:
  - {编号: A-1, 事项: 开会, 责任人: 周敏, 频次: 每月1次}
"""
SLIPS = GOOD.replace("编号: A-1", "编号:A-1").replace("规则:", "规则：")
WRONG = GOOD.replace("责任人: 周敏", "责任人: 周民")


@pytest.fixture(name="rules")
def write_rules(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("JIAOYING_RULES", raising=False)
    monkeypatch.setenv("CHECK_WEBHOOK", "https://example.com/send?key=1")
    path = tmp_path / "rules.yaml"
    path.write_text(GOOD, "utf-8")
    return path


def printed(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, list[str], list[str]]:
    status = main(["check", *words])
    out, err = capsys.readouterr()
    return status, out.splitlines(), err.splitlines()


def test_a_good_file_ends_with_one_line_and_status_0(
    rules: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert printed(capsys, str(rules)) == (0, ["1 条规则，没有问题"], [])


def test_the_file_is_rules_yaml_here_or_the_one_the_setting_names(
    rules: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert printed(capsys)[0] == 0
    other = rules.with_name("别的.yaml")
    other.write_text(WRONG, "utf-8")
    monkeypatch.setenv("JIAOYING_RULES", str(other))
    status, out, _ = printed(capsys)
    assert status == 1
    assert out[0].startswith(f"{other}:6:28: “责任人”写的“周民”不在")
    assert out[-1].startswith("有1处问题")


def test_open_questions_are_counted_and_do_not_refuse_the_file(
    rules: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rules.write_text(GOOD.replace("每月1次", "定期"), "utf-8")
    status, out, _ = printed(capsys)
    assert status == 0
    assert out[0].startswith("rules.yaml:6:36: 提醒：频次“定期”还没定")
    assert out[-1] == "1 条规则，没有问题；1 处待定"


def test_a_setting_that_nobody_set_is_a_warning_at_its_place(
    rules: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("CHECK_WEBHOOK")
    status, out, _ = printed(capsys, rules.name)
    assert status == 0
    assert out[0].startswith("rules.yaml:4:26: 提醒：通道“甲群”的地址要用设置 CHECK_WEBHOOK")
    rules.with_name(".env").write_text("CHECK_WEBHOOK=https://example.com/send?key=2\n", "utf-8")
    assert printed(capsys, rules.name)[1] == ["1 条规则，没有问题"]


def test_fix_mends_the_slips_keeps_the_old_file_and_says_what_it_did(
    rules: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rules.write_text(SLIPS, "utf-8")
    rules.chmod(0o640)
    assert printed(capsys)[0] == 1
    status, out, err = printed(capsys, "--fix")
    assert (status, out) == (0, ["1 条规则，没有问题"])
    assert err == [
        "rules.yaml:5:3: 已修正：“规则”后面是全角冒号“：”",
        "rules.yaml:6:8: 已修正：“编号”的冒号后面缺一个空格",
        "共修正2处，原文件另存为 rules.yaml.bak-1",
    ]
    assert rules.read_text("utf-8") == GOOD
    assert rules.with_name("rules.yaml.bak-1").read_text("utf-8") == SLIPS
    assert rules.stat().st_mode & 0o777 == 0o640
    assert {path.name for path in rules.parent.iterdir()} == {"rules.yaml", "rules.yaml.bak-1"}


def test_fix_never_overwrites_an_older_backup_nor_touches_a_file_without_slips(
    rules: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rules.with_name("rules.yaml.bak-1").write_text("去年的", "utf-8")
    before = rules.stat().st_mtime_ns
    assert printed(capsys, "--fix")[2] == ["没有可以自动修正的笔误"]
    assert rules.stat().st_mtime_ns == before
    rules.write_text(SLIPS, "utf-8")
    assert printed(capsys, "--fix")[2][-1] == "共修正2处，原文件另存为 rules.yaml.bak-2"
    assert rules.with_name("rules.yaml.bak-1").read_text("utf-8") == "去年的"


def test_fix_leaves_what_is_not_typographic_to_people(
    rules: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rules.write_text(WRONG, "utf-8")
    assert printed(capsys, "--fix")[0] == 1
    assert rules.read_text("utf-8") == WRONG


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("没有.yaml", None, "没有这个文件"),
        ("乱码.yaml", b"\xff\xfe\x00\x01" * 9, "不是文本文件"),
        (".", None, "这是一个文件夹"),
    ],
)
def test_a_file_that_cannot_be_read_gives_one_sentence_and_status_2(
    rules: Path, capsys: pytest.CaptureFixture[str], name: str, data: bytes | None, said: str
) -> None:
    if data is not None:
        rules.with_name(name).write_bytes(data)
    status, out, err = printed(capsys, name)
    assert (status, out, len(err)) == (2, [], 1)
    assert said in err[0]


def test_rules_without_a_channel_are_told_that_nobody_is_reminded(
    rules: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    without = GOOD.replace("  甲群: {平台: 企业微信群机器人, 地址: $CHECK_WEBHOOK}\n", "")
    rules.write_text(without.replace("通道:\n", ""), "utf-8")
    status, out, _ = printed(capsys, str(rules))
    assert (status, out) == (0, ["1 条规则，没有问题；还没有“通道”，到期也没有人会收到提醒"])


def test_whoever_would_be_drowned_is_told_at_his_line(
    rules: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    daily = GOOD.replace("每月1次", "每个工作日1次").replace(
        "人员:", "办公室: {每周消息上限: 3}\n人员:"
    )
    rules.write_text(daily, "utf-8")
    status, out, _ = printed(capsys, str(rules))
    assert status == 0
    assert out[0].startswith(f"{rules}:2:6: 提醒：周敏在")
    assert "超过每周上限3条" in out[0]
