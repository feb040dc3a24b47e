"""Bad input is told in a sentence, with the right exit status, and never with a traceback."""

import os
import socket
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from notifier.cli import COMMANDS, main
from notifier.events import Troubled
from notifier.ledger import open_ledger

ROOT = Path(__file__).parents[2]
GOOD = "人员: {周敏: {}}\n规则: [{编号: A-1, 事项: 开会, 责任人: 周敏, 频次: 每季度至少1次}]\n"
HOOK = "通道: {群: {平台: 企业微信群机器人, 地址: $HOOK}}\n"


def run(*words: str, env: dict[str, str] | None = None) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "notifier", *words],
        cwd=ROOT,
        env={**os.environ, **(env or {})},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def write(path: Path, content: str | bytes) -> str:
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return str(path)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stop:
        main([command, "--help"])
    assert stop.value.code == 0
    assert f"jiaoying {command}" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        ([], 0, "用法：jiaoying 命令"),
        (["nonsense"], 2, "没有“nonsense”这个命令"),
        (["plan", "--from", "昨天"], 2, "看不懂，请写成 2026-07-01 的样子"),
        (["plan", "--from", "2026-07-02", "--to", "2026-07-01"], 2, "早于"),
        (["run", "--at", "2026-07-01"], 2, "2026-07-01T08:00+08:00"),
        (["run", "--speed", "0"], 2, "大于零"),
        (["run", "--port"], 2, "--port 后面要跟一个值"),
        (["run", "--nonsense"], 2, "不认识：--nonsense"),
        (["ledger", "burn"], 2, "可选"),
        (["ledger", "verify", "--data", "没有这个文件夹"], 2, "里没有台账"),
        (["check", "没有这个文件.yaml"], 2, "没有这个文件.yaml"),
        (["parse", "没有这个文件.txt"], 2, "没有这个文件.txt"),
    ],
)
def test_wrong_words_are_told(words: list[str], status: int, said: str) -> None:
    result = run(*words)
    assert result.returncode == status
    assert said in result.stdout + result.stderr
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize(
    ("rules", "env", "said"),
    [
        ("规则：[]\n", {}, "rules.yaml:1:"),
        (b"\xff\xfe\x00\x01", {}, "rules.yaml"),
        (GOOD + HOOK, {}, "HOOK"),
        (GOOD + HOOK, {"HOOK": "https://evil.example/send?key=k-123"}, "JIAOYING_TRUSTED_HOSTS"),
        (GOOD, {"JIAOYING_DATABASE_URL": "sqlite:////proc/nowhere/x.db"}, "数据库写不进去"),
        (GOOD, {"JIAOYING_SECRET_KEY_FILE": "/nowhere/key"}, "签名密钥文件"),
        (GOOD, {"JIAOYING_DATA": "/proc/nowhere"}, "不能写"),
        (GOOD, {"JIAOYING_DATABASE_URL": "nonsense"}, "数据库写不进去"),
        (GOOD, {"JIAOYING_DATABASE_URL": "mysql://a:b@c/d"}, "数据库写不进去"),
        (GOOD, {"JIAOYING_SECRET_KEY_FILE": "/dev/null"}, "是空的"),
        (GOOD, {"JIAOYING_PUBLIC_URL": "aj.example.gov.cn"}, "不是完整的网址"),
    ],
)
def test_what_cannot_run_says_why(
    tmp_path: Path, rules: str | bytes, env: dict[str, str], said: str
) -> None:
    path = write(tmp_path / "rules.yaml", rules)
    base = {"JIAOYING_RULES": path, "JIAOYING_DATA": str(tmp_path / "data")}
    result = run("run", "--port", "0", env={**base, **env})
    assert result.returncode == 2
    assert said in result.stderr
    assert "Traceback" not in result.stderr
    assert "k-123" not in result.stderr


def test_a_demonstration_never_reaches_a_real_group(tmp_path: Path) -> None:
    path = write(tmp_path / "rules.yaml", GOOD + HOOK)
    result = run(
        *("run", "--rules", path, "--data", str(tmp_path), "--speed", "9"), env={"HOOK": "k-123"}
    )
    assert result.returncode == 2
    assert "会发到真实的群" in result.stderr


def test_one_loopback_platform_does_not_open_the_others(tmp_path: Path) -> None:
    ding = "通道: {群: {平台: 钉钉群机器人, 地址: $HOOK, 密钥: $SEC}}\n"
    path = write(tmp_path / "rules.yaml", GOOD + ding)
    env = {"HOOK": "k-123", "SEC": "SEC1", "JIAOYING_WECOM_API": "http://127.0.0.1:9"}
    result = run("run", "--rules", path, "--data", str(tmp_path), "--speed", "9", env=env)
    assert result.returncode == 2
    assert "会发到真实的群" in result.stderr


def test_a_record_from_the_future_is_not_gone_on_with(tmp_path: Path) -> None:
    path = write(tmp_path / "rules.yaml", GOOD)
    ledger = open_ledger(f"sqlite:///{tmp_path / 'jiaoying.db'}")
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    ledger.write(tomorrow, lambda _: (Troubled(subject="时钟", reason="走快了"),)).result()
    ledger.close()
    result = run("run", "--rules", path, "--data", str(tmp_path), "--port", "0")
    assert result.returncode == 2
    assert "比现在还晚" in result.stderr


def test_settings_in_another_encoding_are_told(tmp_path: Path) -> None:
    path = write(tmp_path / "rules.yaml", GOOD)
    write(tmp_path / ".env", "JIAOYING_DATA=台账\n".encode("gb18030"))
    result = run("plan", "--rules", path)
    assert result.returncode == 2
    assert "另存为 UTF-8" in result.stderr


def test_the_record_can_be_shown_proved_and_folded_again(tmp_path: Path) -> None:
    ledger = open_ledger(f"sqlite:///{tmp_path / 'jiaoying.db'}")
    fact = Troubled(subject="任务", reason="处理出错")
    ledger.write(datetime(2026, 7, 1, tzinfo=UTC), lambda _: (fact,)).result()
    ledger.close()
    for what, said in (("show", "处理出错"), ("verify", "台账完好"), ("rebuild", "1条记录")):
        result = run("ledger", what, "--data", str(tmp_path))
        assert result.returncode == 0
        assert said in result.stdout


def test_a_taken_port_is_told_before_anything_is_sent(tmp_path: Path) -> None:
    path = write(tmp_path / "rules.yaml", GOOD)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        result = run("run", "--rules", path, "--data", str(tmp_path), "--port", port)
    assert result.returncode == 2
    assert "--port 换一个端口" in result.stderr


def test_plan_as_json_lines_is_json_lines_only(tmp_path: Path) -> None:
    path = write(tmp_path / "rules.yaml", GOOD)
    words = ("plan", "--rules", path, "--from", "2026-07-01", "--to", "2026-09-30")
    result = run(*words, "--format", "jsonl")
    assert result.returncode == 0
    assert [line[:8] for line in result.stdout.splitlines()] == ['{"kind":', '{"kind":']
