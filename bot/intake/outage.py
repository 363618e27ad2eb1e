"""Detects that updates could not arrive for longer than Telegram keeps them."""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from sqlalchemy.orm import Session

from models.delivery import heartbeats, incidents
from models.storage.database import Database

KEPT = timedelta(hours=24)
EVERY_S = 60.0


class Hearing:
    """Records a heartbeat while updates can arrive; too long a gap becomes an incident."""

    def __init__(
        self,
        database: Database,
        bot_id: int,
        *,
        wall: Callable[[], datetime] = lambda: datetime.now(UTC),
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._database, self._mark = database, heartbeats.heard(bot_id)
        self._wall, self._monotonic = wall, monotonic
        self._next = 0.0

    async def note(self) -> None:
        """Record that updates can arrive; writes at most once a minute, so call it freely."""
        # On the monotonic clock, since a correction of the wall clock could stop the heartbeats.
        if self._monotonic() < self._next:
            return
        at = self._wall()
        await self._database.run(self._note, at)
        self._next = self._monotonic() + EVERY_S

    def _note(self, session: Session, at: datetime) -> None:
        """Store the heartbeat, and an incident where the previous one is older than 24 hours."""
        before = heartbeats.last(session, self._mark)
        # Compare and set: of several processes one stores the heartbeat, and one the incident.
        mine = heartbeats.put(session, self._mark, at, before=before)
        if mine and before is not None and at - before > KEPT:
            span = {"since": before.isoformat(), "until": at.isoformat()}
            incidents.note(session, incidents.Kind.SILENCE, **span)
