"""The status of any number of organizations: what is alike is read, judged and counted together."""

from collections import Counter
from collections.abc import Iterable, Iterator, Set
from dataclasses import replace
from datetime import date, timedelta
from typing import NamedTuple

from sqlalchemy.orm import Session

from models.records.changes import list_changes
from models.rules.requirements.due_query import DueQuery
from models.rules.requirements.occurrences import Batch
from models.rules.requirements.rulebook import Rulebook
from models.rules.requirements.status import Done, State, get_state
from models.rules.types import Occurrence
from models.status.grouped_records import Cell, CellRecords, read_records

LOOK_BACK = timedelta(days=183)
"""How far back what is overdue is told of where no period was named."""


class Block(NamedTuple):
    """Occurrences that differ by their organization only: the same thing, due day and state.

    `occurrence` leaves its organization open (0), `order` is the place of its requirement among those asked.
    """

    occurrence: Occurrence
    state: State
    organizations: Set[int]
    order: int
    records: CellRecords

    def find_done(self, organization_id: int) -> Done | None:
        """What one of the organizations has done, as sums."""
        return self.records.done.get(organization_id)


def status_blocks(
    session: Session, rules: Rulebook, query: DueQuery, today: date, *, look_back: timedelta = timedelta(0)
) -> list[Block]:
    """Every occurrence that is asked for with its state on the day `today`, in no set order.

    What was due before the first day belongs to it only while it is overdue: what was moved to before it,
    and with `look_back` what was due in so many days before it. Three statements, whatever the number.
    """
    asked = replace(query, first=query.first - look_back)
    changed = list_changes(session, [facts.id for facts in query.organizations], known_at=query.known_at)
    batches = list(rules.list_due_batches(asked, changed))
    versions = {
        _cell_of(batch): rules.find_version(batch.requirement, batch.day.period.first) for batch in batches
    }
    places = [facts.id for facts in query.organizations]
    records = read_records(session, versions, places, query.ledger, known_at=query.known_at)
    shared: dict[int, frozenset[int]] = {}
    return [
        block
        for batch in batches
        for block in _split(batch, _ids(batch, shared), records[_cell_of(batch)], today)
        if query.by_period or block.occurrence.due_on >= query.first or block.state is State.OVERDUE
    ]


def _cell_of(batch: Batch) -> Cell:
    return batch.requirement, batch.day.period.key


def _ids(batch: Batch, shared: dict[int, frozenset[int]]) -> frozenset[int]:
    """The batch's organizations; batches of different requirements often share their list."""
    key = id(batch.organizations)
    if key not in shared:
        shared[key] = frozenset(facts.id for facts in batch.organizations)
    return shared[key]


def _split(batch: Batch, wanted: Set[int], records: CellRecords, today: date) -> Iterator[Block]:
    """The batch by states; who has done the same is judged once."""
    one = batch.occurrence
    found: dict[State, Set[int]] = {}
    for done, places in records.split_by_done(batch.due_on):
        if here := wanted & places:
            wanted = wanted - here
            state = get_state(records.rule, one, done, today)
            found[state] = found[state] | here if state in found else here
    if wanted:
        state = get_state(records.rule, one, None, today)
        found[state] = found[state] | wanted if state in found else wanted
    for state, here in found.items():
        yield Block(one, state, here, batch.order, records)


def count_states(blocks: Iterable[Block]) -> Counter[State]:
    """How many occurrences are in each state."""
    counts = Counter[State]()
    for block in blocks:
        counts[block.state] += len(block.organizations)
    return counts
