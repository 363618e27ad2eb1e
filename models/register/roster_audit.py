"""The audit of an import: every changed role and organization, before and after."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from models.rules.people.roles import ROLE_NAMES
from models.rules.roster.types import Change, ImportPlan, OrganizationEntry, PersonEntry
from models.tables.people import Member
from models.tables.records import Audit

Changed = tuple[Member, Change[PersonEntry]]


def role_audits(people: Iterable[Changed], by: int | None, at: datetime) -> Iterable[Audit]:
    """One row for each person whose roles changed, by id and without the name."""
    for member, change in people:
        before, after = (_posts(entry) for entry in (change.before, change.after))
        if before != after:
            yield Audit(
                at=at,
                by_member_id=by,
                action="role",
                subject=f"member:{member.id}",
                before=before,
                after=after,
            )


def _posts(entry: PersonEntry | None) -> dict[str, Any] | None:
    """The posts of a person as the audit shows them."""
    if entry is None or not entry.places:
        return None
    return {"posts": [f"{place.name}{ROLE_NAMES[place.role]}" for place in entry.places]}


def organization_audits(plan: ImportPlan, by: int | None, at: datetime) -> Iterable[Audit]:
    """One row for each organization that was added, changed or ended."""
    for change in plan.organizations:
        entry = change.after or change.before
        yield Audit(
            at=at,
            by_member_id=by,
            action="organization",
            subject=f"organization:{entry.name if entry else ''}",
            before=_facts(change.before),
            after=_facts(change.after),
        )


def _facts(entry: OrganizationEntry | None) -> dict[str, Any] | None:
    """The columns of an organization as the audit shows them."""
    if entry is None:
        return None
    return {
        "name": entry.name,
        "kind": entry.kind.value,
        "parent": entry.parent,
        "aliases": list(entry.aliases),
        "oversights": list(entry.oversights),
        "has_committee": entry.has_committee,
        "starts_on": entry.starts_on.isoformat(),
    }
