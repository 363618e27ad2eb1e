"""Changes of occurrences: moved to a day or waived, by whom and why; the newest one counts."""

from collections.abc import Collection
from dataclasses import fields
from datetime import date, datetime

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from models.rules.types import Change
from models.tables.records import Audit, OccurrenceChange

# A statement takes so many values; where more organizations are meant, all are read.
MOST_IDS = 5_000

_COLUMNS = {each.name: each.name for each in fields(Change)} | {"by": "by_member_id"}
_TABLE = OccurrenceChange.__table__.c
_CHANGES = select(*(_TABLE[name] for name in _COLUMNS.values())).order_by(_TABLE.id)
_CHANGES_OF_ONE = _CHANGES.where(_TABLE.organization_id == bindparam("organization"))


def list_changes(
    session: Session, organizations: Collection[int], *, known_at: datetime | None = None
) -> list[Change]:
    """The newest change of each changed occurrence of these organizations, as it was known at a moment."""
    if len(organizations) == 1 and known_at is None:
        found = session.execute(_CHANGES_OF_ONE, {"organization": next(iter(organizations))})
    else:
        query = _CHANGES
        if len(organizations) <= MOST_IDS:
            query = query.where(_TABLE.organization_id.in_(organizations))
        if known_at is not None:
            query = query.where(_TABLE.made_at <= known_at)
        found = session.execute(query)
    rows = [Change(*row) for row in found]
    return list({(row.requirement, row.organization_id, row.period): row for row in rows}.values())


def move(
    session: Session,
    occurrence: tuple[str, int, str],
    day: date,
    *,
    by: int | None,
    at: datetime,
    reason: str | None = None,
) -> OccurrenceChange:
    """改期: move the occurrence (requirement, organization id, period) to a day.

    `by` None is an operator.
    """
    return _add(session, occurrence, by=by, at=at, reason=reason, moved_to=day)


def waive(
    session: Session, occurrence: tuple[str, int, str], *, by: int | None, at: datetime, reason: str
) -> OccurrenceChange:
    """免办: waive the occurrence, for a reason."""
    return _add(session, occurrence, by=by, at=at, reason=reason, moved_to=None, waived=True, action="waive")


def made_since(
    session: Session, organizations: Collection[int], moment: datetime, *, periods: Collection[str]
) -> list[OccurrenceChange]:
    """Changes of these organizations and periods made after a moment, in that order."""
    query = select(OccurrenceChange).where(
        OccurrenceChange.organization_id.in_(organizations),
        OccurrenceChange.period.in_(periods),
        OccurrenceChange.made_at > moment,
    )
    return list(session.scalars(query.order_by(OccurrenceChange.id)))


def newest(session: Session, change_id: int) -> OccurrenceChange | None:
    """The change with this id where it is the latest of its occurrence and still holds."""
    # Locked, so that two people cannot take the same change back.
    change = session.get(OccurrenceChange, change_id, with_for_update=True)
    if change is None or not (change.waived or change.moved_to):
        return None
    return change if _history(session, change)[-1] is change else None


def take_back(
    session: Session, change: OccurrenceChange, *, by: int | None, at: datetime
) -> OccurrenceChange:
    """Restore the state before this change: that of an earlier change, or none."""
    earlier = _history(session, change)
    before = earlier[-2] if len(earlier) > 1 else None
    # Nothing is deleted: the restored state is a change of its own, and the audit shows both.
    return _add(
        session,
        (change.requirement, change.organization_id, change.period),
        by=by,
        at=at,
        reason=before.reason if before else None,
        moved_to=before.moved_to if before else None,
        waived=bool(before and before.waived),
        action="restore",
    )


def standing(
    session: Session, organizations: Collection[int], periods: Collection[str]
) -> list[OccurrenceChange]:
    """The waivers and moves of these organizations and periods that hold."""
    query = select(OccurrenceChange).where(
        OccurrenceChange.organization_id.in_(organizations), OccurrenceChange.period.in_(periods)
    )
    rows = session.scalars(query.order_by(OccurrenceChange.id))
    # In the order of ids, a later row replaces the earlier one of its occurrence.
    newest = {(row.requirement, row.organization_id, row.period): row for row in rows}
    return [row for row in newest.values() if row.waived or row.moved_to]


def _history(session: Session, change: OccurrenceChange) -> list[OccurrenceChange]:
    """All changes of this change's occurrence, the earliest first."""
    query = select(OccurrenceChange).where(
        OccurrenceChange.requirement == change.requirement,
        OccurrenceChange.organization_id == change.organization_id,
        OccurrenceChange.period == change.period,
    )
    return list(session.scalars(query.order_by(OccurrenceChange.id)))


def _add(
    session: Session,
    occurrence: tuple[str, int, str],
    *,
    by: int | None,
    at: datetime,
    reason: str | None,
    moved_to: date | None,
    waived: bool = False,
    action: str = "move",
) -> OccurrenceChange:
    """Add a change with its line in the audit."""
    requirement, organization_id, period = occurrence
    change = OccurrenceChange(
        requirement=requirement,
        organization_id=organization_id,
        period=period,
        moved_to=moved_to,
        waived=waived,
        reason=reason,
        by_member_id=by,
        made_at=at,
    )
    session.add(change)
    session.flush()
    after = {"moved_to": moved_to.isoformat() if moved_to else None, "reason": reason}
    session.add(
        Audit(
            at=at,
            by_member_id=by,
            action=action,
            subject=f"occurrence:{requirement}/{organization_id}/{period}",
            organization_id=organization_id,
            after=after,
        )
    )
    return change
