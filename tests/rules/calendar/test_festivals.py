"""Festivals against the sky: new moons and solar terms worked out here, and the dates that are hard."""

import math
from datetime import UTC, date, datetime, time, timedelta

import pytest

from models.rules.calendar.festivals import (
    FIRST_YEAR,
    LAST_YEAR,
    get_festival_date,
    get_lunar_date,
    get_solar_term,
)
from tests.tables import each_row

YEARS = range(FIRST_YEAR, LAST_YEAR + 1)
# The day of the lunar month, and the solar longitude which that month must hold.
FESTIVALS = {
    "春节": (1, 330), "元宵节": (15, 330), "端午节": (5, 90), "中秋节": (15, 180), "重阳节": (9, 210),
    "小年": (23, 300),
}  # fmt: skip
# Two terms share a month in these winters, and the months around it miss theirs.
CROWDED = {(300, 1985), (330, 1985), (180, 2033), (210, 2033), (330, 2034), (300, 2053), (330, 2053)}
# The Hong Kong Observatory's dates where others differ: a new moon or a term near midnight, a leap month.
HARD = [
    ("春节", 1916, "1916-02-03"), ("中秋节", 1978, "1978-09-17"), ("清明节", 1943, "1943-04-06"),
    ("春节", 1985, "1985-02-20"), ("端午节", 2013, "2013-06-12"), ("春节", 2027, "2027-02-06"),
    ("春节", 2030, "2030-02-03"), ("中秋节", 2033, "2033-09-08"), ("小年", 2034, "2034-02-11"),
    ("春节", 2034, "2034-02-19"), ("中秋节", 2057, "2057-09-13"), ("重阳节", 2057, "2057-10-06"),
    ("清明节", 2071, "2071-04-05"), ("中秋节", 2089, "2089-09-18"), ("中秋节", 2097, "2097-09-20"),
    ("重阳节", 2033, "2033-10-01"), ("小年", 1985, "1985-02-12"), ("春节", 2053, "2053-02-19"),
    ("小年", 2053, "2053-02-11"), ("除夕", 2025, "2025-01-28"), ("除夕", 2026, "2026-02-16"),
    ("小年", 2026, "2026-02-10"), ("元宵节", 2024, "2024-02-24"),
    ("重阳节", 2014, "2014-10-02"), ("端午节", 2028, "2028-05-28"),
]  # fmt: skip


@each_row(("name", "year", "day"), HARD)
def test_a_hard_date_is_the_observatorys(name: str, year: int, day: str) -> None:
    assert get_festival_date(name, year) == date.fromisoformat(day)


@each_row("name", FESTIVALS)
def test_every_lunar_month_begins_on_the_day_of_its_new_moon(name: str) -> None:
    doubtful = []
    for year in YEARS:
        first = month_of(name, year)
        moon = civil(new_moon_near(first))
        if near_midnight(moon, minutes=4):
            doubtful.append(year)
        else:
            assert moon.date() == first, (name, year)
    assert len(doubtful) <= 3, "only a new moon within minutes of midnight may stay open"


@each_row("name", FESTIVALS)
def test_every_lunar_month_holds_its_solar_term(name: str) -> None:
    longitude = FESTIVALS[name][1]
    for year in YEARS:
        if (longitude, year) in CROWDED:
            continue
        first = month_of(name, year)
        following = civil(new_moon_near(first + timedelta(days=30))).date()
        assert first <= civil(sun_reaches(longitude, first + timedelta(days=15))).date() < following, year


def test_qingming_is_the_day_on_which_the_sun_reaches_fifteen_degrees() -> None:
    doubtful = []
    for year in YEARS:
        term = civil(sun_reaches(15, date(year, 4, 5)))
        if near_midnight(term, minutes=16):
            doubtful.append(year)
        else:
            assert get_festival_date("清明节", year) == term.date(), year
    assert len(doubtful) <= 5


@each_row("year", YEARS)
def test_the_eve_is_the_day_before_also_without_a_thirtieth(year: int) -> None:
    spring, eve = get_festival_date("春节", year), get_festival_date("除夕", year)
    assert spring is not None
    assert eve == spring - timedelta(days=1)


def test_fixed_festivals_and_short_names_are_known() -> None:
    assert get_festival_date("国庆节", 2026) == get_festival_date("国庆", 2026) == date(2026, 10, 1)
    assert get_festival_date("五一", 2026) == date(2026, 5, 1)
    assert get_festival_date("感恩节", 2026) is None


