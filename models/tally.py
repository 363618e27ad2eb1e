"""The status of very many organizations: what is alike is read, judged and counted together."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import islice
from typing import NamedTuple

from sqlalchemy.ext.asyncio import AsyncSession

from models.gathering import Cell, Records, by_records, gathered
from models.rules.ledger import Ledger
from models.rules.occurrences import Batch, Occurrence, OrganizationFacts
from models.rules.requirements import GoalKind, Requirement
from models.rules.rulebook import Rulebook
from models.rules.status import Done, Held, State, reached_on, state_of, summed
from models.status import changes

# The goals that look at nothing but the days of the records.
BY_DAYS = (GoalKind.ONCE, GoalKind.TIMES)


class Block(NamedTuple):
    """Occurrences that differ by their organization only: the same thing, due day and state."""

    requirement: str
    period: str
    due_on: date
    state: State
    organizations: Set[int]


class Tally(NamedTuple):
    """How many occurrences of each requirement are in each state, and the first that are missing."""

    counts: dict[str, Counter[State]]
    missing: tuple[tuple[int, str, date], ...]


async def tally(
    session: AsyncSession,
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
    found = await blocks(
        session, rules, organizations, first=first, last=last, today=today,
        ledger=ledger, requirements=requirements, known=known, whole=whole,
    )  # fmt: skip
    for block in found:
        counts[block.requirement][block.state] += len(block.organizations)
        if block.state is State.OVERDUE:
            overdue.append(block)
    missing = islice(_in_order(overdue, organizations, rules), most)
    return Tally(dict(counts), tuple(missing))


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


async def blocks(
    session: AsyncSession,
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

    The same as `models.status.status` says of each one, in three statements whatever the number.
    """
    changed = await changes(session, [facts.id for facts in organizations], known=known)
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
    records = await gathered(session, cells, places, closely, known)
    judge = _Judge(rules, ledger, today, records)
    return [block for batch in together for block in judge.blocks(batch)]


class _Judge:
    """Names the state of what is alike once."""

    def __init__(self, rules: Rulebook, ledger: Ledger, today: date, records: Mapping[Cell, Records]) -> None:
        self.rules, self.ledger, self.today, self.records = rules, ledger, today, records
        self._sets: dict[int, frozenset[int]] = {}
        self._sums: dict[tuple[Held, ...], Done] = {}

    def blocks(self, batch: Batch) -> Iterator[Block]:
        """The batch by states."""
        period = batch.day.period
        one = Occurrence(
            batch.requirement, 0, period.key, batch.due_on, batch.moved, batch.waived, period.first, False
        )
        rule = self.rules.version_of(batch.requirement, period.first)
        records = self.records.get((batch.requirement, period.key), {})
        if rule.covered_by_superior and records:
            records = self._with_superiors(batch, records)
        wanted = rest = self._ids(batch)
        for held, places in self._merged(rule, batch, records):
            if here := wanted & places:
                rest = rest - here
                yield self._block(one, rule, held, here)
        if rest:
            yield self._block(one, rule, (), rest)

    def _merged(
        self, rule: Requirement, batch: Batch, records: Records
    ) -> Iterator[tuple[tuple[Held, ...], Set[int]]]:
        """The records, all single ones on time as one and all late ones as another where one is enough."""
        deadline = batch.due_on + timedelta(days=rule.grace_days)
        alike: dict[bool, tuple[tuple[Held, ...], set[int]]] = {}
        for held, places in records.items():
            if len(held) > 1 or rule.goal.kind not in BY_DAYS:
                yield held, places
            elif (late := held[0].on > deadline) in alike:
                alike[late][1].update(places)
            else:
                alike[late] = held, set(places)
        yield from alike.values()

    def _block(self, one: Occurrence, rule: Requirement, held: tuple[Held, ...], places: Set[int]) -> Block:
        done = self._sum(held) if held else None
        if done is not None and done.count > 1:
            done = replace(done, reached_on=reached_on(rule.goal, held))
        return Block(one.requirement, one.period, one.due_on, state_of(rule, one, done, self.today), places)

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
