"""What is due when: requirements × organizations × periods, worked out and never stored."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import groupby, repeat
from typing import NamedTuple

from models.rules.facts import Change as Change
from models.rules.facts import DueDay as DueDay
from models.rules.facts import KeyEvent as KeyEvent
from models.rules.facts import Occurrence as Occurrence
from models.rules.facts import OrganizationFacts as OrganizationFacts
from models.rules.requirements import Requirement, Setting, owes
from models.rules.schedules import Levels, Window, due_days
from models.rules.semesters import Semesters
from models.rules.workdays import Workdays


def occurrences(
    requirements: Iterable[Requirement],
    organizations: Iterable[OrganizationFacts],
    *,
    first: date,
    last: date,
    workdays: Workdays,
    changes: Iterable[Change] = (),
    settings: Iterable[Setting] = (),
    events: Iterable[KeyEvent] = (),
    parents: Mapping[int, int | None] | None = None,
    by_period: bool = False,
    whole: bool = False,
) -> list[Occurrence]:
    """Every occurrence with its due day, after changes, in [first, last].

    With `by_period` every one whose period touches these days, whenever it is due; with `whole` also those
    due outside whose whole period lies in these days. In the order of due
    days, then of the requirements, then of the organizations as given. Waived ones are in it and say so;
    of several changes of one occurrence the one with the highest id counts. `parents` (id → superior's
    id) is needed where superiors that are not among the organizations may have settings.
    """
    books = _Books(organizations, workdays, changes, settings, events)
    if parents is not None:
        books.parents = parents
    window = Window(first, last, by_period, whole)
    return _in_order(_batches(list(requirements), books, window))


class _Group(NamedTuple):
    """Organizations that share every due day of a requirement: places in the register, and why."""

    organizations: list[tuple[int, OrganizationFacts]]
    semesters: Semesters
    workdays: Workdays
    levels: Levels
    events: tuple[KeyEvent, ...]


class _Batch(NamedTuple):
    """The occurrences of one due day, requirement and period, for many organizations."""

    due_on: date
    order: int
    requirement: str
    day: DueDay
    organizations: list[tuple[int, OrganizationFacts]]
    moved: int | None = None
    waived: bool = False


class _Books:
    """Organizations, changes, settings and events, arranged for looking up."""

    def __init__(
        self,
        organizations: Iterable[OrganizationFacts],
        workdays: Workdays,
        changes: Iterable[Change],
        settings: Iterable[Setting],
        events: Iterable[KeyEvent],
    ) -> None:
        self.organizations = list(enumerate(organizations))
        self.workdays = workdays
        self.parents: Mapping[int, int | None] = {each.id: each.parent_id for _, each in self.organizations}
        self.changes: dict[tuple[str, str], dict[int, Change]] = defaultdict(dict)
        for change in sorted(changes, key=lambda each: each.id):
            self.changes[change.requirement, change.period][change.organization_id] = change
        self.settings: dict[str, dict[int | None, list[Setting]]] = defaultdict(lambda: defaultdict(list))
        for setting in sorted(settings, key=lambda each: each.valid_from, reverse=True):
            self.settings[setting.requirement][setting.organization_id].append(setting)
        self.events: dict[tuple[str, int], list[KeyEvent]] = defaultdict(list)
        for event in events:
            self.events[event.kind, event.organization_id].append(event)

    def groups(self, requirement: Requirement) -> Iterator[_Group]:
        """The organizations that owe a requirement, in groups that share its due days."""
        found: dict[tuple[object, ...], _Group] = {}
        settings = self.settings.get(requirement.key, {})
        for place in self.organizations:
            each = place[1]
            if not owes(requirement, each.kind, each.name, has_committee=each.has_committee):
                continue
            workdays = each.workdays or self.workdays
            levels = self._levels(settings, each.id) if settings else ()
            events = tuple(self.events.get((requirement.event, each.id), ())) if requirement.event else ()
            mark = (each.semesters, id(workdays), levels, events)
            if mark not in found:
                found[mark] = _Group([], each.semesters, workdays, levels, events)
            found[mark].organizations.append(place)
        yield from found.values()

    def _levels(self, settings: dict[int | None, list[Setting]], organization: int | None) -> Levels:
        levels, seen = [], set()
        while organization is not None and organization not in seen:
            seen.add(organization)
            if organization in settings:
                levels.append(tuple(settings[organization]))
            organization = self.parents.get(organization)
        if None in settings:
            levels.append(tuple(settings[None]))
        return tuple(levels)

    def moved_periods(self, requirement: str) -> list[str]:
        """The keys of the periods of which some occurrence has been moved."""
        return [
            period
            for (key, period), changes in self.changes.items()
            if key == requirement and any(each.moved_to for each in changes.values())
        ]


def _batches(requirements: Sequence[Requirement], books: _Books, window: Window) -> Iterator[_Batch]:
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
    requirement: str, order: int, days: list[DueDay], group: _Group, books: _Books, window: Window
) -> Iterator[_Batch]:
    """The due days of a group as batches; changed occurrences each by themselves."""
    for day in days:
        changes = books.changes.get((requirement, day.period.key), {})
        wanted = window.holds(day.period, day.due_on)
        if not wanted and not changes:
            continue
        present = _present(group, day)
        plain = present
        if changes:
            plain = [place for place in present if place[1].id not in changes]
            for place in present:
                change = changes.get(place[1].id)
                if change:
                    yield from _changed(_Batch(day.due_on, order, requirement, day, [place]), change, window)
        if wanted and plain:
            yield _Batch(day.due_on, order, requirement, day, plain)


def _changed(batch: _Batch, change: Change, window: Window) -> Iterator[_Batch]:
    due_on = change.moved_to or batch.due_on
    if window.holds(batch.day.period, due_on):
        moved = change.id if change.moved_to else None
        yield batch._replace(due_on=due_on, moved=moved, waived=change.waived)


def _present(group: _Group, day: DueDay) -> list[tuple[int, OrganizationFacts]]:
    """Those that were there: begun before the due day and the period's end, not closed before the due day."""
    begun = min(day.due_on, day.period.last)
    return [
        place
        for place in group.organizations
        if place[1].starts_on <= begun and (place[1].ends_on is None or day.due_on <= place[1].ends_on)
    ]


def _in_order(batches: Iterator[_Batch]) -> list[Occurrence]:
    found: list[Occurrence] = []
    ordered = sorted(batches, key=lambda each: each[:2])
    for _, together in groupby(ordered, key=lambda each: each[:2]):
        same = list(together)
        if len(same) == 1:
            found.extend(_occurrences(same[0]))
        else:
            placed = [
                (place[0], number, batch._replace(organizations=[place]))
                for number, batch in enumerate(same)
                for place in batch.organizations
            ]
            placed.sort(key=lambda each: each[:2])
            found.extend(each for _, _, batch in placed for each in _occurrences(batch))
    return found


def _occurrences(batch: _Batch) -> Iterator[Occurrence]:
    period, _, provisional = batch.day
    columns = zip(
        repeat(batch.requirement),
        [each.id for _, each in batch.organizations],
        repeat(period.key),
        repeat(batch.due_on),
        repeat(batch.moved),
        repeat(batch.waived),
        repeat(period.first),
        repeat(provisional and batch.moved is None),
        strict=False,
    )
    return map(Occurrence._make, columns)
