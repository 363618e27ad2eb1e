"""The local Bot API: an HTTP server with Telegram's methods on a LocalTelegram."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from starlette.applications import Starlette
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route
from starlette.types import ASGIApp

from bot.demo.chats.users import LocalTelegram
from bot.demo.telegram.arguments import FORM_TYPE, JSON_TYPE, Arguments, Upload, parse_body
from bot.demo.telegram.dispatch import NO_HOOKS, Call, Hooks, answer_call, check_token, encode_refusal
from bot.demo.telegram.errors import ApiError
from bot.demo.telegram.webhook import WebhookDelivery
from bot.web.server import WebServer

LARGEST_BODY = 60 * 2**20
# A client may use a kept connection until its server closes it: longer than any pause in a test.
KEEP_ALIVE_SECONDS = 600
LAST_SECONDS = 1
# How soon a poll that comes while the server stops is answered.
RELEASE_SECONDS = 0.02


async def parse_arguments(request: Request) -> Arguments:
    """Parse the arguments of a call from query and body. Raises ApiError."""
    values: dict[str, Any] = dict(request.query_params) if request.url.query else {}
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind == "multipart/form-data":
        return await _parse_multipart(request, values)
    if kind in (JSON_TYPE, FORM_TYPE):
        values.update(parse_body(kind, await request.body()))
    return Arguments(values)


async def _parse_multipart(request: Request, values: dict[str, Any]) -> Arguments:
    uploads: dict[str, Upload] = {}
    async with request.form(max_part_size=LARGEST_BODY) as form:
        for name, value in form.multi_items():
            if isinstance(value, UploadFile):
                uploads[name] = Upload(value.filename or name, await value.read())
            else:
                values[name] = value
    return Arguments(values, uploads)


def build_api_routes(local: LocalTelegram, hooks: Hooks = NO_HOOKS) -> list[BaseRoute]:
    """Build the routes of the Bot API: the methods and the download of files."""

    async def act(request: Request) -> Response:
        try:
            check_token(local, request.path_params["token"])
            given = await parse_arguments(request)
        except ApiError as error:
            answer = encode_refusal(error)
        else:
            call = Call(request.path_params["method"].lower(), given, request)
            answer = await answer_call(local, call, hooks)
        return Response(answer.body, answer.code, media_type=answer.media_type)

    async def download(request: Request) -> Response:
        try:
            check_token(local, request.path_params["token"])
            stored = local.files.by_path(request.path_params["path"])
            if stored is None:
                raise ApiError(404, "Not Found")
        except ApiError as error:
            return Response(encode_refusal(error).body, error.code, media_type="application/json")
        return Response(stored.content, media_type="application/octet-stream")

    return [
        Route("/file/bot{token}/{path:path}", download),
        Route("/bot{token}/{method}", act, methods=["GET", "POST"]),
    ]


def create_app(local: LocalTelegram, hooks: Hooks = NO_HOOKS) -> Starlette:
    """Build the Bot API of one bot as an application."""
    return Starlette(routes=build_api_routes(local, hooks))


@asynccontextmanager
async def serve_api(
    local: LocalTelegram,
    host: str = "127.0.0.1",
    port: int = 0,
    *,
    app: ASGIApp | None = None,
    protocol: type[asyncio.Protocol] | None = None,
) -> AsyncIterator[str]:
    """Serve the local Telegram in the running loop; yields the root address.

    `app` may be a larger application that contains `api_routes`; `protocol` replaces uvicorn's own.
    Held polls end with the server. Raises OSError where the port is taken.
    """
    server = WebServer(
        app or create_app(local),
        host,
        port,
        keep_alive=KEEP_ALIVE_SECONDS,
        patience=LAST_SECONDS,
        protocol=protocol,
    )
    server.start()
    delivery = asyncio.create_task(WebhookDelivery(local).run())
    try:
        yield f"http://{host}:{server.port}"
    finally:
        # Before the server stops, since a webhook may be served by the application that stops.
        delivery.cancel()
        stopping = asyncio.create_task(server.stop())
        # uvicorn waits for held polls, and new ones may arrive until the port is closed.
        while not stopping.done():
            local.release()
            await asyncio.wait({stopping}, timeout=RELEASE_SECONDS)
        await asyncio.gather(stopping, delivery, return_exceptions=True)
