"""The status of one occurrence, and the period that a report belongs to."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from typing import NamedTuple

from models.rules.calendar.periods import (
    Period,
    PeriodGrid,
    PeriodKind,
    find_period,
    parse_kind,
    parse_period,
)
from models.rules.calendar.semesters import DEFAULT_SEMESTERS, Semesters
from models.rules.requirements.types import Goal, GoalKind, Requirement, Strength
from models.rules.types import Change, Occurrence


class State(StrEnum):
    """The state of an occurrence; `not_seen` (未见记录) replaces overdue for usual rules."""

    DONE = "done"
    DONE_LATE = "done_late"
    PARTIAL = "partial"
    DUE = "due"
    OVERDUE = "overdue"
    WAIVED = "waived"
    NOT_YET = "not_yet"
    NOT_SEEN = "not_seen"


@dataclass(frozen=True, slots=True)
class Done:
    """The completions of one occurrence, summed up.

    `count` records, `quantity` units over all of them, `parts` the number of records by part, `present`
    and `expected` summed. `reached_on` is the day on which the goal was reached, where it is known;
    otherwise the first day stands for a goal of one record and the last day for any other.
    """

    count: int = 0
    quantity: float = 0.0
    first_on: date | None = None
    last_on: date | None = None
    reached_on: date | None = None
    parts: tuple[tuple[str, int], ...] = ()
    present: int = 0
    expected: int = 0


class Held(NamedTuple):
    """One record as far as a goal looks at it."""

    on: date
    quantity: float = 0.0
    part: str | None = None
    present: int = 0
    expected: int = 0


class Progress(NamedTuple):
    """Progress towards a goal: `have` of `need`, in records, units, parts or percent."""

    have: float
    need: float

    @property
    def complete(self) -> bool:
        """Whether the goal is reached."""
        return self.have >= self.need


def measure_progress(goal: Goal, done: Done | None) -> Progress:
    """How far the completions have come towards a goal."""
    done = done or Done()
    match goal.kind:
        case GoalKind.QUANTITY:
            return Progress(done.quantity, goal.amount)
        case GoalKind.PARTS:
            counts = dict(done.parts)
            return Progress(sum(min(counts.get(part, 0), goal.amount) for part in goal.parts), goal.needed)
        case GoalKind.SHARE:
            share = 100 * done.present // done.expected if done.expected else 0
            return Progress(share, round(100 * goal.amount))
    return Progress(done.count, goal.needed)


def _count_parts(pairs: Iterable[tuple[str, int]]) -> tuple[tuple[str, int], ...]:
    counts: dict[str, int] = {}
    for part, count in pairs:
        counts[part] = counts.get(part, 0) + count
    return tuple(counts.items())


def find_reached_on(goal: Goal, records: Iterable[Held]) -> date | None:
    """The first day on which the records, in the order of their days, come up to the goal."""
    done: list[Held] = []
    for record in sorted(records, key=lambda each: each.on):
        done.append(record)
        if measure_progress(goal, sum_records(done)).complete:
            return record.on
    return None


def sum_records(records: Sequence[Held]) -> Done:
    """Single records, of which there is one at least, as their sums."""
    return Done(
        count=len(records),
        quantity=sum(each.quantity for each in records),
        first_on=min(each.on for each in records),
        last_on=max(each.on for each in records),
        parts=_count_parts((each.part, 1) for each in records if each.part is not None),
        present=sum(each.present for each in records),
        expected=sum(each.expected for each in records),
    )


def sum_towards(goal: Goal, records: Sequence[Held]) -> Done | None:
    """The sums of single records, of several with the day that reached the goal; None of none."""
    if not records:
        return None
    done = sum_records(records)
    return replace(done, reached_on=find_reached_on(goal, records)) if done.count > 1 else done


def get_state(requirement: Requirement, occurrence: Occurrence, done: Done | None, today: date) -> State:
    """The status on a day, from the completions and changes only."""
    if occurrence.waived:
        return State.WAIVED
    # The days of grace only delay being late; the due day that is shown stays.
    deadline = occurrence.due_on + timedelta(days=requirement.grace_days)
    if done and measure_progress(requirement.goal, done).complete:
        return State.DONE_LATE if _get_reached_on(requirement.goal, done) > deadline else State.DONE
    begun = done is not None and done.count > 0
    if today > deadline:
        return _get_missed_state(requirement, begun=begun)
    if begun:
        return State.PARTIAL
    return State.NOT_YET if today < occurrence.opens_on else State.DUE


def _get_missed_state(requirement: Requirement, *, begun: bool) -> State:
    """The state past the deadline: a usual rule (一般) without a record is never overdue."""
    return State.NOT_SEEN if requirement.strength is Strength.USUAL and not begun else State.OVERDUE


def _get_reached_on(goal: Goal, done: Done) -> date:
    return done.reached_on or (done.first_on if goal.single else done.last_on) or date.min


@dataclass(frozen=True, slots=True)
class PeriodHints:
    """What is known of the period of a report beside the day on which the activity was held.

    `stated` is the key that was stated, `replied_to` that of the message replied to. `changes` are the
    newest ones of the organization; `open_periods` the keys of what is not done yet (None: every period
    counts as open).
    """

    stated: str | None = None
    replied_to: str | None = None
    changes: Iterable[Change] = ()
    open_periods: Collection[str] | None = None
    semesters: Semesters = DEFAULT_SEMESTERS

    def is_open(self, key: str) -> bool:
        """Whether the period may still be open."""
        return self.open_periods is None or key in self.open_periods


NO_HINTS = PeriodHints()


class Chosen(NamedTuple):
    """The period chosen for a report; `assumed` where it was inferred and is shown."""

    period: Period | None
    assumed: bool = False


def choose_period(requirement: Requirement, held_on: date, hints: PeriodHints = NO_HINTS) -> Chosen:
    """The period a report belongs to; none where the day lies between semesters.

    `hints.changes` are those of this requirement. Raises PeriodError where a stated key names no period.
    """
    # The first that finds one decides.
    return (
        _find_stated(hints)  # 10月的主题党日补开了: 2026-10
        or _find_moved(held_on, hints)  # November's, moved to 3 December and held then: 2026-11
        or _find_dated(requirement, held_on, hints)  # a talk after an appointment: 2026-09-03
        or _find_previous_year(requirement, held_on, hints)  # 组织生活会 held on 2027-02-10: 2026
        or Chosen(find_period(requirement.period, held_on, _get_grid(requirement, hints)))
    )


def _get_grid(requirement: Requirement, hints: PeriodHints) -> PeriodGrid:
    return PeriodGrid(hints.semesters, requirement.years, requirement.anchor)


def _find_stated(hints: PeriodHints) -> Chosen | None:
    key = hints.stated or hints.replied_to
    return Chosen(parse_period(key, hints.semesters)) if key else None


def _find_moved(held_on: date, hints: PeriodHints) -> Chosen | None:
    """The period of an occurrence that was moved out of it, to this day or a later one."""
    for change in hints.changes:
        if change.moved_to is None or change.waived or not hints.is_open(change.period):
            continue
        period = parse_period(change.period, hints.semesters)
        early = change.moved_to <= held_on < period.first
        late = period.last < held_on <= change.moved_to
        if early or late or held_on == change.moved_to:
            return Chosen(period)
    return None


def _find_dated(requirement: Requirement, held_on: date, hints: PeriodHints) -> Chosen | None:
    """The open period of what is due once or by an event: the oldest, or the next date."""
    if not requirement.event and requirement.period is not PeriodKind.ONCE:
        return None
    keys = sorted(key for key in hints.open_periods or () if parse_kind(key) is PeriodKind.ONCE)
    day = held_on.isoformat()
    if requirement.event:
        keys = [key for key in keys if key[:10] <= day]
    else:
        keys = [key for key in keys if key >= day] or keys[-1:]
    return Chosen(parse_period(keys[0], hints.semesters)) if keys else None


def _find_previous_year(requirement: Requirement, held_on: date, hints: PeriodHints) -> Chosen | None:
    """The year before, for what is due after its year's end and was held by March."""
    if requirement.period is not PeriodKind.YEAR or not requirement.due.following or held_on.month > 3:
        return None
    key = f"{held_on.year - 1:04}"
    return Chosen(parse_period(key), assumed=True) if hints.is_open(key) else None
