"""Reads the audit: who changed what, when, from what to what, newest first."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime, tzinfo
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.register import members
from models.tables.records import Audit

SETTINGS = "settings"


@dataclass(frozen=True, slots=True)
class Line:
    """One change. `by` and `about` are the names of people, where there are any."""

    id: int
    at: datetime
    by: str | None
    action: str
    subject: str
    about: str | None
    organization_id: int | None
    before: dict[str, Any] | None
    after: dict[str, Any] | None

    def local(self, zone: tzinfo | None) -> "Line":
        """The same change with its moment in this zone."""
        return replace(self, at=self.at.astimezone(zone))


def recent(
    session: Session, organizations: Collection[int] | None, *, before: int | None = None, many: int = 12
) -> list[Line]:
    """The newest changes in these organizations (None: all), before the change with id `before`."""
    query = select(Audit).order_by(Audit.id.desc()).limit(many)
    if organizations is not None:
        query = query.where(Audit.organization_id.in_(organizations))
    if before is not None:
        query = query.where(Audit.id < before)
    rows = list(session.scalars(query))
    ids = {row.by_member_id for row in rows if row.by_member_id} | {_member(row) for row in rows}
    # Names are read now and not stored in the audit, so that erasing a person erases them here too.
    names = members.names(session, {found for found in ids if found is not None})
    return [
        Line(
            row.id,
            row.at,
            names.get(row.by_member_id or 0),
            row.action,
            row.subject,
            names.get(_member(row) or 0),
            row.organization_id,
            row.before,
            row.after,
        )
        for row in rows
    ]


def note_settings(session: Session, values: dict[str, Any], *, at: datetime) -> bool:
    """Store the settings that are in force from now on; False where they have not changed."""
    query = select(Audit.after).where(Audit.subject == SETTINGS).order_by(Audit.id.desc()).limit(1)
    before = session.scalar(query)
    if before == values:
        return False
    session.add(Audit(at=at, action=SETTINGS, subject=SETTINGS, before=before, after=values))
    session.flush()
    return True


def _member(row: Audit) -> int | None:
    """The id of the member whom a change concerns."""
    kind, _, key = row.subject.partition(":")
    return int(key) if kind == "member" and key.isdigit() else None
