"""Calendar feeds: the secret token in the address of an organization's calendar."""

import secrets
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from models.tables.overrides import Feed
from models.tables.records import Audit

TOKEN_BYTES = 24


def token_of(session: Session, organization_id: int, *, at: datetime) -> str:
    """The organization's token, created by the first call."""
    query = select(Feed.token).where(Feed.organization_id == organization_id, Feed.revoked_at.is_(None))
    found: str | None = session.scalar(query.order_by(Feed.id).limit(1))
    return found or _make(session, organization_id, at=at)


def revoke(session: Session, organization_id: int, *, at: datetime) -> bool:
    """Make the organization's address invalid; False where it had none."""
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
    """The organization id of a token; None where it is unknown or was revoked."""
    query = select(Feed.organization_id).where(Feed.token == token, Feed.revoked_at.is_(None))
    found: int | None = session.scalar(query)
    return found


def _make(session: Session, organization_id: int, *, at: datetime) -> str:
    """Create a token."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    session.add(Feed(organization_id=organization_id, token=token, made_at=at))
    session.add(Audit(at=at, action="feed", subject="feed", after={"made": organization_id}))
    session.flush()
    return token
