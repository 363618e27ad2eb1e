"""The local Bot API: an HTTP server with Telegram's methods over a LocalTelegram."""

import asyncio
import json
import socket
import struct
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from hmac import compare_digest
from inspect import isawaitable
from typing import Any
from urllib.parse import parse_qsl

import uvicorn
from starlette.applications import Starlette
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from bot.demo.arguments import Arguments, Upload
from bot.demo.errors import ApiError, bad_request
from bot.demo.faults import Fault
from bot.demo.local_telegram import LocalTelegram
from bot.demo.method_table import METHODS
from bot.demo.webhook import WebhookDelivery

LARGEST_BODY = 60 * 2**20


class ConnectionCutError(Exception):
    """The connection is to be closed without an answer: in good order, or with a TCP reset."""

    def __init__(self, *, reset: bool) -> None:
        super().__init__()
        self.reset = reset


async def read_arguments(request: Request) -> Arguments:
    """The arguments of a call from its query and its form, JSON or multipart body. Raises ApiError."""
    values: dict[str, Any] = dict(request.query_params) if request.url.query else {}
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind == "application/json":
        body = await request.body()
        values.update(_json_object(body))
    elif kind == "application/x-www-form-urlencoded":
        body = await request.body()
        values.update(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True))
    elif kind == "multipart/form-data":
        return await _multipart(request, values)
    return Arguments(values)


def _json_object(body: bytes) -> dict[str, Any]:
    try:
        values = json.loads(body or b"{}")
    except ValueError as error:
        raise bad_request("can't parse request JSON object") from error
    if not isinstance(values, dict):
        raise bad_request("request JSON must be an Object")
    return values


async def _multipart(request: Request, values: dict[str, Any]) -> Arguments:
    uploads: dict[str, Upload] = {}
    async with request.form(max_part_size=LARGEST_BODY) as form:
        for name, value in form.multi_items():
            if isinstance(value, UploadFile):
                uploads[name] = Upload(value.filename or name, await value.read())
            else:
                values[name] = value
    return Arguments(values, uploads)


class MethodCalls:
    """The ASGI application behind /bot<token>/<method>."""

    def __init__(self, local: LocalTelegram) -> None:
        self.local = local

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        try:
            code, body = await self.answer(request)
        except ConnectionCutError as cut:
            self.local.accepted.dropped += 1
            await _cut(receive, reset=cut.reset)
            return
        self.local.accepted.codes[code] += 1
        content = json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
        await Response(content, code, media_type="application/json")(scope, receive, send)

    async def answer(self, request: Request) -> tuple[int, dict[str, Any]]:
        """Status code and JSON object for one request."""
        method = request.path_params["method"].lower()
        try:
            check_token(self.local, request.path_params["token"])
            given = await read_arguments(request)
            if self.local.latency:
                await asyncio.sleep(self.local.latency)
            return 200, {"ok": True, "result": await self.call(method, given)}
        except ApiError as error:
            return error.code, error.body()

    async def call(self, method: str, given: Arguments) -> Any:
        """Carry out one method with the faults that are asked for. Raises ApiError, ConnectionCutError."""
        fault = self.local.faults.match(method, given.integer("chat_id")) if self.local.faults.rules else None
        if fault is not None:
            await _before(fault)
        run = METHODS.get(method)
        if run is None:
            raise ApiError(404, "Not Found: method not found")
        result = run(self.local, given)
        if isawaitable(result):
            result = await result
        self.local.accepted.methods[method] += 1
        if fault is not None:
            await _after(fault)
        return result


async def _before(fault: Fault) -> None:
    if fault.delay:
        await asyncio.sleep(fault.delay)
    if fault.drop == "before":
        raise ConnectionCutError(reset=fault.reset)
    error = fault.error()
    if error is not None:
        raise error


async def _after(fault: Fault) -> None:
    if fault.stall:
        await asyncio.sleep(fault.stall)
    if fault.drop == "after":
        raise ConnectionCutError(reset=fault.reset)


async def _cut(receive: Receive, *, reset: bool) -> None:
    """Close the connection at once: uvicorn's request cycle holds the transport, ASGI has no word for it."""
    transport: asyncio.Transport = receive.__self__.transport  # type: ignore[attr-defined]
    if reset:
        linger = struct.pack("ii", 1, 0)
        transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
    transport.abort()
    # The request ends when the protocol has learnt of the loss, so that nothing is written any more.
    while (await receive())["type"] != "http.disconnect":
        pass


def check_token(local: LocalTelegram, token: str) -> None:
    """Refuse a wrong token with 401, one that is no token at all with 404."""
    number, colon, _ = token.partition(":")
    if not colon or not number.isdecimal():
        raise ApiError(404, "Not Found")
    if not compare_digest(token.encode(), local.token.encode()):
        raise ApiError(401, "Unauthorized")


def api_routes(local: LocalTelegram) -> list[Route]:
    """The routes of the Bot API: the methods and the download of files."""

    async def download(request: Request) -> Response:
        try:
            check_token(local, request.path_params["token"])
        except ApiError as error:
            return Response(json.dumps(error.body()), error.code, media_type="application/json")
        stored = local.files.by_path(request.path_params["path"])
        if stored is None:
            body = ApiError(404, "Not Found").body()
            return Response(json.dumps(body), 404, media_type="application/json")
        return Response(stored.content, media_type="application/octet-stream")

    return [
        Route("/file/bot{token}/{path:path}", download),
        Route("/bot{token}/{method}", MethodCalls(local)),
    ]


def create_app(local: LocalTelegram) -> Starlette:
    """The Bot API of one bot as an application."""
    return Starlette(routes=api_routes(local))


class _InnerServer(uvicorn.Server):
    """A uvicorn server inside a program: it says when it listens, and signals belong to the program."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.listening = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.listening.set()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


@asynccontextmanager
async def serve(
    local: LocalTelegram, host: str = "127.0.0.1", port: int = 0, *, app: ASGIApp | None = None
) -> AsyncIterator[str]:
    """Serve the local Telegram in the running loop; gives the root address, such as http://127.0.0.1:4711.

    `app` may be a larger application that holds `api_routes`. Polls that are held end with the server.
    """
    listener = socket.create_server((host, port))
    config = uvicorn.Config(
        app or create_app(local),
        log_level="warning",
        access_log=False,
        lifespan="off",
        timeout_graceful_shutdown=1,
    )
    server = _InnerServer(config)
    delivery = asyncio.create_task(WebhookDelivery(local).run())
    serving = asyncio.create_task(server.serve([listener]))
    try:
        await server.listening.wait()
        yield f"http://{host}:{listener.getsockname()[1]}"
    finally:
        local.release()
        server.should_exit = True
        await serving
        delivery.cancel()
        with suppress(asyncio.CancelledError):
            await delivery
        listener.close()
