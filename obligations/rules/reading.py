"""rules.yaml -> Office: all of it, or every problem that stands in the way."""

from pathlib import Path

from obligations.errors import Place, Problem, RulesRefused, Unreadable
from obligations.rules.build import build
from obligations.rules.checks import check_office
from obligations.rules.form import fill
from obligations.rules.model import Office
from obligations.rules.rule_checks import check_rules
from obligations.rules.slips import Slip, mend, original_column, slips
from obligations.rules.tree import Snag, Tree, compose

ENCODINGS = ("utf-8-sig", "gb18030")
LARGEST = 20_000_000


def examine(text: str, file: str = "rules.yaml") -> tuple[Office | None, tuple[Problem, ...]]:
    """Give the office, unless something stops it, and every problem and question there is.

    >>> office, problems = examine("单位: {应急办: {负责人: 周敏}}")
    >>> office, str(problems[0])
    (None, 'rules.yaml:1:18: “负责人”“周敏”不在“人员”里，请写姓名，并先在“人员”里登记')
    """
    tree, found, snag = _grow(text)
    told = [Problem(Place(file, slip.line, slip.column), slip.message) for slip in found]
    if tree is None:
        stop = [Problem(Place(file, *snag.spot), snag.message)] if snag else []
        return None, tuple(sorted({*told, *stop}))
    form = fill(tree, file)
    office, unclear = build(form)
    rest = (*form.problems, *unclear, *check_office(form), *check_rules(form, office))
    problems = tuple(sorted({*told, *(_moved(problem, found) for problem in rest)}))
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
    except FileNotFoundError:
        message = f"找不到 {path}：请核对路径，或用 --rules 指明规则文件"
        raise Unreadable(message) from None
    except OSError as error:
        message = f"打不开 {path}（{error.strerror}）：请核对它是不是文件、有没有读取权限"
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


def _grow(text: str) -> tuple[Tree | None, tuple[Slip, ...], Snag | None]:
    """Give the tree of the text as meant, the slips in it as written, and where reading stops."""
    tree, snag = _composed(text)
    found = slips(text, tree)
    if found:
        tree, snag = _composed(mend(text, found))
    return tree, found, snag


def _composed(text: str) -> tuple[Tree | None, Snag | None]:
    try:
        return compose(text), None
    except Snag as snag:
        return None, snag


def _moved(problem: Problem, found: tuple[Slip, ...]) -> Problem:
    """Give the problem at the place it has in the text as written, before the mending."""
    place = problem.place
    column = original_column(found, place.line, place.column)
    if column == place.column:
        return problem
    return Problem(Place(place.file, place.line, column), problem.message, problem.warning)
