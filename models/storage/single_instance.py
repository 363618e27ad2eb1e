"""The single instance: on SQLite one process runs the bot, and a second one is refused."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager

from models.storage.database import Database


class InUseError(Exception):
    """Another process runs the bot on this SQLite file; stop that one first, or use PostgreSQL."""


@contextmanager
def sole_use(database: Database) -> Iterator[None]:
    """Hold the right to run the bot on this database; other commands need no such right.

    The lock is SQLite's own, on a small file beside the database, so that it ends with the process in any
    case. Raises InUseError. PostgreSQL serves any number of processes.
    """
    file = database.url.database
    # A database in memory belongs to this process anyway.
    if not database.sqlite or not file or file == ":memory:":
        yield
        return
    # A lock file with a process id would stay after a crash, and ids are reused.
    with closing(sqlite3.connect(f"{file}.run", timeout=0, isolation_level=None)) as lock:
        try:
            lock.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError as error:
            raise InUseError(InUseError.__doc__) from error
        yield
