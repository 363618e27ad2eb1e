"""Detects that updates could not arrive for longer than Telegram keeps them."""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from sqlalchemy.orm import Session

from models.delivery import heartbeats, incidents
from models.storage.database import Database

TELEGRAM_KEEPS = timedelta(hours=24)
HEARTBEAT_SECONDS = 60.0


class OutageWatch:
    """Records a heartbeat while updates can arrive; too long a gap becomes an incident."""

    def __init__(
        self,
        database: Database,
        bot_id: int,
        *,
        wall: Callable[[], datetime] = lambda: datetime.now(UTC),
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._database, self._mark = database, heartbeats.format_updates_name(bot_id)
        self._wall, self._monotonic = wall, monotonic
        self._next = 0.0

    async def note(self) -> None:
        """Record that updates can arrive; writes at most once a minute, so call it freely."""
        # On the monotonic clock, since a correction of the wall clock could stop the heartbeats.
        if self._monotonic() < self._next:
            return
        at = self._wall()
        await self._database.run(self._note, at)
        self._next = self._monotonic() + HEARTBEAT_SECONDS

    def _note(self, session: Session, at: datetime) -> None:
        """Store the heartbeat, and an incident where the previous one is older than 24 hours."""
        before = heartbeats.find_heartbeat(session, self._mark)
        # Compare and set: of several processes one stores the heartbeat, and one the incident.
        mine = heartbeats.set_heartbeat(session, self._mark, at, before=before)
        if mine and before is not None and at - before > TELEGRAM_KEEPS:
            span = {"since": before.isoformat(), "until": at.isoformat()}
            incidents.record_incident(session, incidents.IncidentKind.SILENCE, **span)
