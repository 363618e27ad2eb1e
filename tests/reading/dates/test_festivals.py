"""Festivals and lunar dates in Chinese texts, read on Wednesday 2026-05-20."""

from datetime import date, datetime, timedelta, timezone

from handlers.reading.dates.find import find_dates
from models.rules.calendar.festivals import get_festival_date
from tests.tables import each_row

NOW = datetime(2026, 5, 20, 9, 30, tzinfo=timezone(timedelta(hours=8)))


def day(text: str) -> date:
    """The only span of a text, which must be one day."""
    (span,) = find_dates(text, now=NOW).spans
    assert span.first == span.last
    return span.first


@each_row(
    ("text", "expected"),
    [
        ("国庆", date(2025, 10, 1)),
        ("元旦", date(2026, 1, 1)),
        ("“五一”", date(2026, 5, 1)),
        ("五一国际劳动节", date(2026, 5, 1)),
        ("七一", date(2025, 7, 1)),
        ("“七·一”建党节", date(2025, 7, 1)),
        ("今年八一", date(2026, 8, 1)),
        ("去年十一", date(2025, 10, 1)),
        ("一二·九", date(2025, 12, 9)),
        ("母亲节", date(2026, 5, 10)),
        ("去年父亲节", date(2025, 6, 15)),
        ("感恩节", date(2025, 11, 27)),
        ("记者节", date(2025, 11, 8)),
        ("冬至", date(2025, 12, 21)),
        ("清明节", date(2026, 4, 5)),
        ("除夕", date(2026, 2, 16)),
        ("大年三十", date(2026, 2, 16)),
        ("元宵", date(2026, 3, 3)),
        ("去年中秋", date(2025, 10, 6)),
        ("2024年端午節", date(2024, 6, 10)),
    ],
)
def test_a_festival_is_the_last_one_unless_its_year_is_said(text: str, expected: date) -> None:
    assert day(text) == expected


@each_row(
    ("text", "expected"),
    [
        ("元旦前一天", date(2025, 12, 31)),
        ("清明后两天", date(2026, 4, 7)),
        ("“五一”前夕", date(2026, 4, 30)),
        ("春节后第三天", date(2026, 2, 20)),
        ("五四当天", date(2026, 5, 4)),
        ("国庆节（10月1日）", date(2025, 10, 1)),
    ],
)
def test_days_before_and_after_a_festival(text: str, expected: date) -> None:
    assert day(text) == expected


@each_row(
    ("text", "expected"),
    [
        ("腊月廿四", date(2026, 2, 11)),
        ("腊月二十四", date(2026, 2, 11)),
        ("正月初八", date(2026, 2, 24)),
        ("三月初八", date(2026, 4, 24)),
        ("农历四月初一", date(2026, 5, 17)),
        ("2024年農曆八月十五", date(2024, 9, 17)),
        ("阴历2024年八月十五", date(2024, 9, 17)),
        ("闰六月初一", date(2025, 7, 25)),
        ("丙午年三月初八", date(2026, 4, 24)),
        ("去年腊月三十", date(2026, 2, 16)),
    ],
)
def test_lunar_dates_are_converted(text: str, expected: date) -> None:
    assert day(text) == expected


def test_a_short_month_ends_with_its_thirtieth_in_speech() -> None:
    assert day("2017年正月三十") == date(2017, 2, 25)


@each_row("name", ["春节", "清明节", "端午节", "中秋节", "重阳节", "腊八节", "除夕", "元旦", "国庆节"])
@each_row("year", [1949, 1999, 2023, 2024, 2025, 2033])
def test_every_year_has_its_festival(name: str, year: int) -> None:
    assert day(f"{year}年{name}") == get_festival_date(name, year)


def test_the_holiday_around_a_festival_is_no_single_day() -> None:
    (span,) = find_dates("国庆期间", now=NOW).spans
    assert (span.first, span.last, span.kind) == (date(2025, 10, 1), date(2025, 10, 7), "vague")
