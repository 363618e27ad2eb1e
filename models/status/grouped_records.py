"""The records of many organizations: what agrees comes in one row, so that thousands are read as few."""

import json
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence, Set
from datetime import date, datetime, timedelta
from functools import cached_property
from itertools import pairwise
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from models.records.changes import MOST_IDS
from models.records.completions import is_current
from models.rules.requirements.overrides import Ledger
from models.rules.requirements.status import Done, Held, sum_towards
from models.rules.requirements.types import GoalKind, Requirement
from models.tables.records import Completion

Cell = tuple[str, str]  # a requirement and a period
Records = Mapping[tuple[Held, ...], Set[int]]  # who has the same records of a cell
Chains = Mapping[int, tuple[int, ...]]  # the superiors of each organization

Days = tuple[list[int], list[date]]  # whose the records of a cell are, and their days, in one order
Where = Sequence[ColumnElement[bool]]

OF = Completion.__table__.c
CELL = (OF.requirement, OF.period)

# The goals that look at nothing but the days of the records.
BY_DAYS = (GoalKind.ONCE, GoalKind.TIMES)
# Where one record is enough, all that matters is whether one was held by the day or only after it.
IN_TIME, TOO_LATE = Done(1, first_on=date.min), Done(1, first_on=date.max)


class _Found(NamedTuple):
    """What was read of each cell: only days, or all that a goal may look at."""

    days: dict[Cell, Days]
    records: dict[Cell, Records]


class CellRecords:
    """What was done for one requirement in one period, under the version of the rule that held then."""

    def __init__(self, rule: Requirement, days: Days | None, records: Records, superiors: Chains) -> None:
        self.rule = rule
        self._days, self._read, self._superiors = days, records, superiors

    def split_by_done(self, due_on: date) -> Iterator[tuple[Done, Set[int]]]:
        """Who has done the same, as far as it matters for a due day; the first that names somebody counts."""
        if self._days is not None and self.rule.goal.single and not self.rule.covered_by_superior:
            deadline = due_on + timedelta(days=self.rule.grace_days)
            yield IN_TIME, {place for place, day in zip(*self._days, strict=True) if day <= deadline}
            yield TOO_LATE, set(self._days[0])
        else:
            yield from self._sums

    @cached_property
    def done(self) -> Mapping[int, Done]:
        """What each organization has done, by id."""
        return {place: done for done, places in self._sums for place in places}

    @cached_property
    def _sums(self) -> list[tuple[Done, Set[int]]]:
        """Who has the same records, with their sums."""
        records = self._read if self._days is None else _records_of(self._days)
        if self.rule.covered_by_superior and records:
            records = self._with_superiors(records)
        sums = ((sum_towards(self.rule.goal, held), places) for held, places in records.items())
        return [(done, places) for done, places in sums if done is not None]

    def _with_superiors(self, records: Records) -> Records:
        """The records with those of superiors, which count for each below them."""
        own: dict[int, list[Held]] = defaultdict(list)
        for held, places in records.items():
            for place in places:
                own[place] += held
        several = {}
        for place, above in self._superiors.items():
            if counting := [held for each in (place, *above) if each in own for held in own[each]]:
                several[place] = counting
        return _by_records(several)


def read_records(
    session: Session,
    rules: Mapping[Cell, Requirement],
    organizations: Collection[int],
    ledger: Ledger,
    *,
    known_at: datetime | None = None,
) -> dict[Cell, CellRecords]:
    """The records of these cells as far as their rules' goals look at them, in two statements at most."""
    superiors: Chains = {}
    places = set(organizations)
    if any(rule.covered_by_superior for rule in rules.values()):
        superiors = {place: ledger.list_superiors(place) for place in organizations}
        places |= {each for above in superiors.values() for each in above}
    found = _read(session, rules, places, known_at)
    return {
        cell: CellRecords(rule, found.days.get(cell), found.records.get(cell, {}), superiors)
        for cell, rule in rules.items()
    }


