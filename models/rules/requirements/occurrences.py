"""What is due when: requirements × organizations × periods, computed and never stored."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import groupby, repeat
from typing import NamedTuple

from models.rules.calendar.workdays import Workdays
from models.rules.requirements.due_query import DueQuery
from models.rules.requirements.obligations import Books
from models.rules.requirements.schedules import Window, list_due_days
from models.rules.requirements.types import Requirement
from models.rules.types import Change, DueDay, Occurrence, OrganizationFacts


def list_occurrences(
    requirements: Sequence[Requirement],
    query: DueQuery,
    workdays: Workdays,
    changes: Iterable[Change] = (),
) -> list[Occurrence]:
    """Every occurrence that the query asks for.

    In the order of due days, then of the requirements, then of the organizations as given. Waived ones are
    in it and say so; of several changes of one occurrence the one with the highest id counts. The ledger's
    `parents` are needed where superiors that are not among the organizations may have settings.
    """
    books = Books(query, workdays, changes)
    return _sort_batches(_create_batches(requirements, books, _get_window(query)), books)


def list_batches(
    requirements: Sequence[Requirement],
    query: DueQuery,
    workdays: Workdays,
    changes: Iterable[Change] = (),
) -> Iterator["Batch"]:
    """The same occurrences, those of one due day and period as one batch; unsorted."""
    return _create_batches(requirements, Books(query, workdays, changes), _get_window(query))


def _get_window(query: DueQuery) -> Window:
    return Window(query.first, query.last, query.by_period, query.whole_periods)


class Batch(NamedTuple):
    """The occurrences of one due day, requirement and period, for many organizations."""

    due_on: date
    order: int
    requirement: str
    day: DueDay
    organizations: list[OrganizationFacts]
    moved: int | None = None
    waived: bool = False

    @property
    def occurrence(self) -> Occurrence:
        """What its occurrences have in common; the organization is left open (0)."""
        period, _, provisional = self.day
        return Occurrence(
            self.requirement,
            0,
            period.key,
            self.due_on,
            self.moved,
            self.waived,
            period.first,
            provisional and self.moved is None,
        )


def _create_batches(requirements: Sequence[Requirement], books: Books, window: Window) -> Iterator[Batch]:
    versions: dict[str, list[Requirement]] = defaultdict(list)
    for rule in requirements:
        versions[rule.key].append(rule)
    for order, rule in enumerate(requirements):
        also = books.list_moved_periods(rule.key)
        for group in books.create_groups(rule):
            for day in list_due_days(rule, window, group.basis, versions=versions[rule.key], also=also):
                changes = books.changes.get((rule.key, day.period.key), {})
                if changes or window.is_wanted(day.period, day.due_on):
                    batch = Batch(day.due_on, order, rule.key, day, group.list_present(day))
                    yield from _apply_changes(batch, changes, window)


def _apply_changes(batch: Batch, changes: Mapping[int, Change], window: Window) -> Iterator[Batch]:
    """The batch without its changed occurrences, and each of them where it is due now."""
    plain = batch.organizations
    if changes:
        plain = [each for each in batch.organizations if each.id not in changes]
        changed = [each for each in batch.organizations if each.id in changes]
        for each in changed:
            moved = _apply_change(batch, each, changes[each.id])
            if window.is_wanted(moved.day.period, moved.due_on):
                yield moved
    if plain and window.is_wanted(batch.day.period, batch.due_on):
        yield batch._replace(organizations=plain)


def _apply_change(batch: Batch, facts: OrganizationFacts, change: Change) -> Batch:
    due_on, moved = (change.moved_to, change.id) if change.moved_to else (batch.due_on, None)
    return batch._replace(due_on=due_on, organizations=[facts], moved=moved, waived=change.waived)


def _sort_batches(batches: Iterator[Batch], books: Books) -> list[Occurrence]:
    """The occurrences of the batches, sorted as those of a query."""
    found: list[Occurrence] = []
    ordered = sorted(batches, key=lambda each: each[:2])
    for _, together in groupby(ordered, key=lambda each: each[:2]):
        same = list(together)
        if len(same) > 1:
            same = _sort_by_place(same, books)
        found.extend(each for batch in same for each in _expand_batch(batch))
    return found


def _sort_by_place(same: Sequence[Batch], books: Books) -> list[Batch]:
    """Batches of one day and requirement as one batch an organization, in the register's order."""
    single = [batch._replace(organizations=[facts]) for batch in same for facts in batch.organizations]
    # The sort is stable: batches of one organization stay in their order.
    return sorted(single, key=lambda batch: books.places[batch.organizations[0].id])


def _expand_batch(batch: Batch) -> Iterator[Occurrence]:
    one = batch.occurrence
    # By columns: 16,000 named tuples are built in a few milliseconds, without a Python call for each.
    columns = zip(
        repeat(one.requirement),
        [each.id for each in batch.organizations],
        *map(repeat, one[2:]),
        strict=False,
    )
    return map(Occurrence._make, columns)
