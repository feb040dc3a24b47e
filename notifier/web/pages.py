"""How a page is made: one template folder, escaped throughout, and a plain page for a sentence."""

from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.templating import Jinja2Templates

from notifier.answers import CALL_WORDS, most_answers
from notifier.events import ANSWER_WORDS, KIND_WORDS, PROOF_WORDS
from notifier.evidence import KINDS
from notifier.hours import Hours
from notifier.reminders import counted_words, due_words, progress_words
from notifier.report.board import COLOUR_WORDS
from notifier.web.bubble import bubble

_HERE = Path(__file__).parent


def _day(value: date) -> str:
    return f"{value.month}月{value.day}日"


def _moment(instant: datetime, hours: Hours) -> str:
    local = hours.local(instant)
    return f"{local.month}月{local.day}日 {local:%H:%M}"


def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_HERE / "templates"),
        autoescape=select_autoescape(default=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(bubble=bubble, day=_day, moment=_moment)
    environment.globals.update(
        answer_words=ANSWER_WORDS,
        call_words=CALL_WORDS,
        proof_words=PROOF_WORDS,
        kind_words=KIND_WORDS,
        colour_words=COLOUR_WORDS,
        due_words=due_words,
        progress_words=progress_words,
        counted_words=counted_words,
        picture_types=tuple(kind.type for kind in KINDS.values() if kind.is_picture),
        most_answers=most_answers,
    )
    return environment


_TEMPLATES = Jinja2Templates(env=_environment())


def render(request: Request, name: str, context: Mapping[str, Any], status: int = 200) -> Response:
    """Give a page of the office whose rules are in force."""
    desk = request.app.state.desk
    shared = {"office": desk.office.name, "now": desk.clock.now(), "hours": desk.hours}
    return _TEMPLATES.TemplateResponse(request, name, {**shared, **context}, status_code=status)


def say(request: Request, title: str, sentence: str, status: int) -> Response:
    """Give a page that says one thing."""
    return render(request, "sentence.html", {"title": title, "sentence": sentence}, status)


def plain(title: str, sentence: str, status: int) -> HTMLResponse:
    """Give a page that needs no ledger and no rules: for when these are the trouble."""
    page = _TEMPLATES.env.get_template("plain.html")
    return HTMLResponse(page.render(title=title, sentence=sentence), status_code=status)
