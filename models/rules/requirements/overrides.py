"""Overrides entered by hand, and the organizations' own semesters and working days."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import lru_cache
from itertools import pairwise
from types import MappingProxyType
from typing import NamedTuple

from models.rules.calendar.semesters import DEFAULT_SEMESTERS, Semesters
from models.rules.calendar.workdays import Workdays
from models.rules.requirements.types import Setting
from models.rules.types import KeyEvent, OrganizationFacts

Span = tuple[date, date]


@dataclass(frozen=True)
class Ledger:
    """Settings (the newest first), key events and superiors (`parents`: by id)."""

    settings: Sequence[Setting] = ()
    events: Sequence[KeyEvent] = ()
    parents: Mapping[int, int | None] = field(default_factory=lambda: MappingProxyType({}))

    def list_superiors(self, organization_id: int) -> tuple[int, ...]:
        """The superiors, the nearest first."""
        chain: list[int] = []
        here = self.parents.get(organization_id)
        while here is not None and here not in chain:
            chain.append(here)
            here = self.parents.get(here)
        return tuple(chain)


class OwnDay(NamedTuple):
    """One day that an organization (None: everybody) works or has off against the general rule."""

    organization_id: int | None
    day: date
    works: bool


class OwnSemester(NamedTuple):
    """First and last day of a semester, by key (`2026-S1`); organization None: for all."""

    organization_id: int | None
    key: str
    first: date
    last: date


class _Own(NamedTuple):
    """What holds for an organization after all levels: semesters by key, and days."""

    semesters: tuple[tuple[str, date, date], ...]
    days: tuple[tuple[date, bool], ...]


def apply_own_days(
    organizations: Sequence[OrganizationFacts],
    workdays: Workdays,
    days: Iterable[OwnDay],
    semesters: Iterable[OwnSemester],
) -> list[OrganizationFacts]:
    """The organizations with the semesters and working days that they or superiors set.

    The nearest level counts, of one level the later entry. The days between two semesters are days off
    where the dates of one of the two were set; default semesters close no school. Organizations that
    share all this share one `Workdays`. Raises ValueError where semesters overlap.
    """
    ledger = Ledger(parents={each.id: each.parent_id for each in organizations})
    by_level: dict[int | None, tuple[dict[str, OwnSemester], dict[date, OwnDay]]] = {}
    for semester in semesters:
        by_level.setdefault(semester.organization_id, ({}, {}))[0][semester.key] = semester
    for day in days:
        by_level.setdefault(day.organization_id, ({}, {}))[1][day.day] = day
    if not by_level:
        return list(organizations)
    return [_apply_own(each, _merge_levels(each.id, ledger, by_level), workdays) for each in organizations]


def _merge_levels(
    organization_id: int,
    ledger: Ledger,
    by_level: Mapping[int | None, tuple[dict[str, OwnSemester], dict[date, OwnDay]]],
) -> _Own:
    semesters: dict[str, OwnSemester] = {}
    days: dict[date, OwnDay] = {}
    # From the general to the own level, so that the nearest one overwrites.
    for level in (None, *reversed(ledger.list_superiors(organization_id)), organization_id):
        own = by_level.get(level)
        if own:
            semesters.update(own[0])
            days.update(own[1])
    return _Own(
        tuple((key, semesters[key].first, semesters[key].last) for key in sorted(semesters)),
        tuple((day, days[day].works) for day in sorted(days)),
    )


def _apply_own(facts: OrganizationFacts, own: _Own, workdays: Workdays) -> OrganizationFacts:
    if not own.semesters and not own.days:
        return facts
    semesters = _create_semesters(own.semesters)
    return replace(
        facts,
        semesters=semesters,
        workdays=_create_workdays(workdays, own.days, _list_vacations(own.semesters, semesters)),
    )


@lru_cache(maxsize=1024)
def _create_semesters(exact: tuple[tuple[str, date, date], ...]) -> Semesters:
    return replace(DEFAULT_SEMESTERS, exact=exact) if exact else DEFAULT_SEMESTERS


@lru_cache(maxsize=1024)
def _list_vacations(exact: tuple[tuple[str, date, date], ...], semesters: Semesters) -> tuple[Span, ...]:
    """The days before and after each semester whose dates were set."""
    if not exact:
        return ()
    set_days = {(first, last) for _, first, last in exact}
    first = min(each[0] for each in set_days) - timedelta(days=366)
    last = max(each[1] for each in set_days) + timedelta(days=366)
    spans = [(begin, end) for _, begin, end in semesters.list_between(first, last)]
    return tuple(
        (one[1] + timedelta(days=1), other[0] - timedelta(days=1))
        for one, other in pairwise(spans)
        # Only where somebody set the dates: the default semesters close no school.
        if (one in set_days or other in set_days) and one[1] + timedelta(days=1) < other[0]
    )


@lru_cache(maxsize=1024)
def _create_workdays(
    workdays: Workdays, days: tuple[tuple[date, bool], ...], vacations: tuple[Span, ...]
) -> Workdays:
    """Create an organization's workdays; those with the same days share one value."""
    return workdays.create_for_organization(dict(days), vacations)
