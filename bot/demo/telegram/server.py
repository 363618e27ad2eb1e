"""The local Bot API: an HTTP server with Telegram's methods over a LocalTelegram."""

import asyncio
import socket
import struct
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route
from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.server import ServerState

from bot.demo.chats.users import LocalTelegram
from bot.demo.telegram.arguments import FORM_TYPE, JSON_TYPE, Arguments, Upload, body_values
from bot.demo.telegram.dispatch import Answer, ConnectionCutError, answer_call, check_token, refusal
from bot.demo.telegram.errors import ApiError
from bot.demo.telegram.fast_path import ShortcutProtocol, Transports
from bot.demo.telegram.webhook import WebhookDelivery

LARGEST_BODY = 60 * 2**20
# A client may use a kept connection until its server closes it: longer than any pause in a test.
KEEP_ALIVE_SECONDS = 600
LAST_SECONDS = 1.0


async def read_arguments(request: Request) -> Arguments:
    """The arguments of a call from its query and its form, JSON or multipart body. Raises ApiError."""
    values: dict[str, Any] = dict(request.query_params) if request.url.query else {}
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind == "multipart/form-data":
        return await _multipart(request, values)
    if kind in (JSON_TYPE, FORM_TYPE):
        values.update(body_values(kind, await request.body()))
    return Arguments(values)


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
        """Answer one request, or cut its connection."""
        try:
            answer = await self._answer(Request(scope, receive))
        except ConnectionCutError as cut:
            self.local.accepted.dropped += 1
            await _cut(scope, receive, reset=cut.reset)
            return
        self.local.accepted.codes[answer.code] += 1
        await Response(answer.body, answer.code, media_type=answer.media_type)(scope, receive, send)

    async def _answer(self, request: Request) -> Answer:
        try:
            check_token(self.local, request.path_params["token"])
            given = await read_arguments(request)
        except ApiError as error:
            return refusal(error)
        return await answer_call(self.local, request.path_params["method"].lower(), given)


async def _cut(scope: Scope, receive: Receive, *, reset: bool) -> None:
    """Close the connection at once; `serve` hands its transports down, as ASGI has no word for it."""
    transport: asyncio.Transport = scope["state"]["transports"][scope["client"]]
    if reset:
        linger = struct.pack("ii", 1, 0)
        transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
    transport.abort()
    # The request ends when the protocol has learnt of the loss, so that nothing is written any more.
    while (await receive())["type"] != "http.disconnect":
        pass


def api_routes(local: LocalTelegram) -> list[BaseRoute]:
    """The routes of the Bot API: the methods and the download of files."""

    async def download(request: Request) -> Response:
        try:
            check_token(local, request.path_params["token"])
            stored = local.files.by_path(request.path_params["path"])
            if stored is None:
                raise ApiError(404, "Not Found")
        except ApiError as error:
            return Response(refusal(error).body, error.code, media_type="application/json")
        return Response(stored.content, media_type="application/octet-stream")

    return [
        Route("/file/bot{token}/{path:path}", download),
        Route("/bot{token}/{method}", MethodCalls(local)),
    ]


def create_app(local: LocalTelegram) -> Starlette:
    """The Bot API of one bot as an application."""
    return Starlette(routes=api_routes(local))


def _listen(host: str, port: int) -> socket.socket:
    # asyncio turns Nagle's algorithm off only for sockets that name their protocol; with it on, an answer
    # in two writes waits 40 ms for the client's acknowledgement.
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError:
        listener.close()
        raise
    return listener


@asynccontextmanager
async def serve(
    local: LocalTelegram, host: str = "127.0.0.1", port: int = 0, *, app: ASGIApp | None = None
) -> AsyncIterator[str]:
    """Serve the local Telegram in the running loop; gives the root address, such as http://127.0.0.1:4711.

    `app` may be a larger application that holds `api_routes`. Polls that are held end with the server.
    Raises OSError when the port is taken.
    """
    listener = _listen(host, port)
    transports: Transports = {}
    state = ServerState()
    config = uvicorn.Config(
        app or create_app(local), access_log=False, log_config=None, timeout_keep_alive=KEEP_ALIVE_SECONDS
    )
    config.load()
    local.stopping.clear()
    server = await asyncio.get_running_loop().create_server(
        lambda: ShortcutProtocol(local, transports, config=config, server_state=state),
        sock=listener,
        backlog=2048,
    )
    delivery = asyncio.create_task(WebhookDelivery(local).run())
    try:
        yield f"http://{host}:{listener.getsockname()[1]}"
    finally:
        server.close()
        local.release()
        delivery.cancel()
        await _finish(state, delivery)


async def _finish(state: ServerState, *others: asyncio.Task[None]) -> None:
    """Let requests end for a second, then close what is left; uvicorn's own way takes a tenth longer."""
    for connection in list(state.connections):
        connection.shutdown()
    tasks = {*state.tasks, *others}
    _, late = await asyncio.wait(tasks, timeout=LAST_SECONDS)
    for task in late:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    for connection in list(state.connections):
        if connection.transport is not None:
            connection.transport.close()
    await asyncio.sleep(0)


if __name__ == "__main__":
    from bot.demo.telegram.process import main

    main()
