"""Completions as they are or were: of given occurrences, and what changed after a moment."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.records.completions import is_current
from models.rules.requirements.overrides import Ledger
from models.rules.types import Subject
from models.tables.records import Completion


def load_of_subjects(
    session: Session,
    subjects: Collection[Subject],
    *,
    ledger: Ledger,
    shared: Collection[str] = (),
    known: datetime | None = None,
) -> dict[Subject, list[Completion]]:
    """The completions of each occurrence, the earliest first.

    For requirements in `shared`, the superiors' completions count too. `known` is the moment as of which
    they are read; None is now.
    """
    if not subjects:
        return {}
    sources = {subject: _list_sources(subject, ledger, shared) for subject in subjects}
    rows = _load_by_occurrence(session, {key for keys in sources.values() for key in keys}, known)
    found = {}
    for subject, keys in sources.items():
        records = [row for key in keys for row in rows.get(key, ())]
        if records:
            found[subject] = records
    return found


def _list_sources(subject: Subject, ledger: Ledger, shared: Collection[str]) -> list[Subject]:
    """The occurrences whose completions count for this one: its own, then its superiors'."""
    requirement, organization, period = subject
    superiors = ledger.list_superiors(organization) if requirement in shared else ()
    return [(requirement, each, period) for each in (organization, *superiors)]


def _load_by_occurrence(
    session: Session, subjects: Collection[Subject], known: datetime | None
) -> dict[Subject, list[Completion]]:
    """Completions by occurrence, the earliest first; some further occurrences are among them."""
    requirements, organizations, periods = (set(part) for part in zip(*subjects, strict=True))
    # Three lists instead of triples: both databases use an index for them. What matches only part by part
    # is not looked up afterwards.
    query = select(Completion).where(
        is_current(known),
        Completion.requirement.in_(requirements),
        Completion.period.in_(periods),
        Completion.organization_id.in_(organizations),
    )
    rows: dict[Subject, list[Completion]] = {}
    for row in session.scalars(query.order_by(Completion.held_on, Completion.id)):
        rows.setdefault((row.requirement, row.organization_id, row.period), []).append(row)
    return rows


def list_changed_since(
    session: Session, organizations: Collection[int], moment: datetime, *, periods: Collection[str]
) -> list[Completion]:
    """Completions of these periods that were added or removed after a moment, in that order.

    What was both added and removed since then is left out.
    """
    query = select(Completion).where(
        Completion.organization_id.in_(organizations),
        Completion.period.in_(periods),
        ((Completion.known_at > moment) & Completion.superseded_at.is_(None))
        | ((Completion.known_at <= moment) & (Completion.superseded_at > moment)),
    )
    rows = list(session.scalars(query.order_by(Completion.id)))
    return sorted(rows, key=lambda row: max(row.known_at, row.superseded_at or row.known_at))
