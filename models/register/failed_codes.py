"""Wrong joining codes are counted, so that nobody finds a right one by trying. Times are the machine's."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from models.tables.people import WrongCode

MOST = 5
WINDOW = timedelta(hours=1)


def wait(session: Session, *, channel: str, address: str, now: datetime | None = None) -> timedelta | None:
    """For how long this chat may not try again, having had its wrong tries of the last hour; None: it may."""
    now = now or datetime.now(UTC)
    tried, oldest = session.execute(
        select(func.count(), func.min(WrongCode.at)).where(
            WrongCode.channel == channel, WrongCode.address == address, WrongCode.at > now - WINDOW
        )
    ).one()
    return oldest + WINDOW - now if tried >= MOST else None


def note(session: Session, *, channel: str, address: str, now: datetime | None = None) -> None:
    """One more wrong try; what is older than an hour is forgotten, whoever's it was."""
    now = now or datetime.now(UTC)
    session.execute(delete(WrongCode).where(WrongCode.at <= now - WINDOW))
    session.add(WrongCode(channel=channel, address=address, at=now))
    session.flush()
