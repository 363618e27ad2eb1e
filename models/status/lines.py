"""Blocks of the status as lines, one an occurrence, and what was done for single occurrences."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from itertools import groupby
from typing import NamedTuple

from sqlalchemy.orm import Session

from models.rules.requirements.due_query import DueQuery
from models.rules.requirements.overrides import Ledger
from models.rules.requirements.rulebook import Rulebook
from models.rules.requirements.status import Done, State
from models.rules.requirements.types import Requirement
from models.rules.types import Occurrence, OrganizationFacts, Subject
from models.status.blocks import Block, status_blocks
from models.status.grouped_records import read_records

A_YEAR = timedelta(days=400)
SETTLED = frozenset((State.DONE, State.DONE_LATE, State.WAIVED))


class StatusLine(NamedTuple):
    """One occurrence with what was done for it and its state."""

    occurrence: Occurrence
    done: Done | None
    state: State


def list_lines(blocks: Iterable[Block], organizations: Sequence[OrganizationFacts]) -> list[StatusLine]:
    """A line for each occurrence of these organizations, which are all or some of the blocks'.

    In the order of due days, then of the requirements, then of the organizations as given.
    """
    places = {facts.id: place for place, facts in enumerate(organizations)}
    ordered = sorted(blocks, key=_day_and_order)
    found = []
    for _, alike in groupby(ordered, key=_day_and_order):
        here = [
            (places[each], number, block)
            for number, block in enumerate(alike)
            for each in places.keys() & block.organizations
        ]
        here.sort(key=lambda each: each[:2])
        found += [_line_of(block, organizations[place].id) for place, _, block in here]
    return found


def _day_and_order(block: Block) -> tuple[date, int]:
    return block.occurrence.due_on, block.order


def _line_of(block: Block, organization_id: int) -> StatusLine:
    occurrence = block.occurrence._replace(organization_id=organization_id)
    return StatusLine(occurrence, block.find_done(organization_id), block.state)


def find_done(session: Session, ledger: Ledger, rules: Mapping[Subject, Requirement]) -> dict[Subject, Done]:
    """What was done for each subject, with the superiors' events where its rule lets them count."""
    cells = {(requirement, period): rule for (requirement, _, period), rule in rules.items()}
    places = {organization for _, organization, _ in rules}
    records = read_records(session, cells, places, ledger)
    found = {subject: records[subject[0], subject[2]].done.get(subject[1]) for subject in rules}
    return {subject: done for subject, done in found.items() if done is not None}


def list_open_periods(
    session: Session,
    rules: Rulebook,
    ledger: Ledger,
    organization: OrganizationFacts,
    requirement: str,
    day: date,
) -> set[str]:
    """The keys of an organization's periods around a day in which a requirement is not done yet."""
    query = DueQuery(
        [organization],
        day - A_YEAR,
        day + A_YEAR,
        ledger,
        rules.list_chosen([requirement]),
        by_period=True,
    )
    blocks = status_blocks(session, rules, query, day)
    return {block.occurrence.period for block in blocks if block.state not in SETTLED}
