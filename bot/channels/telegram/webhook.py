"""The webhook: an HTTP endpoint that stores an update before it answers 200."""

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

from bot.channels.telegram.polling import UPDATE_KINDS
from bot.settings.sections import Webhook
from bot.web.server import WebServer
from models.storage.errors import format_first_line

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105
LARGEST_BODY = 2**20

Take = Callable[[Sequence[Any]], Awaitable[int]]
log = logging.getLogger(__name__)


def build_webhook_app(take: Take, secret: str, path: str = "/telegram") -> Starlette:
    """Build the endpoint; `take` stores updates and returns after the commit.

    Answers 403 for a wrong secret, 413 for a body over 1 MB, 400 for a body that is no JSON object with an
    update_id, and 503 while the database is unreachable, so that Telegram tries again. Any number of
    processes may serve it.
    """

    async def receive(request: Request) -> Response:
        given = request.headers.get(SECRET_HEADER, "")
        # Constant time: the duration of a comparison must not reveal the secret.
        if not hmac.compare_digest(given.encode(), secret.encode()):
            return PlainTextResponse("wrong secret", 403)
        try:
            update = json.loads(await _read_body(request))
        except _TooLargeError:
            return PlainTextResponse("too large", 413)
        except (ValueError, RecursionError, ClientDisconnect):
            return PlainTextResponse("no JSON", 400)
        # Without an id an update cannot be stored once; Telegram never posts such a body.
        if not isinstance(update, dict) or not isinstance(update.get("update_id"), int):
            return PlainTextResponse("no update", 400)
        try:
            await take([update])
        except Exception as error:
            log.error("an update could not be stored: %s", format_first_line(error))
            return PlainTextResponse("not stored, try again", 503)
        return PlainTextResponse("ok")

    return Starlette(routes=[Route(path, receive, methods=["POST"])])


@dataclass(frozen=True, slots=True)
class Endpoint:
    """The address of the webhook: the public `url`, and `host`, `port` and `path` to listen on."""

    url: str
    secret: str
    host: str = "127.0.0.1"
    port: int = 8443
    path: str = "/telegram"


def get_endpoint(webhook: Webhook, token: str) -> Endpoint | None:
    """Return the endpoint of the settings; None where the program polls.

    Without a configured secret it is derived from the token, so that all processes share one.
    """
    if webhook.url is None:
        return None
    # One-way: the secret travels in a header, and the token must not follow from it.
    own = hmac.digest(token.encode(), b"the secret of the webhook", "sha256").hex()
    secret = webhook.secret.get_secret_value() if webhook.secret else own
    path = urlsplit(webhook.url).path or "/"
    return Endpoint(webhook.url, secret, webhook.host, webhook.port, path)


class WebhookServer:
    """Serves the endpoint and registers it with Telegram; a proxy in front terminates TLS."""

    def __init__(self, bot: Bot, take: Take, endpoint: Endpoint) -> None:
        self._bot, self._endpoint = bot, endpoint
        app = build_webhook_app(take, endpoint.secret, endpoint.path)
        self._server = WebServer(app, endpoint.host, endpoint.port)

    async def start(self) -> None:
        """Listen, then register the webhook; may be called again after a TelegramError.

        Raises OSError where the port is taken, TelegramError where Telegram cannot be reached.
        """
        endpoint = self._endpoint
        self._server.start()
        await self._bot.set_webhook(
            endpoint.url,
            secret_token=endpoint.secret,
            allowed_updates=json.loads(UPDATE_KINDS),
            max_connections=40,
        )

    async def stop(self) -> None:
        """Answer the requests under way and stop listening; Telegram keeps further updates."""
        await self._server.stop()


class _TooLargeError(Exception):
    """The body is larger than any update."""


async def _read_body(request: Request) -> bytes:
    """Read the body. Raises _TooLargeError as soon as it exceeds the limit."""
    # A header may lie or be missing, so the stream is measured as well.
    if int(request.headers.get("content-length") or 0) > LARGEST_BODY:
        raise _TooLargeError
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST_BODY:
            raise _TooLargeError
    return bytes(body)
