"""The due days of one requirement: its periods under its versions, settings and key events."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from itertools import chain
from typing import NamedTuple

from models.rules.calendar.due_days import SLACK, DueKind, DueRule, add_months, get_due_day
from models.rules.calendar.periods import (
    Period,
    PeriodError,
    PeriodGrid,
    PeriodKind,
    list_periods,
    parse_kind,
    parse_period,
)
from models.rules.calendar.semesters import DEFAULT_SEMESTERS, Semesters
from models.rules.calendar.versions import list_in_force
from models.rules.calendar.workdays import Workdays
from models.rules.requirements.types import Requirement, Setting
from models.rules.types import DueDay, KeyEvent

# The settings that could hold for an organization, its own first, then its superiors', then everybody's.
Levels = tuple[tuple[Setting, ...], ...]


class Window(NamedTuple):
    """The days asked about: by the due day, or by the days of the period.

    With `whole` also what is due outside where its whole period lies inside: a year's 组织生活会.
    """

    first: date
    last: date
    by_period: bool = False
    whole: bool = False

    def is_wanted(self, period: Period, due_on: date) -> bool:
        """Whether an occurrence of that period and due day is asked for."""
        if self.by_period:
            return period.first <= self.last and period.last >= self.first
        if self.first <= due_on <= self.last:
            return True
        return self.whole and self.first <= period.first and period.last <= self.last

    def get_widened(self, reach: int) -> tuple[date, date]:
        """The days in which a period must lie, at least in part, to be due within the window."""
        if self.by_period:
            return self.first, self.last
        return _shift_day(self.first, -reach), _shift_day(self.last, SLACK)


class DueBasis(NamedTuple):
    """What the due days of a requirement depend on, shared by a group of organizations.

    `events` are the key events that the requirement begins with.
    """

    workdays: Workdays
    semesters: Semesters = DEFAULT_SEMESTERS
    levels: Levels = ()
    events: tuple[KeyEvent, ...] = ()


def list_due_days(
    requirement: Requirement,
    window: Window,
    basis: DueBasis,
    *,
    versions: Sequence[Requirement] = (),
    also: Iterable[str] = (),
) -> list[DueDay]:
    """List the periods that could be due in the window, with their due days.

    `versions` are all versions of the requirement, `also` the keys of further periods to work out.
    The caller chooses with `Window.holds`: a moved occurrence may lie elsewhere.
    """
    found = []
    for period, rule in _list_periods(requirement, window, basis, also):
        due = get_due_day(rule, period, basis.workdays)
        # A period belongs to one version only, or it would be due twice.
        if due and _is_governing(requirement, versions or (requirement,), period, due[0]):
            found.append(DueDay(period, *due))
    return found


def find_setting(levels: Levels, day: date) -> Setting | None:
    """The setting for periods that begin on a day; the own one before the superiors'."""
    for level in levels:
        for setting in level:
            if setting.valid_from <= day <= setting.valid_until:
                return setting
    return None


def _list_periods(
    requirement: Requirement, window: Window, basis: DueBasis, also: Iterable[str]
) -> Iterator[tuple[Period, DueRule]]:
    """Every period that could matter with the due rule in force on its first day."""
    for kind, period in _list_candidates(requirement, window, basis, also):
        rule = _find_rule(requirement, kind, find_setting(basis.levels, period.first))
        if rule is not None:
            yield period, rule


def _list_candidates(
    requirement: Requirement, window: Window, basis: DueBasis, also: Iterable[str]
) -> list[tuple[PeriodKind, Period]]:
    """The periods of the requirement's kind, and of the kinds that settings ask for."""
    if requirement.event:
        return [(requirement.period, each) for each in _create_event_periods(requirement, basis.events)]
    settings = list(chain.from_iterable(basis.levels))
    rules = [requirement.due, *(each.due for each in settings if each.due)]
    kinds = {requirement.period, *(each.period for each in settings if each.period)}
    found: list[tuple[PeriodKind, Period]] = []
    for kind in kinds:
        found += [(kind, period) for period in _list_periods_of(kind, requirement, rules, window, basis)]
    if requirement.period is not PeriodKind.ONCE:
        found += _parse_unknown(also, {period.key for _, period in found}, basis.semesters)
    return found


def _list_periods_of(
    kind: PeriodKind, requirement: Requirement, rules: Sequence[DueRule], window: Window, basis: DueBasis
) -> Iterable[Period]:
    """The periods of one kind that can be due in the window by one of the rules."""
    if kind is PeriodKind.ONCE:
        return [_create_once(requirement, rule.on) for rule in dict.fromkeys(rules) if rule.on]
    first, last = window.get_widened(max(rule.reach for rule in rules))
    grid = PeriodGrid(basis.semesters, requirement.years, requirement.anchor)
    return list_periods(kind, first, last, grid)


def _find_rule(requirement: Requirement, kind: PeriodKind, setting: Setting | None) -> DueRule | None:
    """The due rule for periods of a kind; None where the setting exempts or wants another kind.

    A setting that changes how often leaves the due day at the period's end unless it gives one.
    """
    if setting is None:
        return requirement.due if kind is requirement.period else None
    if setting.exempt or kind is not (setting.period or requirement.period):
        return None
    if setting.due:
        return setting.due
    return requirement.due if setting.period in (None, requirement.period) else DueRule()


def _create_once(requirement: Requirement, on: date) -> Period:
    """The period of what is due once: from the rule's first day, at most that year's."""
    return Period(on.isoformat(), max(requirement.valid_from, date(on.year, 1, 1)), on)


def _create_event_periods(requirement: Requirement, events: Sequence[KeyEvent]) -> list[Period]:
    """A period from each event on: a term of years, or the days that the due rule counts."""
    found: dict[str, Period] = {}
    for event in sorted(events, key=lambda each: (each.on, each.id)):
        key = event.on.isoformat()
        # Two events on one day: the later one carries its number, the first keeps the plain key.
        key = f"{key}#{event.id}" if key in found else key
        years = requirement.years if requirement.period is PeriodKind.TERM else 0
        rule = requirement.due
        last = add_months(event.on, 12 * years or rule.months)
        if not years and rule.kind is DueKind.AFTER:
            last += timedelta(days=rule.n)
        found[key] = Period(key, event.on, last)
    return list(found.values())


def _parse_unknown(
    keys: Iterable[str], known: set[str], semesters: Semesters
) -> list[tuple[PeriodKind, Period]]:
    """The periods of the keys that are not known yet; keys that name none are left out."""
    found = []
    for key in keys:
        try:
            if key not in known:
                found.append((parse_kind(key), parse_period(key, semesters)))
        except PeriodError:
            continue
    return found


def _is_governing(
    version: Requirement, versions: Sequence[Requirement], period: Period, due_on: date
) -> bool:
    """Whether this version is the law of a period: the one in force on its first day.

    A new rule without a forerunner governs the period in which it begins, if it is due after that.
    """
    law = list_in_force(versions, period.first)
    if not law:
        begun = [each for each in versions if period.first < each.valid_from <= min(period.last, due_on)]
        law = sorted(begun, key=lambda each: each.valid_from)
    return bool(law) and law[0] is version


def _shift_day(day: date, days: int) -> date:
    """A day some days away, held within the years that dates know."""
    # A margin of a year and more, so that callers can still walk from here.
    return date.fromordinal(min(max(day.toordinal() + days, 400), date.max.toordinal() - 400))
