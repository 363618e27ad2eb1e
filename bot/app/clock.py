"""The civil clock: the wall clock of a zone, or a clock set to another moment."""

import time
from datetime import datetime
from zoneinfo import ZoneInfo


class CivilClock:
    """Local time for rules and slots; leases, limits and timeouts use the machine clock."""

    def __init__(self, zone: ZoneInfo, start: datetime | None = None) -> None:
        self.zone = zone
        self._set: tuple[datetime, float] | None = None
        if start is not None:
            self.set(start)

    def now(self) -> datetime:
        """Return the civil moment as an aware datetime in the clock's zone."""
        if self._set is None:
            return datetime.now(self.zone)
        start, since = self._set
        # On the monotonic clock, so that a correction of the system time does not move a set clock.
        return datetime.fromtimestamp(start.timestamp() + time.monotonic() - since, self.zone)

    def set(self, moment: datetime) -> None:
        """Continue from this moment at normal speed; a moment without a zone is local."""
        local = moment if moment.tzinfo is not None else moment.replace(tzinfo=self.zone)
        self._set = (local, time.monotonic())
