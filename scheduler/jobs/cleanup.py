"""Cleanup: deletes what may no longer be kept, once an hour."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from models.privacy import retention
from models.storage.database import Database

EVERY_S = 3600.0


@dataclass
class Cleanup:
    """Deletes old data; `tick` may be called at any rate. `now` is the civil clock."""

    database: Database
    now: Callable[[], datetime]
    keep_days: int
    monotonic: Callable[[], float] = time.monotonic
    _next: float = field(default=0.0, init=False)

    def tick(self) -> None:
        """Delete what has become too old, once an hour."""
        if self.monotonic() < self._next:
            return
        self._next = self.monotonic() + EVERY_S
        machine = datetime.now(UTC)
        civil = min(self.now(), machine)  # a rehearsal of a day to come must not empty what is real
        with self.database.begin() as session:
            retention.delete_expired(session, civil=civil, machine=machine, keep_days=self.keep_days)
