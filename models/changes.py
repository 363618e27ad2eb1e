"""Changes of single occurrences: moved to a day or waived, by whom and why; the newest one counts."""

from collections.abc import Collection
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from models.tables.records import Audit, OccurrenceChange


async def move(
    session: AsyncSession,
    occurrence: tuple[str, int, str],
    day: date,
    *,
    by: int | None,
    at: datetime,
    reason: str | None = None,
) -> OccurrenceChange:
    """Give the occurrence (requirement, organization id, period) another day; `by` None is an operator."""
    return await _add(session, occurrence, by=by, at=at, reason=reason, moved_to=day)


async def waive(
    session: AsyncSession, occurrence: tuple[str, int, str], *, by: int | None, at: datetime, reason: str
) -> OccurrenceChange:
    """免办: the occurrence need not be done, for a reason."""
    return await _add(session, occurrence, by=by, at=at, reason=reason, moved_to=None)


async def made_since(
    session: AsyncSession, organizations: Collection[int], moment: datetime, *, periods: Collection[str]
) -> list[OccurrenceChange]:
    """The changes of these organizations and periods that were made after a moment, in that order."""
    query = select(OccurrenceChange).where(
        OccurrenceChange.organization_id.in_(organizations),
        OccurrenceChange.period.in_(periods),
        OccurrenceChange.made_at > moment,
    )
    return list(await session.scalars(query.order_by(OccurrenceChange.id)))


async def _add(
    session: AsyncSession,
    occurrence: tuple[str, int, str],
    *,
    by: int | None,
    at: datetime,
    reason: str | None,
    moved_to: date | None,
) -> OccurrenceChange:
    requirement, organization_id, period = occurrence
    change = OccurrenceChange(
        requirement=requirement,
        organization_id=organization_id,
        period=period,
        moved_to=moved_to,
        waived=moved_to is None,
        reason=reason,
        by_member_id=by,
        made_at=at,
    )
    session.add(change)
    await session.flush()
    after = {"moved_to": moved_to.isoformat() if moved_to else None, "reason": reason}
    session.add(
        Audit(
            at=at,
            by_member_id=by,
            action="move" if moved_to else "waive",
            subject=f"occurrence:{requirement}/{organization_id}/{period}",
            organization_id=organization_id,
            after=after,
        )
    )
    return change
