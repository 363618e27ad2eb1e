"""Confirmations: actions that happen once, after a button is pressed. Machine times."""

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import delete, or_, select, update
from sqlalchemy.orm import Session

from models.tables.people import Petition

IMPORT, BIND, PHONE = "import", "bind", "phone"
CLOSE, URGE = "close", "urge"
ALTER, BROADCAST = "alter", "broadcast"
OPEN = Petition.settled_at.is_(None)


def add(
    session: Session,
    kind: str,
    *,
    chat_id: int,
    member_id: int | None,
    organization_id: int | None = None,
    detail: dict[str, Any] | None = None,
    content: bytes | None = None,
    hours: int = 24,
    now: datetime | None = None,
) -> Petition:
    """Create a confirmation; an open one of the same kind in that chat is dropped."""
    now = now or datetime.now(UTC)
    session.execute(
        update(Petition)
        .where(Petition.kind == kind, Petition.chat_id == chat_id, OPEN)
        .values(settled_at=now, content=None)
    )
    petition = Petition(
        kind=kind,
        chat_id=chat_id,
        member_id=member_id,
        organization_id=organization_id,
        detail=detail,
        content=content,
        asked_at=now,
        expires_at=now + timedelta(hours=hours),
    )
    session.add(petition)
    session.flush()
    return petition


def waiting(
    session: Session, petition_id: int, kind: str, *, of: int | None = None, now: datetime | None = None
) -> Petition | None:
    """The confirmation if it still waits, locked until the transaction ends; else None.

    `of`: only where it concerns this member (who asked for it, if it concerns nobody else).
    """
    whose = () if of is None else (Petition.member_id == of,)
    query = select(Petition).where(
        *whose,
        Petition.id == petition_id,
        Petition.kind == kind,
        Petition.expires_at > (now or datetime.now(UTC)),
        OPEN,
    )
    # Locked: of two people who press the same button the second finds it settled.
    return session.scalar(query.with_for_update())


def newest(session: Session, kind: str, chat_id: int, *, now: datetime | None = None) -> Petition | None:
    """The latest confirmation of this kind in a chat, if it still waits."""
    query = select(Petition).where(
        Petition.kind == kind,
        Petition.chat_id == chat_id,
        Petition.expires_at > (now or datetime.now(UTC)),
        OPEN,
    )
    return session.scalar(query.order_by(Petition.id.desc()).limit(1).with_for_update())


def settle(petition: Petition, *, by: int, now: datetime | None = None) -> None:
    """Close a confirmation; an uploaded file is deleted."""
    petition.settled_at, petition.settled_by, petition.content = now or datetime.now(UTC), by, None


def about(session: Session, kind: str, member_id: int, *, now: datetime) -> list[Petition]:
    """The waiting confirmations that concern one person, the oldest first."""
    query = select(Petition).where(
        Petition.kind == kind, Petition.member_id == member_id, Petition.expires_at > now, OPEN
    )
    return list(session.scalars(query.order_by(Petition.id)))


def sweep(session: Session, *, before: datetime) -> None:
    """Delete what was settled or expired before a moment."""
    session.execute(delete(Petition).where(or_(Petition.settled_at < before, Petition.expires_at < before)))
