"""Quarantine: a row that a crash left behind is tried while nothing else is in progress.

Otherwise a crash could not be attributed to a row, and a few crashes would close innocent rows.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from contextvars import ContextVar
from weakref import WeakKeyDictionary

from models.storage.database import Database

_inside: ContextVar[bool] = ContextVar("inside", default=False)


class QuarantineLock:
    """A lock: one quarantined row at a time, and nothing else beside it."""

    def __init__(self) -> None:
        self._lock = asyncio.Lock()

    @asynccontextmanager
    async def one(self) -> AsyncIterator[None]:
        """Hold the lock; a call from inside does not wait for it again."""
        # `asyncio.Lock` is not reentrant: a call from inside would wait for itself.
        if _inside.get():
            yield
            return
        async with self._lock:
            before = _inside.set(True)
            try:
                yield
            finally:
                _inside.reset(before)


# Weak references: a Database that is no longer used is freed.
_LOCKS: WeakKeyDictionary[Database, QuarantineLock] = WeakKeyDictionary()


def get_quarantine_lock(database: Database) -> QuarantineLock:
    """The lock of this process on a database, shared by its dispatcher and its inbox worker."""
    return _LOCKS.setdefault(database, QuarantineLock())
