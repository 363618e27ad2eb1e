"""Nudges (催办): which organizations were reminded by hand, at most once a week each."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.delivery import reminders
from models.rules.types import Subject
from models.tables.records import Audit

ACTION = "urge"


def since(session: Session, organizations: Collection[int], moment: datetime) -> set[int]:
    """Those of the organizations that were nudged after a moment."""
    query = select(Audit.organization_id).where(
        Audit.action == ACTION, Audit.at > moment, Audit.organization_id.in_(organizations)
    )
    return {found for found in session.scalars(query) if found is not None}


def begin(
    session: Session, organization_id: int, subjects: Sequence[Subject], *, by: int, at: datetime
) -> bool:
    """Store that an organization is nudged about these; False where another nudge came first."""
    last = session.scalar(
        select(func.max(Audit.id)).where(Audit.action == ACTION, Audit.organization_id == organization_id)
    )
    # The key names the nudge before: of two at the same moment the second finds its key taken.
    key = f"urge/{organization_id}/{last or 0}"
    if not reminders.remember(session, [(key, by, at)]):
        return False
    about = ", ".join(f"{requirement} {period}" for requirement, _, period in subjects)
    session.add(
        Audit(
            at=at,
            by_member_id=by,
            action=ACTION,
            subject=f"urge:{organization_id}",
            organization_id=organization_id,
            after={"requirement": about},
        )
    )
    session.flush()
    return True
