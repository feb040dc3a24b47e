"""The command line: one module a command, and only the one asked for is loaded."""

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from importlib import import_module
from types import MappingProxyType

from notifier.cli.usage import Parser
from obligations.errors import JiaoyingError

COMMANDS = MappingProxyType(
    {
        "run": "启动：按规则提醒、收答复、记台账，并给出看板地址",
        "check": "检查 rules.yaml，逐处说明问题在哪、怎么改",
        "plan": "列出一段时间里的任务，和每人每周会收到几条消息",
        "diff": "比较两份规则文件：改了什么、会不会丢答复、每人多收几条",
        "replay": "拿规则把过去或将来的一段日子演一遍：谁哪天收几条，不办会逾期什么",
        "explain": "解释一个频次或期限：怎么理解、下几次是哪天",
        "parse": "从通知里读出谁、做什么、多久一次",
        "import": "把通知里读出的任务作为待确认的规则写进 rules.yaml",
        "confirm": "把待确认的规则确认下来，从此开始提醒",
        "people": "把通讯录（.xlsx、.csv）里的人员写进 rules.yaml，先看会改什么",
        "reply": "看一句答复会被怎么理解：收到、已办、延期、转办……",
        "call": "发起叫应：叫到有人应为止；也能看情况、停叫",
        "forecast": "算一次叫应要多久：每个通道几条、几分钟，来不来得及",
        "doctor": "体检：密钥、通道、时钟、磁盘、台账、日历、叫不到的人；也能演练",
        "event": "登记事件（如 结案），由它引出的任务从此有期限",
        "season": "启动或结束一个重点时段（如 高温汛期）",
        "archive": "写出一个人或单位一年的履职档案；archive close 封存已结束的期间",
        "bulletin": "起草周报、通报、督办单、述职附表，每个数都查得到出处",
        "ledger": "查看台账，或验证台账没有被改动",
        "calendar": "给出一个人或单位的日历订阅地址，或停用旧地址",
        "export": "导出整本台账和全部规则：.jsonl 和 .xlsx，谁都能读",
        "backup": "备份台账、证据和规则到一个文件，不用停下程序",
        "restore": "把备份恢复成一个数据文件夹，并验证台账完好",
    }
)


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; give 0 when fine, 1 for findings, 2 for a wrong usage or setting."""
    words = list(sys.argv[1:] if argv is None else argv)
    name = words[0] if words else ""
    if name not in COMMANDS:
        return _overview(name)
    module = import_module(f"{__name__}.{name.replace('import', 'import_')}")
    parser = Parser(prog=f"jiaoying {name}", description=COMMANDS[name])
    parser.add_argument("--debug", action="store_true", help="出错时显示程序细节")
    module.arguments(parser)
    options = parser.parse_args(words[1:])
    return _run(module.run, options)


def _run(run: Callable[[argparse.Namespace], int], options: argparse.Namespace) -> int:
    try:
        return run(options)
    except JiaoyingError as error:
        if options.debug:
            raise
        print(error, file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:  # the reader (head, less) has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


def _overview(name: str) -> int:
    lines = [f"  {command:<8} {words}" for command, words in COMMANDS.items()]
    print("用法：jiaoying 命令 [选项]", "", *lines, "", sep="\n", end="\n")
    print("每个命令的用法：jiaoying 命令 --help")
    if name in ("", "-h", "--help"):
        return 0
    print(f"没有“{name}”这个命令，请从上面选一个", file=sys.stderr)
    return 2
