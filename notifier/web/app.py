"""The application: routes, the gate before the office's pages, and words for every failure."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from notifier.channels.sandbox import Sandbox
from notifier.desk import Desk
from notifier.web import answer, api, archive, bulletin, calls, decisions, evidence, feed, office
from notifier.web.api import local_token
from notifier.web.gate import guard, guard_post
from notifier.web.pages import plain
from obligations.errors import JiaoyingError

_STATIC = Path(__file__).parent / "static"
_HEADERS = (
    (
        b"content-security-policy",
        b"default-src 'self'; form-action 'self'; frame-ancestors 'self'",
    ),
    # The address of an answer page is what lets one answer, so it is told to nobody else. With
    # no-referrer browsers would post "Origin: null", which the gate of the office's forms refuses.
    (b"referrer-policy", b"same-origin"),
    (b"x-content-type-options", b"nosniff"),
    (b"cache-control", b"no-store"),
)


class Headers:
    """Adds the headers that every page needs; static files may be kept."""

    def __init__(self, app: ASGIApp) -> None:
        """Wrap an application."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and complete the answer's headers."""

        async def complete(message: Message) -> None:
            if message["type"] == "http.response.start":
                own = {name for name, _ in message["headers"]}
                more = (header for header in _HEADERS if header[0] not in own)
                message["headers"] = [*message["headers"], *more]
            await send(message)

        await self._app(scope, receive, complete)


@dataclass(frozen=True, slots=True)
class Doors:
    """Who is let in, and what the pages set going.

    ``is_open`` lets everybody see the office's pages, which is right only where nobody but this
    machine can ask. ``tokens`` let other systems in. ``wake`` starts a round at once. ``callbacks``
    are the addresses at which platforms bring what people answer. ``evidence`` is the folder that
    holds what they hand in.
    """

    is_open: bool
    tokens: tuple[str, ...] = field(repr=False, default=())
    wake: Callable[[], None] = lambda: None
    callbacks: tuple[Route, ...] = ()
    templates: Path | None = None
    evidence: Path | None = None


def make_app(
    desk: Desk, sandbox: Sandbox, troubles: Callable[[], tuple[str, ...]], doors: Doors
) -> Starlette:
    """Give the web application; ``troubles`` says what does not run."""
    pages = (
        Route("/", guard(office.board)),
        Route("/duty", guard(office.duty)),
        Route("/duty/{action}", guard_post(decisions.decide), methods=["POST"]),
        Route("/events", guard(decisions.events), methods=["GET"]),
        Route("/events", guard_post(decisions.record), methods=["POST"]),
        Route("/seasons", guard_post(decisions.season), methods=["POST"]),
        Route("/ledger", guard(office.ledger)),
        Route("/evidence/{digest}", guard(evidence.give)),
        Route("/evidence/{digest}/original", guard(evidence.give_original)),
        Route("/letters", guard(office.letters)),
        Route("/archive", guard(archive.archive)),
        Route("/bulletin", guard(bulletin.bulletin), methods=["GET"]),
        Route("/bulletin", guard_post(bulletin.approve), methods=["POST"]),
        Route("/sandbox", guard(office.sandbox)),
        Route("/calls", guard(calls.calls), methods=["GET"]),
        Route("/calls", guard_post(calls.make), methods=["POST"]),
        Route("/calls/{name}", guard(calls.call)),
        Route("/calls/{name}/stop", guard_post(calls.stop), methods=["POST"]),
        Route("/calls/{name}/answer", guard_post(calls.enter), methods=["POST"]),
    )
    machine = (
        Route("/api/calls", api.authorized(api.make), methods=["POST"]),
        Route("/api/calls/{name}", api.authorized(api.show), methods=["GET"]),
        Route("/api/calls/{name}/stop", api.authorized(api.stop), methods=["POST"]),
        Route("/api/feeds", api.authorized(feed.issue), methods=["POST"]),
        Route("/api/events", api.authorized(api.record), methods=["POST"]),
        Route("/api/seasons", api.authorized(api.season), methods=["POST"]),
    )
    app = Starlette(
        routes=[
            # First: every route before it is tried for each of thousands of answers a second.
            Route("/a/{token}", answer.take, methods=["POST"]),
            Route("/a/{token}", answer.show, methods=["GET"]),
            *pages,
            *machine,
            *doors.callbacks,
            Route("/healthz", office.healthz),
            Route("/ics/{token}.ics", feed.show, methods=["GET"]),
            Route("/a/{token}/evidence", evidence.show, methods=["GET"]),
            Route("/a/{token}/evidence", evidence.take, methods=["POST"]),
            Route("/a/{token}/evidence/{digest}", evidence.give_back, methods=["GET"]),
            Mount("/static", StaticFiles(directory=_STATIC)),
        ],
        middleware=[Middleware(Headers)],
        exception_handlers={JiaoyingError: _told, HTTPException: _refused, Exception: _broken},
    )
    app.state.desk = desk
    app.state.sandbox = sandbox
    app.state.troubles = troubles
    app.state.is_open = doors.is_open
    app.state.tokens = (local_token(desk.secret), *doors.tokens)
    app.state.wake = doors.wake
    app.state.evidence = doors.evidence
    app.state.templates = doors.templates
    return app


async def _told(_request: Request, error: Exception) -> Response:
    return plain("暂时办不了", str(error), 503)


async def _broken(_request: Request, _error: Exception) -> Response:
    sentence = "程序出了差错，这一次没有记下来。请稍后再试；还不行，请联系办公室"
    return plain("出了差错", sentence, 500)


async def _refused(_request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 500
    words = {404: "没有这个页面，请检查地址", 405: "这个地址不能这样打开"}
    return plain("打不开", words.get(status, "请求不合要求"), status)
