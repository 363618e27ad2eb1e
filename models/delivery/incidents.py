"""Incidents: what an admin has to know, noted where it happens and sent once."""

from collections.abc import Sequence
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from models.tables.coordination import Incident


class Kind(StrEnum):
    """The kinds of incidents, and the values of their `detail`."""

    SET_ASIDE = "set aside"
    """An update could not be handled: `update` is its id in the inbox."""
    EXPIRED = "expired"
    """Deliveries expired before they could be sent: `count`."""
    MISSED = "missed"
    """Reminders were never planned, since no process ran in their time: `count`."""
    UNCERTAIN = "uncertain"
    """Deliveries may or may not have arrived and wait for a decision: `deliveries`."""
    FATAL = "fatal"
    """Deliveries ended the process at each try and are not tried again: `deliveries`."""
    REFUSED = "refused"
    """The network refuses a message: `delivery`, `why`."""
    SILENCE = "silence"
    """No update arrived for longer than Telegram keeps them: `since`, `until`."""


def note(session: Session, kind: Kind, **detail: Any) -> None:
    """Store an incident, in the transaction in which it happened."""
    session.add(Incident(at=datetime.now(UTC), kind=kind.value, detail=detail))
    session.flush()


def untold(session: Session) -> list[Incident]:
    """Incidents that nobody was told of, oldest first."""
    return list(session.scalars(select(Incident).where(Incident.told_at.is_(None)).order_by(Incident.id)))


def tell(session: Session, ids: Sequence[int]) -> list[Incident]:
    """Claim incidents for the messages of this transaction; returns those not claimed before."""
    statement = (
        update(Incident)
        .where(Incident.id.in_(ids), Incident.told_at.is_(None))
        .values(told_at=datetime.now(UTC))
        .returning(Incident)
    )
    return sorted(session.scalars(statement), key=lambda row: row.id)
