"""Periods: every day in its place, every key read back."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings, strategies as st

from models.rules.calendar.periods import (
    PeriodError,
    PeriodGrid,
    PeriodKind,
    find_period,
    format_period,
    list_periods,
    parse_kind,
    parse_period,
)
from models.rules.calendar.semesters import Semesters
from tests.tables import each_row

STEADY = settings(deadline=None, derandomize=True, max_examples=200)
DAYS = st.dates(date(1901, 1, 1), date(2099, 12, 31))
LASTING = [kind for kind in PeriodKind if kind not in (PeriodKind.ONCE, PeriodKind.EVENT, PeriodKind.FREE)]
COVERING = [kind for kind in LASTING if kind is not PeriodKind.SEMESTER]


@each_row(
    ("kind", "day", "key", "first", "last"),
    [
        (PeriodKind.WEEK, "2026-11-22", "2026-W47", "2026-11-16", "2026-11-22"),
        (PeriodKind.WEEK, "2027-01-01", "2026-W53", "2026-12-28", "2027-01-03"),
        (PeriodKind.MONTH, "2026-11-30", "2026-11", "2026-11-01", "2026-11-30"),
        (PeriodKind.MONTH, "2028-02-29", "2028-02", "2028-02-01", "2028-02-29"),
        (PeriodKind.TWO_MONTHS, "2026-12-01", "2026-B6", "2026-11-01", "2026-12-31"),
        (PeriodKind.QUARTER, "2026-11-30", "2026-Q4", "2026-10-01", "2026-12-31"),
        (PeriodKind.HALF_YEAR, "2026-07-01", "2026-H2", "2026-07-01", "2026-12-31"),
        (PeriodKind.SEMESTER, "2026-09-01", "2026-S1", "2026-09-01", "2027-01-31"),
        (PeriodKind.SEMESTER, "2027-01-31", "2026-S1", "2026-09-01", "2027-01-31"),
        (PeriodKind.SEMESTER, "2027-03-01", "2026-S2", "2027-02-16", "2027-07-10"),
        (PeriodKind.YEAR, "2026-01-01", "2026", "2026-01-01", "2026-12-31"),
        (PeriodKind.ONCE, "2026-11-05", "2026-11-05", "2026-11-05", "2026-11-05"),
    ],
)
def test_a_day_lies_in_its_period(kind: PeriodKind, day: str, key: str, first: str, last: str) -> None:
    period = find_period(kind, date.fromisoformat(day))
    assert period is not None
    assert (period.key, str(period.first), str(period.last)) == (key, first, last)
    assert parse_period(key) == period


def test_terms_of_three_years_lie_on_a_grid() -> None:
    three = PeriodGrid(years=3)
    period = find_period(PeriodKind.TERM, date(2028, 12, 31), three)
    assert period == parse_period("2026-Y3")
    assert find_period(PeriodKind.TERM, date(2025, 12, 31), three) == parse_period("2023-Y3")
    five = PeriodGrid(years=5, anchor=2024)
    assert find_period(PeriodKind.TERM, date(2026, 1, 1), five) == parse_period("2024-Y5")


def test_a_vacation_lies_in_no_semester() -> None:
    assert find_period(PeriodKind.SEMESTER, date(2026, 8, 1)) is None
    assert find_period(PeriodKind.SEMESTER, date(2027, 2, 15)) is None


def test_a_school_sets_the_days_of_all_semesters_or_of_one() -> None:
    school = Semesters(autumn=((9, 7), (1, 20)), exact=(("2026-S2", date(2027, 3, 1), date(2027, 7, 3)),))
    assert parse_period("2026-S1", school).first == date(2026, 9, 7)
    assert parse_period("2026-S2", school).first == date(2027, 3, 1)
    assert parse_period("2027-S2", school).first == date(2028, 2, 16)


def test_an_autumn_that_ends_in_december_stays_in_its_year() -> None:
    assert parse_period("2026-S1", Semesters(autumn=((8, 25), (12, 28)))).last == date(2026, 12, 28)


@each_row(
    "wrong",
    [
        {"autumn": ((9, 1), (2, 20))},
        {"spring": ((7, 10), (2, 16))},
        {"spring": ((2, 16), (9, 2))},
        {"exact": (("2031-S1", date(2031, 9, 1), date(2032, 3, 1)),)},
    ],
)
def test_semesters_that_overlap_are_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="学期日期"):
        Semesters(**wrong)  # type: ignore[arg-type]


def test_the_days_between_semesters_are_the_vacations() -> None:
    assert list(Semesters().list_vacations(date(2027, 1, 1), date(2027, 12, 31))) == [
        (date(2027, 2, 1), date(2027, 2, 15)),
        (date(2027, 7, 11), date(2027, 8, 31)),
    ]


NO_KEYS = [
    "2026-13", "2026-00", "2026-W54", "2027-W53", "2026-Q5", "2026-B7", "2026-S3", "26", "2026-2-30",
    "2026-02-30", "2026-H", "２０２６", "0000", "2026-Y0", "11月",
]  # fmt: skip


@each_row("key", ["", *NO_KEYS])
def test_a_key_that_is_none_is_refused_with_examples(key: str) -> None:
    with pytest.raises(PeriodError, match="2026-W47"):
        parse_period(key)


@each_row(
    ("key", "name"),
    [
        ("2026-W47", "2026年第47周"),
        ("2026-11", "2026年11月"),
        ("2026-B6", "2026年11—12月"),
        ("2026-Q4", "2026年第4季度"),
        ("2026-H1", "2026年上半年"),
        ("2026-S1", "2026—2027学年第一学期"),
        ("2026", "2026年度"),
        ("2026-Y3", "2026—2028年"),
        ("2026-11-05", "2026年11月5日"),
        ("2026-11-05#12", "2026年11月5日"),
    ],
)
def test_a_key_has_a_name_people_read(key: str, name: str) -> None:
    assert format_period(key) == name


@STEADY
@given(DAYS, st.sampled_from(COVERING), st.integers(1, 6))
def test_every_day_belongs_to_exactly_one_period_of_a_kind(day: date, kind: PeriodKind, years: int) -> None:
    grid = PeriodGrid(years=years)
    period = find_period(kind, day, grid)
    assert period is not None
    assert period.first <= day <= period.last
    around = list_periods(kind, day - timedelta(days=400), day + timedelta(days=400), grid)
    assert [each for each in around if each.first <= day <= each.last] == [period]
    assert all(
        one.last + timedelta(days=1) == other.first for one, other in zip(around, around[1:], strict=False)
    )
    assert parse_period(period.key) == period
    assert parse_kind(period.key) in (kind, PeriodKind.YEAR)


@STEADY
@given(
    DAYS,
    st.tuples(st.integers(8, 10), st.integers(1, 28)),
    st.tuples(st.integers(1, 2), st.integers(1, 14)),
    st.tuples(st.integers(2, 3), st.integers(15, 28)),
    st.tuples(st.integers(6, 7), st.integers(1, 28)),
)
def test_every_day_belongs_to_at_most_one_semester(
    day: date, begin: tuple[int, int], end: tuple[int, int], spring: tuple[int, int], summer: tuple[int, int]
) -> None:
    school = Semesters(autumn=(begin, end), spring=(spring, summer))
    around = list_periods(
        PeriodKind.SEMESTER, day - timedelta(days=400), day + timedelta(days=400), PeriodGrid(school)
    )
    holding = [each for each in around if each.first <= day <= each.last]
    assert len(holding) <= 1
    assert find_period(PeriodKind.SEMESTER, day, PeriodGrid(school)) == (holding[0] if holding else None)
    vacation = any(first <= day <= last for first, last in school.list_vacations(day, day))
    assert vacation == (not holding)


@STEADY
@given(DAYS, st.integers(0, 900), st.sampled_from(LASTING))
def test_the_periods_between_two_days_are_those_that_touch_them(
    day: date, length: int, kind: PeriodKind
) -> None:
    last = day + timedelta(days=length)
    three = PeriodGrid(years=3)
    found = list_periods(kind, day, last, three)
    expected = {find_period(kind, day + timedelta(days=n), three) for n in range(length + 1)} - {None}
    assert set(found) == expected
    assert found == sorted(found, key=lambda each: each.first)


@STEADY
@given(DAYS)
def test_a_thing_without_periods_has_only_its_day(day: date) -> None:
    for kind in (PeriodKind.ONCE, PeriodKind.EVENT, PeriodKind.FREE):
        period = find_period(kind, day)
        assert period is not None
        assert (period.first, period.last) == (day, day)
        assert list_periods(kind, day, day) == []
