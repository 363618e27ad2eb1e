"""Failed joining codes, counted so that codes cannot be guessed. Machine times."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from models.tables.people import WrongCode

MOST = 5
WINDOW = timedelta(hours=1)


def wait(session: Session, *, channel: str, address: str, now: datetime | None = None) -> timedelta | None:
    """How long this chat may not try again after MOST failures within WINDOW; None: it may try."""
    now = now or datetime.now(UTC)
    tried, oldest = session.execute(
        select(func.count(), func.min(WrongCode.at)).where(
            WrongCode.channel == channel, WrongCode.address == address, WrongCode.at > now - WINDOW
        )
    ).one()
    return oldest + WINDOW - now if tried >= MOST else None


def note(session: Session, *, channel: str, address: str, now: datetime | None = None) -> None:
    """Count one failure; failures older than WINDOW are deleted, those of all chats."""
    now = now or datetime.now(UTC)
    session.execute(delete(WrongCode).where(WrongCode.at <= now - WINDOW))
    session.add(WrongCode(channel=channel, address=address, at=now))
    session.flush()
