"""The leader: of several processes on one database one plans, and is replaced when it ends."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from models.delivery import leases
from models.delivery.presence import get_presence
from models.storage.database import Database

PLAN = "plan"
SECONDS = 20.0
# Well before the lease ends, so that one slow commit does not cost the lead.
RENEWED_AFTER = 5.0


@dataclass
class Leadership:
    """A lease that is held while it is asked for; on SQLite the one process is always leader."""

    database: Database
    name: str = PLAN
    monotonic: Callable[[], float] = time.monotonic
    _me: str = field(default="", init=False)
    _mine: bool = field(default=False, init=False)
    _ask_again: float = field(default=0.0, init=False)

    def mine(self) -> bool:
        """Whether this process is the leader; asks the database every few seconds."""
        if self.database.sqlite:
            return True
        if self.monotonic() >= self._ask_again:
            self._mine = self._take()
            # A process without the lead asks each second, so that planning goes on soon after the leader
            # ends.
            self._ask_again = self.monotonic() + (RENEWED_AFTER if self._mine else 1.0)
        return self._mine

    def give_back(self) -> None:
        """Release the lease, so that another process may take it at once."""
        if self._mine and not self.database.sqlite:
            with self.database.begin() as session:
                leases.release_lease(session, self.name, self._me)

    def _take(self) -> bool:
        """Take or renew the lease; True when this process holds it."""
        here = get_presence(self.database)
        self._me = self._me or here.create_lease_name()
        with self.database.begin() as session:
            now = self.database.now(session)
            holder = leases.find_holder(session, self.name, now=now)
            others = [holder] if holder not in (None, self._me) else []
            dead = here.list_dead(session, [name for name in others if name])
            return leases.take_lease(session, self.name, self._me, now=now, seconds=SECONDS, dead=dead)
