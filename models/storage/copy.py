"""Copies of a whole database, from either engine to either, compared by counts and checksums.

What belongs to the machine and not to the organization stays behind: leases, sending budgets and marks.
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

MACHINE = frozenset({"leases", "budgets", "marks"})
AT_ONCE = 500


class NotEqualError(Exception):
    """The copy is not equal to what was copied; nothing was kept, please try again and report it."""


class NotEmptyError(Exception):
    """The database to restore into is not empty; name an empty one."""


@dataclass(frozen=True, slots=True)
class Content:
    """How many rows a table has, and a checksum over all of them."""

    rows: int
    checksum: str


Contents = dict[str, Content]


def tables() -> list[Table]:
    """The tables that are copied, those first that others refer to."""
    return [table for table in Base.metadata.sorted_tables if table.name not in MACHINE]


@contextmanager
def snapshot(database: Database) -> Iterator[Connection]:
    """A view of the whole database at one moment, which holds no writer up."""
    with database.engine.connect() as connection:
        if not database.sqlite:
            connection.execution_options(isolation_level="REPEATABLE READ")
        connection.execute(text("SELECT 1 FROM chats LIMIT 1"))
        yield connection


@contextmanager
def writing(database: Database) -> Iterator[Connection]:
    """One transaction; killed in the middle it has never been."""
    with database.engine.connect() as connection:
        if database.sqlite:
            connection.execution_options(begin="IMMEDIATE")
        with connection.begin():
            yield connection


def copy(source: Connection, target: Connection) -> Contents:
    """Copy every row; gives what the source holds. Raises NotEmptyError and NotEqualError."""
    for table in tables():
        if target.scalar(select(func.count()).select_from(table)):
            raise NotEmptyError(NotEmptyError.__doc__)
    copied = {table.name: _copy_table(source, target, table) for table in tables()}
    if copied != contents(target):
        raise NotEqualError(NotEqualError.__doc__)
    return copied


def contents(connection: Connection) -> Contents:
    """What a database holds."""
    found = {}
    for table in tables():
        digest = _Digest()
        for rows in _rows(connection, table):
            digest.add(rows)
        found[table.name] = digest.content()
    return found


def continue_numbering(connection: Connection) -> None:
    """PostgreSQL's sequences go on after the highest id that was copied."""
    for table in tables():
        if "id" in table.columns:
            name = table.name
            # The name is one of our own tables'.
            statement = f"SELECT setval(pg_get_serial_sequence('{name}', 'id'), (SELECT max(id) FROM {name}))"  # noqa: S608
            if connection.scalar(select(func.max(table.c.id))):
                connection.execute(text(statement))


def _copy_table(source: Connection, target: Connection, table: Table) -> Content:
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
    query = select(table).order_by(*table.primary_key.columns)
    result = connection.execute(query, execution_options={"stream_results": True})
    yield from result.mappings().partitions(AT_ONCE)


class _Digest:
    def __init__(self) -> None:
        self._hash = hashlib.sha256()
        self._count = 0

    def add(self, rows: Sequence[RowMapping]) -> None:
        for row in rows:
            line = json.dumps([row[name] for name in sorted(map(str, row))], default=_plain, sort_keys=True)
            self._hash.update(line.encode())
        self._count += len(rows)

    def content(self) -> Content:
        return Content(self._count, self._hash.hexdigest())


def _plain(value: Any) -> str:
    if isinstance(value, datetime | date):
        return value.isoformat()
    return value.hex() if isinstance(value, bytes) else str(value)
