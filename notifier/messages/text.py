"""A message in the words and marks of one platform, whole or cut to what the platform takes."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from jinja2 import FileSystemLoader, StrictUndefined
from jinja2.sandbox import SandboxedEnvironment

from notifier.messages import escape
from notifier.messages.model import Line, Message, Recipient, Section, Topic

_SHORTEST = 72  # bytes: 24 characters still tell one duty from another
_CIRCLED = (*range(0x2460, 0x2474), *range(0x3251, 0x3260), *range(0x32B1, 0x32C0))


@dataclass(frozen=True, slots=True)
class Form:
    """How one platform wants it: its template, its escape, its mention, its line break."""

    template: str
    escape: Callable[[str], str]
    mention: Callable[[Recipient], str]
    newline: str = "\n"


@dataclass(frozen=True, slots=True)
class _Item:
    number: str
    text: str
    reason: str
    due: str


@dataclass(frozen=True, slots=True)
class _Part:
    name: str
    mention: str
    count: int
    items: tuple[_Item, ...]
    hidden: int
    link: str


_NOTHING = _Part("", "", 0, (), 0, "")


@dataclass(frozen=True, slots=True)
class _Page:
    """What a template sees: every word from outside is escaped already.

    ``shared`` holds what a call says to several people word for word; it stands there once.
    """

    marks: str
    title: str
    total: int
    parts: tuple[_Part, ...]
    shared: _Part
    is_call: bool


def render(message: Message, form: Form) -> str:
    """Give the whole text, however long."""
    return _write(_page(message, form), form)


def shorten(message: Message, form: Form, fits: Callable[[str], bool]) -> str | None:
    """Give the longest text that fits: first fields are cut, then lines, and it says how many.

    None means that not even the bare names and links fit.
    """
    page = _page(message, form)
    whole = _write(page, form)
    if fits(whole):
        return whole
    longest = max(map(len, _words(page)), default=0) * 4
    most = max(len(part.items) for part in (page.shared, *page.parts))
    short = _clipped(page, _SHORTEST)
    return _widest(
        lambda size: _write(_clipped(page, size), form), _SHORTEST, longest, fits
    ) or _widest(lambda count: _write(_counted(short, count), form), 0, most, fits)


def marked(message: Message) -> Message:
    """Give the message with every mark it may ever need, so that room for them is kept."""
    return replace(message, repeated=True, late=True)


def _write(page: _Page, form: Form) -> str:
    text = _TEMPLATES.get_template(form.template).render(page=page)
    return text.strip().replace("\n", form.newline)


def _widest(
    write: Callable[[int], str], low: int, high: int, fits: Callable[[str], bool]
) -> str | None:
    """Give the text of the largest size between low and high that fits, by halving."""
    best = None
    while low <= high:
        middle = (low + high) // 2
        text = write(middle)
        if fits(text):
            best, low = text, middle + 1
        else:
            high = middle - 1
    return best


def _page(message: Message, form: Form) -> _Page:
    is_call = message.topic is Topic.CALL
    parts = tuple(_part(section, form, is_call=is_call) for section in message.sections)
    shared = _NOTHING
    if is_call and len(parts) > 1 and len({part.items for part in parts}) == 1:
        shared = replace(_NOTHING, items=parts[0].items)
        parts = tuple(replace(part, items=()) for part in parts)
    return _Page(
        marks="〔重发〕" * message.repeated + "〔迟发〕" * message.late,
        title=form.escape(message.title),
        total=sum(part.count for part in parts),
        parts=parts,
        shared=shared,
        is_call=is_call,
    )


def _part(section: Section, form: Form, *, is_call: bool) -> _Part:
    """Give one person's part; a call counts nothing, and numbers only what is more than one."""
    numbered = any(line.reason or line.due for line in section.lines)
    numbered = numbered and not (is_call and len(section.lines) == 1)
    return _Part(
        name=form.escape(section.recipient.name),
        mention=form.mention(section.recipient),
        count=len(section.lines) if numbered and not is_call else 0,
        items=tuple(
            _item(line, _number(number) if numbered else "", form)
            for number, line in enumerate(section.lines, start=1)
        ),
        hidden=0,
        link=escape.link(section.recipient.link),
    )


def _item(line: Line, number: str, form: Form) -> _Item:
    return _Item(number, form.escape(line.text), form.escape(line.reason), form.escape(line.due))


def _words(page: _Page) -> Iterator[str]:
    yield page.title
    for part in (page.shared, *page.parts):
        yield part.name
        for item in part.items:
            yield from (item.text, item.reason, item.due)


def _changed(page: _Page, change: Callable[[_Part], _Part]) -> _Page:
    return replace(page, shared=change(page.shared), parts=tuple(map(change, page.parts)))


def _clipped(page: _Page, size: int) -> _Page:
    """Give the page with no field longer than so many bytes."""

    def clip(part: _Part) -> _Part:
        items = tuple(_clipped_item(item, size) for item in part.items)
        return replace(part, name=escape.clip(part.name, size), items=items)

    return replace(_changed(page, clip), title=escape.clip(page.title, size))


def _clipped_item(item: _Item, size: int) -> _Item:
    text, reason, due = (escape.clip(word, size) for word in (item.text, item.reason, item.due))
    return _Item(item.number, text, reason, due)


def _counted(page: _Page, count: int) -> _Page:
    """Give the page with no section longer than so many lines, each with what it hides."""

    def cut(part: _Part) -> _Part:
        return replace(part, items=part.items[:count], hidden=max(len(part.items) - count, 0))

    return _changed(page, cut)


def _number(number: int) -> str:
    """Give the number in its circle, as notices count: ①, ㉑; beyond ㊿ plain."""
    return chr(_CIRCLED[number - 1]) if number <= len(_CIRCLED) else f"（{number}）"


_TEMPLATES = SandboxedEnvironment(
    loader=FileSystemLoader(Path(__file__).parent),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    autoescape=False,  # the forms escape for markdown, before a template sees a word
    auto_reload=False,
)
