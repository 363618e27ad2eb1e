"""Closings: a month's figures as they stood when a leader closed it (封账)."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.tables.closings import Closing
from models.tables.records import Audit


def close(
    session: Session,
    organization_id: int,
    month: str,
    figures: dict[str, Any],
    *,
    by: int,
    at: datetime,
) -> Closing:
    """Store the figures of a month (`2026-11`) as they are now; a second closing keeps both."""
    row = Closing(
        organization_id=organization_id, month=month, figures=figures, by_member_id=by, closed_at=at
    )
    session.add(row)
    after = {"period": month, **figures["counts"]}
    subject = f"closing:{organization_id}/{month}"
    session.add(
        Audit(
            at=at,
            by_member_id=by,
            action="close",
            subject=subject,
            organization_id=organization_id,
            after=after,
        )
    )
    session.flush()
    return row


def newest(session: Session, organizations: Collection[int], month: str) -> Closing | None:
    """The latest closing of a month for one of these organizations."""
    query = select(Closing).where(Closing.organization_id.in_(organizations), Closing.month == month)
    found: Closing | None = session.scalar(query.order_by(Closing.id.desc()).limit(1))
    return found
