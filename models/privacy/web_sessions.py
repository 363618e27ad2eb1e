"""Visits to the page: a one-time link from the chat becomes a short session; only digests are stored."""

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
    """A session that begins: the secret of its cookie, and the question with which the page opens."""

    token: str
    asked: dict[str, Any] | None


def link(
    session: Session, member_id: int, chat_id: int, asked: dict[str, Any] | None, *, at: datetime
) -> str:
    """The secret of a link that opens once; the one given before in this chat is void."""
    session.execute(delete(Visit).where(Visit.chat_id == chat_id, Visit.opened_at.is_(None)))
    return _put(session, member_id, chat_id, asked, None, at + LINK_LASTS)


def open_link(session: Session, token: str, *, at: datetime, lasts: timedelta) -> Opened | None:
    """Make a session of a link, whose secret is void from then on; None where it is void already."""
    fresh = secrets.token_urlsafe(TOKEN_BYTES)
    swapped = session.execute(
        update(Visit)
        .where(Visit.digest == digest(token), Visit.opened_at.is_(None), Visit.expires_at > at)
        .values(digest=digest(fresh), opened_at=at, expires_at=at + lasts)
        .returning(Visit.asked)
    )
    row = swapped.one_or_none()
    return Opened(fresh, row[0]) if row is not None else None


def begin(session: Session, member_id: int, chat_id: int, *, at: datetime, lasts: timedelta) -> str:
    """A session without a link, for somebody whom the chat network itself has named; its secret."""
    return _put(session, member_id, chat_id, None, at, at + lasts)


def visitor(session: Session, token: str, *, at: datetime) -> int | None:
    """Whose session this is; None once it is over, and as soon as the person has left that chat."""
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
    """Close a session."""
    session.execute(delete(Visit).where(Visit.digest == digest(token)))


def sweep(session: Session, *, before: datetime) -> None:
    """Forget what was over before a moment."""
    session.execute(delete(Visit).where(Visit.expires_at < before))


def digest(token: str) -> str:
    """What is stored of a secret."""
    return hashlib.sha256(token.encode()).hexdigest()


def _put(
    session: Session,
    member_id: int,
    chat_id: int,
    asked: dict[str, Any] | None,
    opened_at: datetime | None,
    expires_at: datetime,
) -> str:
    token = secrets.token_urlsafe(TOKEN_BYTES)
    row = Visit(digest=digest(token), member_id=member_id, chat_id=chat_id, asked=asked,
                opened_at=opened_at, expires_at=expires_at)  # fmt: skip
    session.add(row)
    session.flush()
    return token
