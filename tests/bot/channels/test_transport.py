"""Requests go the way that the environment names, and none is asked for twice."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from bot.channels.telegram.transport import AiohttpRequest

ANSWER = b'{"ok": true, "result": 1}'


@pytest.fixture
async def proxy() -> AsyncIterator[tuple[str, list[str]]]:
    """The address of a proxy that answers everything itself, and the first lines of what it was asked."""
    asked: list[str] = []

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        asked.append(head.split(b"\r\n")[0].decode())
        writer.write(
            b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: %d\r\n\r\n" % len(ANSWER) + ANSWER
        )
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    yield f"http://127.0.0.1:{port}", asked
    server.close()
    await server.wait_closed()


@pytest.fixture
async def request_(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[AiohttpRequest]:
    """A transport, in an environment without proxies."""
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    made = AiohttpRequest()
    yield made
    await made.shutdown()


async def test_the_environment_names_the_proxy(
    request_: AiohttpRequest, proxy: tuple[str, list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    address, asked = proxy
    monkeypatch.setenv("http_proxy", address)
    for _ in range(2):
        assert await request_.do_request("http://api.example:81/bot1/getMe", "POST") == (200, ANSWER)
    assert asked == ["POST http://api.example:81/bot1/getMe HTTP/1.1"] * 2


async def test_what_is_excepted_is_asked_directly(
    request_: AiohttpRequest, proxy: tuple[str, list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    address, asked = proxy
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    assert await request_.do_request(f"{address}/bot1/getMe", "POST") == (200, ANSWER)
    assert asked == ["POST /bot1/getMe HTTP/1.1"]
