"""The SQLite driver: aiosqlite, with short statements run where they are asked for instead of in its thread.

A turn through the thread costs several times what most statements do, and a conversation is a dozen of
them. What waits for the disk or another process, or goes over many rows, still has its turn there; so has
one of many short ones in a row, since the event loop can do something else only then.
"""

import re
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

import aiosqlite
from sqlalchemy.exc import DBAPIError

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
_SHORT = ("cursor", "fetchall", "fetchone", "rollback")


class Connection(aiosqlite.Connection):
    """One connection to a file, for one transaction at a time."""

    def __init__(self, file: str, **options: Any) -> None:
        """`options` are those of `sqlite3.connect`; SQLAlchemy's let every thread use the connection."""
        super().__init__(lambda: sqlite3.connect(file, **options), iter_chunk_size=64)
        self._thread.daemon = True  # as SQLAlchemy does: a program that failed does not hang
        self._in_a_row = 0

    def run(self, statement: str, values: Sequence[Any] = ()) -> list[Any]:
        """One short statement in place, with nothing around it; its rows."""
        self._in_a_row += 1
        with _as_sqlalchemy_says(statement):
            return self._conn.execute(statement, values).fetchall()

    @property
    def hogs(self) -> bool:
        """Whether so many statements have followed each other that others should have their turn; once."""
        hogs = self._in_a_row > IN_A_ROW
        self._in_a_row *= not hogs
        return hogs

    async def begin(self) -> None:
        """Begin to write: in place where nobody else does, otherwise when they have ended."""
        self._conn.execute("PRAGMA busy_timeout = 0")
        try:
            self._conn.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError:
            self._conn.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")
            with _as_sqlalchemy_says("BEGIN IMMEDIATE"):
                await self.execute("BEGIN IMMEDIATE")
        else:
            self._conn.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")

    async def end(self) -> None:
        """Commit, in the thread, since it waits for the disk."""
        with _as_sqlalchemy_says("COMMIT"):
            await self.commit()

    @property
    def writes(self) -> bool:
        """Whether a transaction is open."""
        return self._connection is not None and self._connection.in_transaction

    async def _execute(self, fn: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        self._in_a_row += fn.__name__ == "execute"
        if self._in_a_row <= IN_A_ROW and self._connection and self._running and _is_short(fn, args):
            return fn(*args, **kwargs)
        self._in_a_row = 0
        return await super()._execute(fn, *args, **kwargs)  # type: ignore[no-untyped-call]


@contextmanager
def _as_sqlalchemy_says(statement: str) -> Iterator[None]:
    """Errors of the driver become those that everybody here knows."""
    try:
        yield
    except (sqlite3.Error, ValueError) as error:
        raise _error(statement, error) from error


def _error(statement: str, error: Exception) -> Exception:
    if isinstance(error, ValueError):  # the connection is closed
        error = sqlite3.OperationalError(*error.args)
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
