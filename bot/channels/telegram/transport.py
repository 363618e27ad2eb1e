"""HTTP to the Bot API on aiohttp; tells an unsent request from an unanswered one."""

import json
import os
import re
import time
from contextvars import ContextVar
from types import SimpleNamespace
from typing import Any
from urllib.request import getproxies, proxy_bypass

import aiohttp
from telegram.error import NetworkError, TelegramError, TimedOut
from telegram.request import BaseRequest, RequestData

# Without it python-telegram-bot warns at every 429, and a warning may be an error.
os.environ.setdefault("PTB_TIMEDELTA", "1")

CONNECT_SECONDS = 5.0
READ_SECONDS = 10.0
UPLOAD_SECONDS = 60.0

write_by: ContextVar[float | None] = ContextVar("write_by", default=None)
"""The monotonic moment after which a request of this task must not be written any more."""


class NotSentError(NetworkError):
    """The request was not sent: the server cannot be reached."""


class OverdueError(NotSentError):
    """The request's deadline passed before it was written."""


class NoAnswerError(TimedOut):
    """The request was sent without a complete answer: its effect is unknown."""

    def __init__(self, message: str) -> None:
        super().__init__(message)


class AiohttpRequest(BaseRequest):
    """The HTTP backend of python-telegram-bot, with a pool of up to `connections` connections.

    Errors never contain the URL of a request, because the bot's token is part of it. Proxies are
    taken from the environment (HTTPS_PROXY, NO_PROXY) once a server: aiohttp would look them up for
    every request, with two thread switches and a file read.
    """

    __slots__ = ("_connections", "_proxies", "_read_seconds", "_session")

    def __init__(self, *, connections: int = 100, read_seconds: float = READ_SECONDS) -> None:
        self._connections = connections
        self._read_seconds = read_seconds
        self._session: aiohttp.ClientSession | None = None
        self._proxies: dict[str, str | None] = {}

    @property
    def read_timeout(self) -> float:
        """The default number of seconds to wait for an answer."""
        return self._read_seconds

    async def initialize(self) -> None:
        """Open the pool; the first request does the same."""
        self._open()

    async def shutdown(self) -> None:
        """Close all connections."""
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: Any = BaseRequest.DEFAULT_NONE,
        write_timeout: Any = BaseRequest.DEFAULT_NONE,
        connect_timeout: Any = BaseRequest.DEFAULT_NONE,
        pool_timeout: Any = BaseRequest.DEFAULT_NONE,  # noqa: ARG002
    ) -> tuple[int, bytes]:
        """Send one request; returns status and body. Raises NotSentError or NoAnswerError."""
        read = _parse_seconds(read_timeout, self._read_seconds)
        connect = _parse_seconds(connect_timeout, CONNECT_SECONDS)
        write = 0.0
        if request_data is not None and request_data.contains_files:
            write = _parse_seconds(write_timeout, UPLOAD_SECONDS)
        body, headers = _build_body(request_data)
        # `left` is set by the trace hook; it decides between "not sent" and "no answer" below.
        state = SimpleNamespace(left=False, write_by=write_by.get())
        try:
            async with self._open().request(
                method,
                url,
                data=body,
                headers=headers,
                timeout=aiohttp.ClientTimeout(
                    total=connect + write + read, connect=connect, sock_connect=connect
                ),
                # A redirect could carry the token in the URL to another host.
                allow_redirects=False,
                proxy=self._proxy(url),
                trace_request_ctx=state,
            ) as response:
                return response.status, await response.read()
        except (aiohttp.ClientError, OSError, TimeoutError) as error:
            kind = NoAnswerError if state.left else NotSentError
            # `from None`: the original error prints the URL, and with it the token.
            raise kind(_format_error(error)) from None

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """Parse the answer. Raises TelegramError for other content, such as a proxy's HTML page."""
        try:
            answer = json.loads(payload)
        except ValueError:
            raise TelegramError("the answer is no JSON") from None
        if not isinstance(answer, dict):
            raise TelegramError("the answer is no JSON object")
        return answer

    def _proxy(self, url: str) -> str | None:
        """Return the proxy for a URL, looked up once a server; None where it is reached directly."""
        # Scheme and host only: the rest of the URL contains the token.
        server = url[: url.find("/", len("https://"))]
        if server not in self._proxies:
            scheme, _, host = server.partition("://")
            self._proxies[server] = None if proxy_bypass(host) else getproxies().get(scheme)
        return self._proxies[server]

    def _open(self) -> aiohttp.ClientSession:
        if self._session is None:
            trace = aiohttp.TraceConfig()
            # With a connection in hand a request counts as sent, because part of it may have left.
            trace.on_connection_create_end.append(_mark_as_sent)
            trace.on_connection_reuseconn.append(_mark_as_sent)
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=self._connections, keepalive_timeout=30.0),
                headers={"User-Agent": self.USER_AGENT},
                trace_configs=[trace],
                # The Bot API sets no cookies.
                cookie_jar=aiohttp.DummyCookieJar(),
            )
        return self._session


async def _mark_as_sent(_session: aiohttp.ClientSession, context: SimpleNamespace, _params: Any) -> None:
    """Mark the request as sent once it has a connection. Raises OverdueError when too late."""
    state = context.trace_request_ctx
    if state.write_by is not None and time.monotonic() > state.write_by:
        raise OverdueError("its time was over before it was written")
    state.left = True


def _parse_seconds(value: Any, default: float) -> float:
    return float(value) if isinstance(value, int | float) else default


def _build_body(request_data: RequestData | None) -> tuple[Any, dict[str, str]]:
    """Encode the parameters as JSON, or as a multipart form where there are files."""
    if request_data is None or not request_data.parameters:
        return None, {}
    if not request_data.contains_files:
        return json.dumps(request_data.parameters).encode(), {"Content-Type": "application/json"}
    # Unquoted, because Telegram does not decode percent signs in Chinese file names.
    form = aiohttp.FormData(quote_fields=False)
    for name, value in request_data.json_parameters.items():
        form.add_field(name, value)
    for name, (filename, content, kind) in request_data.multipart_data.items():
        form.add_field(name, content, filename=filename, content_type=kind)
    return form, {}


def _format_error(error: BaseException) -> str:
    text = re.sub(r"/bot[^/\s]*", "/bot…", str(error))
    return f"{type(error).__name__}: {text}" if text else type(error).__name__
