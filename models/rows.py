"""Rows put in as values: where nobody needs their objects, at a third of what those cost."""

from collections.abc import Sequence
from functools import cache
from typing import Any

from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncSession

from models.prepared import Prepared, as_tuple
from models.tables.base import Base


async def put_in(session: AsyncSession, kind: type[Base], rows: Sequence[dict[str, Any]]) -> None:
    """Insert these rows of one kind, column name → value, all with the same columns."""
    await _insert(kind).each(session, rows)


@cache
def _insert(kind: type[Base]) -> Prepared[Any]:
    return Prepared(insert(kind.__table__).inline(), as_tuple)  # type: ignore[arg-type]
