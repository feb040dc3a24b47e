"""Who may see the office's pages: everybody on a machine of one's own, else holders of the key."""

from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from notifier import links
from notifier.desk import Desk
from notifier.links import Pass
from notifier.web.pages import plain

OFFICE = Pass("办公室", "办公室")
_COOKIE = "jiaoying_office"

Page = Callable[[Request], Response]
Action = Callable[[Request], Awaitable[Response]]


def office_link(desk: Desk) -> str:
    """Give the address that lets its holder into the office's pages."""
    return f"{desk.public_url}/?key={links.sign(desk.secret, OFFICE, desk.clock.now())}"


def guard(page: Page) -> Page:
    """Give the page behind the gate: the key of `office_link` is kept in a cookie.

    The page is a plain function, so it is made beside the event loop and holds nobody up.
    """

    def guarded(request: Request) -> Response:
        if request.app.state.is_open or _is_office(request, request.cookies.get(_COOKIE, "")):
            return page(request)
        key = request.query_params.get("key", "")
        if not _is_office(request, key):
            sentence = "这里是办公室的页面。请用程序启动时给出的“办公室入口”地址打开"
            return plain("请从办公室入口进来", sentence, 403)
        response = RedirectResponse(request.url.path, status_code=303)
        secure = request.app.state.desk.public_url.startswith("https:")
        response.set_cookie(_COOKIE, key, httponly=True, samesite="lax", secure=secure)
        return response

    return guarded


def guard_post(action: Action) -> Action:
    """Give what changes something behind the gate: only pages of ours may post to it."""

    async def guarded(request: Request) -> Response:
        known = _is_office(request, request.cookies.get(_COOKIE, ""))
        if not (request.app.state.is_open or known):
            sentence = "这里是办公室的页面。请用程序启动时给出的“办公室入口”地址打开"
            return plain("请从办公室入口进来", sentence, 403)
        origin = request.headers.get("origin", "")
        if origin and urlsplit(origin).netloc != request.headers.get("host", ""):
            return plain("没有办理", "这个请求是从别的网页发来的，没有办理", 403)
        return await action(request)

    return guarded


def _is_office(request: Request, token: str) -> bool:
    desk: Desk = request.app.state.desk
    return links.read(desk.secret, token, desk.clock.now()) == OFFICE
