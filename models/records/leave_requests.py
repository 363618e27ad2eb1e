"""Leave requests: who will be absent from a coming meeting."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.rules.types import Subject
from models.tables.people import Member
from models.tables.records import LeaveRequest


def note(session: Session, subject: Subject, *, member_id: int, at: datetime) -> bool:
    """Store that a member will be absent; False where it was stored before."""
    requirement, organization_id, period = subject
    known = session.scalar(
        select(LeaveRequest.id).where(
            LeaveRequest.requirement == requirement,
            LeaveRequest.organization_id == organization_id,
            LeaveRequest.period == period,
            LeaveRequest.member_id == member_id,
        )
    )
    if known is not None:
        return False
    session.add(
        LeaveRequest(
            requirement=requirement,
            organization_id=organization_id,
            period=period,
            member_id=member_id,
            asked_at=at,
        )
    )
    session.flush()
    return True


def names(session: Session, organizations: Iterable[int]) -> dict[Subject, list[str]]:
    """The names of those who asked for leave, by occurrence, in the order of asking."""
    query = (
        select(LeaveRequest, Member.name)
        .join(Member, Member.id == LeaveRequest.member_id)
        .where(LeaveRequest.organization_id.in_(list(organizations)))
        .order_by(LeaveRequest.id)
    )
    found: dict[Subject, list[str]] = {}
    for row, name in session.execute(query):
        found.setdefault((row.requirement, row.organization_id, row.period), []).append(name)
    return found
