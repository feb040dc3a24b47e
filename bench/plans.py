"""How fast rules are read and checked, and how fast a year of duties is planned.

    PYTHONPATH=. python bench/plans.py [RULES [PEOPLE]]

By default 10,000 rules in a file as an office keeps it, each borne by one of fifty groups of
twenty people, which owe about 1,000,000 duties a year. Then few rules that everybody bears, most
of them every working day. The last figure of each is the plan of a single day.
"""

import sys
import time
from collections.abc import Iterable, Sequence
from datetime import date

from obligations.duties import plan
from obligations.rules import Office, examine

RULES, PEOPLE, GROUPS = 10_000, 1_000, 50
ROUNDS = 3  # the fastest counts: what else the machine does only slows it
YEAR, DAY = (date(2026, 1, 1), date(2026, 12, 31)), (date(2026, 7, 1), date(2026, 7, 1))
OWED = (
    "频次: 每季度至少1次",
    "频次: 每月至少检查2家\n    加密: {主汛期: 2倍}",
    "频次: 2026年9月底前\n    材料: {方案: 2026年6月10日}",
    "频次: 每半年1次",
    "频次: 每月5日前",
    "频次: 每半年检查挂牌企业全覆盖",
    "频次: 长期坚持\n    确认: 每季度",
    "频次: 结案后一个月内",
    "频次: 每年至少1次",
    "频次: 每周1次\n    时段: 主汛期",
)
EVERYBODY = ("每个工作日1次", "每个工作日", "每日1次", "每周1次", "每月2次", "每季度1次")


def main(arguments: Sequence[str]) -> None:
    """Print how long a file takes, and how many duties a second are planned."""
    rules, people = (*map(int, arguments), *(RULES, PEOPLE)[len(arguments) :])
    text = file_of(people, (rule(n) for n in range(rules)))
    begun = time.perf_counter()
    office, problems = examine(text)
    took = time.perf_counter() - begun
    if office is None:
        raise SystemExit(str(problems[0]))
    print(f"{rules} rules, {len(text.encode()) // 1024} kB, read and checked in {took:.2f} s")
    measure("10 kinds of rule", office)
    daily = (
        f"  - {{编号: B-{n}, 事项: 巡查, 责任人: 全员, 频次: {phrase}}}"
        for n, phrase in enumerate(EVERYBODY)
    )
    everybody, _ = examine(file_of(people, daily))
    if everybody:
        measure("everybody", everybody)


def measure(name: str, office: Office) -> None:
    """Print how fast a year of the office is planned, and then a single day of it."""
    for first, last in (YEAR, DAY):
        takes = []
        for _ in range(ROUNDS):
            begun = time.perf_counter()
            count = len(plan(office, first, last))
            takes.append(time.perf_counter() - begun)
        took = min(takes)
        print(f"{name}, {first}~{last}: {count} duties in {took:.2f} s, {count / took:,.0f}/s")


def rule(n: int) -> str:
    """Give one rule as an office writes it."""
    return (
        f"  - 编号: A-{n}\n    事项: 检查第{n}类场所的安全，督促整改发现的问题\n"
        f"    责任人: 组{n % GROUPS}\n    {OWED[n % len(OWED)]}\n    佐证: 检查记录\n"
        f'    来源: {{文件: 青府发〔2026〕{n % 90}号, 条目: "{n}"}}\n'
    )


def file_of(people: int, rules: Iterable[str]) -> str:
    """Give a file of these people and rules."""
    named = (
        f"  人{n}: {{标签: [全员, 组{n % GROUPS}], 手机: {13800000000 + n}}}" for n in range(people)
    )
    season = "{名称: 主汛期, 开始: 2026-07-01, 结束: 2026-08-31}"
    days = f"日历: {{重点时段: [{season}]}}"
    lists = f"名单: {{挂牌企业: [{', '.join(f'企业{n}' for n in range(30))}]}}"
    return "\n".join(("人员:", *named, days, lists, "规则:", *rules))


if __name__ == "__main__":
    main(sys.argv[1:])
