"""Confirmations: actions that happen once, after a button is pressed. Machine times."""

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import delete, or_, select, update
from sqlalchemy.orm import Session

from models.tables.people import Confirmation

IMPORT, BIND, PHONE = "import", "bind", "phone"
CLOSE, URGE = "close", "urge"
ALTER, BROADCAST = "alter", "broadcast"
OPEN = Confirmation.settled_at.is_(None)


def add_confirmation(
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
) -> Confirmation:
    """Create a confirmation; an open one of the same kind in that chat is dropped."""
    now = now or datetime.now(UTC)
    session.execute(
        update(Confirmation)
        .where(Confirmation.kind == kind, Confirmation.chat_id == chat_id, OPEN)
        .values(settled_at=now, content=None)
    )
    petition = Confirmation(
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


def find_waiting(
    session: Session, petition_id: int, kind: str, *, of: int | None = None, now: datetime | None = None
) -> Confirmation | None:
    """The confirmation if it still waits, locked until the transaction ends; else None.

    `of`: only where it concerns this member (who asked for it, if it concerns nobody else).
    """
    whose = () if of is None else (Confirmation.member_id == of,)
    query = select(Confirmation).where(
        *whose,
        Confirmation.id == petition_id,
        Confirmation.kind == kind,
        Confirmation.expires_at > (now or datetime.now(UTC)),
        OPEN,
    )
    # Locked: of two people who press the same button the second finds it settled.
    return session.scalar(query.with_for_update())


def find_newest(
    session: Session, kind: str, chat_id: int, *, now: datetime | None = None
) -> Confirmation | None:
    """The latest confirmation of this kind in a chat, if it still waits."""
    query = select(Confirmation).where(
        Confirmation.kind == kind,
        Confirmation.chat_id == chat_id,
        Confirmation.expires_at > (now or datetime.now(UTC)),
        OPEN,
    )
    return session.scalar(query.order_by(Confirmation.id.desc()).limit(1).with_for_update())


def settle_confirmation(petition: Confirmation, *, by: int, now: datetime | None = None) -> None:
    """Close a confirmation; an uploaded file is deleted."""
    petition.settled_at, petition.settled_by, petition.content = now or datetime.now(UTC), by, None


def list_about_member(session: Session, kind: str, member_id: int, *, now: datetime) -> list[Confirmation]:
    """The waiting confirmations that concern one person, the oldest first."""
    query = select(Confirmation).where(
        Confirmation.kind == kind, Confirmation.member_id == member_id, Confirmation.expires_at > now, OPEN
    )
    return list(session.scalars(query.order_by(Confirmation.id)))


def delete_old(session: Session, *, before: datetime) -> None:
    """Delete what was settled or expired before a moment."""
    session.execute(
        delete(Confirmation).where(or_(Confirmation.settled_at < before, Confirmation.expires_at < before))
    )
