"""The web endpoint for calendar feeds under secret addresses."""

import hashlib
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

from sqlalchemy.orm import Session
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from bot.web.addresses import FEED_PATH
from models.records import agenda
from models.register import feeds
from models.rules.output.feed_events import create_feed_events
from models.rules.output.icalendar import DayEvent, format_calendar
from models.rules.requirements.rulebook import Rulebook
from models.storage.database import Database

BACK, AHEAD = timedelta(days=60), timedelta(days=400)
HEADERS = {
    "Cache-Control": "private, max-age=1800",
    "X-Robots-Tag": "noindex",
    "Referrer-Policy": "no-referrer",
    "Content-Disposition": 'inline; filename="qingli.ics"',
}


def build_feed_app(
    database: Database, rules: Callable[[], Rulebook], now: Callable[[], datetime]
) -> Starlette:
    """Build the endpoint. An unknown or revoked address is 404."""

    async def feed(request: Request) -> Response:
        return await database.fetch(show, request)

    def show(session: Session, request: Request) -> Response:
        organization = feeds.find_organization(session, request.path_params["token"])
        if organization is None:
            return PlainTextResponse("not found", 404)
        shown = agenda.load_agenda(session, rules(), *get_window(now().date()), organization_id=organization)
        name = shown.names.get(organization, "")
        events = create_feed_events(shown.days, shown.due, rules(), shown.names, shown.changes)
        tag = _build_tag(name, events)
        # The header may list several tags, or a weak one `W/"…"`.
        if tag in request.headers.get("if-none-match", ""):
            # Calendar programs ask every half hour; most answers need no body.
            return Response(status_code=304, headers={"ETag": tag, **HEADERS})
        text = format_calendar(f"{name} · 清历", events, datetime.now(UTC))
        return Response(text, media_type="text/calendar", headers={"ETag": tag, **HEADERS})

    return Starlette(routes=[Route(FEED_PATH, feed)])


def get_window(today: date) -> tuple[date, date]:
    """Return whole years, so that events numbered within a year keep their ids every day."""
    return date((today - BACK).year, 1, 1), date((today + AHEAD).year, 12, 31)


def _build_tag(name: str, events: list[DayEvent]) -> str:
    return f'"{hashlib.sha256(repr((name, events)).encode()).hexdigest()[:32]}"'
