"""Failed joining codes, counted so that codes cannot be guessed. Machine times."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from models.tables.people import FailedCode

MOST = 5
WINDOW = timedelta(hours=1)


def find_waiting_time(
    session: Session, *, channel: str, address: str, now: datetime | None = None
) -> timedelta | None:
    """How long this chat may not try again after MOST failures within WINDOW; None: it may try."""
    now = now or datetime.now(UTC)
    tried, oldest = session.execute(
        select(func.count(), func.min(FailedCode.at)).where(
            FailedCode.channel == channel, FailedCode.address == address, FailedCode.at > now - WINDOW
        )
    ).one()
    return oldest + WINDOW - now if tried >= MOST else None


def record_failure(session: Session, *, channel: str, address: str, now: datetime | None = None) -> None:
    """Count one failure; failures older than WINDOW are deleted, those of all chats."""
    now = now or datetime.now(UTC)
    session.execute(delete(FailedCode).where(FailedCode.at <= now - WINDOW))
    session.add(FailedCode(channel=channel, address=address, at=now))
    session.flush()
