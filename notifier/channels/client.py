"""The HTTP client that all channels share: httpx to speak to, aiohttp underneath.

httpx's own connections cost ten times as much when many are open; see decision 0090.
"""

import aiohttp
import httpx
from yarl import URL

TIMEOUT = 10.0  # a lease is three times as long


def open_client() -> httpx.AsyncClient:
    """Give the client; it goes through no proxy of the environment's."""
    return httpx.AsyncClient(timeout=TIMEOUT, trust_env=False, transport=AiohttpTransport())


class AiohttpTransport(httpx.AsyncBaseTransport):
    """Makes httpx's requests through aiohttp; errors say whether a connection was ever made.

    The session begins with the first request: it belongs to the loop that runs then. It sets no
    bound to connections, as whoever sends bounds what is under way.
    """

    _session: aiohttp.ClientSession | None = None

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Make one request once, and give the whole answer."""
        if self._session is None:
            self._session = _session()
        try:
            async with self._session.request(
                request.method,
                URL(str(request.url), encoded=True),
                headers=request.headers.multi_items(),
                data=await request.aread() or None,
                allow_redirects=False,
                timeout=aiohttp.ClientTimeout(request.extensions["timeout"]["read"]),
            ) as answer:
                body = await answer.read()
                return httpx.Response(answer.status, headers=answer.raw_headers, content=body)
        except aiohttp.ClientConnectorError as error:
            raise httpx.ConnectError(str(error)) from error
        except TimeoutError as error:  # aiohttp's own are TimeoutErrors, too
            raise httpx.ReadTimeout(str(error)) from error
        except (aiohttp.ClientError, OSError, ValueError) as error:
            raise httpx.ReadError(str(error)) from error

    async def aclose(self) -> None:
        """Close every connection."""
        if self._session is not None:
            await self._session.close()


def _session() -> aiohttp.ClientSession:
    trusted = httpx.create_ssl_context(trust_env=False)
    return aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(limit=0, ssl=trusted),
        cookie_jar=aiohttp.DummyCookieJar(),
        auto_decompress=False,  # httpx does
    )
