"""Records as they stand or stood: those of given occurrences, and what changed after a moment."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.records.completions import is_current
from models.rules.requirements.overrides import Ledger
from models.rules.types import Subject
from models.tables.records import Completion


def of_subjects(
    session: Session,
    subjects: Collection[Subject],
    *,
    ledger: Ledger,
    shared: Collection[str] = (),
    known: datetime | None = None,
) -> dict[Subject, list[Completion]]:
    """The records of each occurrence, the earliest first; of the requirements in `shared` also superiors'."""
    if not subjects:
        return {}
    requirements, organizations, periods = (set(part) for part in zip(*subjects, strict=True))
    above = {superior for each in organizations for superior in ledger.above(each)} if shared else set()
    query = select(Completion).where(
        is_current(known),
        Completion.requirement.in_(requirements),
        Completion.period.in_(periods),
        Completion.organization_id.in_(organizations | above),
    )
    rows: dict[Subject, list[Completion]] = {}
    for row in session.scalars(query.order_by(Completion.held_on, Completion.id)):
        rows.setdefault((row.requirement, row.organization_id, row.period), []).append(row)
    found = {}
    for requirement, organization, period in subjects:
        places = (organization, *(ledger.above(organization) if requirement in shared else ()))
        each = [row for place in places for row in rows.get((requirement, place, period), ())]
        if each:
            found[requirement, organization, period] = each
    return found


def changed_since(
    session: Session, organizations: Collection[int], moment: datetime, *, periods: Collection[str]
) -> list[Completion]:
    """Records of these periods that came or went after a moment, in the order in which that happened.

    What came and went since then is left out.
    """
    query = select(Completion).where(
        Completion.organization_id.in_(organizations),
        Completion.period.in_(periods),
        ((Completion.known_at > moment) & Completion.superseded_at.is_(None))
        | ((Completion.known_at <= moment) & (Completion.superseded_at > moment)),
    )
    rows = list(session.scalars(query.order_by(Completion.id)))
    return sorted(rows, key=lambda row: max(row.known_at, row.superseded_at or row.known_at))
