"""The civil clock: the wall clock of the zone, or one that was set to another moment and runs on."""

import time
from datetime import datetime
from zoneinfo import ZoneInfo


class CivilClock:
    """Local time for rules and slots; leases, limits and timeouts never look at it."""

    def __init__(self, zone: ZoneInfo, start: datetime | None = None) -> None:
        self.zone = zone
        self._set: tuple[datetime, float] | None = None
        if start is not None:
            self.set(start)

    def now(self) -> datetime:
        """The civil moment, aware of its zone."""
        if self._set is None:
            return datetime.now(self.zone)
        start, since = self._set
        return datetime.fromtimestamp(start.timestamp() + time.monotonic() - since, self.zone)

    def set(self, moment: datetime) -> None:
        """Go on from this moment at normal speed; a moment without a zone is local."""
        local = moment if moment.tzinfo is not None else moment.replace(tzinfo=self.zone)
        self._set = (local, time.monotonic())
