"""Inserts of rows given as values, on both databases."""

from collections.abc import Sequence
from functools import cache
from importlib import import_module
from typing import Any

from sqlalchemy import Insert, Table, insert
from sqlalchemy.orm import Session

from models.tables.base import Base


class InsertUnlessPresent:
    """An INSERT that skips rows whose key exists; it returns columns of the rows that are new."""

    def __init__(self, kind: type[Base], key: Sequence[str], returning: Sequence[str]) -> None:
        self._table: Table = kind.__table__  # type: ignore[assignment]
        self._key, self._returning = key, [self._table.c[name] for name in returning]
        self._statements: dict[str, Insert] = {}

    def execute(self, session: Session, rows: Sequence[dict[str, Any]]) -> list[tuple[Any, ...]]:
        """Insert rows (column → value, all with the same columns); returns those that are new."""
        if not rows:
            return []
        database = session.get_bind().dialect.name
        if database not in self._statements:
            self._statements[database] = self._build(session)
        statement = self._statements[database]
        return [tuple(row) for row in session.execute(statement, rows)]

    def _build(self, session: Session) -> Insert:
        new = insert_into(session, self._table).on_conflict_do_nothing(index_elements=self._key)
        built: Insert = new.returning(*self._returning)
        return built


def insert_into(session: Session, table: Table | type[Base]) -> Any:
    """An INSERT of this session's dialect, which knows `on_conflict_do_nothing` and `…_do_update`."""
    # A dialect's package loads all its drivers; the one that is not used is not loaded.
    return import_module(f"sqlalchemy.dialects.{session.get_bind().dialect.name}").insert(table)


def insert_rows(session: Session, kind: type[Base], rows: Sequence[dict[str, Any]]) -> None:
    """Insert rows of one table (column → value, all with the same columns)."""
    if rows:
        session.execute(_insert(kind), rows)


@cache
def _insert(kind: type[Base]) -> Insert:
    # `inline`: nothing is returned, so that one statement takes all rows.
    """The cached INSERT of a table."""
    return insert(kind.__table__).inline()  # type: ignore[arg-type]
