"""rules.yaml -> Office: all of it, or every problem that stands in the way."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path

from obligations.errors import Place, Problem, RulesRefused, Unreadable
from obligations.rules.build import build
from obligations.rules.call_checks import check_calls
from obligations.rules.checks import check_office
from obligations.rules.form import fill
from obligations.rules.model import Office
from obligations.rules.owing_checks import check_owing
from obligations.rules.reach_checks import check_reach
from obligations.rules.rule_checks import check_rules
from obligations.rules.slips import Slip, mend, original_column, slips
from obligations.rules.tree import Snag, Tree, compose

ENCODINGS = ("utf-8-sig", "gb18030")
LARGEST = 20_000_000
ROUNDS = 4
REASONS = (
    (FileNotFoundError, "没有这个文件"),
    (IsADirectoryError, "这是一个文件夹"),
    (PermissionError, "没有读取的权限"),
)


@dataclass(frozen=True, slots=True)
class Reading:
    """What came of the text: mended in rounds, its tree, or the place where reading stops."""

    text: str
    tree: Tree | None
    rounds: tuple[Mapping[int, tuple[Slip, ...]], ...]
    snag: Snag | None

    def slips(self) -> tuple[Slip, ...]:
        """Give every slip at its place in the text as written."""
        return tuple(
            replace(slip, column=self._column(slip.line, slip.column, turn))
            for turn, found in enumerate(self.rounds)
            for line in found.values()
            for slip in line
        )

    def moved(self, problem: Problem) -> Problem:
        """Give the problem at its place in the text as written."""
        place = problem.place
        column = self._column(place.line, place.column, len(self.rounds))
        return replace(problem, place=replace(place, column=column))

    def _column(self, line: int, column: int, turn: int) -> int:
        for found in reversed(self.rounds[:turn]):
            column = original_column(found.get(line, ()), column)
        return column


def examine(text: str, file: str = "rules.yaml") -> tuple[Office | None, tuple[Problem, ...]]:
    """Give the office, unless something stops it, and every problem and question there is.

    >>> office, problems = examine("单位: {应急办: {负责人: 周敏}}")
    >>> office, str(problems[0])
    (None, 'rules.yaml:1:17: “负责人”写的“周敏”不在“人员”里，请写姓名，并先在“人员”里登记')
    """
    reading = repair(text)
    told = {Problem(Place(file, slip.line, slip.column), slip.message) for slip in reading.slips()}
    if reading.tree is None:
        stop = (
            [Problem(Place(file, *reading.snag.spot), reading.snag.message)] if reading.snag else []
        )
        return None, tuple(sorted(told.union(map(reading.moved, stop))))
    form = fill(reading.tree, file)
    office, unclear = build(form)
    checked = (*check_office(form), *check_rules(form, office), *check_owing(form, office))
    called = (*check_calls(form, office), *check_reach(form, office))
    rest = (*form.problems, *unclear, *checked, *called)
    problems = tuple(sorted(told.union(map(reading.moved, rest))))
    refused = any(not problem.warning for problem in problems)
    return (None if refused else office), problems


def load(text: str, file: str = "rules.yaml") -> Office:
    """Give the office, or raise `RulesRefused` with every problem.

    >>> load("人员: {周敏: {职务: 应急办主任}}").people[0].posts
    ('应急办主任',)
    """
    office, problems = examine(text, file)
    if office is None:
        raise RulesRefused(tuple(problem for problem in problems if not problem.warning))
    return office


def read(path: Path | str) -> Office:
    """Give the office that a file describes."""
    return load(read_text(path), Path(path).name)


def read_text(path: Path | str) -> str:
    """Give the file's text; UTF-8 is expected, GB18030 (older Windows) is understood."""
    path = Path(path)
    try:
        data = path.read_bytes()
    except OSError as error:
        reason = next((said for kind, said in REASONS if isinstance(error, kind)), "读取时出错")
        message = f"打不开规则文件 {path}：{reason}，请核对文件名和路径"
        raise Unreadable(message) from None
    for encoding in ENCODINGS:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text and len(data) <= LARGEST:
            return text
    message = f"{path} 不是文本文件：规则文件要用记事本一类的程序编辑，存成 UTF-8 编码"
    raise Unreadable(message)


def repair(text: str) -> Reading:
    r"""Give the text as meant, its tree, and every slip at its place in ``text`` as written.

    Mending one slip can uncover another, so it is done until none is left. What could be read
    before and not after was no slip.

    >>> repair("人员:\n  周敏：\n    手机:13800000001").text
    '人员:\n  周敏:\n    手机: 13800000001'
    """
    rounds: list[Mapping[int, tuple[Slip, ...]]] = []
    tree, snag = _composed(text)
    for _ in range(ROUNDS):
        found = slips(text, tree)
        mended = mend(text, found)
        after, after_snag = _composed(mended) if found else (None, None)
        if not found or (tree and not after):
            break
        lines = groupby(found, key=lambda slip: slip.line)
        rounds.append({line: tuple(group) for line, group in lines})
        text, tree, snag = mended, after, after_snag
    return Reading(text, tree, tuple(rounds), snag)


def _composed(text: str) -> tuple[Tree | None, Snag | None]:
    try:
        return compose(text), None
    except Snag as snag:
        return None, snag
