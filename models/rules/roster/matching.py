"""Which stored person each row of the file means, though names are shared."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import product

from models.rules.roster.cells import get_identity
from models.rules.roster.types import PersonEntry


def match_people(rows: Sequence[PersonEntry], stored: Sequence[PersonEntry]) -> tuple[PersonEntry, ...]:
    """The rows with the ids of the stored people they mean.

    People of one name are told apart by where they are: whoever has most places in common belongs
    together, the register's order decides between equals. The last one of a name on either side is
    the same person moved; somebody who left is known again by a place held before.
    """
    candidates = _group_by_name(stored)
    found: dict[int, int | None] = {}
    for name, same in _group_by_name(rows).items():
        found |= _pair_namesakes(same, candidates.get(name, []))
    return tuple(replace(row, id=found.get(row.position)) for row in rows)


def _group_by_name(people: Iterable[PersonEntry]) -> dict[str, list[PersonEntry]]:
    found: dict[str, list[PersonEntry]] = {}
    for person in people:
        found.setdefault(get_identity(person.name), []).append(person)
    return found


def _pair_namesakes(rows: list[PersonEntry], stored: list[PersonEntry]) -> dict[int, int | None]:
    """The ids by the rows' positions, for people of one name."""
    pairs: dict[int, int | None] = {}
    used: set[int | None] = set()
    for row, person in _rank_pairs(rows, stored):
        if row.position not in pairs and person.id not in used:
            pairs[row.position] = person.id
            used.add(person.id)
    left = [row for row in rows if row.position not in pairs]
    free = [person for person in stored if person.id not in used and person.places]
    # With one left on each side there is nobody else to be mistaken for.
    if len(left) == len(free) == 1:
        pairs[left[0].position] = free[0].id
    return pairs


def _rank_pairs(
    rows: list[PersonEntry], stored: list[PersonEntry]
) -> Iterator[tuple[PersonEntry, PersonEntry]]:
    """Every row and stored person with something in common, the most alike first."""
    scored = [(_score_likeness(row, person), row, person) for row, person in product(rows, stored)]
    scored.sort(key=lambda found: (*(-part for part in found[0]), found[1].position, found[2].position))
    return ((row, person) for likeness, row, person in scored if any(likeness))


def _score_likeness(row: PersonEntry, person: PersonEntry) -> tuple[int, int, int]:
    """Open places in common, open organizations in common, organizations of the past in common."""
    here = {place.name for place in row.places}
    return (
        len(set(row.places) & set(person.places)),
        len(here & {place.name for place in person.places}),
        0 if person.places else len(here & person.former),
    )


def index_by_id(people: Iterable[PersonEntry]) -> dict[int, PersonEntry]:
    """Stored people by their id."""
    return {person.id: person for person in people if person.id is not None}
