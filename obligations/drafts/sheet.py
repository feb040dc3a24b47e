"""Drafts -> lines of rules.yaml, put behind the rules that are there; nothing else is touched."""

from collections.abc import Iterable, Sequence
from typing import Any

import yaml

from obligations.drafts.kept import DRAFT, RULES, unreadable
from obligations.drafts.model import Draft
from obligations.errors import Misconfigured, Place, RulesRefused
from obligations.phrases import dump

_WIDE = 10_000
_NEW = "办公室: {{}}\n单位: {{}}\n人员: {{}}\n通道: {{}}\n规则:\n{rules}"


def write_rules(drafts: Iterable[Draft], indent: int = 2, gap: str = "") -> str:
    """Give the drafts as items of the list 规则, each a few lines, a gap before each."""
    return "".join(gap + _item(draft, indent) for draft in drafts)


def _item(draft: Draft, indent: int) -> str:
    """Give one draft; the units that stand beside its bearers go into a comment."""
    text: str = yaml.dump(
        mapping(draft),
        Dumper=_Dumper,
        allow_unicode=True,
        sort_keys=False,
        default_flow_style=None,
        width=_WIDE,
    )
    lines = text.splitlines()
    if (
        draft.units
        and "责任人" not in dict(draft.taken)
        and all(word.isprintable() for word in (*draft.bearers, *draft.units))
    ):
        number = next(n for n, line in enumerate(lines) if line.startswith("责任人:"))
        lines[number] += f"  # 责任单位：{'、'.join(draft.units)}"
    margin = " " * indent
    body = [f"{margin}- {lines[0]}", *(f"{margin}  {line}" for line in lines[1:])]
    return "\n".join(body) + "\n"


class _Dumper(yaml.SafeDumper):
    """Quotes what another reader could take for a number or a date, and marks nobody sees."""

    def ignore_aliases(self, _data: object) -> bool:
        """Write what stands twice twice: rules.yaml knows no references."""
        return True

    def represent_str(self, data: str) -> yaml.ScalarNode:
        """Give a word as a node; one with odd characters goes into double quotes."""
        style = None if data.isprintable() else '"'
        return self.represent_scalar("tag:yaml.org,2002:str", data, style=style)


_Dumper.add_representer(str, _Dumper.represent_str)


def mapping(draft: Draft) -> dict[str, Any]:
    """Give a draft as the keys and values of a rule; what it takes over comes as it was written."""
    bearers = list(draft.bearers)
    source = {
        "文件": draft.document,
        "条目": draft.item,
        "原文": draft.quote,
        "指纹": draft.mark,
        "标题": draft.title,
    }
    taken = dict(draft.taken)
    whole = {
        "编号": draft.id,
        "事项": draft.matter,
        "责任人": bearers[0] if len(bearers) == 1 else bearers,
        "频次": draft.phrase or dump(draft.schedule),
        "佐证": "",
        "来源": {key: said for key, said in source.items() if said},
        "遇休": "",
        "状态": DRAFT,
        "替代": draft.replaces,
        "待定": draft.question,
    }
    return {key: said for key, said in {**whole, **taken}.items() if said}


def new_file(drafts: Sequence[Draft]) -> str:
    """Give a whole rules.yaml for an office that has none yet."""
    return _NEW.format(rules=write_rules(drafts))


def write_into(text: str, drafts: Sequence[Draft], file: str = "rules.yaml") -> str:
    """Give the file with the drafts in it, a whole new one where there is none yet."""
    if not text.strip():
        return new_file(drafts) if drafts else text
    return append(text, drafts, file)


def append(text: str, drafts: Sequence[Draft], file: str = "rules.yaml") -> str:
    r"""Give the file with the drafts behind its last rule; every other byte stays as it is.

    >>> from obligations.phrases import parse
    >>> now = parse("每月")
    >>> draft = Draft("QX-1ab", "检查", ("应急办",), "每月", now, "青溪〔2026〕1号", "1", "每月")
    >>> print(append("规则:  # 我们的\n- 编号: A\n人员: {}\n", [draft]), end="")
    规则:  # 我们的
    - 编号: A
    - 编号: QX-1ab
      事项: 检查
      责任人: 应急办
      频次: 每月
      来源: {文件: 青溪〔2026〕1号, 条目: '1', 原文: 每月}
      状态: 待确认
    人员: {}
    """
    if not drafts:
        return text
    key, rules = _find(text, file)
    newline = "\r\n" if "\r\n" in text else "\n"
    if key is None or rules is None:
        return _insert(text, len(text), f"\n规则:\n{write_rules(drafts)}", newline)
    if isinstance(rules, yaml.SequenceNode) and rules.value:
        return _behind(text, rules, drafts, file, newline)
    return _first_rules(text, rules, drafts, newline)


def _find(text: str, file: str) -> tuple[yaml.Node | None, yaml.Node | None]:
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.YAMLError as error:
        raise RulesRefused((unreadable(error, file),)) from None
    if root is not None and not isinstance(root, yaml.MappingNode):
        message = f"{file}：里面不是单位、人员、通道、规则这几项，没有写入；请检查是否选错了文件。"
        raise Misconfigured(message)
    pairs = root.value if root is not None else []
    return next(((key, value) for key, value in pairs if key.value in RULES), (None, None))


def _behind(
    text: str, rules: yaml.SequenceNode, drafts: Sequence[Draft], file: str, newline: str
) -> str:
    if rules.flow_style:
        message = (
            f"{Place(file, rules.start_mark.line + 1)}：“规则”写成了方括号里的一行，没有写入；"
            "请改成每条一行、以“- 编号:”开头，再导入。"
        )
        raise Misconfigured(message)
    at = line_end(text, leaf_end(rules))
    gap = "\n" if _spaced(text, rules.value) else ""
    return _insert(text, at, write_rules(drafts, rules.start_mark.column, gap), newline)


def _spaced(text: str, rules: Sequence[yaml.Node]) -> bool:
    """Whether people leave a line blank between the last two rules."""
    if len(rules) <= 1:
        return False
    between = text[leaf_end(rules[-2]) : rules[-1].start_mark.index]
    return any(not line.strip() for line in between.splitlines()[1:-1])


def _first_rules(text: str, empty: yaml.Node, drafts: Sequence[Draft], newline: str) -> str:
    """Put rules where there are none: behind 规则: or in place of its []."""
    start, end = empty.start_mark.index, empty.end_mark.index
    kept = text[:start].rstrip(" ") + text[end:] if end > start else text
    at = line_end(kept, len(text[:start].rstrip(" ")))
    return _insert(kept, at, write_rules(drafts), newline)


def leaf_end(node: yaml.Node) -> int:
    """Where the last word of a list or group ends; comments behind it do not count."""
    if not isinstance(node, yaml.CollectionNode) or node.flow_style or not node.value:
        return int(node.end_mark.index)
    last = node.value[-1]
    return leaf_end(last[1] if isinstance(last, tuple) else last)


def line_end(text: str, at: int) -> int:
    """The beginning of the line after the one that holds the last word before ``at``."""
    at = len(text[:at].rstrip())
    end = text.find("\n", at)
    return end + 1 if end >= 0 else len(text)


def _insert(text: str, at: int, lines: str, newline: str) -> str:
    before = text[:at]
    if before and not before.endswith("\n"):
        before += newline
    return before + lines.replace("\n", newline) + text[at:]
