"""Duty: of several processes on one database one plans; another takes over when it has ended."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from models.delivery import leases
from models.delivery.presence import presence
from models.storage.database import Database

PLAN = "plan"
SECONDS = 20.0
RENEWED_AFTER = 5.0


@dataclass
class Duty:
    """Holds a lease while it is asked for; nobody else uses a SQLite file, and there it is always ours."""

    database: Database
    name: str = PLAN
    monotonic: Callable[[], float] = time.monotonic
    _me: str = field(default="", init=False)
    _mine: bool = field(default=False, init=False)
    _ask_again: float = field(default=0.0, init=False)

    def mine(self) -> bool:
        """Whether it is this process's duty now; asks the database every few seconds."""
        if self.database.sqlite:
            return True
        if self.monotonic() >= self._ask_again:
            self._mine = self._take()
            self._ask_again = self.monotonic() + (RENEWED_AFTER if self._mine else 1.0)
        return self._mine

    def give_back(self) -> None:
        """Somebody else may take it over at once."""
        if self._mine and not self.database.sqlite:
            with self.database.begin() as session:
                leases.release(session, self.name, self._me)

    def _take(self) -> bool:
        here = presence(self.database)
        self._me = self._me or here.lease_name()
        with self.database.begin() as session:
            now = self.database.now(session)
            holder = leases.holder(session, self.name, now=now)
            others = [holder] if holder not in (None, self._me) else []
            dead = here.dead(session, [name for name in others if name])
            return leases.take(session, self.name, self._me, now=now, seconds=SECONDS, dead=dead)
