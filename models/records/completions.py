"""Completions: stores, changes and withdraws them, and keeps every earlier version."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, bindparam, select
from sqlalchemy.orm import Session

from models.rules.requirements.entries import Entry
from models.storage.inserts import insert_rows
from models.tables.people import Organization
from models.tables.records import Audit, Completion

RECORD = "record"  # the audit's action where something is recorded for the first time
CURRENT: ColumnElement[bool] = Completion.superseded_at.is_(None)


def is_current(known_at: datetime | None = None) -> ColumnElement[bool]:
    """The condition of records that stand, or stood as far as was known at a moment."""
    if known_at is None:
        return CURRENT
    later = Completion.superseded_at.is_(None) | (Completion.superseded_at > known_at)
    return (Completion.known_at <= known_at) & later


def entry_of(row: Completion) -> Entry:
    """The value of a stored completion."""
    return Entry(*(getattr(row, name) for name in Entry._fields))


def of_report(session: Session, report_id: int) -> list[Completion]:
    """The current completions of a report, in the order of its text."""
    query = select(Completion).where(Completion.report_id == report_id, CURRENT).order_by(Completion.entry)
    return list(session.scalars(query))


_ON_DAY = (
    select(Completion)
    .where(
        Completion.organization_id == bindparam("organization"),
        Completion.requirement == bindparam("requirement"),
        Completion.held_on == bindparam("day"),
        CURRENT,
    )
    .order_by(Completion.id)
)


def on_day(session: Session, entry: Entry) -> list[Completion]:
    """The current completions of the entry's organization and requirement on the entry's day."""
    values = {
        "organization": entry.organization_id, "requirement": entry.requirement, "day": entry.held_on
    }  # fmt: skip
    return list(session.scalars(_ON_DAY, values))


def store(
    session: Session,
    report_id: int,
    entries: Sequence[Entry],
    *,
    before: Sequence[Completion],
    reporter_id: int,
    at: datetime,
) -> bool:
    """Make the entries of a report exactly these, instead of those `before`; True on any change.

    A changed entry closes its row and opens one with the next revision; an equal entry keeps its row. Every
    change adds a row to the audit.
    """
    # What is left over at the end is no longer in the text and is withdrawn.
    standing = {row.entry: row for row in before}
    rows: list[dict[str, Any]] = []
    told: list[dict[str, Any]] = []
    for index, entry in enumerate(entries):
        old = standing.pop(index, None)
        if old is not None and entry_of(old) == entry:
            continue
        if old is not None:
            old.superseded_at = at
        rows.append(
            _row(report_id, index, entry, revision=old.revision + 1 if old else 1, by=reporter_id, at=at)
        )
        told.append(_audit(RECORD if old is None else "revise", report_id, reporter_id, at, old, entry))
    for old in standing.values():
        old.superseded_at = at
        told.append(_audit("withdraw", report_id, reporter_id, at, old, None))
    insert_rows(session, Completion, rows)
    insert_rows(session, Audit, told)
    return bool(told)


def withdraw(session: Session, report_id: int, *, by: int, at: datetime) -> bool:
    """Close all current completions of a report; False where there were none."""
    before = of_report(session, report_id)
    return store(session, report_id, (), before=before, reporter_id=by, at=at)


def between(
    session: Session,
    organizations: Iterable[int],
    first: date,
    last: date,
    *,
    requirements: Iterable[str] = (),
    known_at: datetime | None = None,
) -> list[tuple[Completion, str]]:
    """Completions held in [first, last] with their organization's name, in roster order.

    Of these requirements, if any are named; with `known_at` as they stood as far as was known then.
    """
    wanted = list(requirements)
    query = (
        select(Completion, Organization.name)
        .join(Organization, Organization.id == Completion.organization_id)
        .where(
            Completion.organization_id.in_(list(organizations)),
            Completion.held_on.between(first, last),
            is_current(known_at),
            *([Completion.requirement.in_(wanted)] if wanted else []),
        )
        .order_by(Organization.position, Completion.held_on, Completion.id)
    )
    return [(row, name) for row, name in session.execute(query)]


def _row(
    report_id: int | None, index: int, entry: Entry, *, revision: int, by: int | None, at: datetime
) -> dict[str, Any]:
    """The columns of a completion."""
    values: dict[str, Any] = entry._asdict()
    own = {"report_id": report_id, "entry": index, "revision": revision, "reporter_id": by, "known_at": at}
    return values | own


def _audit(
    action: str, report_id: int, by: int, at: datetime, old: Completion | None, new: Entry | None
) -> dict[str, Any]:
    """The columns of the audit's row about one completion."""
    return {
        "at": at,
        "by_member_id": by,
        "action": action,
        "subject": f"report:{report_id}",
        "organization_id": new.organization_id if new else old and old.organization_id,
        "before": entry_of(old).to_json() if old else None,
        "after": new.to_json() if new else None,
    }


def add_past(session: Session, entries: Iterable[Entry], *, at: datetime) -> None:
    """补录: store past completions that no message reported; each adds a row to the audit."""
    past = list(entries)
    insert_rows(session, Completion, [_row(None, 0, entry, revision=1, by=None, at=at) for entry in past])
    told = {"at": at, "action": "backfill", "subject": "backfill"}
    insert_rows(session, Audit, [told | {"after": entry.to_json()} for entry in past])


def revise_past(session: Session, row: Completion, entry: Entry, *, by: int, at: datetime) -> None:
    """Replace the figures of a past completion that no message reported."""
    row.superseded_at = at
    session.add(Completion(**_row(None, row.entry, entry, revision=row.revision + 1, by=by, at=at)))
    before = entry_of(row).to_json()
    session.add(
        Audit(
            at=at,
            by_member_id=by,
            action="revise",
            subject="backfill",
            before=before,
            after=entry.to_json(),
        )
    )
    session.flush()
