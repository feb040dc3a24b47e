"""Where the platforms' callbacks come in: one address for each channel that is called back."""

from functools import partial

from starlette.routing import Route

from notifier.inbox import dingtalk_http, gateway, wecom_app
from notifier.inbox.letters import Reception, door

WECOM, GATEWAY, DINGTALK = "/inbox/wecom", "/inbox/gateway", "/inbox/dingtalk"


def routes(reception: Reception) -> tuple[Route, ...]:
    """Give the addresses; a channel is looked up at each request, so changed rules count at once.

    >>> from datetime import UTC, datetime
    >>> class Noon:
    ...     def now(self) -> datetime: return datetime(2026, 7, 1, 4, tzinfo=UTC)
    >>> async def drop(_: object) -> bool: return True
    >>> [one.path for one in routes(Reception(lambda _: None, {}, Noon(), drop, drop))][-1]
    '/inbox/dingtalk/{channel}'
    """
    doors = (
        (WECOM, "GET", wecom_app.PLATFORMS, wecom_app.verify),
        (WECOM, "POST", wecom_app.PLATFORMS, wecom_app.take),
        (GATEWAY, "POST", gateway.PLATFORMS, gateway.take),
        (DINGTALK, "POST", dingtalk_http.PLATFORMS, dingtalk_http.take),
    )
    return tuple(
        Route(
            f"{path}/{{channel}}",
            door(reception, platforms, partial(handle, reception)),
            methods=[method],
        )
        for path, method, platforms, handle in doors
    )
