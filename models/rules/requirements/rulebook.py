"""The rules in force as one value: requirements, observances and workdays, and what follows from them."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from models.rules.calendar.day_parser import DayContext
from models.rules.calendar.observances import Observance, ObservanceDay, observance_days
from models.rules.calendar.versions import in_force
from models.rules.calendar.workdays import Workdays
from models.rules.people.approval import OFF, Policy
from models.rules.requirements.occurrences import Batch, batches, occurrences
from models.rules.requirements.overrides import Ledger
from models.rules.requirements.types import Requirement
from models.rules.types import Change, KeyEvent, Occurrence, OrganizationFacts

NOTHING_ENTERED = Ledger()


@dataclass(frozen=True)
class Rulebook:
    """Requirements by key, in the pack's order, the observances, the workdays, and how texts are approved."""

    requirements: Sequence[Requirement]
    observances: Sequence[Observance]
    workdays: Workdays
    approval: Policy = OFF
    by_key: dict[str, Requirement] = field(init=False)
    _versions: dict[str, list[Requirement]] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_key", {rule.key: rule for rule in self.requirements})
        versions: dict[str, list[Requirement]] = {}
        for rule in self.requirements:
            versions.setdefault(rule.key, []).append(rule)
        object.__setattr__(self, "_versions", versions)

    def name(self, key: str) -> str:
        """What people call the requirement; a key that is no rule (a free record) is its own name."""
        return self.by_key[key].name if key in self.by_key else key

    def chosen(self, keys: Iterable[str]) -> tuple[Requirement, ...]:
        """The rules of these keys, in the pack's order."""
        wanted = set(keys)
        return tuple(rule for rule in self.requirements if rule.key in wanted)

    def version_of(self, key: str, day: date) -> Requirement:
        """The version that held on the first day of a period; the newest one where none did."""
        versions = self._versions[key]
        if len(versions) == 1:
            return versions[0]
        return next(iter(in_force(versions, day)), self.by_key[key])

    def due(
        self,
        organizations: Iterable[OrganizationFacts],
        first: date,
        last: date,
        *,
        ledger: Ledger = NOTHING_ENTERED,
        changes: Iterable[Change] = (),
        requirements: Iterable[Requirement] | None = None,
        by_period: bool = False,
        whole: bool = False,
    ) -> list[Occurrence]:
        """What is due in [first, last] with all that was entered by hand (see `occurrences`)."""
        return occurrences(
            self.requirements if requirements is None else requirements,
            organizations,
            first=first,
            last=last,
            workdays=self.workdays,
            changes=changes,
            settings=ledger.settings,
            events=ledger.events,
            parents=ledger.parents or None,
            by_period=by_period,
            whole=whole,
        )

    def due_together(
        self,
        organizations: Iterable[OrganizationFacts],
        first: date,
        last: date,
        *,
        ledger: Ledger = NOTHING_ENTERED,
        changes: Iterable[Change] = (),
        requirements: Iterable[Requirement] | None = None,
        whole: bool = False,
    ) -> Iterator[Batch]:
        """What is due in [first, last] as batches of organizations that owe the same (see `batches`)."""
        return batches(
            self.requirements if requirements is None else requirements,
            organizations,
            first=first,
            last=last,
            workdays=self.workdays,
            changes=changes,
            settings=ledger.settings,
            events=ledger.events,
            parents=ledger.parents or None,
            whole=whole,
        )

    def days(
        self,
        first: date,
        last: date,
        *,
        place: OrganizationFacts | None = None,
        events: Sequence[KeyEvent] = (),
        observances: Iterable[Observance] | None = None,
    ) -> list[ObservanceDay]:
        """The days that matter in [first, last], by the calendar of one organization or the general one."""
        known = self.observances if observances is None else observances
        if place is None:
            return observance_days(known, first, last, self.workdays, DayContext(events=events))
        context = DayContext(place.semesters, events)
        return observance_days(known, first, last, place.workdays or self.workdays, context)
