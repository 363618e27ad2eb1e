"""Wrong joining codes are counted, so that nobody finds a right one by trying. Times are the machine's."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from models.tables.people import WrongCode

MOST = 5
WINDOW = timedelta(hours=1)


async def exhausted(
    session: AsyncSession, *, channel: str, address: str, now: datetime | None = None
) -> bool:
    """Whether this chat has had its wrong tries of the last hour."""
    since = (now or datetime.now(UTC)) - WINDOW
    tried = await session.scalar(
        select(func.count()).where(
            WrongCode.channel == channel, WrongCode.address == address, WrongCode.at > since
        )
    )
    return (tried or 0) >= MOST


async def note(session: AsyncSession, *, channel: str, address: str, now: datetime | None = None) -> None:
    """One more wrong try; what is older than an hour is forgotten, whoever's it was."""
    now = now or datetime.now(UTC)
    await session.execute(delete(WrongCode).where(WrongCode.at <= now - WINDOW))
    session.add(WrongCode(channel=channel, address=address, at=now))
    await session.flush()
