"""What the date grammars share: frame of reading, values, forms, calendar helpers."""

import re
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from enum import Flag, auto
from functools import lru_cache
from typing import NamedTuple

DayRange = tuple[date, date]

OLD_DAYS = 300
"""A day without a year that lies further back may be one to come."""


class DateValue(NamedTuple):
    """The days that an expression means, both included.

    `kind`, `period` and `doubt` are those of DateSpan. `sets_month`: year and month are certain, so that
    later days may lean on them. `year_guessed`: the year was not said. `weekday_only`: only a weekday was
    said. `named_week`: the weekday of a named week (上周五). `impossible`: no calendar has it, and the days
    mean nothing.
    """

    first: date
    last: date
    kind: str = "day"
    period: str | None = None
    doubt: str | None = None
    sets_month: bool = False
    year_guessed: bool = False
    weekday_only: bool = False
    named_week: bool = False
    impossible: bool = False

    @property
    def is_day(self) -> bool:
        """Whether it is a single day, not vague and not the present moment."""
        return self.kind == "day" and self.first == self.last


IMPOSSIBLE = DateValue(date.min, date.min, impossible=True)


class Frame(NamedTuple):
    """When a text is read, and what it has said so far.

    `now` is aware, `today` its date. A date that leaves its year or month open is the nearest to `pivot`:
    up to it, or with `future` from it on. `anchor` is the last date that sets a month, `previous` the last
    day, `leaning` what stands directly before in a list (11月10日、12日). `second_end` is true after a 至.
    """

    now: datetime
    today: date
    pivot: date
    future: bool
    anchor: DateValue | None = None
    previous: date | None = None
    leaning: DateValue | None = None
    second_end: bool = False

    def create_second_end(self, day: date) -> "Frame":
        """The frame for the second end of a range: the first fitting day from `day` on."""
        return self._replace(pivot=day, future=True, anchor=None, leaning=None, second_end=True)

    def find_nearest(self, days_of: Callable[[int], DayRange | None], reach: int = 12) -> DayRange | None:
        """Days that come every year, nearest to the pivot.

        They are the last that have begun, or with `future` the first that have not ended.
        `days_of` gives the days of one year, or None where that year has none (2月29日). `reach` is the
        number of years to search.
        """
        for year in self._list_years(reach):
            days = days_of(year)
            if days and (days[1] >= self.pivot if self.future else days[0] <= self.pivot):
                return days
        return None

    def find_nearest_month(self, days_of: Callable[[date], DayRange | None]) -> DayRange | None:
        """Days that come every month, likewise, within a year; `days_of` gets a month's first day."""
        first = self.pivot.replace(day=1)
        for step in range(12):
            days = days_of(add_months(first, step if self.future else -step))
            if days and (days[1] >= self.pivot if self.future else days[0] <= self.pivot):
                return days
        return None

    def find_listed_year(self, month: int) -> int | None:
        """The year of a month in a list after an earlier one: 2026 of the 11月 in 2026年10月、11月."""
        before = self.leaning
        return before.last.year if before and before.sets_month and month >= before.last.month else None

    def _list_years(self, reach: int) -> Iterator[int]:
        """Years outward from the pivot, beginning with one on its other side."""
        # Lunar days and winter holidays lie across New Year: the 腊月 of 2026 ends in 2027.
        first, step = (self.pivot.year - 1, 1) if self.future else (self.pivot.year + 1, -1)
        return (year for year in range(first, first + step * reach, step) if 1 <= year <= 9999)


class Scope(NamedTuple):
    """The year and month read before a part of them; `chinese` where the month was written 十一月."""

    year: int | None = None
    month: int | None = None
    chinese: bool = False

    def find_days(self, frame: Frame) -> DayRange | None:
        """The days of the month, else of the year; None without both, and for a 13th month."""
        year, month = self.year, self.month
        if month is None:
            return get_months(year, 1, 12) if year else None
        if not 1 <= month <= 12:
            return None
        year = year or frame.find_listed_year(month)
        return (
            get_months(year, month)
            if year
            else frame.find_nearest(lambda nearest: get_months(nearest, month))
        )


NO_SCOPE = Scope()


class Before(Flag):
    """What stands directly before a form: nothing that belongs to the date, a year, a month."""

    NOTHING = auto()
    YEAR = auto()
    MONTH = auto()


FormReader = Callable[[re.Match[str], Frame, Scope], DateValue | None]


class Form(NamedTuple):
    """One way to write a date, such as its `example`.

    `begins` are the characters it can begin with, `pattern` is compiled with `re.ASCII | re.VERBOSE`, `read`
    returns the value of a match or None where it makes no sense, `before` is where it is tried.
    """

    example: str
    begins: str
    pattern: str
    read: FormReader
    before: Before = Before.NOTHING


def create_day(day: date) -> DateValue:
    """The value of one day."""
    return DateValue(day, day)


def create_period(
    days: DayRange, key: str, *, sets_month: bool = False, year_guessed: bool = False
) -> DateValue:
    """The value of a period with its key."""
    return DateValue(*days, "period", key, sets_month=sets_month, year_guessed=year_guessed)


def find_calendar_day(year: int, month: int, number: int) -> date | None:
    """The date; None where the calendar has no such day."""
    try:
        return date(year, month, number)
    except ValueError:
        return None


def add_months(start: date, steps: int) -> date:
    """The same day `steps` months later, or the month's last where it is shorter."""
    year, index = divmod(start.year * 12 + start.month - 1 + steps, 12)
    for number in range(start.day, 27, -1):
        if day := find_calendar_day(year, index + 1, number):
            return day
    return date(year, index + 1, start.day)


@lru_cache(maxsize=4096)
def get_months(year: int, first: int, length: int = 1) -> DayRange:
    """First and last day of `length` months from month `first` of the year, which may exceed 12."""
    begin = add_months(date(year, 1, 1), first - 1)
    return begin, add_months(begin, length) - timedelta(days=1)


def get_week(day: date) -> DayRange:
    """Monday and Sunday of the week that holds a day."""
    monday = day - timedelta(days=day.weekday())
    return monday, monday + timedelta(days=6)


def format_week_key(day: date) -> str:
    """The key of the week that holds a day, `2026-W47`."""
    year, number, _ = day.isocalendar()
    return f"{year:04}-W{number:02}"
