"""Incidents: what went wrong and an admin has to know of, noted where it happens and told once."""

from collections.abc import Sequence
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from models.tables.coordination import Incident


class Kind(StrEnum):
    """What happened, and in `detail` which."""

    SET_ASIDE = "set aside"
    """An update could not be handled: `update` is its id in the inbox."""
    EXPIRED = "expired"
    """Deliveries were too late to be sent: `count`."""
    MISSED = "missed"
    """Reminders were never put in, since nothing ran in their time: `count`."""
    UNCERTAIN = "uncertain"
    """Deliveries may or may not have arrived and wait for a decision: `deliveries`."""
    FATAL = "fatal"
    """Deliveries ended the process each time they were sent, and are not tried any more: `deliveries`."""
    REFUSED = "refused"
    """The network refuses a message: `delivery`, `why`."""
    SILENCE = "silence"
    """Nothing was heard for longer than Telegram keeps updates: `since`, `until`."""


async def note(session: AsyncSession, kind: Kind, **detail: Any) -> None:
    """Something happened, in the transaction in which it did."""
    session.add(Incident(at=datetime.now(UTC), kind=kind.value, detail=detail))
    await session.flush()


async def untold(session: AsyncSession) -> list[Incident]:
    """What nobody was told of yet, oldest first."""
    return list(
        await session.scalars(select(Incident).where(Incident.told_at.is_(None)).order_by(Incident.id))
    )


async def tell(session: AsyncSession, ids: Sequence[int]) -> list[Incident]:
    """Take these to be told by this transaction; gives those that nobody else has taken."""
    statement = (
        update(Incident)
        .where(Incident.id.in_(ids), Incident.told_at.is_(None))
        .values(told_at=datetime.now(UTC))
        .returning(Incident)
    )
    return sorted(await session.scalars(statement), key=lambda row: row.id)
