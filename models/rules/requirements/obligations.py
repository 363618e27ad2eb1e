"""Who owes a requirement: the organizations in groups that share all its due days."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import cached_property
from operator import attrgetter
from typing import NamedTuple

from models.rules.calendar.workdays import Workdays
from models.rules.requirements.due_query import DueQuery
from models.rules.requirements.schedules import DueBasis, Levels
from models.rules.requirements.types import Requirement, Setting, is_owed
from models.rules.types import Change, DueDay, KeyEvent, OrganizationFacts

Mark = tuple[object, ...]


class Group(NamedTuple):
    """Organizations in the register's order that share every due day of a requirement, and why.

    All of them exist from `latest` until `earliest`.
    """

    organizations: list[OrganizationFacts]
    basis: DueBasis
    latest: date = date.max
    earliest: date = date.min

    def list_present(self, day: DueDay) -> list[OrganizationFacts]:
        """The organizations that exist on a due day and began before the period's end."""
        begun = min(day.due_on, day.period.last)
        if self.latest <= begun and day.due_on <= self.earliest:
            return self.organizations
        return [
            each
            for each in self.organizations
            if each.starts_on <= begun and (each.ends_on is None or day.due_on <= each.ends_on)
        ]


class Books:
    """The organizations of a query, its changes and overrides, indexed for looking up.

    The superiors in the ledger's `parents` are needed where some that are not among the organizations may
    have settings; without any the organizations' own are taken.
    """

    def __init__(
        self,
        query: DueQuery,
        workdays: Workdays,
        changes: Iterable[Change] = (),
    ) -> None:
        self.organizations: Sequence[OrganizationFacts] = list(query.organizations)
        self.workdays = workdays
        self._parents = query.ledger.parents
        self._together: dict[tuple[Mark, ...], Group] = {}
        self.changes: dict[tuple[str, str], dict[int, Change]] = defaultdict(dict)
        # The newest change of an occurrence overwrites the ones before.
        for change in sorted(changes, key=lambda each: each.id):
            self.changes[change.requirement, change.period][change.organization_id] = change
        self.settings: dict[str, dict[int | None, list[Setting]]] = defaultdict(lambda: defaultdict(list))
        for setting in sorted(query.ledger.settings, key=lambda each: each.valid_from, reverse=True):
            self.settings[setting.requirement][setting.organization_id].append(setting)
        self.events: dict[tuple[str, int], list[KeyEvent]] = defaultdict(list)
        for event in query.ledger.events:
            self.events[event.kind, event.organization_id].append(event)

    @cached_property
    def places(self) -> Mapping[int, int]:
        """The place of each organization in the register, by id."""
        return {each.id: place for place, each in enumerate(self.organizations)}

    @cached_property
    def parents(self) -> Mapping[int, int | None]:
        """Each organization's superior, by id."""
        return self._parents or {each.id: each.parent_id for each in self.organizations}

    @cached_property
    def _alike(self) -> Mapping[Mark, list[OrganizationFacts]]:
        """The organizations by all that a rule without names, settings and events looks at."""
        alike: dict[Mark, list[OrganizationFacts]] = defaultdict(list)
        for each in self.organizations:
            # By identity: equal calendars are shared, and comparing their days would cost too much.
            alike[each.kind, each.has_committee, id(each.semesters), id(each.workdays)].append(each)
        return alike

    def create_groups(self, requirement: Requirement) -> Iterator[Group]:
        """The organizations that owe a requirement, in groups that share its due days."""
        settings = self.settings.get(requirement.key, {})
        if settings or requirement.event or requirement.exempt or requirement.only:
            yield from self._group_one_by_one(requirement, settings)
        else:
            yield from self._group_by_kind(requirement)

    def list_moved_periods(self, requirement: str) -> list[str]:
        """The keys of the periods of which some occurrence has been moved."""
        return [
            period
            for (key, period), changes in self.changes.items()
            if key == requirement and any(each.moved_to for each in changes.values())
        ]

    def _group_by_kind(self, requirement: Requirement) -> Iterator[Group]:
        """The groups for a rule without names, settings and events: one for each kind."""
        owing: dict[Mark, list[Mark]] = defaultdict(list)
        for mark, alike in self._alike.items():
            one = alike[0]
            if is_owed(requirement, one.kind, one.name, has_committee=one.has_committee):
                owing[mark[2:]].append(mark)
        for marks in map(tuple, owing.values()):
            if marks not in self._together:
                self._together[marks] = self._create_group(marks)
            yield self._together[marks]

    def _create_group(self, marks: tuple[Mark, ...]) -> Group:
        """The organizations of several kinds in the register's order; one list for all requirements."""
        found = self._alike[marks[0]]
        if len(marks) > 1:
            every = (each for mark in marks for each in self._alike[mark])
            found = sorted(every, key=lambda each: self.places[each.id])
        latest = max(map(attrgetter("starts_on"), found))
        ends = filter(None, map(attrgetter("ends_on"), found))
        one = found[0]
        workdays = one.workdays or self.workdays
        return Group(found, DueBasis(workdays, one.semesters), latest, min(ends, default=date.max))

    def _group_one_by_one(
        self, requirement: Requirement, settings: dict[int | None, list[Setting]]
    ) -> Iterator[Group]:
        found: dict[Mark, Group] = {}
        for each in self.organizations:
            if not is_owed(requirement, each.kind, each.name, has_committee=each.has_committee):
                continue
            workdays = each.workdays or self.workdays
            levels = self._list_levels(settings, each.id) if settings else ()
            events = tuple(self.events.get((requirement.event, each.id), ())) if requirement.event else ()
            mark = (each.semesters, id(workdays), levels, events)
            if mark not in found:
                found[mark] = Group([], DueBasis(workdays, each.semesters, levels, events))
            found[mark].organizations.append(each)
        yield from found.values()

    def _list_levels(self, settings: dict[int | None, list[Setting]], organization: int | None) -> Levels:
        levels, seen = [], set()
        # Up the chain of superiors; `seen` guards against a loop in the register.
        while organization is not None and organization not in seen:
            seen.add(organization)
            if organization in settings:
                levels.append(tuple(settings[organization]))
            organization = self.parents.get(organization)
        if None in settings:
            levels.append(tuple(settings[None]))
        return tuple(levels)
