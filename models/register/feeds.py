"""Calendar feeds: the secret part of the address under which an organization's calendar is read elsewhere."""

import secrets
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from models.tables.overrides import Feed
from models.tables.records import Audit

TOKEN_BYTES = 24


def token_of(session: Session, organization_id: int, *, at: datetime) -> str:
    """The organization's token; the first call makes one."""
    query = select(Feed.token).where(Feed.organization_id == organization_id, Feed.revoked_at.is_(None))
    found: str | None = session.scalar(query.order_by(Feed.id).limit(1))
    return found or _make(session, organization_id, at=at)


def revoke(session: Session, organization_id: int, *, at: datetime) -> bool:
    """Let the organization's address lead nowhere from now on; whether there was one."""
    statement = (
        update(Feed)
        .where(Feed.organization_id == organization_id, Feed.revoked_at.is_(None))
        .values(revoked_at=at)
        .returning(Feed.id)
    )
    gone = list(session.scalars(statement))
    if gone:
        session.add(Audit(at=at, action="feed", subject="feed", before={"revoked": organization_id}))
    return bool(gone)


def organization_of(session: Session, token: str) -> int | None:
    """Whose calendar the token shows; None for one that is unknown or was revoked."""
    query = select(Feed.organization_id).where(Feed.token == token, Feed.revoked_at.is_(None))
    found: int | None = session.scalar(query)
    return found


def _make(session: Session, organization_id: int, *, at: datetime) -> str:
    token = secrets.token_urlsafe(TOKEN_BYTES)
    session.add(Feed(organization_id=organization_id, token=token, made_at=at))
    session.add(Audit(at=at, action="feed", subject="feed", after={"made": organization_id}))
    session.flush()
    return token
