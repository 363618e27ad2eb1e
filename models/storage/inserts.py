"""Inserts of rows given as values, on both databases."""

from collections.abc import Sequence
from functools import cache
from typing import Any

from sqlalchemy import Insert, Table, insert
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from models.tables.base import Base


class InsertUnlessPresent:
    """An INSERT that skips rows whose key exists; it returns columns of the rows that are new."""

    def __init__(self, kind: type[Base], key: Sequence[str], returning: Sequence[str]) -> None:
        table: Table = kind.__table__  # type: ignore[assignment]
        columns = [table.c[name] for name in returning]
        self._statements = {
            dialect.dialect.name: dialect.insert(table)
            .on_conflict_do_nothing(index_elements=key)
            .returning(*columns)
            for dialect in (sqlite, postgresql)
        }

    def execute(self, session: Session, rows: Sequence[dict[str, Any]]) -> list[tuple[Any, ...]]:
        """Insert rows (column → value, all with the same columns); returns those that are new."""
        if not rows:
            return []
        statement = self._statements[session.get_bind().dialect.name]
        return [tuple(row) for row in session.execute(statement, rows)]


def insert_rows(session: Session, kind: type[Base], rows: Sequence[dict[str, Any]]) -> None:
    """Insert rows of one table (column → value, all with the same columns)."""
    if rows:
        session.execute(_insert(kind), rows)


@cache
def _insert(kind: type[Base]) -> Insert:
    # `inline`: nothing is returned, so that one statement takes all rows.
    """The cached INSERT of a table."""
    return insert(kind.__table__).inline()  # type: ignore[arg-type]
