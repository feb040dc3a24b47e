"""What a notice brought, in the words of the office."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

from obligations.drafts.comparing import Change, Comparison
from obligations.drafts.fields import terms as named
from obligations.drafts.kept import Kept
from obligations.drafts.known import Terms
from obligations.drafts.model import Draft
from obligations.phrases import explain

Entry = TypeVar("Entry")
_LISTED = 30


def tell(found: Comparison) -> str:
    """Give the lines about one notice; a notice read for the first time is only counted."""
    return "\n".join(_lines(found))


def _lines(found: Comparison) -> Iterator[str]:
    if not (found.new or found.changed or found.same or found.gone):
        yield "  没有读出带时间要求的任务"
        return
    if found.earlier:
        yield f"  与以前的一期（{found.earlier}）对照："
    if found.known:
        yield from _group("新增", found.new, _added)
    elif found.new:
        yield f"  新增 {len(found.new)} 条"
    yield from _group("改了", found.changed, _changed)
    yield from _group("不再有", found.gone, _gone)
    if found.gone:
        yield "    （不再有的只列出、不删除；确实不用做了，请自己从 rules.yaml 里删掉）"
    yield from _rest(found)


def _rest(found: Comparison) -> Iterator[str]:
    if found.same:
        yield f"  没有变 {len(found.same)} 条"
    if found.moved:
        moves = [f"{rule.id}：{rule.item} → {draft.item}" for draft, rule in found.moved]
        yield f"    其中 {len(moves)} 条只是条目号变了：{'；'.join(_short(moves))}"
    asked = sum(bool(draft.question) for draft in found.written)
    if asked:
        yield f"  写入的草稿里 {asked} 条有待定的问题，要先答复才能确认"


def _group(
    title: str, entries: Sequence[Entry], line: Callable[[Entry], Iterator[str]]
) -> Iterator[str]:
    if entries:
        yield f"  {title} {len(entries)} 条："
        yield from (f"    {text}" for entry in entries for text in line(entry))


def _short(words: list[str]) -> list[str]:
    return [*words[:_LISTED], "……"] if len(words) > _LISTED else words


def _added(draft: Draft) -> Iterator[str]:
    who = "、".join(draft.bearers) or "（没有写明由谁）"
    yield f"{draft.id}  {who}：{draft.matter}，{draft.phrase or explain(draft.schedule)}"


def _changed(change: Change) -> Iterator[str]:
    yield f"{change.rule.id} → {change.draft.id}（确认新的一条时，旧的一条才删去）"
    if "事项" not in {field.key for field in change.fields}:
        yield f"  事项：{change.rule.matter}"
    yield from (f"  {field.key}：{field.old} → {field.new}" for field in change.fields)


def _gone(rule: Kept) -> Iterator[str]:
    who = "、".join(named(rule.bearer)) or "（没有写明由谁）"
    yield f"{rule.id}  {who}：{rule.matter}（原条目 {rule.item or '无'}，“{rule.quote}”）"


def tell_unknown(words: Counter[str], terms: Terms) -> str:
    """Give what to do about bearers that rules.yaml does not have, each once."""
    if not words:
        return ""
    near = {word: terms.near(word) for word in words}
    plain = [f"{word}（{count}）" for word, count in words.most_common() if not near[word]]
    lines = [
        f"有 {len(words)} 个责任人不在 rules.yaml 里，草稿照样写入，确认前先办好（括号里是条数）：",
        *(
            f"  {word}（{count}），是不是{'或'.join(f'“{known}”' for known in near[word])}？"
            for word, count in words.most_common()
            if near[word]
        ),
        *([f"  {'、'.join(plain)}"] if plain else []),
        "办法：在“单位”“人员”里登记，或把这个名称加进单位的“标签”、某个人的“职务”；",
        "只是叫法不同的，把规则里的“责任人”改成登记过的名称。",
    ]
    return "\n".join(lines)
