"""Web sessions: a one-time link becomes a short session; only digests are stored."""

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from models.tables.people import Chat
from models.tables.web_sessions import Visit

TOKEN_BYTES = 24
LINK_LASTS = timedelta(minutes=10)


class Opened(NamedTuple):
    """A session that was just opened: the secret of its cookie, and the question to open with."""

    token: str
    asked: dict[str, Any] | None


def link(
    session: Session, member_id: int, chat_id: int, asked: dict[str, Any] | None, *, at: datetime
) -> str:
    """Create a link that opens once; returns its secret. An earlier link of the chat is void."""
    session.execute(delete(Visit).where(Visit.chat_id == chat_id, Visit.opened_at.is_(None)))
    return _put(session, member_id, chat_id, asked, None, at + LINK_LASTS)


def open_link(session: Session, token: str, *, at: datetime, lasts: timedelta) -> Opened | None:
    """Turn a link into a session with a new secret; None where the link is void."""
    # A new secret: the one in the link stays in the chat and in the browser's history.
    fresh = secrets.token_urlsafe(TOKEN_BYTES)
    swapped = session.execute(
        # One statement checks and opens, so that two requests cannot both open the link.
        update(Visit)
        .where(Visit.digest == digest(token), Visit.opened_at.is_(None), Visit.expires_at > at)
        .values(digest=digest(fresh), opened_at=at, expires_at=at + lasts)
        .returning(Visit.asked)
    )
    row = swapped.one_or_none()
    return Opened(fresh, row[0]) if row is not None else None


def begin(session: Session, member_id: int, chat_id: int, *, at: datetime, lasts: timedelta) -> str:
    """Create a session without a link, for a person whom the chat network itself has identified.

    Returns its secret.
    """
    return _put(session, member_id, chat_id, None, at, at + lasts)


def visitor(session: Session, token: str, *, at: datetime) -> int | None:
    """The member id of a session; None when it has ended or the person has left that chat."""
    found: int | None = session.scalar(
        select(Visit.member_id)
        .join(Chat, Chat.id == Visit.chat_id)
        .where(
            Visit.digest == digest(token),
            Visit.opened_at.is_not(None),
            Visit.expires_at > at,
            Chat.member_id == Visit.member_id,
            Chat.joined_at.is_not(None),
        )
    )
    return found


def end(session: Session, token: str) -> None:
    """Delete a session."""
    session.execute(delete(Visit).where(Visit.digest == digest(token)))


def sweep(session: Session, *, before: datetime) -> None:
    """Delete what expired before a moment."""
    session.execute(delete(Visit).where(Visit.expires_at < before))


def digest(token: str) -> str:
    """The digest of a secret that is stored."""
    # Without a salt: the secret is random and long, so that it cannot be guessed from its digest.
    return hashlib.sha256(token.encode()).hexdigest()


def _put(
    session: Session,
    member_id: int,
    chat_id: int,
    asked: dict[str, Any] | None,
    opened_at: datetime | None,
    expires_at: datetime,
) -> str:
    """Store a link or a session; returns its secret."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    row = Visit(digest=digest(token), member_id=member_id, chat_id=chat_id, asked=asked,
                opened_at=opened_at, expires_at=expires_at)  # fmt: skip
    session.add(row)
    session.flush()
    return token
