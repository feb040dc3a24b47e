"""Imports run one way: a module may import only what stands before it in the line."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
LINE = (
    "obligations.errors",
    "obligations.schedule.kinds",
    "obligations.workdays",
    "obligations.schedule",
    "obligations.numerals",
    "obligations.phrases",
    "obligations.rules",
    "obligations.duties",
    "obligations.documents",
    "obligations.clauses",
    "obligations.drafts",
    "obligations.people",
    "obligations",
    "notifier.messages",
    "notifier.events",
    "notifier.standing",
    "notifier.hours",
    "notifier.reminders",
    "notifier.calls",
    "notifier.links",
    "notifier.channels",
    "notifier.routes",
    "notifier.replies",
    "notifier.answers",
    "notifier.days",
    "notifier.replying",
    "notifier.ledger",
    "notifier.evidence",
    "notifier.notices",
    "notifier.lanes",
    "notifier.compose",
    "notifier.clock",
    "notifier.desk",
    "notifier.wall",
    "notifier.forecast",
    "notifier.detours",
    "notifier.dispatch",
    "notifier.rounds",
    "notifier.decisions",
    "notifier.review",
    "notifier.calling",
    "notifier.inbox",
    "notifier.hearing",
    "notifier.audit",
    "notifier.watch",
    "notifier.checkup",
    "notifier.report",
    "notifier.daily",
    "notifier.web",
    "notifier.server",
    "notifier.config",
    "notifier.cli",
    "notifier",
)
DRAFTING = (
    "obligations.documents",
    "obligations.clauses",
    "obligations.drafts",
    "obligations.people",
)
RUNNING = tuple(name for name in LINE if name.startswith("notifier.") and name != "notifier.cli")
MODULES = sorted(
    path.relative_to(ROOT)
    for package in ("obligations", "notifier")
    for path in (ROOT / package).rglob("*.py")
    if "migrations" not in path.parts
)


def name_of(path: Path) -> str:
    return ".".join(path.with_suffix("").parts).removesuffix(".__init__")


def stage_of(name: str) -> str:
    """Give the longest entry of the line that the module belongs to."""
    fitting = [stage for stage in LINE if name == stage or name.startswith(f"{stage}.")]
    return max(fitting, key=len)


def imports(tree: ast.Module) -> Iterator[tuple[str, bool]]:
    """Give (imported name, whether it stands at the top of the module)."""
    top = set(ast.walk(ast.Module([n for n in tree.body if not _holds_code(n)], [])))
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node in top) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield from ((f"{node.module}.{alias.name}", node in top) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield "a relative import", False


def _holds_code(node: ast.stmt) -> bool:
    return isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)


def ours(name: str) -> bool:
    return name.split(".", maxsplit=1)[0] in {"obligations", "notifier"}


@pytest.mark.parametrize("path", MODULES, ids=str)
def test_imports_run_one_way(path: Path) -> None:
    stage = stage_of(name_of(path))
    for name, is_top in imports(ast.parse((ROOT / path).read_text("utf-8"))):
        assert is_top, f"{path} hides the import of {name} inside a function or imports relatively"
        if ours(name):
            other = stage_of(name)
            assert LINE.index(other) <= LINE.index(stage), f"{path} imports {name} backwards"


@pytest.mark.parametrize("path", MODULES, ids=str)
def test_the_running_arm_never_imports_the_drafting_arm(path: Path) -> None:
    running = stage_of(name_of(path)) in (*RUNNING, "obligations.rules", "obligations.duties")
    found = [name for name, _ in imports(ast.parse((ROOT / path).read_text("utf-8")))]
    assert not running or not [name for name in found if name.startswith(DRAFTING)]


@pytest.mark.parametrize("path", MODULES, ids=str)
def test_files_stay_small(path: Path) -> None:
    assert len((ROOT / path).read_text("utf-8").splitlines()) <= 400
