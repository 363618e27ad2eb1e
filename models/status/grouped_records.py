"""The records of many organizations: what agrees comes in one row, so that thousands are read as few."""

import json
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from itertools import pairwise
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from models.rules.requirements.status import Held
from models.status.occurrences import MOST_IDS, current
from models.tables.records import Completion

Cell = tuple[str, str]  # a requirement and a period
Records = Mapping[tuple[Held, ...], set[int]]  # who has the same records of a cell

Days = tuple[list[int], list[date]]  # whose the records of a cell are, and their days, in one order
Where = Sequence[ColumnElement[bool]]

OF = Completion.__table__.c
CELL = (OF.requirement, OF.period)


class Found(NamedTuple):
    """What was read of each cell: only days, or all that a goal may look at."""

    days: dict[Cell, Days]
    records: dict[Cell, Records]


def gathered(
    session: Session,
    cells: Collection[Cell],
    organizations: Collection[int],
    closely: Collection[str],
    known: datetime | None,
) -> Found:
    """The records of these cells as far as goals look at them, in two statements at most.

    Of most rules only the days count; those in `closely` also look at quantities, parts or heads.
    """
    found = Found({}, {})
    if not cells:
        return found
    requirements, periods = (set(part) for part in zip(*cells, strict=True))
    where = [current(known), OF.period.in_(periods)]
    few = len(organizations) <= MOST_IDS
    if few:
        where.append(OF.organization_id.in_(organizations))
    if plain := requirements - set(closely):
        (_days if few else _by_day)(session, found.days, [*where, OF.requirement.in_(plain)])
    if requirements & set(closely):
        _all(session, found.records, [*where, OF.requirement.in_(requirements & set(closely))])
    return found


def records_of(days: Days) -> Records:
    """Days as records that say nothing else."""
    alike: dict[Held, list[int]] = {}
    for place, day in zip(*days, strict=True):
        alike.setdefault(Held(day), []).append(place)
    return _sorted_out(alike)


def _by_day(session: Session, found: dict[Cell, Days], where: Where) -> None:
    """The days of records, a row a day: of very many organizations there are few of them."""
    gather, agreed = _gather(session), (*CELL, OF.held_on)
    query = select(*agreed, gather(OF.organization_id)).where(*where).group_by(*agreed)
    for requirement, period, day, gathered_here in session.execute(query):
        places, days = found.setdefault((requirement, period), ([], []))
        here = _list(gathered_here)
        places += here
        days += [day] * len(here)


def _days(session: Session, found: dict[Cell, Days], where: Where) -> None:
    """The days of records, a row a cell."""
    for cell, (places, days) in _cells(session, where, OF.organization_id, OF.held_on):
        found[cell] = places, [*map(_date, days)] if isinstance(days[0], str) else days


def _all(session: Session, found: dict[Cell, Records], where: Where) -> None:
    """All that a goal may look at, a row a cell."""
    columns = (OF.organization_id, OF.held_on, OF.quantity, OF.part, OF.present, OF.expected)
    for cell, lists in _cells(session, where, *columns):
        alike: dict[Held, list[int]] = {}
        for place, day, quantity, part, present, expected in zip(*lists, strict=True):
            held = Held(_date(day), float(quantity or 0), part, present or 0, expected or 0)
            alike.setdefault(held, []).append(place)
        found[cell] = _sorted_out(alike)


def _cells(
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


def _sorted_out(alike: Mapping[Held, list[int]]) -> Records:
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
    return {(held,): set(places) - again for held, places in alike.items()} | by_records(several)


def by_records(several: Mapping[int, Sequence[Held]]) -> dict[tuple[Held, ...], set[int]]:
    """The organizations with the same records beside each other."""
    found: dict[tuple[Held, ...], set[int]] = defaultdict(set)
    for place, held in several.items():
        found[tuple(held)].add(place)
    return found
