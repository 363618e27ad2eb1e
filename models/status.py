"""Status: what is due in a range of days, joined with what was done."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from models.completions import CURRENT
from models.rules.occurrences import Change, Occurrence, OrganizationFacts, occurrences
from models.rules.requirements import Requirement
from models.rules.rulebook import Rulebook
from models.rules.status import Done, State, state_of
from models.tables import Completion, OccurrenceChange

# Of whom, what and for when: (requirement, organization id, period).
Subject = tuple[str, int, str]


@dataclass(frozen=True, slots=True)
class StatusLine:
    """One occurrence with what was done for it and its state."""

    occurrence: Occurrence
    done: Done | None
    state: State


def subject_of(row: Occurrence) -> Subject:
    """The identity of an occurrence."""
    return row.requirement, row.organization_id, row.period


async def changes(session: AsyncSession, organizations: Collection[int]) -> list[Change]:
    """The newest change of each changed occurrence of these organizations."""
    query = (
        select(OccurrenceChange)
        .where(OccurrenceChange.organization_id.in_(organizations))
        .order_by(OccurrenceChange.id)
    )
    newest = {(row.requirement, row.organization_id, row.period): row for row in await session.scalars(query)}
    return [
        Change(
            id=row.id,
            requirement=row.requirement,
            organization_id=row.organization_id,
            period=row.period,
            moved_to=row.moved_to,
            waived=row.waived,
            reason=row.reason,
        )
        for row in newest.values()
    ]


async def done_counts(session: AsyncSession, subjects: Iterable[Subject]) -> dict[Subject, Done]:
    """What was done for each (requirement, organization id, period), in one query."""
    wanted = set(subjects)
    if not wanted:
        return {}
    requirements, organizations, periods = (set(part) for part in zip(*wanted, strict=True))
    subject = (Completion.requirement, Completion.organization_id, Completion.period)
    query = (
        select(
            *subject,
            Completion.part,
            func.count(),
            func.coalesce(func.sum(Completion.quantity), 0),
            func.min(Completion.held_on),
            func.max(Completion.held_on),
            func.coalesce(func.sum(Completion.present), 0),
            func.coalesce(func.sum(Completion.expected), 0),
        )
        .where(
            CURRENT,
            Completion.requirement.in_(requirements),
            Completion.period.in_(periods),
            Completion.organization_id.in_(organizations),
        )
        .group_by(*subject, Completion.part)
    )
    found: dict[Subject, Done] = {}
    for requirement, organization, period, part, *sums in await session.execute(query):
        key = (requirement, organization, period)
        found[key] = _added(found.get(key), part, sums)
    return found


def _added(done: Done | None, part: str | None, sums: list[Any]) -> Done:
    """The sums of one part joined with those of the parts before."""
    count, quantity, first, last, present, expected = sums
    parts = ((part, count),) if part is not None else ()
    if done is None or done.first_on is None or done.last_on is None:
        return Done(count, float(quantity), first, last, None, parts, present, expected)
    return Done(
        count=done.count + count,
        quantity=done.quantity + float(quantity),
        first_on=min(done.first_on, first),
        last_on=max(done.last_on, last),
        parts=(*done.parts, *parts),
        present=done.present + present,
        expected=done.expected + expected,
    )


async def status(
    session: AsyncSession,
    rules: Rulebook,
    organizations: Sequence[OrganizationFacts],
    *,
    first: date,
    last: date,
    today: date,
    requirements: Sequence[Requirement] | None = None,
) -> list[StatusLine]:
    """Every occurrence of these organizations with a due day in [first, last], and its state today."""
    due = occurrences(
        requirements if requirements is not None else rules.requirements,
        organizations,
        first=first,
        last=last,
        changes=await changes(session, {facts.id for facts in organizations}),
        workdays=rules.workdays,
    )
    done = await done_counts(session, map(subject_of, due))
    return [
        StatusLine(row, found, state_of(rules.by_key[row.requirement], row, found, today))
        for row in due
        for found in [done.get(subject_of(row))]
    ]
