"""The file as a filled-in form: what fits the shape, and the problems of what does not."""

from collections.abc import Iterable
from copy import deepcopy
from dataclasses import dataclass, replace
from typing import Any

from pydantic import ValidationError

from obligations.errors import Place, Problem
from obligations.rules.sheet import ENGLISH, FileSheet
from obligations.rules.tree import Path, Tree
from obligations.rules.wording import Loc, locate, sentence

ROUNDS = 5
RULES = ("规则", "rules")


@dataclass(frozen=True, slots=True)
class Form:
    """What could be read, its tree, and the place in the file's list of each rule that is left."""

    file: str
    tree: Tree
    sheet: FileSheet
    order: tuple[int, ...]
    problems: tuple[Problem, ...]
    refused: frozenset[Path] = frozenset()

    def told(self, *loc: int | str) -> bool:
        """Say whether what is written there was refused already, so that it is missing now."""
        return self.path(*loc) in self.refused

    def path(self, *loc: int | str) -> Path:
        """Give the path in the file; a rule is named by its number in ``sheet.rules``."""
        return locate(self.tree, _original(loc, self.order))

    def problem(self, message: str, *loc: int | str, warning: bool = False) -> Problem:
        """Give the problem at a value."""
        return Problem(Place(self.file, *self.tree.at(self.path(*loc))), message, warning)

    def key_problem(self, message: str, *loc: int | str, warning: bool = False) -> Problem:
        """Give the problem at a key."""
        return Problem(Place(self.file, *self.tree.key(self.path(*loc))), message, warning)

    def names(self, group: str) -> tuple[str, ...]:
        """Give every name written in 单位, 人员 or 通道, also of entries that were refused."""
        value = self.tree.value
        for key in (group, *ENGLISH[group]):
            if isinstance(value, dict) and isinstance(value.get(key), dict):
                return tuple(name.strip() for name in value[key])
        return ()


def fill(tree: Tree, file: str) -> Form:
    """Give everything of ``tree`` that fits, and a problem for each thing that does not."""
    faults = tuple(Problem(Place(file, *spot), message) for spot, message in tree.faults)
    if not isinstance(tree.value, dict):
        found = "是空的" if not tree.value else "不是一组“名称: 内容”"
        hint = "至少要有“单位:”“人员:”“通道:”“规则:”几部分，可照样例改写"
        shape = Problem(Place(file, *tree.at(())), f"文件{found}：{hint}")
        return Form(file, tree, FileSheet(), (), (*faults, shape))
    form = _fit(tree, file)
    return replace(form, problems=(*faults, *form.problems))


def _fit(tree: Tree, file: str) -> Form:
    """Validate, and once more without what was refused, so that the rest is looked at too."""
    data = tree.value
    problems: tuple[Problem, ...] = ()
    cut: set[Path] = set()
    order = tuple(range(len(_rules(data))))
    for turn in range(ROUNDS):
        try:
            return Form(file, tree, FileSheet.model_validate(data), order, problems, frozenset(cut))
        except ValidationError as refused:
            errors = refused.errors(include_url=False)
        if turn == 0:
            told = dict.fromkeys(sentence(tree, error) for error in errors)
            problems = tuple(Problem(Place(file, *spot), message) for spot, message in told)
            data = deepcopy(data)
        locs = (_original(error["loc"], order) for error in errors)
        boughs = {_bough(locate(tree, loc), turn) for loc in locs}
        order = _prune(data, boughs, order)
        cut |= boughs
    return Form(file, tree, FileSheet(), (), problems)


def _rules(data: Any) -> list[Any]:  # noqa: ANN401 - the file may hold anything
    found: Any = next((data[key] for key in RULES if key in data), [])
    return found if isinstance(found, list) else []


def _original(loc: Loc, order: tuple[int, ...]) -> Loc:
    """Number a rule as the file does, not as the list without the refused ones."""
    if len(loc) > 1 and loc[0] in RULES and isinstance(loc[1], int) and loc[1] < len(order):
        return (loc[0], order[loc[1]], *loc[2:])
    return loc


def _bough(path: Path, turn: int) -> Path:
    """Give what is cut off for an error at ``path``; later turns cut nearer to the trunk."""
    if turn > 1:
        path = path[: max(1, 4 - turn)]
    while len(path) > 1 and isinstance(path[-1], int) and path[:-1] not in {(k,) for k in RULES}:
        path = path[:-1]
    return path


def _prune(data: Any, paths: Iterable[Path], order: tuple[int, ...]) -> tuple[int, ...]:  # noqa: ANN401
    """Cut ``paths`` off ``data`` in place and give the numbers of the rules that stay."""
    gone: set[int] = set()
    for path in sorted(paths, key=len, reverse=True):
        if len(path) == 2 and path[0] in RULES and isinstance(path[1], int):  # noqa: PLR2004 - a rule
            gone.add(path[1])
        else:
            _cut(data, path, order)
    rules = _rules(data)
    rules[:] = [rule for rule, n in zip(rules, order, strict=True) if n not in gone]
    return tuple(n for n in order if n not in gone)


def _cut(data: Any, path: Path, order: tuple[int, ...]) -> None:  # noqa: ANN401
    for depth, step in enumerate(path[:-1]):
        inside = depth == 1 and path[0] in RULES and step in order
        data = data[order.index(int(step)) if inside else step]
    if path and isinstance(data, dict):
        data.pop(path[-1], None)
