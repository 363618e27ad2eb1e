"""Incidents: what went wrong and an admin has to know of, noted where it happens and told once."""

from collections.abc import Sequence
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

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


def note(session: Session, kind: Kind, **detail: Any) -> None:
    """Something happened, in the transaction in which it did."""
    session.add(Incident(at=datetime.now(UTC), kind=kind.value, detail=detail))
    session.flush()


def untold(session: Session) -> list[Incident]:
    """What nobody was told of yet, oldest first."""
    return list(session.scalars(select(Incident).where(Incident.told_at.is_(None)).order_by(Incident.id)))


def tell(session: Session, ids: Sequence[int]) -> list[Incident]:
    """Take these to be told by this transaction; gives those that nobody else has taken."""
    statement = (
        update(Incident)
        .where(Incident.id.in_(ids), Incident.told_at.is_(None))
        .values(told_at=datetime.now(UTC))
        .returning(Incident)
    )
    return sorted(session.scalars(statement), key=lambda row: row.id)
