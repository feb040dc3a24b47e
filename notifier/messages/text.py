"""A message in the words and marks of one platform, whole or cut to what the platform takes."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from jinja2 import FileSystemLoader, StrictUndefined
from jinja2.sandbox import SandboxedEnvironment

from notifier.messages import escape
from notifier.messages.model import Line, Message, Recipient, Section

_SHORTEST = 72  # bytes: 24 characters still tell one duty from another
_UNCUT = 1 << 30
_CIRCLED = (*range(0x2460, 0x2474), *range(0x3251, 0x3260), *range(0x32B1, 0x32C0))


@dataclass(frozen=True, slots=True)
class Form:
    """How one platform wants it: its template, its escape, its mention, its line break."""

    template: str
    escape: Callable[[str], str]
    mention: Callable[[Recipient], str]
    newline: str = "\n"


@dataclass(frozen=True, slots=True)
class Cut:
    """How much may be left out: bytes of each field, lines of each section."""

    field: int = _UNCUT
    lines: int = _UNCUT


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


def render(message: Message, form: Form, cut: Cut | None = None) -> str:
    """Give the text that is sent; every word from outside is escaped before a template sees it."""
    cut = cut or Cut()
    parts = tuple(_part(section, form, cut) for section in message.sections)
    text = _TEMPLATES.get_template(form.template).render(
        title=_field(message.title, form, cut),
        marks=marks(message),
        total=sum(part.count for part in parts),
        parts=parts,
    )
    return text.strip().replace("\n", form.newline)


def marks(message: Message) -> str:
    """Give what a reader must know about the sending itself: 〔重发〕, 〔迟发〕."""
    return "〔重发〕" * message.repeated + "〔迟发〕" * message.late


def marked(message: Message) -> Message:
    """Give the message with every mark it may ever need, so that room for them is kept."""
    return replace(message, repeated=True, late=True)


def shorten(message: Message, form: Form, fits: Callable[[str], bool]) -> str | None:
    """Give the longest text that fits: first fields are cut, then lines, and it says how many.

    None means that not even the bare names and links fit.
    """
    whole = render(message, form)
    if fits(whole):
        return whole
    longest = max((len(field.encode()) for field in _fields(message)), default=0)
    return _widest(
        lambda size: render(message, form, Cut(field=size)), _SHORTEST, longest * 3, fits
    ) or _widest(
        lambda count: render(message, form, Cut(field=_SHORTEST, lines=count)),
        0,
        max((len(section.lines) for section in message.sections), default=0),
        fits,
    )


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


def _fields(message: Message) -> tuple[str, ...]:
    lines = (line for section in message.sections for line in section.lines)
    names = (section.recipient.name for section in message.sections)
    words = (field for line in lines for field in (line.text, line.reason, line.due))
    return tuple(
        field.encode("utf-8", "replace").decode() for field in (message.title, *names, *words)
    )


def _part(section: Section, form: Form, cut: Cut) -> _Part:
    numbered = any(line.reason or line.due for line in section.lines)
    shown = section.lines[: cut.lines]
    return _Part(
        name=_field(section.recipient.name, form, cut),
        mention=form.mention(section.recipient),
        count=len(section.lines) if numbered else 0,
        items=tuple(
            _item(line, number if numbered else 0, form, cut)
            for number, line in enumerate(shown, start=1)
        ),
        hidden=len(section.lines) - len(shown),
        link=escape.link(section.recipient.link),
    )


def _item(line: Line, number: int, form: Form, cut: Cut) -> _Item:
    return _Item(
        number=_number(number),
        text=_field(line.text, form, cut),
        reason=_field(line.reason, form, cut),
        due=_field(line.due, form, cut),
    )


def _field(text: str, form: Form, cut: Cut) -> str:
    return escape.clip(form.escape(text), cut.field)


def _number(number: int) -> str:
    """Give the number in its circle, as notices count: ①, ㉑; beyond ㊿ plain."""
    if not number:
        return ""
    return chr(_CIRCLED[number - 1]) if number <= len(_CIRCLED) else f"（{number}）"


_TEMPLATES = SandboxedEnvironment(
    loader=FileSystemLoader(Path(__file__).parent),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    autoescape=False,  # the forms escape for markdown, before a template sees a word
    auto_reload=False,
)
