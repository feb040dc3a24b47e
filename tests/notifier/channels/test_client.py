"""The client that all channels share, against a server on this machine that misbehaves."""

import asyncio
import gzip
from collections.abc import Awaitable, Callable

import httpx
import pytest

from notifier.channels.client import AiohttpTransport, open_client

Serve = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]

PACKED = gzip.compress(b'{"errcode":0}')


async def _answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Say which address was asked for, packed."""
    asked = (await reader.readuntil(b"\r\n\r\n")).split(b" ", 2)[1]
    head = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nX-Asked: %s\r\nContent-Length: %d\r\n\r\n"
    writer.write(head % (asked, len(PACKED)) + PACKED)


async def _redirect(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.readuntil(b"\r\n\r\n")
    head = b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nSet-Cookie: a=b\r\n"
    writer.write(head + b"Content-Length: 0\r\n\r\n")


async def _hang_up(reader: asyncio.StreamReader, _writer: asyncio.StreamWriter) -> None:
    await reader.readuntil(b"\r\n\r\n")


async def _break_off(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.readuntil(b"\r\n\r\n")
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf")


async def _babble(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.readuntil(b"\r\n\r\n")
    writer.write(b"\x16\x03\x01 this is not HTTP\r\n\r\n")


async def _keep_silent(reader: asyncio.StreamReader, _writer: asyncio.StreamWriter) -> None:
    await reader.read()


def _post(serve: Serve, path: str = "/", *, timeout: float = 5.0) -> httpx.Response:
    ended = asyncio.Event()

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await serve(reader, writer)
        writer.close()
        await writer.wait_closed()
        ended.set()

    async def post() -> httpx.Response:
        server = await asyncio.start_server(handle, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        async with server, open_client() as client:
            url = httpx.URL(f"http://127.0.0.1:{port}{path}")
            try:
                return await client.post(url, content=b"{}", timeout=timeout)
            finally:
                await client.aclose()
                await ended.wait()

    return asyncio.run(post())


def test_an_answer_is_unpacked_and_the_address_goes_out_as_it_is() -> None:
    answer = _post(_answer, "/robot/send?sign=a%2Bb%2Fc%3D&key=%E5%8F%AB")
    assert answer.json() == {"errcode": 0}
    assert answer.headers["X-Asked"] == "/robot/send?sign=a%2Bb%2Fc%3D&key=%E5%8F%AB"


def test_nobody_is_sent_elsewhere() -> None:
    assert _post(_redirect).status_code == 302


@pytest.mark.parametrize("serve", [_hang_up, _break_off, _babble])
def test_what_breaks_off_after_the_request_may_have_arrived(serve: Serve) -> None:
    with pytest.raises(httpx.ReadError):
        _post(serve)


def test_silence_is_a_timeout_in_which_it_may_have_arrived() -> None:
    with pytest.raises(httpx.ReadTimeout):
        _post(_keep_silent, timeout=0.05)


def test_where_nobody_listens_nothing_was_sent() -> None:
    async def post() -> None:
        async with httpx.AsyncClient(transport=AiohttpTransport(), trust_env=False) as client:
            await client.post("http://127.0.0.1:1/")

    with pytest.raises(httpx.ConnectError):
        asyncio.run(post())
