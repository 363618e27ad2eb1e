"""Which stored person each row of the file means, though names are shared."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from models.rules.roster.cells import identity
from models.rules.roster.types import PersonEntry


def matched(rows: Sequence[PersonEntry], stored: Sequence[PersonEntry]) -> tuple[PersonEntry, ...]:
    """The rows with the ids of the stored people they mean.

    People of one name are told apart by where they are: whoever has most places in common belongs
    together, the register's order decides between equals. The last one of a name on either side is
    the same person moved; somebody who left is known again by a place held before.
    """
    candidates: dict[str, list[PersonEntry]] = {}
    for person in stored:
        candidates.setdefault(identity(person.name), []).append(person)
    waiting: dict[str, list[PersonEntry]] = {}
    for row in rows:
        waiting.setdefault(identity(row.name), []).append(row)
    found: dict[int, int | None] = {}
    for name, same in waiting.items():
        found |= _pairs(same, candidates.get(name, []))
    return tuple(replace(row, id=found.get(row.position)) for row in rows)


def _pairs(rows: list[PersonEntry], stored: list[PersonEntry]) -> dict[int, int | None]:
    """The ids by the rows' positions, for people of one name."""
    scored = [(_likeness(row, person), row, person) for row in rows for person in stored]
    likely = sorted(
        (found for found in scored if any(found[0])),
        key=lambda found: (tuple(-part for part in found[0]), found[1].position, found[2].position),
    )
    pairs: dict[int, int | None] = {}
    used: set[int | None] = set()
    for _, row, person in likely:
        if row.position not in pairs and person.id not in used:
            pairs[row.position] = person.id
            used.add(person.id)
    left = [row for row in rows if row.position not in pairs]
    free = [person for person in stored if person.id not in used and person.places]
    if len(left) == len(free) == 1:
        pairs[left[0].position] = free[0].id
    return pairs


def _likeness(row: PersonEntry, person: PersonEntry) -> tuple[int, int, int]:
    """Open places in common, open organizations in common, organizations of the past in common."""
    here = {place.name for place in row.places}
    return (
        len(set(row.places) & set(person.places)),
        len(here & {place.name for place in person.places}),
        0 if person.places else len(here & person.former),
    )


def by_id(people: Iterable[PersonEntry]) -> dict[int, PersonEntry]:
    """Stored people by their id."""
    return {person.id: person for person in people if person.id is not None}
