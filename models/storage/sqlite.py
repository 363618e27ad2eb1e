"""The SQLite driver: aiosqlite, with short statements run where they are asked for instead of in its thread.

A turn through the thread costs several times what most statements do, and a conversation is a dozen of
them. What waits for the disk or another process, or goes over many rows, still has its turn there; so has
one of many short ones in a row, since the event loop can do something else only then.
"""

import asyncio
import re
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import lru_cache
from typing import Any

import aiosqlite
from sqlalchemy.dialects import sqlite
from sqlalchemy.exc import DBAPIError, OperationalError

LONG = "/* long */"
"""A prefix for a statement that goes over many rows without showing it by its form."""
FEW = 20
"""So many rows at once are still short."""
IN_A_ROW = 50
"""So many statements, some ten milliseconds of them, may follow each other in place."""

_LONG = re.compile(
    r"\s*(?:(?:BEGIN IMMEDIATE|COMMIT|DELETE|VACUUM|PRAGMA|CREATE|DROP|INSERT\b.*\bSELECT)\b"
    rf"|\w+ {re.escape(LONG)})",
    re.I | re.S,
)
BUSY_TIMEOUT_MS = 5_000
BEGIN, PATIENCE = "BEGIN IMMEDIATE", f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}"
_SHORT = ("cursor", "fetchall", "fetchone", "rollback")


class File(sqlite3.Connection):
    """SQLite's own connection; closing it frees the lock it writes under, whatever still refers to it."""

    def close(self) -> None:
        """A statement that was never read to its end would keep the transaction open otherwise."""
        with suppress(sqlite3.Error):
            self.rollback()
        super().close()


class Connection(aiosqlite.Connection):
    """One connection to a file, for one transaction at a time."""

    dialect = sqlite.dialect()

    def __init__(self, file: str, **options: Any) -> None:
        """`options` are those of `sqlite3.connect`; SQLAlchemy's let every thread use the connection."""
        super().__init__(lambda: sqlite3.connect(file, factory=File, **options), iter_chunk_size=64)
        self._thread.daemon = True  # as SQLAlchemy does: a program that failed does not hang
        self._in_a_row = 0

    def run(self, statement: str, values: Sequence[Any] = ()) -> list[Any]:
        """One short statement in place, with nothing around it; its rows. Raises DBAPIError."""
        self._in_a_row += 1
        if self._connection is None:
            raise _as_sqlalchemy_says(statement, sqlite3.OperationalError("the connection is closed"))
        try:
            return self._connection.execute(statement, values).fetchall()
        except sqlite3.Error as error:
            raise _as_sqlalchemy_says(statement, error) from error

    async def fetch(self, statement: str, values: Sequence[Any]) -> list[Any]:
        """`run`, inside the transaction; after many in a row others have their turn before."""
        connection = self._connection
        if connection is None or not connection.in_transaction:
            # By itself SQLite would keep what comes after a transaction that it took back.
            raise _as_sqlalchemy_says(statement, sqlite3.OperationalError("the transaction is over"))
        if self._in_a_row > IN_A_ROW:
            self._in_a_row = 0
            await asyncio.sleep(0)
        return self.run(statement, values)

    async def fetch_each(self, statement: str, rows: Sequence[Sequence[Any]]) -> list[Any]:
        """One short statement for each of these values; the rows of all."""
        return [row for values in rows for row in await self.fetch(statement, values)]

    async def begin(self) -> None:
        """Begin to write: in place where nobody else does, otherwise when they have ended."""
        self.run("PRAGMA busy_timeout = 0")
        try:
            self.run(BEGIN)
        except OperationalError:
            self.run(PATIENCE)
            await self._in_thread(BEGIN)
        else:
            self.run(PATIENCE)

    async def commit_all(self) -> None:
        """Commit, in the thread, since it waits for the disk."""
        await self._in_thread("COMMIT")

    async def _in_thread(self, statement: str) -> None:
        try:
            await self.execute(statement)
        except ValueError as error:  # the connection was closed meanwhile
            raise _as_sqlalchemy_says(statement, sqlite3.OperationalError(*error.args)) from error
        except sqlite3.Error as error:
            raise _as_sqlalchemy_says(statement, error) from error

    @property
    def writes(self) -> bool:
        """Whether a transaction is open."""
        with suppress(sqlite3.ProgrammingError):  # it is being closed in the thread
            return self._connection is not None and self._connection.in_transaction
        return False

    async def _execute(self, fn: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        self._in_a_row += fn.__name__ == "execute"
        if self._in_a_row <= IN_A_ROW and self._connection and self._running and _is_short(fn, args):
            return fn(*args, **kwargs)
        self._in_a_row = 0
        return await super()._execute(fn, *args, **kwargs)  # type: ignore[no-untyped-call]


def _as_sqlalchemy_says(statement: str, error: sqlite3.Error) -> Exception:
    """An error of the driver as everybody here knows it; without the values, which hold what people wrote."""
    return DBAPIError.instance(statement, None, error, sqlite3.Error, hide_parameters=True)


def _is_short(fn: Callable[..., Any], args: tuple[Any, ...]) -> bool:
    name = fn.__name__
    if name == "execute":
        return not _is_long(args[0])
    if name == "executemany":
        return len(args[1]) <= FEW and not _is_long(args[0])
    return name in _SHORT or (name == "close" and isinstance(getattr(fn, "__self__", None), sqlite3.Cursor))


@lru_cache(maxsize=2048)
def _is_long(statement: str) -> bool:
    return _LONG.match(statement) is not None
