"""The status of an occurrence, and the period a report belongs to."""

from datetime import date

from models.rules.calendar.periods import PeriodKind
from models.rules.requirements.frequency_parser import parse_goal
from models.rules.requirements.status import (
    Chosen,
    Done,
    PeriodHints,
    Progress,
    State,
    choose_period,
    get_state,
    measure_progress,
)
from models.rules.requirements.types import Requirement, Strength, parse_due
from models.rules.types import Change, Occurrence
from tests.tables import each_row


def rule(
    period: PeriodKind = PeriodKind.MONTH, goal: str = "1次", due: str = "每月5日", **more: object
) -> Requirement:
    given = {"period": period, "due": parse_due(due), "goal": parse_goal(goal), "kinds": frozenset(), **more}
    return Requirement(key="主题党日", name="主题党日", **given)  # type: ignore[arg-type]


def occurrence(waived: bool = False) -> Occurrence:
    return Occurrence("主题党日", 1, "2026-11", date(2026, 11, 5), None, waived, date(2026, 11, 1), False)


def held(*days: int, **more: object) -> Done:
    dates = [date(2026, 11, day) for day in days]
    return Done(len(dates), first_on=min(dates), last_on=max(dates), **more)  # type: ignore[arg-type]


@each_row(
    ("requirement", "done", "today", "state"),
    [
        (rule(), None, date(2026, 10, 31), State.NOT_YET),
        (rule(), None, date(2026, 11, 1), State.DUE),
        (rule(), None, date(2026, 11, 5), State.DUE),
        (rule(), None, date(2026, 11, 6), State.OVERDUE),
        (rule(grace_days=3), None, date(2026, 11, 8), State.DUE),
        (rule(grace_days=3), None, date(2026, 11, 9), State.OVERDUE),
        (rule(), held(5), date(2026, 11, 20), State.DONE),
        (rule(), held(6), date(2026, 11, 20), State.DONE_LATE),
        (rule(grace_days=3), held(8), date(2026, 11, 20), State.DONE),
        (rule(), held(4, 12), date(2026, 11, 20), State.DONE),
        (rule(goal="至少2次"), held(4), date(2026, 11, 5), State.PARTIAL),
        (rule(goal="至少2次"), held(4), date(2026, 11, 6), State.OVERDUE),
        (rule(goal="至少2次"), held(4, 5), date(2026, 11, 6), State.DONE),
        (rule(goal="至少2次"), held(4, 9), date(2026, 11, 9), State.DONE_LATE),
        (rule(goal="至少2次"), held(1, 4, 9, reached_on=date(2026, 11, 4)), date(2026, 11, 9), State.DONE),
        (rule(goal="至少4节"), held(4, quantity=3.0), date(2026, 11, 5), State.PARTIAL),
        (rule(goal="至少4节"), held(4, quantity=4.0), date(2026, 11, 5), State.DONE),
        (rule(goal="各1次：甲、乙"), held(2, 3, parts=(("甲", 2),)), date(2026, 11, 5), State.PARTIAL),
        (rule(goal="各1次：甲、乙"), held(2, 3, parts=(("甲", 1), ("乙", 1))), date(2026, 11, 5), State.DONE),
        (rule(goal="参训率100%"), held(2, present=19, expected=20), date(2026, 11, 5), State.PARTIAL),
        (rule(goal="参训率100%"), held(2, present=20, expected=20), date(2026, 11, 5), State.DONE),
        (rule(strength=Strength.USUAL), None, date(2026, 11, 6), State.NOT_SEEN),
        (rule(strength=Strength.USUAL), None, date(2026, 11, 5), State.DUE),
        (rule(strength=Strength.USUAL), held(6), date(2026, 11, 7), State.DONE_LATE),
    ],
)
def test_a_status_follows_from_completions_and_the_day(
    requirement: Requirement, done: Done | None, today: date, state: State
) -> None:
    assert get_state(requirement, occurrence(), done, today) is state


def test_a_waived_occurrence_stays_waived() -> None:
    assert get_state(rule(), occurrence(waived=True), held(5), date(2026, 12, 1)) is State.WAIVED


