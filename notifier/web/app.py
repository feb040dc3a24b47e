"""The application: routes, the gate before the office's pages, and words for every failure."""

from collections.abc import Callable
from pathlib import Path

from starlette.applications import Starlette
from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from notifier.channels.sandbox import Sandbox
from notifier.desk import Desk
from notifier.web import answer, office
from notifier.web.gate import guard
from notifier.web.pages import plain
from obligations.errors import JiaoyingError

_STATIC = Path(__file__).parent / "static"
_HEADERS = {
    "Content-Security-Policy": "default-src 'self'; form-action 'self'; frame-ancestors 'self'",
    "Referrer-Policy": "no-referrer",  # the address of an answer page is what lets one answer
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
}


class Headers:
    """Adds the headers that every page needs; static files may be kept."""

    def __init__(self, app: ASGIApp) -> None:
        """Wrap an application."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and complete the answer's headers."""

        async def complete(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, complete)


def make_app(
    desk: Desk, sandbox: Sandbox, troubles: Callable[[], tuple[str, ...]], *, is_open: bool
) -> Starlette:
    """Give the web application.

    ``troubles`` says what does not run; ``is_open`` lets everybody see the office's pages, which is
    right only where nobody but this machine can ask.
    """
    pages = (
        Route("/", guard(office.board)),
        Route("/duty", guard(office.duty)),
        Route("/ledger", guard(office.ledger)),
        Route("/sandbox", guard(office.sandbox)),
    )
    app = Starlette(
        routes=[
            *pages,
            Route("/healthz", office.healthz),
            Route("/a/{token}", answer.show, methods=["GET"]),
            Route("/a/{token}", answer.take, methods=["POST"]),
            Mount("/static", StaticFiles(directory=_STATIC)),
        ],
        middleware=[Middleware(Headers)],
        exception_handlers={JiaoyingError: _told, HTTPException: _refused, Exception: _broken},
    )
    app.state.desk = desk
    app.state.sandbox = sandbox
    app.state.troubles = troubles
    app.state.is_open = is_open
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
