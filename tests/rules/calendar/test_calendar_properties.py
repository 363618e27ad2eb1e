"""The calendar as a whole: no occurrence is lost or doubled, however time is walked through."""

from datetime import date, timedelta

from hypothesis import given, settings, strategies as st

from models.rules.calendar.periods import PeriodKind
from models.rules.requirements.due_query import DueQuery
from models.rules.requirements.occurrences import list_occurrences
from models.rules.types import Change, Occurrence
from tests.rules.small_rules import WORKDAYS, branch, rule

STEADY = settings(deadline=None, derandomize=True, max_examples=200)

RULES = [
    rule("周", PeriodKind.WEEK, "周五"),
    rule("月", PeriodKind.MONTH, "每月5日，遇休息日顺延"),
    rule("双月", PeriodKind.TWO_MONTHS, "期末，遇休息日提前"),
    rule("季", PeriodKind.QUARTER, "次月10日"),
    rule("半年", PeriodKind.HALF_YEAR, "最后一个工作日"),
    rule("学期", PeriodKind.SEMESTER, "期末"),
    rule("年", PeriodKind.YEAR, "次年3月31日"),
    rule("届", PeriodKind.TERM, "期末", years=3),
    rule("一次", PeriodKind.ONCE, "2026-12-20"),
]
CHANGES = [
    Change("月", 1, "2026-11", moved_to=date(2027, 6, 1), id=1),
    Change("季", 1, "2026-Q3", moved_to=date(2026, 8, 1), id=2),
    Change("周", 2, "2026-W47", waived=True, id=3),
]
PLACES = [branch(1), branch(2, starts_on=date(2026, 9, 15)), branch(3, ends_on=date(2027, 5, 1))]


@STEADY
@given(st.dates(date(2024, 1, 1), date(2032, 1, 1)), st.lists(st.integers(1, 200), min_size=1, max_size=6))
def test_walking_through_time_in_any_steps_never_loses_or_doubles_an_occurrence(
    day: date, steps: list[int]
) -> None:
    end = day + timedelta(days=sum(steps))
    whole = list_occurrences(RULES, DueQuery(PLACES, day, end - timedelta(days=1)), WORKDAYS, CHANGES)
    walked: list[Occurrence] = []
    for step in steps:
        following = day + timedelta(days=step)
        query = DueQuery(PLACES, day, following - timedelta(days=1))
        walked += list_occurrences(RULES, query, WORKDAYS, CHANGES)
        day = following
    assert walked == whole
    marks = [(each.requirement, each.organization_id, each.period) for each in whole]
    assert len(marks) == len(set(marks))


@STEADY
@given(st.dates(date(2024, 1, 1), date(2032, 1, 1)), st.integers(0, 200))
def test_what_is_due_in_some_days_is_among_the_periods_of_wider_days(day: date, length: int) -> None:
    last = day + timedelta(days=length)
    found = list_occurrences(RULES, DueQuery(PLACES, day, last), WORKDAYS)
    years = timedelta(days=1200)
    wide = list_occurrences(RULES, DueQuery(PLACES, day - years, last + years, by_period=True), WORKDAYS)
    assert set(found) == {each for each in wide if day <= each.due_on <= last}
