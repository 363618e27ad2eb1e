"""The rules in force: requirements, observances and workdays."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from models.rules.calendar.day_parser import DayContext
from models.rules.calendar.observances import Observance, ObservanceDay, list_observance_days
from models.rules.calendar.versions import list_in_force
from models.rules.calendar.workdays import Workdays
from models.rules.people.approval import OFF, Policy
from models.rules.requirements.due_query import DueQuery
from models.rules.requirements.occurrences import Batch, list_batches, list_occurrences
from models.rules.requirements.types import Requirement
from models.rules.types import Change, KeyEvent, Occurrence, OrganizationFacts


@dataclass(frozen=True)
class Rulebook:
    """Requirements in the pack's order, observances, workdays, and how texts are approved."""

    requirements: Sequence[Requirement]
    observances: Sequence[Observance]
    workdays: Workdays
    approval: Policy = OFF
    by_key: dict[str, Requirement] = field(init=False)
    _versions: dict[str, list[Requirement]] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        # The value is frozen; these two are indexes made from its fields.
        object.__setattr__(self, "by_key", {rule.key: rule for rule in self.requirements})
        versions: dict[str, list[Requirement]] = {}
        for rule in self.requirements:
            versions.setdefault(rule.key, []).append(rule)
        object.__setattr__(self, "_versions", versions)

    def get_name(self, key: str) -> str:
        """What people call the requirement; a key that is no rule (a free record) is its own name."""
        return self.by_key[key].name if key in self.by_key else key

    def list_chosen(self, keys: Iterable[str]) -> tuple[Requirement, ...]:
        """The rules of these keys, in the pack's order."""
        wanted = set(keys)
        return tuple(rule for rule in self.requirements if rule.key in wanted)

    def find_version(self, key: str, day: date) -> Requirement:
        """The version that held on the first day of a period; the newest one where none did."""
        versions = self._versions[key]
        if len(versions) == 1:
            return versions[0]
        return next(iter(list_in_force(versions, day)), self.by_key[key])

    def list_due(self, query: DueQuery, changes: Iterable[Change] = ()) -> list[Occurrence]:
        """What is due, after changes and overrides, sorted by day, rule and organization."""
        return list_occurrences(self._list_asked(query), query, self.workdays, changes)

    def list_due_batches(self, query: DueQuery, changes: Iterable[Change] = ()) -> Iterator[Batch]:
        """The same as batches of organizations that owe the same, unsorted."""
        return list_batches(self._list_asked(query), query, self.workdays, changes)

    def _list_asked(self, query: DueQuery) -> Sequence[Requirement]:
        return self.requirements if query.requirements is None else list(query.requirements)

    def list_observance_days(
        self,
        first: date,
        last: date,
        *,
        place: OrganizationFacts | None = None,
        events: Sequence[KeyEvent] = (),
        observances: Iterable[Observance] | None = None,
    ) -> list[ObservanceDay]:
        """The observances in [first, last], by one organization's calendar or the general one."""
        known = self.observances if observances is None else observances
        if place is None:
            return list_observance_days(known, first, last, self.workdays, DayContext(events=events))
        context = DayContext(place.semesters, events)
        return list_observance_days(known, first, last, place.workdays or self.workdays, context)
