"""What is due when: requirements × organizations × periods, worked out and never stored."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import groupby, repeat
from typing import NamedTuple

from models.rules.calendar.workdays import Workdays
from models.rules.requirements.due_query import DueQuery
from models.rules.requirements.obligations import Books, Group
from models.rules.requirements.schedules import Window, due_days
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
    return _in_order(_batches(requirements, books, _window(query)), books)


def list_batches(
    requirements: Sequence[Requirement],
    query: DueQuery,
    workdays: Workdays,
    changes: Iterable[Change] = (),
) -> Iterator["Batch"]:
    """The same occurrences, those that differ by their organization only as one batch; in no set order."""
    return _batches(requirements, Books(query, workdays, changes), _window(query))


def _window(query: DueQuery) -> Window:
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


def _batches(requirements: Sequence[Requirement], books: Books, window: Window) -> Iterator[Batch]:
    versions: dict[str, list[Requirement]] = defaultdict(list)
    for requirement in requirements:
        versions[requirement.key].append(requirement)
    for order, requirement in enumerate(requirements):
        also = books.moved_periods(requirement.key)
        for group in books.groups(requirement):
            days = due_days(
                requirement, window, group.workdays, group.semesters,
                levels=group.levels, versions=versions[requirement.key], events=group.events, also=also,
            )  # fmt: skip
            yield from _spread(requirement.key, order, days, group, books, window)


def _spread(
    requirement: str, order: int, days: list[DueDay], group: Group, books: Books, window: Window
) -> Iterator[Batch]:
    """The due days of a group as batches; changed occurrences each by themselves."""
    for day in days:
        changes = books.changes.get((requirement, day.period.key), {})
        wanted = window.holds(day.period, day.due_on)
        if not wanted and not changes:
            continue
        present = group.present(day)
        plain = present
        if changes:
            plain = [each for each in present if each.id not in changes]
            for each in present:
                change = changes.get(each.id)
                if change:
                    yield from _changed(Batch(day.due_on, order, requirement, day, [each]), change, window)
        if wanted and plain:
            yield Batch(day.due_on, order, requirement, day, plain)


def _changed(batch: Batch, change: Change, window: Window) -> Iterator[Batch]:
    due_on = change.moved_to or batch.due_on
    if window.holds(batch.day.period, due_on):
        moved = change.id if change.moved_to else None
        yield batch._replace(due_on=due_on, moved=moved, waived=change.waived)


def _in_order(batches: Iterator[Batch], books: Books) -> list[Occurrence]:
    found: list[Occurrence] = []
    ordered = sorted(batches, key=lambda each: each[:2])
    for _, together in groupby(ordered, key=lambda each: each[:2]):
        same = list(together)
        if len(same) == 1:
            found.extend(_occurrences(same[0]))
        else:
            placed = [
                (books.places[facts.id], number, batch._replace(organizations=[facts]))
                for number, batch in enumerate(same)
                for facts in batch.organizations
            ]
            placed.sort(key=lambda each: each[:2])
            found.extend(each for _, _, batch in placed for each in _occurrences(batch))
    return found


def _occurrences(batch: Batch) -> Iterator[Occurrence]:
    one = batch.occurrence
    columns = zip(
        repeat(one.requirement),
        [each.id for each in batch.organizations],
        *map(repeat, one[2:]),
        strict=False,
    )
    return map(Occurrence._make, columns)
