"""The web endpoint of the running bot: calendar feeds under secret addresses."""

import asyncio
import hashlib
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from bot.settings import Dashboard, Web
from models import agenda, feeds
from models.database import Database
from models.rules.feed_events import feed_events
from models.rules.ical import DayEvent, ical
from models.rules.rulebook import Rulebook

PATH = "/calendar/{token}.ics"
BACK, AHEAD = timedelta(days=60), timedelta(days=400)
HEADERS = {
    "Cache-Control": "private, max-age=1800",
    "X-Robots-Tag": "noindex",
    "Referrer-Policy": "no-referrer",
    "Content-Disposition": 'inline; filename="qingli.ics"',
}


def address(web: Web, token: str) -> str:
    """Where a feed is read from: under the public root of the settings, else on this machine."""
    root = web.root or f"http://{web.host}:{web.port}"
    return root + PATH.format(token=token)


def web_app(database: Database, rules: Callable[[], Rulebook], now: Callable[[], datetime]) -> Starlette:
    """The endpoint as an application. An address that is unknown or was revoked is 404."""

    async def feed(request: Request) -> Response:
        today = now().date()
        async with database.read() as session:
            organization = await feeds.organization_of(session, request.path_params["token"])
            if organization is None:
                return PlainTextResponse("not found", 404)
            shown = await agenda.show(session, rules(), *window(today), organization_id=organization)
        name = shown.names.get(organization, "")
        events = feed_events(shown.days, shown.due, rules(), shown.names, shown.changes)
        tag = _tag(name, events)
        if tag in request.headers.get("if-none-match", ""):
            return Response(status_code=304, headers={"ETag": tag, **HEADERS})
        text = ical(f"{name} · 清历", events, datetime.now(UTC))
        return Response(text, media_type="text/calendar", headers={"ETag": tag, **HEADERS})

    return Starlette(routes=[Route(PATH, feed)])


def window(today: date) -> tuple[date, date]:
    """Whole years, so that what is counted within a year has the same ids on every day."""
    return date((today - BACK).year, 1, 1), date((today + AHEAD).year, 12, 31)


def _tag(name: str, events: list[DayEvent]) -> str:
    return f'"{hashlib.sha256(repr((name, events)).encode()).hexdigest()[:32]}"'


class WebServer:
    """Serves an application while the program runs. TLS is the business of the proxy in front of it."""

    def __init__(self, app: Starlette, place: Web | Dashboard) -> None:
        self._place = place
        self.port = place.port
        config = uvicorn.Config(
            app, log_level="warning", access_log=False, lifespan="off", timeout_graceful_shutdown=5
        )
        self._server = _Server(config)
        self._serving: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Listen; raises OSError where the port is taken."""
        family = socket.AF_INET6 if ":" in self._place.host else socket.AF_INET
        listener = socket.create_server((self._place.host, self._place.port), family=family)
        self.port = listener.getsockname()[1]
        self._serving = asyncio.create_task(self._server.serve([listener]))

    async def stop(self) -> None:
        """Finish what is being answered and listen no more."""
        self._server.should_exit = True
        if self._serving is not None:
            await asyncio.wait([self._serving])


class _Server(uvicorn.Server):
    """A server inside a program, to which the signals belong."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield
