"""The webhook: an HTTP endpoint that stores what Telegram posts and only then says 200."""

import hmac
import json
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from telegram import Bot

from bot.channels.telegram.polling import KINDS
from bot.settings.sections import Webhook
from bot.web.server import WebServer
from models.storage.errors import first_line

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105
LARGEST_BODY = 2**20

Take = Callable[[Sequence[Any]], Awaitable[int]]
log = logging.getLogger(__name__)


def webhook_app(take: Take, secret: str, path: str = "/telegram") -> Starlette:
    """The endpoint as an application; `take` stores updates and returns when they are safe.

    Refused: a wrong secret (403), over 1 MB (413), what is no JSON object with an update_id (400). While
    the database is away it answers 503, and Telegram tries again. Any number of processes may serve it.
    """

    async def receive(request: Request) -> Response:
        given = request.headers.get(SECRET_HEADER, "")
        if not hmac.compare_digest(given.encode(), secret.encode()):
            return PlainTextResponse("wrong secret", 403)
        try:
            update = json.loads(await _body(request))
        except _TooLargeError:
            return PlainTextResponse("too large", 413)
        except (ValueError, RecursionError, ClientDisconnect):
            return PlainTextResponse("no JSON", 400)
        if not isinstance(update, dict) or not isinstance(update.get("update_id"), int):
            return PlainTextResponse("no update", 400)
        try:
            await take([update])
        except Exception as error:
            log.error("an update could not be stored: %s", first_line(error))
            return PlainTextResponse("not stored, try again", 503)
        return PlainTextResponse("ok")

    return Starlette(routes=[Route(path, receive, methods=["POST"])])


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where the webhook is: the `url` that Telegram is told, and `host`, `port` and `path` to listen on."""

    url: str
    secret: str
    host: str = "127.0.0.1"
    port: int = 8443
    path: str = "/telegram"


def endpoint(webhook: Webhook, token: str) -> Endpoint | None:
    """The endpoint of the settings; None where the program polls.

    Without a secret of the settings it follows from the token, so that all processes have the same one.
    """
    if webhook.url is None:
        return None
    own = hmac.digest(token.encode(), b"the secret of the webhook", "sha256").hex()
    secret = webhook.secret.get_secret_value() if webhook.secret else own
    path = urlsplit(webhook.url).path or "/"
    return Endpoint(webhook.url, secret, webhook.host, webhook.port, path)


class WebhookServer:
    """Serves the endpoint and has Telegram post there. TLS is the business of the proxy in front of it."""

    def __init__(self, bot: Bot, take: Take, endpoint: Endpoint) -> None:
        self._bot, self._endpoint = bot, endpoint
        app = webhook_app(take, endpoint.secret, endpoint.path)
        self._server = WebServer(app, endpoint.host, endpoint.port)

    async def start(self) -> None:
        """Listen first, then ask for the updates; may be called again after a TelegramError.

        Raises OSError where it cannot listen, TelegramError where Telegram cannot be told.
        """
        place = self._endpoint
        self._server.start()
        await self._bot.set_webhook(
            place.url, secret_token=place.secret, allowed_updates=json.loads(KINDS), max_connections=40
        )

    async def stop(self) -> None:
        """Answer what has come in and listen no more; Telegram keeps the rest until the next start."""
        await self._server.stop()


class _TooLargeError(Exception):
    """The body is larger than any update."""


async def _body(request: Request) -> bytes:
    if int(request.headers.get("content-length") or 0) > LARGEST_BODY:
        raise _TooLargeError
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST_BODY:
            raise _TooLargeError
    return bytes(body)
