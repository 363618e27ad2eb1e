"""Rows put in as values, where nobody needs their objects; on both databases by the same statement."""

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

from sqlalchemy import Table, insert
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession

from models.storage.statements import Prepared, Row, as_tuple
from models.tables.base import Base


async def put_in(session: AsyncSession, kind: type[Base], rows: Sequence[dict[str, Any]]) -> None:
    """Insert these rows of one kind, column name → value, all with the same columns."""
    await _insert(kind).each(session, rows)


def unless_there(
    kind: type[Base], key: Sequence[str], giving: Sequence[str], make: Callable[..., Row]
) -> Prepared[Row]:
    """An INSERT that leaves alone what its key finds there; it gives these columns of the new rows."""
    table: Table = kind.__table__  # type: ignore[assignment]
    on_sqlite, on_postgresql = (
        insert(table)
        .on_conflict_do_nothing(index_elements=key)
        .returning(*(table.c[name] for name in giving))
        for insert in (sqlite.insert, postgresql.insert)
    )
    return Prepared(on_sqlite, make, postgresql=on_postgresql)


@cache
def _insert(kind: type[Base]) -> Prepared[Any]:
    return Prepared(insert(kind.__table__).inline(), as_tuple)  # type: ignore[arg-type]
