"""Calendar feeds: the secret part of the address under which an organization's calendar is read elsewhere."""

import secrets
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from models.tables.overrides import Feed
from models.tables.records import Audit

TOKEN_BYTES = 24


async def token_of(session: AsyncSession, organization_id: int, *, at: datetime) -> str:
    """The organization's token; the first call makes one."""
    query = select(Feed.token).where(Feed.organization_id == organization_id, Feed.revoked_at.is_(None))
    found: str | None = await session.scalar(query.order_by(Feed.id).limit(1))
    return found or await _make(session, organization_id, at=at)


async def revoke(session: AsyncSession, organization_id: int, *, at: datetime) -> bool:
    """Let the organization's address lead nowhere from now on; whether there was one."""
    statement = (
        update(Feed)
        .where(Feed.organization_id == organization_id, Feed.revoked_at.is_(None))
        .values(revoked_at=at)
        .returning(Feed.id)
    )
    gone = list(await session.scalars(statement))
    if gone:
        session.add(Audit(at=at, action="feed", subject="feed", before={"revoked": organization_id}))
    return bool(gone)


async def organization_of(session: AsyncSession, token: str) -> int | None:
    """Whose calendar the token shows; None for one that is unknown or was revoked."""
    query = select(Feed.organization_id).where(Feed.token == token, Feed.revoked_at.is_(None))
    found: int | None = await session.scalar(query)
    return found


async def _make(session: AsyncSession, organization_id: int, *, at: datetime) -> str:
    token = secrets.token_urlsafe(TOKEN_BYTES)
    session.add(Feed(organization_id=organization_id, token=token, made_at=at))
    session.add(Audit(at=at, action="feed", subject="feed", after={"made": organization_id}))
    await session.flush()
    return token