def _read(
    session: Session,
    rules: Mapping[Cell, Requirement],
    organizations: Collection[int],
    known_at: datetime | None,
) -> _Found:
    """Of most rules only the days count; the others also look at quantities, parts or heads."""
    found = _Found({}, {})
    if not rules:
        return found
    where = [is_current(known_at), OF.period.in_({period for _, period in rules})]
    few = len(organizations) <= MOST_IDS
    if few:
        where.append(OF.organization_id.in_(organizations))
    closely = {rule.key for rule in rules.values() if rule.goal.kind not in BY_DAYS}
    if plain := {requirement for requirement, _ in rules} - closely:
        (_read_days if few else _read_by_day)(session, found.days, [*where, OF.requirement.in_(plain)])
    if closely:
        _read_all(session, found.records, [*where, OF.requirement.in_(closely)])
    return found


def _read_by_day(session: Session, found: dict[Cell, Days], where: Where) -> None:
    """The days of records, a row a day: of very many organizations there are few of them."""
    gather, agreed = _gather(session), (*CELL, OF.held_on)
    query = select(*agreed, gather(OF.organization_id)).where(*where).group_by(*agreed)
    for requirement, period, day, gathered_here in session.execute(query):
        places, days = found.setdefault((requirement, period), ([], []))
        here = _list(gathered_here)
        places += here
        days += [day] * len(here)


def _read_days(session: Session, found: dict[Cell, Days], where: Where) -> None:
    """The days of records, a row a cell."""
    for cell, (places, days) in _read_cells(session, where, OF.organization_id, OF.held_on):
        found[cell] = places, [*map(_date, days)] if isinstance(days[0], str) else days


def _read_all(session: Session, found: dict[Cell, Records], where: Where) -> None:
    """All that a goal may look at, a row a cell."""
    columns = (OF.organization_id, OF.held_on, OF.quantity, OF.part, OF.present, OF.expected)
    for cell, lists in _read_cells(session, where, *columns):
        alike: dict[Held, list[int]] = {}
        for place, day, quantity, part, present, expected in zip(*lists, strict=True):
            held = Held(_date(day), float(quantity or 0), part, present or 0, expected or 0)
            alike.setdefault(held, []).append(place)
        found[cell] = _group_by_records(alike)


def _read_cells(
    session: Session, where: Where, *columns: ColumnElement[Any]
) -> list[tuple[Cell, list[list[Any]]]]:
    """These columns of the records of each cell, as lists of one order."""
    query = select(*CELL, *map(_gather(session), columns)).where(*where).group_by(*CELL)
    return [((row[0], row[1]), [_list(each) for each in row[2:]]) for row in session.execute(query)]


def _date(value: Any) -> date:
    return date.fromisoformat(value) if isinstance(value, str) else value


def _gather(session: Session) -> Any:
    """The function that makes one value of many: an array, or on SQLite a list as JSON."""
    return func.json_group_array if session.get_bind().dialect.name == "sqlite" else func.array_agg


def _list(value: Any) -> list[Any]:
    found: list[Any] = json.loads(value) if isinstance(value, str) else value
    return found


def _records_of(days: Days) -> Records:
    """Days as records that say nothing else."""
    alike: dict[date, list[int]] = {}
    for place, day in zip(*days, strict=True):
        alike.setdefault(day, []).append(place)
    return _group_by_records({Held(day): places for day, places in alike.items()})


def _group_by_records(alike: Mapping[Held, list[int]]) -> Records:
    """Single records as all that each organization has, which is one record of most."""
    seen, again = set[int](), set[int]()
    for places in alike.values():
        here = set(places)
        again |= seen & here
        seen |= here
        if len(here) < len(places):
            again |= {one for one, other in pairwise(sorted(places)) if one == other}
    if not again:
        return {(held,): set(places) for held, places in alike.items()}
    several: dict[int, list[Held]] = {place: [] for place in again}
    for held, places in alike.items():
        for place in filter(again.__contains__, places):
            several[place].append(held)
    return {(held,): set(places) - again for held, places in alike.items()} | _by_records(several)


def _by_records(several: Mapping[int, Sequence[Held]]) -> dict[tuple[Held, ...], set[int]]:
    """The organizations with the same records beside each other."""
    found: dict[tuple[Held, ...], set[int]] = defaultdict(set)
    for place, held in several.items():
        found[tuple(held)].add(place)
    return found
