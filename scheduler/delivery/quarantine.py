"""Being alone: what a crash left behind is tried while this process claims and handles nothing else.

Otherwise a crash could not be laid at anybody's door, and a few of them would bury innocent rows.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from contextvars import ContextVar
from weakref import WeakKeyDictionary

from models.storage.database import Database

_inside: ContextVar[bool] = ContextVar("inside", default=False)


class Turns:
    """One suspect at a time, and nothing begun beside it."""

    def __init__(self) -> None:
        self._lock = asyncio.Lock()

    @asynccontextmanager
    async def one(self) -> AsyncIterator[None]:
        """Begin nothing else meanwhile; what is called from inside belongs to it."""
        if _inside.get():
            yield
            return
        async with self._lock:
            before = _inside.set(True)
            try:
                yield
            finally:
                _inside.reset(before)


_TURNS: WeakKeyDictionary[Database, Turns] = WeakKeyDictionary()


def turns(database: Database) -> Turns:
    """The turns of this process on a database: its dispatcher and its intake share them."""
    return _TURNS.setdefault(database, Turns())