@each_row(
    ("goal", "done", "expected"),
    [
        ("1次", None, (0, 1)),
        ("至少2次", held(4), (1, 2)),
        ("至少4节", held(4, quantity=2.5), (2.5, 4)),
        ("各1次：甲、乙、丙、丁", held(2, 3, 4, parts=(("甲", 2), ("乙", 1))), (2, 4)),
        ("参训率85%", held(2, present=17, expected=20), (85, 85)),
        ("参训率85%", held(2), (0, 85)),
    ],
)
def test_progress_is_counted_in_the_goals_own_measure(
    goal: str, done: Done | None, expected: tuple[float, float]
) -> None:
    assert measure_progress(parse_goal(goal), done) == Progress(*expected)


def chosen(requirement: Requirement, held_on: str, **more: object) -> tuple[str | None, bool]:
    found: Chosen = choose_period(requirement, date.fromisoformat(held_on), PeriodHints(**more))  # type: ignore[arg-type]
    return (found.period.key if found.period else None), found.assumed


YEARLY = rule(PeriodKind.YEAR, due="次年3月31日")
MOVED = Change("主题党日", 1, "2026-11", moved_to=date(2026, 12, 3), id=1)


@each_row(
    ("requirement", "held_on", "more", "period", "assumed"),
    [
        (rule(), "2026-11-20", {}, "2026-11", False),
        (
            rule(),
            "2026-12-02",
            {"stated": "2026-10", "replied_to": "2026-11", "changes": [MOVED]},
            "2026-10",
            False,
        ),
        (rule(), "2026-12-02", {"replied_to": "2026-11"}, "2026-11", False),
        (rule(), "2026-12-02", {"changes": [MOVED]}, "2026-11", False),
        (rule(), "2026-12-03", {"changes": [MOVED]}, "2026-11", False),
        (rule(), "2026-12-04", {"changes": [MOVED]}, "2026-12", False),
        (rule(), "2026-12-02", {"changes": [MOVED], "open_periods": {"2026-12"}}, "2026-12", False),
        (rule(), "2026-11-20", {"changes": [MOVED]}, "2026-11", False),
        (
            rule(),
            "2026-10-28",
            {"changes": [Change("主题党日", 1, "2026-11", date(2026, 10, 28))]},
            "2026-11",
            False,
        ),
        (
            rule(),
            "2026-12-02",
            {"changes": [Change("主题党日", 1, "2026-11", waived=True)]},
            "2026-12",
            False,
        ),
        (YEARLY, "2027-01-15", {}, "2026", True),
        (YEARLY, "2027-03-31", {"open_periods": {"2026", "2027"}}, "2026", True),
        (YEARLY, "2027-03-31", {"open_periods": {"2027"}}, "2027", False),
        (YEARLY, "2027-04-01", {"open_periods": {"2026", "2027"}}, "2027", False),
        (YEARLY, "2027-01-15", {"stated": "2027"}, "2027", False),
        (YEARLY, "2026-12-20", {}, "2026", False),
        (rule(PeriodKind.YEAR, due="期末"), "2027-01-15", {}, "2027", False),
        (rule(PeriodKind.SEMESTER, due="期末"), "2027-01-15", {}, "2026-S1", False),
        (rule(PeriodKind.SEMESTER, due="期末"), "2027-08-15", {}, None, False),
        (rule(PeriodKind.FREE, due="期末"), "2026-11-20", {}, "2026-11-20", False),
        (
            rule(PeriodKind.ONCE, due="2026-12-20"),
            "2026-11-20",
            {"open_periods": {"2026-12-20"}},
            "2026-12-20",
            False,
        ),
        (
            rule(PeriodKind.EVENT, due="30天内", event="新任职"),
            "2026-09-01",
            {"open_periods": {"2026-08-20", "2026-08-25", "2026-09-05"}},
            "2026-08-20",
            False,
        ),
        (
            rule(PeriodKind.TERM, due="期满", event="换届", years=3),
            "2027-05-20",
            {"open_periods": {"2024-06-15"}},
            "2024-06-15",
            False,
        ),
    ],
)
def test_a_report_belongs_to_the_period_that_is_meant(
    requirement: Requirement, held_on: str, more: dict[str, object], period: str | None, assumed: bool
) -> None:
    assert chosen(requirement, held_on, **more) == (period, assumed)
