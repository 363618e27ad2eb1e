"""The status of very many organizations: what is alike is read, judged and counted together."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import islice
from typing import NamedTuple

from sqlalchemy.orm import Session

from models.rules.requirements.occurrences import Batch, Occurrence, OrganizationFacts
from models.rules.requirements.overrides import Ledger
from models.rules.requirements.rulebook import Rulebook
from models.rules.requirements.status import Done, Held, State, reached_on, state_of, summed
from models.rules.requirements.types import GoalKind, Requirement
from models.status.grouped_records import Cell, Days, Found, Records, by_records, gathered, records_of
from models.status.occurrences import changes

# The goals that look at nothing but the days of the records.
BY_DAYS = (GoalKind.ONCE, GoalKind.TIMES)
# Where one record is enough, all that matters is whether one was held by the day or only after it.
IN_TIME, TOO_LATE = Done(1, first_on=date.min), Done(1, first_on=date.max)


class Block(NamedTuple):
    """Occurrences that differ by their organization only: the same thing, due day and state."""

    requirement: str
    period: str
    due_on: date
    state: State
    organizations: Set[int]


class Tally(NamedTuple):
    """How many occurrences of each requirement are in each state, the first missing, and who owes any."""

    counts: dict[str, Counter[State]]
    missing: tuple[tuple[int, str, date], ...]
    organizations: frozenset[int]


def tally(
    session: Session,
    rules: Rulebook,
    organizations: Sequence[OrganizationFacts],
    *,
    first: date,
    last: date,
    today: date,
    ledger: Ledger,
    requirements: Sequence[Requirement] | None = None,
    known: datetime | None = None,
    whole: bool = False,
    most: int = 100,
) -> Tally:
    """The sums over these organizations, and the `most` first overdue as (organization id, requirement, due
    day), the longest overdue first and each day's in the register's order.
    """
    counts: dict[str, Counter[State]] = defaultdict(Counter)
    overdue: list[Block] = []
    found = blocks(
        session, rules, organizations, first=first, last=last, today=today,
        ledger=ledger, requirements=requirements, known=known, whole=whole,
    )  # fmt: skip
    for block in found:
        if block.due_on < first and block.state is not State.OVERDUE:
            continue  # moved to before these days, and no more to be said of it there
        counts[block.requirement][block.state] += len(block.organizations)
        if block.state is State.OVERDUE:
            overdue.append(block)
    missing = islice(_in_order(overdue, organizations, rules), most)
    owing = frozenset[int]().union(*(block.organizations for block in found))
    return Tally(dict(counts), tuple(missing), owing)


def _in_order(
    overdue: Iterable[Block], organizations: Sequence[OrganizationFacts], rules: Rulebook
) -> Iterator[tuple[int, str, date]]:
    """Each of these by its day, its requirement in the rules' order, its organization in the register's."""
    order = {rule.key: place for place, rule in enumerate(rules.requirements)}
    by_day: dict[tuple[date, int, str], set[int]] = defaultdict(set)
    for block in overdue:
        by_day[block.due_on, order[block.requirement], block.requirement] |= block.organizations
    for (day, _, requirement), places in sorted(by_day.items(), key=lambda pair: pair[0]):
        yield from ((facts.id, requirement, day) for facts in organizations if facts.id in places)


def blocks(
    session: Session,
    rules: Rulebook,
    organizations: Sequence[OrganizationFacts],
    *,
    first: date,
    last: date,
    today: date,
    ledger: Ledger,
    requirements: Sequence[Requirement] | None = None,
    known: datetime | None = None,
    whole: bool = False,
) -> list[Block]:
    """Every occurrence with a due day in [first, last] and its state today, as blocks; in no set order.

    The same as `models.status.occurrences.status` says of each one, in three statements whatever the number.
    """
    changed = changes(session, [facts.id for facts in organizations], known=known)
    together = list(
        rules.due_together(
            organizations, first, last, ledger=ledger, changes=changed, requirements=requirements, whole=whole
        )
    )
    closely = {rule.key for rule in rules.requirements if rule.goal.kind not in BY_DAYS}
    cells = {(batch.requirement, batch.day.period.key) for batch in together}
    places = {facts.id for facts in organizations}
    if any(rules.by_key[key].covered_by_superior for key, _ in cells):
        places |= {above for facts in organizations for above in ledger.above(facts.id)}
    judge = _Judge(rules, ledger, today, gathered(session, cells, places, closely, known))
    return [block for batch in together for block in judge.blocks(batch)]


class _Judge:
    """Names the state of what is alike once."""

    def __init__(self, rules: Rulebook, ledger: Ledger, today: date, found: Found) -> None:
        self.rules, self.ledger, self.today, self.found = rules, ledger, today, found
        self._sets: dict[int, frozenset[int]] = {}
        self._sums: dict[tuple[Held, ...], Done] = {}

    def blocks(self, batch: Batch) -> Iterator[Block]:
        """The batch by states."""
        period = batch.day.period
        one = Occurrence(
            batch.requirement, 0, period.key, batch.due_on, batch.moved, batch.waived, period.first, False
        )
        rule = self.rules.version_of(batch.requirement, period.first)
        cell = (batch.requirement, period.key)
        wanted = self._ids(batch)
        if rule.goal.single and not rule.covered_by_superior and cell not in self.found.records:
            found = self._by_deadline(rule, batch, self.found.days.get(cell))
        else:
            found = self._by_record(rule, batch, self._records(cell))
        for done, places in found:
            if here := wanted & places:
                wanted = wanted - here
                yield Block(*cell, batch.due_on, state_of(rule, one, done, self.today), here)
        if wanted:
            yield Block(*cell, batch.due_on, state_of(rule, one, None, self.today), wanted)

    def _by_deadline(
        self, rule: Requirement, batch: Batch, found: Days | None
    ) -> Iterator[tuple[Done, Set[int]]]:
        """Who has a record by the day, then who has any."""
        if found is not None:
            deadline = batch.due_on + timedelta(days=rule.grace_days)
            yield IN_TIME, {place for place, day in zip(*found, strict=True) if day <= deadline}
            yield TOO_LATE, set(found[0])

    def _by_record(
        self, rule: Requirement, batch: Batch, records: Records
    ) -> Iterator[tuple[Done, Set[int]]]:
        """Who has the same records, with their sums."""
        if rule.covered_by_superior and records:
            records = self._with_superiors(batch, records)
        for held, places in records.items():
            done = self._sum(held)
            if done.count > 1:
                done = replace(done, reached_on=reached_on(rule.goal, held))
            yield done, places

    def _records(self, cell: Cell) -> Records:
        """All that was read of a cell, as records."""
        days = self.found.days.get(cell)
        return self.found.records.get(cell, {}) if days is None else records_of(days)

    def _sum(self, held: tuple[Held, ...]) -> Done:
        if held not in self._sums:
            self._sums[held] = summed(held)
        return self._sums[held]

    def _ids(self, batch: Batch) -> frozenset[int]:
        """The batch's organizations; batches of different requirements often share their list."""
        key = id(batch.organizations)
        if key not in self._sets:
            self._sets[key] = frozenset(facts.id for facts in batch.organizations)
        return self._sets[key]

    def _with_superiors(self, batch: Batch, records: Records) -> Records:
        """The records with those of superiors, which count for each below them."""
        own: dict[int, list[Held]] = defaultdict(list)
        for held, places in records.items():
            for place in places:
                own[place] += held
        several = {}
        for facts in batch.organizations:
            chain = (facts.id, *self.ledger.above(facts.id))
            if counting := [held for place in chain if place in own for held in own[place]]:
                several[facts.id] = counting
        return by_records(several)
