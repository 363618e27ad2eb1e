"""Working days: what is published, what is guessed, and what an organization sets itself."""

from datetime import date, timedelta

import chinese_calendar
import pytest

from models.packs.load import load_workdays
from models.rules.calendar.statutory import get_statutory_days
from models.rules.calendar.workdays import HolidayYear, Workdays
from tests.tables import each_row

PUBLISHED = load_workdays()
NOTHING = Workdays()


def days(first: date, last: date) -> list[date]:
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


@each_row("year", [2024, 2025, 2026])
def test_every_day_of_a_bundled_year_is_as_chinesecalendar_has_it(year: int) -> None:
    different = [
        day
        for day in days(date(year, 1, 1), date(year, 12, 31))
        if PUBLISHED.is_workday(day) != chinese_calendar.is_workday(day)
    ]
    assert different == []


@each_row(
    ("day", "first", "last"),
    [
        (date(2024, 9, 17), date(2024, 9, 15), date(2024, 9, 17)),
        (date(2024, 1, 1), date(2023, 12, 30), date(2024, 1, 1)),
        (date(2025, 10, 6), date(2025, 10, 1), date(2025, 10, 8)),
        (date(2026, 2, 17), date(2026, 2, 15), date(2026, 2, 23)),
        (date(2026, 5, 10), date(2026, 5, 10), date(2026, 5, 10)),
        (date(2028, 10, 3), date(2028, 9, 30), date(2028, 10, 3)),
    ],
)
def test_a_run_of_days_off_is_broken_by_make_up_days_and_joined_by_weekends(
    day: date, first: date, last: date
) -> None:
    assert PUBLISHED.find_run_of_days_off(day) == (first, last)


def test_a_working_day_lies_in_no_run() -> None:
    assert PUBLISHED.find_run_of_days_off(date(2026, 2, 14)) is None


@each_row(
    ("monday", "why"),
    [
        (date(2028, 1, 24), "除夕 2028 is a Tuesday"),
        (date(2029, 4, 30), "劳动节 2029 is a Tuesday"),
        (date(2029, 12, 31), "元旦 2030 is a Tuesday, in the year before"),
        (date(2030, 9, 30), "国庆节 2030 is a Tuesday"),
    ],
)
def test_the_monday_before_a_tuesday_holiday_is_taken_as_off(monday: date, why: str) -> None:
    assert not NOTHING.is_workday(monday), why
    assert not NOTHING.is_official(monday)
    assert NOTHING.is_workday(monday - timedelta(days=3))


@each_row("year", [2027, 2028, 2033, 2040, 2099])
def test_a_year_without_a_file_has_its_statutory_days_weekends_and_bridges_off(year: int) -> None:
    statutory = {day for found in get_statutory_days(year, law=2025).values() for day in found}
    assert len(statutory) in (12, 13), "中秋节 may fall into 国庆节"
    bridges = {
        found[0] - timedelta(days=1) for found in get_statutory_days(year).values() if found[0].weekday() == 1
    }
    following = get_statutory_days(year + 1)["元旦"][0]
    if following.weekday() == 1:
        bridges.add(following - timedelta(days=1))
    for day in days(date(year, 1, 1), date(year, 12, 31)):
        assert NOTHING.is_workday(day) == (day.weekday() < 5 and day not in statutory | bridges), day
        assert not NOTHING.is_official(day)


@each_row(
    ("day", "official"),
    [
        (date(2026, 12, 21), True),
        (date(2026, 12, 22), False),
        (date(2026, 12, 31), False),
        (date(2025, 12, 31), True),
        (date(2027, 1, 1), False),
        (date(2023, 12, 31), False),
    ],
)
def test_the_end_of_december_waits_for_the_next_years_file(day: date, official: bool) -> None:
    assert PUBLISHED.is_official(day) is official


def test_a_file_for_the_next_year_makes_december_official_and_may_reach_into_it() -> None:
    with_2027 = Workdays(
        [*PUBLISHED.years.values(), HolidayYear(2027, frozenset({date(2026, 12, 31)}), frozenset())]
    )
    assert with_2027.is_official(date(2026, 12, 31))
    assert not with_2027.is_workday(date(2026, 12, 31))


@each_row(("year", "count"), [(2005, 10), (2010, 11), (2024, 11), (2025, 13), (2028, 13)])
def test_the_statutory_days_follow_the_law_of_their_year(year: int, count: int) -> None:
    assert sum(len(found) for found in get_statutory_days(year).values()) == count


def test_the_eve_of_spring_festival_is_statutory_since_2025() -> None:
    assert get_statutory_days(2024)["春节"][0] == date(2024, 2, 10)
    assert get_statutory_days(2025)["春节"] == tuple(days(date(2025, 1, 28), date(2025, 1, 31)))


def test_a_school_overrides_single_days_and_adds_its_vacation() -> None:
    school = PUBLISHED.create_for_organization(
        {date(2026, 3, 7): True}, [(date(2026, 1, 24), date(2026, 2, 28))]
    )
    assert school.is_workday(date(2026, 3, 7))
    assert not PUBLISHED.is_workday(date(2026, 3, 7))
    assert school.find_last_workday_before(date(2026, 2, 17)) == (date(2026, 1, 23), False)
    assert PUBLISHED.find_last_workday_before(date(2026, 2, 17)) == (date(2026, 2, 14), False)


def test_a_single_day_that_is_set_wins_over_the_vacation_and_the_announcement() -> None:
    school = PUBLISHED.create_for_organization({date(2026, 2, 14): False, date(2026, 1, 26): True},
                                        [(date(2026, 1, 24), date(2026, 2, 28))])  # fmt: skip
    assert school.is_workday(date(2026, 1, 26))
    assert not school.is_workday(date(2026, 2, 14))


def test_a_walk_without_an_end_is_an_error_and_not_a_loop() -> None:
    closed = PUBLISHED.create_for_organization({}, [(date(2024, 1, 1), date(2026, 12, 31))])
    with pytest.raises(ValueError, match="没有工作日"):
        closed.find_last_workday_before(date(2026, 6, 1))