@each_row("year", [1900, 2100])
def test_a_year_beyond_the_tables_is_refused(year: int) -> None:
    with pytest.raises(ValueError, match="1901"):
        get_festival_date("中秋节", year + (year == 2100))
    with pytest.raises(ValueError, match="1901"):
        get_solar_term("清明", year)


def test_a_thirtieth_that_the_month_does_not_have_is_refused() -> None:
    with pytest.raises(ValueError, match="没有这个农历日期"):
        get_lunar_date(2024, 12, 30)


def month_of(name: str, year: int) -> date:
    festival = get_festival_date(name, year)
    assert festival is not None
    return festival - timedelta(days=FESTIVALS[name][0] - 1)


def civil(instant: datetime) -> datetime:
    """The clock of the calendar: Beijing's own until 1928, UTC+8 since."""
    return instant + (
        timedelta(hours=8) if instant.year > 1928 else timedelta(hours=7, minutes=45, seconds=40)
    )


def near_midnight(moment: datetime, minutes: int) -> bool:
    return (moment + timedelta(minutes=minutes)).time() < time(0, 2 * minutes)


def julian(day: date) -> float:
    return day.toordinal() + 1721424.5


def universal(jde: float) -> datetime:
    """Dynamical time to UTC with a rough difference of the two (Espenak and Meeus), good to half a minute."""
    moment = datetime(2000, 1, 1, 12, tzinfo=UTC) + timedelta(days=jde - 2451545)
    year = moment.year
    # Seconds that the turning earth is behind: a line to 1986, a parabola after it.
    delta = (
        62.9 + 0.32 * (year - 2000) + 0.0056 * (year - 2000) ** 2 if year > 1986 else 29 + (year - 1945) * 0.6
    )
    return moment - timedelta(seconds=min(delta, 90.0))


def new_moon_near(day: date) -> datetime:
    """The new moon nearest to a day: Meeus, Astronomical Algorithms, chapter 49; good to two minutes."""
    k = round((julian(day) - 2451550.1) / 29.530588861)
    t = k / 1236.85
    e = 1 - 0.002516 * t - 0.0000074 * t * t
    sun = math.radians(2.5534 + 29.10535670 * k - 0.0000014 * t * t)
    moon = math.radians(201.5643 + 385.81693528 * k + 0.0107582 * t * t)
    lat = math.radians(160.7108 + 390.67050284 * k - 0.0016118 * t * t)
    node = math.radians(124.7746 - 1.56375588 * k + 0.0020672 * t * t)
    venus = math.radians(299.77 + 0.107408 * k - 0.009173 * t * t)
    terms = [
        (-0.40720, moon), (0.17241 * e, sun), (0.01608, 2 * moon), (0.01039, 2 * lat),
        (0.00739 * e, moon - sun), (-0.00514 * e, moon + sun), (0.00208 * e * e, 2 * sun),
        (-0.00111, moon - 2 * lat), (-0.00057, moon + 2 * lat), (0.00056 * e, 2 * moon + sun),
        (-0.00042, 3 * moon), (0.00042 * e, sun + 2 * lat), (0.00038 * e, sun - 2 * lat),
        (-0.00024 * e, 2 * moon - sun), (-0.00017, node), (0.000325, venus),
    ]  # fmt: skip
    jde = 2451550.09766 + 29.530588861 * k + 0.00015437 * t * t
    return universal(jde + sum(size * math.sin(angle) for size, angle in terms))


def sun_reaches(longitude: float, around: date) -> datetime:
    """When the sun's apparent longitude is reached near a day: Meeus, chapter 25; good to a quarter hour."""
    jde = julian(around) + 0.5
    for _ in range(6):
        off = (longitude - sun_longitude(jde) + 180) % 360 - 180
        jde += off * 365.2422 / 360
    return universal(jde)


def sun_longitude(jde: float) -> float:
    t = (jde - 2451545) / 36525
    m = math.radians(357.52911 + 35999.05029 * t - 0.0001537 * t * t)
    centre = (
        (1.914602 - 0.004817 * t) * math.sin(m)
        + (0.019993 - 0.000101 * t) * math.sin(2 * m)
        + 0.000289 * math.sin(3 * m)
    )
    node = math.radians(125.04 - 1934.136 * t)
    return 280.46646 + 36000.76983 * t + 0.0003032 * t * t + centre - 0.00569 - 0.00478 * math.sin(node)
