"""Presence: which of the processes on one PostgreSQL database are alive.

Each process holds an advisory lock on a connection of its own; the server frees it as soon as the process
ends. What a dead process left is then recovered within seconds, not only when its leases expire. A process
that is merely paused keeps its lock, and its leases decide. SQLite serves one running process: any other
holder has ended.
"""

import logging
import os
import socket
import threading
import time
import uuid
import zlib
from collections.abc import Callable, Iterable
from itertools import count
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, text
from sqlalchemy.orm import Session

from models.storage.database import Database
from models.storage.errors import first_line

# Seconds for which a process must be missing: after a restart of the server all have to reconnect first.
GRACE = 3.0
CHECK_SECONDS = 2.0

_HOLD = text("SELECT pg_advisory_lock(7411904, :key)")
_FREE = text("SELECT pg_try_advisory_xact_lock(7411904, :key)")
_STILL = text("SELECT 1")
log = logging.getLogger(__name__)


class Presence:
    """This process among those on its database; `name` begins the names of all its leases."""

    def __init__(self, database: Database) -> None:
        self._engine, self._sqlite, self._closers = database.engine, database.sqlite, database.closers
        self.name = f"{socket.gethostname()}:{os.getpid()}:{uuid.uuid4().hex[:8]}"
        self._numbers = count(1)
        self.monotonic: Callable[[], float] = time.monotonic
        self._missing: dict[str, float] = {}
        self._thread: threading.Thread | None = None
        self._beginning, self._ended = threading.Lock(), threading.Event()

    def lease_name(self) -> str:
        """A name for one holder of leases in this process."""
        return f"{self.name}/{next(self._numbers)}"

    def dead(self, session: Session, holders: Iterable[str]) -> list[str]:
        """Those of these holders whose process has certainly ended."""
        if self._sqlite:
            return [holder for holder in holders if _process(holder) != self.name]
        self._begin()
        now = self.monotonic()
        for process in {_process(holder) for holder in holders} - {self.name}:
            if session.scalar(_FREE, {"key": _key(process)}):
                # This machine's process table is proof enough; elsewhere the lock must be free for GRACE
                # seconds.
                self._missing.setdefault(process, now - GRACE if _ended_here(process) else now)
            else:
                self._missing.pop(process, None)
        return [holder for holder in holders if now - self._missing.get(_process(holder), now) >= GRACE]

    def _begin(self) -> None:
        """Start the thread that holds the lock, once."""
        with self._beginning:
            if self._thread is None:
                self._thread = threading.Thread(target=self._hold, name="presence", daemon=True)
                self._thread.start()
                self._closers.append(self._end)

    def _end(self) -> None:
        """End the thread."""
        self._ended.set()
        if self._thread is not None:
            self._thread.join()

    def _hold(self) -> None:
        """Hold the lock until the end, on a new connection whenever one is lost."""
        while not self._ended.is_set():
            try:
                with self._engine.connect() as connection:
                    self._hold_on(connection)
            except Exception as error:  # the server is away; the lock is taken again when it is back
                log.warning("the connection that shows this process alive was lost: %s", first_line(error))
                self._ended.wait(0.25)

    def _hold_on(self, connection: Connection) -> None:
        # A transaction that stays open would keep the server from vacuuming.
        """Hold the lock on this connection and check that it is alive."""
        own = connection.execution_options(isolation_level="AUTOCOMMIT")
        own.execute(_HOLD, {"key": _key(self.name)})
        while not self._ended.wait(CHECK_SECONDS):
            own.execute(_STILL)


_PRESENCES: WeakKeyDictionary[Database, Presence] = WeakKeyDictionary()


def presence(database: Database) -> Presence:
    """The presence of this process on a database; there is one for each Database."""
    if database not in _PRESENCES:
        _PRESENCES[database] = Presence(database)
    return _PRESENCES[database]


def _process(holder: str) -> str:
    """The process of a holder."""
    return holder.partition("/")[0]


def _ended_here(process: str) -> bool:
    """Whether the process ran on this machine and its number is free again."""
    host, _, rest = process.partition(":")
    number = rest.partition(":")[0]
    if os.name != "posix" or host != socket.gethostname() or not number.isdigit():
        return False
    try:
        # Signal 0 sends nothing; it only checks whether the process exists.
        os.kill(int(number), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return False


def _key(process: str) -> int:
    # Advisory locks are numbers; a collision only makes a dead process look alive until its leases expire.
    """The number of a process's lock."""
    return zlib.crc32(process.encode()) & 0x7FFFFFFF
