"""What the calendar knows of organizations, changes and key events, and what it says is due."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple

from models.rules.calendar.periods import Period
from models.rules.calendar.semesters import DEFAULT_SEMESTERS, Semesters
from models.rules.calendar.workdays import Workdays
from models.rules.people.roles import OrganizationKind


@dataclass(frozen=True, slots=True)
class OrganizationFacts:
    """One organization; nothing is due before `starts_on` nor after `ends_on`.

    `workdays` are its own where it has vacations or single days of its own.
    """

    id: int
    name: str
    kind: OrganizationKind
    parent_id: int | None
    has_committee: bool
    starts_on: date
    ends_on: date | None = None
    semesters: Semesters = DEFAULT_SEMESTERS
    workdays: Workdays | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Change:
    """变更: one occurrence moved to a day or waived, with its id and reason.

    `by` is the member who changed it (None: an operator), `made_at` when.
    """

    requirement: str
    organization_id: int
    period: str
    moved_to: date | None = None
    waived: bool = False
    id: int = 0
    reason: str | None = None
    by: int | None = None
    made_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class KeyEvent:
    """节点事件: entered by hand; requirements and observances follow from it (新任职, 换届, 升学宴)."""

    kind: str
    on: date
    organization_id: int
    id: int = 0
    about: str | None = None


class Occurrence(NamedTuple):
    """应办: one requirement of one organization in one period, with its due day after changes.

    `moved` is the id of the change that moved it. `opens_on` is the first day on which it can be done.
    `provisional`: the due day rests on days off that are not published yet.
    """

    requirement: str
    organization_id: int
    period: str
    due_on: date
    moved: int | None
    waived: bool
    opens_on: date
    provisional: bool


class DueDay(NamedTuple):
    """One period of a requirement with its due day, for all organizations of a setting."""

    period: Period
    due_on: date
    provisional: bool


# Of whom, what and for when: (requirement, organization id, period).
Subject = tuple[str, int, str]


def get_subject(row: Occurrence) -> Subject:
    """The identity of an occurrence."""
    return row.requirement, row.organization_id, row.period
