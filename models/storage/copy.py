"""Copies a whole database, from either engine to either, compared by counts and checksums.

Tables of the machine are left out: leases, sending budgets and heartbeats.
"""

import hashlib
import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, Table, bindparam, func, insert, select, text, update

from models.storage.database import Database
from models.tables.base import Base

# Their values mean nothing on another machine: they hold its clock and its processes.
MACHINE = frozenset({"leases", "budgets", "marks"})
AT_ONCE = 500


class NotEqualError(Exception):
    """The copy is not equal to what was copied; nothing was kept, please try again and report it."""


class NotEmptyError(Exception):
    """The database to restore into is not empty; name an empty one."""


@dataclass(frozen=True, slots=True)
class Content:
    """The number of rows of a table, and a SHA-256 over all of them."""

    rows: int
    checksum: str


Contents = dict[str, Content]


def tables() -> list[Table]:
    """The tables that are copied; a table comes after those that it refers to."""
    return [table for table in Base.metadata.sorted_tables if table.name not in MACHINE]


@contextmanager
def snapshot(database: Database) -> Iterator[Connection]:
    """A view of the whole database at one moment; it blocks no writer."""
    with database.engine.connect() as connection:
        if not database.sqlite:
            # The default, READ COMMITTED, would show each statement a different moment.
            connection.execution_options(isolation_level="REPEATABLE READ")
        # A snapshot is taken by the first statement that reads, not by BEGIN.
        connection.execute(text("SELECT 1 FROM chats LIMIT 1"))
        yield connection


@contextmanager
def writing(database: Database) -> Iterator[Connection]:
    """One transaction for the whole copy; a process that ends inside leaves nothing."""
    with database.engine.connect() as connection:
        if database.sqlite:
            # A transaction that begins by reading may fail with "database is locked" at its first write.
            connection.execution_options(begin="IMMEDIATE")
        with connection.begin():
            yield connection


def copy(source: Connection, target: Connection) -> Contents:
    """Copy every row; returns what the source holds. Raises NotEmptyError and NotEqualError."""
    for table in tables():
        if target.scalar(select(func.count()).select_from(table)):
            raise NotEmptyError(NotEmptyError.__doc__)
    copied = {table.name: _copy_table(source, target, table) for table in tables()}
    # Read back from the target: only this shows that types and encodings survived.
    if copied != contents(target):
        raise NotEqualError(NotEqualError.__doc__)
    return copied


def contents(connection: Connection) -> Contents:
    """Counts and checksums of all tables, read without loading a whole table."""
    found = {}
    for table in tables():
        digest = _Digest()
        for rows in _rows(connection, table):
            digest.add(rows)
        found[table.name] = digest.content()
    return found


def continue_numbering(connection: Connection) -> None:
    """Set PostgreSQL's sequences behind the highest copied id."""
    for table in tables():
        if "id" in table.columns:
            name = table.name
            # The name is one of our own tables'.
            statement = f"SELECT setval(pg_get_serial_sequence('{name}', 'id'), (SELECT max(id) FROM {name}))"  # noqa: S608
            # An empty table has no highest id; its sequence stays as it is.
            if connection.scalar(select(func.max(table.c.id))):
                connection.execute(text(statement))


def _copy_table(source: Connection, target: Connection, table: Table) -> Content:
    """Copy one table; references within it are set last, when all of its rows exist."""
    digest = _Digest()
    later = [key.parent.name for key in table.foreign_keys if key.column.table is table]
    references: list[dict[str, Any]] = []
    for rows in _rows(source, table):
        digest.add(rows)
        target.execute(insert(table), [dict(row) | dict.fromkeys(later) for row in rows])
        references += [{"_id": row["id"], **{name: row[name] for name in later}} for row in rows if later]
    if references:
        own: dict[str, Any] = {name: bindparam(name) for name in later}
        target.execute(update(table).where(table.c.id == bindparam("_id")).values(own), references)
    return digest.content()


def _rows(connection: Connection, table: Table) -> Iterator[Sequence[RowMapping]]:
    """The rows of a table in portions, ordered by primary key."""
    query = select(table).order_by(*table.primary_key.columns)
    # PostgreSQL would send the whole table at once without a server-side cursor.
    result = connection.execute(query, execution_options={"stream_results": True})
    yield from result.mappings().partitions(AT_ONCE)


class _Digest:
    """Counts rows and hashes them; both engines have to give the same."""

    def __init__(self) -> None:
        self._hash = hashlib.sha256()
        self._count = 0

    def add(self, rows: Sequence[RowMapping]) -> None:
        """Add rows as JSON with sorted column names."""
        for row in rows:
            line = json.dumps([row[name] for name in sorted(map(str, row))], default=_plain, sort_keys=True)
            self._hash.update(line.encode())
        self._count += len(rows)

    def content(self) -> Content:
        """The result so far."""
        return Content(self._count, self._hash.hexdigest())


def _plain(value: Any) -> str:
    """A value that JSON has no type for, the same for both engines."""
    if isinstance(value, datetime | date):
        return value.isoformat()
    return value.hex() if isinstance(value, bytes) else str(value)
