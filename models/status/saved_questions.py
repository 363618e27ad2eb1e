"""Inquiries: what was asked for, kept for the buttons under the answer and for short questions after it."""

from datetime import datetime
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from models.tables.deliveries import Inquiry


def put(session: Session, question: dict[str, Any], *, chat_id: int, member_id: int, at: datetime) -> int:
    """Keep what was asked; gives its id."""
    row = Inquiry(chat_id=chat_id, member_id=member_id, question=question, asked_at=at)
    session.add(row)
    session.flush()
    return row.id


def of(session: Session, inquiry_id: int, member_id: int) -> dict[str, Any] | None:
    """What this person asked; None for others' and unknown ones."""
    row = session.get(Inquiry, inquiry_id)
    return row.question if row is not None and row.member_id == member_id else None


def latest(session: Session, *, chat_id: int, member_id: int, since: datetime) -> dict[str, Any] | None:
    """What this person asked last in this chat, if it was not before a moment."""
    query = select(Inquiry).where(Inquiry.chat_id == chat_id, Inquiry.member_id == member_id)
    row = session.scalar(query.order_by(Inquiry.id.desc()).limit(1))
    return row.question if row is not None and row.asked_at >= since else None


def drop(session: Session, *, before: datetime) -> None:
    """Forget what was asked before a moment."""
    session.execute(delete(Inquiry).where(Inquiry.asked_at < before))
