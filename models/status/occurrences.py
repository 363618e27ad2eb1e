"""Status: what is due in a range of days, joined with what was done."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, bindparam, func, select
from sqlalchemy.orm import Session

from models.records.completions import CURRENT
from models.records.overrides import ledger as ledger_of
from models.rules.requirements.occurrences import Change, Occurrence, OrganizationFacts
from models.rules.requirements.overrides import Ledger
from models.rules.requirements.rulebook import Rulebook
from models.rules.requirements.status import Done, Held, State, progress, reached_on, state_of, together
from models.rules.requirements.types import Requirement
from models.tables.records import Completion, OccurrenceChange

A_YEAR = timedelta(days=400)
# A statement takes so many values; where more organizations are meant, all are read.
MOST_IDS = 5_000

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


_COLUMNS = {each.name: each.name for each in fields(Change)} | {"by": "by_member_id"}
_CHANGE_TABLE = OccurrenceChange.__table__.c
_CHANGES = select(*(_CHANGE_TABLE[name] for name in _COLUMNS.values())).order_by(_CHANGE_TABLE.id)
_CHANGES_OF_ONE = _CHANGES.where(_CHANGE_TABLE.organization_id == bindparam("organization"))


def changes(
    session: Session, organizations: Collection[int], *, known: datetime | None = None
) -> list[Change]:
    """The newest change of each changed occurrence of these organizations, as it was known at a moment."""
    if len(organizations) == 1 and known is None:
        found = session.execute(_CHANGES_OF_ONE, {"organization": next(iter(organizations))})
        rows = [Change(*row) for row in found]
    else:
        query = _CHANGES
        if len(organizations) <= MOST_IDS:
            query = query.where(OccurrenceChange.organization_id.in_(organizations))
        if known is not None:
            query = query.where(OccurrenceChange.made_at <= known)
        rows = [Change(*row) for row in session.execute(query)]
    return list({(row.requirement, row.organization_id, row.period): row for row in rows}.values())


def current(known: datetime | None = None) -> ColumnElement[bool]:
    """The records that stand, or stood as far as was known at a moment."""
    if known is None:
        return CURRENT
    later = Completion.superseded_at.is_(None) | (Completion.superseded_at > known)
    return (Completion.known_at <= known) & later


def done_counts(
    session: Session, subjects: Iterable[Subject], *, known: datetime | None = None
) -> dict[Subject, Done]:
    """What was done for each (requirement, organization id, period), in one query."""
    wanted = set(subjects)
    if not wanted:
        return {}
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
        .where(current(known), *_among(wanted))
        .group_by(*subject, Completion.part)
    )
    found: dict[Subject, Done] = {}
    for requirement, organization, period, part, *sums in session.execute(query):
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


def counted(
    session: Session,
    ledger: Ledger,
    rules: Mapping[Subject, Requirement],
    *,
    known: datetime | None = None,
) -> dict[Subject, Done]:
    """What was done for each subject, with the superiors' events where its rule lets them count."""
    sources = {
        subject: _sources(subject, ledger) if rule.covered_by_superior else (subject,)
        for subject, rule in rules.items()
    }
    every = {each for several in sources.values() for each in several}
    counts = done_counts(session, every, known=known)
    return {
        subject: together([counts[each] for each in several if each in counts])
        for subject, several in sources.items()
        if any(each in counts for each in several)
    }


def done_for(
    session: Session,
    rules: Rulebook,
    ledger: Ledger,
    due: Iterable[Occurrence],
    *,
    known: datetime | None = None,
) -> dict[Subject, Done]:
    """What was done for each occurrence; of goals that seem late, also the day on which they were reached."""
    rows = {subject_of(row): row for row in due}
    versions = {key: rules.version_of(row.requirement, row.opens_on) for key, row in rows.items()}
    found = counted(session, ledger, versions, known=known)
    late = [
        subject
        for subject, done in found.items()
        if done.count > 1 and state_of(versions[subject], rows[subject], done, date.max) is State.DONE_LATE
    ]
    sources = {subject: _sources(subject, ledger) for subject in late}
    held = _held(session, {each for several in sources.values() for each in several}, known)
    for subject in late:
        counting = sources[subject] if versions[subject].covered_by_superior else (subject,)
        records = [record for each in counting for record in held.get(each, ())]
        reached = reached_on(versions[subject].goal, records)
        found[subject] = replace(found[subject], reached_on=reached)
    return found


def _sources(subject: Subject, ledger: Ledger) -> tuple[Subject, ...]:
    """Whose records count for an occurrence: its own organization's and those of all above it."""
    requirement, organization, period = subject
    return subject, *((requirement, above, period) for above in ledger.above(organization))


def _held(
    session: Session, subjects: Collection[Subject], known: datetime | None
) -> dict[Subject, list[Held]]:
    """The single records of these subjects."""
    if not subjects:
        return {}
    found: dict[Subject, list[Held]] = {}
    for row in session.scalars(select(Completion).where(current(known), *_among(subjects))):
        held = Held(row.held_on, row.quantity or 0.0, row.part, row.present or 0, row.expected or 0)
        found.setdefault((row.requirement, row.organization_id, row.period), []).append(held)
    return found


def _among(subjects: Collection[Subject]) -> tuple[ColumnElement[bool], ...]:
    """Conditions that hold for all records of these subjects, and for some others."""
    requirements, organizations, periods = (set(part) for part in zip(*subjects, strict=True))
    alike = Completion.requirement.in_(requirements), Completion.period.in_(periods)
    return (
        (*alike, Completion.organization_id.in_(organizations)) if len(organizations) <= MOST_IDS else alike
    )


def open_periods(
    session: Session,
    rules: Rulebook,
    ledger: Ledger,
    organization: OrganizationFacts,
    requirement: str,
    day: date,
) -> set[str]:
    """The keys of an organization's periods around a day in which a requirement is not done yet."""
    due = rules.due(
        [organization],
        day - A_YEAR,
        day + A_YEAR,
        ledger=ledger,
        changes=changes(session, {organization.id}),
        requirements=[rule for rule in rules.requirements if rule.key == requirement],
        by_period=True,
    )
    done = done_for(session, rules, ledger, due)
    goals = {subject_of(row): rules.version_of(requirement, row.opens_on).goal for row in due}
    return {
        row.period
        for row in due
        if not row.waived and not progress(goals[subject_of(row)], done.get(subject_of(row))).complete
    }


def status(
    session: Session,
    rules: Rulebook,
    organizations: Sequence[OrganizationFacts],
    *,
    first: date,
    last: date,
    today: date,
    requirements: Sequence[Requirement] | None = None,
    whole: bool = False,
    known: datetime | None = None,
    ledger: Ledger | None = None,
) -> list[StatusLine]:
    """Every occurrence of these organizations with a due day in [first, last], and its state today.

    With `whole` also those due outside whose whole period lies inside; with `known` as it was known then.
    The `ledger` is read where it is not given.
    """
    ledger = ledger or ledger_of(session)
    due = rules.due(
        organizations,
        first,
        last,
        ledger=ledger,
        changes=changes(session, {facts.id for facts in organizations}, known=known),
        requirements=requirements,
        whole=whole,
    )
    done = done_for(session, rules, ledger, due, known=known)
    return [
        StatusLine(row, found, state_of(rules.version_of(row.requirement, row.opens_on), row, found, today))
        for row in due
        for found in [done.get(subject_of(row))]
    ]
