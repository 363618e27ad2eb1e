"""What the date grammars share: the moment a text is read at, what a form finds, and the table's entries."""

import re
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from enum import Flag, auto
from functools import lru_cache
from typing import NamedTuple

DayRange = tuple[date, date]


class DateValue(NamedTuple):
    """What one form reads; `kind`, `period` and `doubt` are those of DateSpan.

    `month` is true where year and month are settled, so that later days may lean on it, `guessed` where
    the year was not said, `weekday` where only a weekday was, `named_week` for the weekday of a named week.
    An impossible one has no days.
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
        """Whether it is one day that somebody can have meant."""
        return self.kind == "day" and self.first == self.last


IMPOSSIBLE = DateValue(date.min, date.min, impossible=True)


class Frame(NamedTuple):
    """When a text is read. What leaves its year open is sought from `pivot`, backwards unless `future`.

    `now` is aware; `anchor` is the last month or day the text itself has named before, `previous` the last
    day, `leaning` what stands directly before in a list (11月10日、12日); `second_end` is true after a 至.
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
        """Days that come every year: the last that have begun, or (future) the first that have not ended.

        `days_of` gives the days of one year, or None where that year has none (2月29日).
        """
        for year in self._list_years(reach):
            days = days_of(year)
            if days and (days[1] >= self.pivot if self.future else days[0] <= self.pivot):
                return days
        return None

    def find_nearest_month(self, days_of: Callable[[date], DayRange | None]) -> DayRange | None:
        """Days that come every month, likewise; `days_of` is given a month's first day."""
        first = self.pivot.replace(day=1)
        for step in range(12):
            days = days_of(add_months(first, step if self.future else -step))
            if days and (days[1] >= self.pivot if self.future else days[0] <= self.pivot):
                return days
        return None

    def find_listed_year(self, month: int) -> int | None:
        """The year that a month has in a list after an earlier one: 2025年10月、11月."""
        before = self.leaning
        return before.last.year if before and before.sets_month and month >= before.last.month else None

    def _list_years(self, reach: int) -> Iterator[int]:
        """Years outward from the pivot; one to the other side, since lunar and winter days cross the turn."""
        year, step = (self.pivot.year - 1, 1) if self.future else (self.pivot.year + 1, -1)
        return (of for of in range(year, year + step * reach, step) if 1 <= of <= 9999)


class Scope(NamedTuple):
    """The year and the month that were read before a part of them; `chinese` where the month was 十一月."""

    year: int | None = None
    month: int | None = None
    chinese: bool = False

    def find_days(self, frame: Frame) -> DayRange | None:
        """The days of the month, else of the year, else None; None also for a 13th month."""
        year, month = self.year, self.month
        if month is None:
            return get_months(year, 1, 12) if year else None
        if not 1 <= month <= 12:
            return None
        year = year or frame.find_listed_year(month)
        return get_months(year, month) if year else frame.find_nearest(lambda of: get_months(of, month))


NO_SCOPE = Scope()


class Before(Flag):
    """What may stand directly before a form: nothing, a year, a month."""

    NOTHING = auto()
    YEAR = auto()
    MONTH = auto()


FormReader = Callable[[re.Match[str], Frame, Scope], DateValue | None]


class Form(NamedTuple):
    """One way to write a date: the characters it can begin with, its pattern and what reads a match."""

    begins: str
    pattern: str
    read: FormReader
    before: Before = Before.NOTHING


def create_day(value: date) -> DateValue:
    """One day."""
    return DateValue(value, value)


def create_period(
    days: DayRange, key: str, *, sets_month: bool = False, year_guessed: bool = False
) -> DateValue:
    """A period with its key."""
    return DateValue(*days, "period", key, sets_month=sets_month, year_guessed=year_guessed)


def find_calendar_day(year: int, month: int, number: int) -> date | None:
    """The date, or None where the calendar has no such day."""
    try:
        return date(year, month, number)
    except ValueError:
        return None


def add_months(start: date, steps: int) -> date:
    """The same day `steps` months later; the month's last where it is shorter."""
    year, index = divmod(start.year * 12 + start.month - 1 + steps, 12)
    for number in range(start.day, 27, -1):
        if found := find_calendar_day(year, index + 1, number):
            return found
    return date(year, index + 1, start.day)


@lru_cache(maxsize=4096)
def get_months(year: int, first: int, length: int = 1) -> DayRange:
    """First and last day of `length` months from month `first` of the year (which may exceed 12)."""
    begin = add_months(date(year, 1, 1), first - 1)
    return begin, add_months(begin, length) - timedelta(days=1)


def get_week(value: date) -> DayRange:
    """Monday and Sunday around a day."""
    monday = value - timedelta(days=value.weekday())
    return monday, monday + timedelta(days=6)


def format_week_key(value: date) -> str:
    """The key of the week that holds a day, `2026-W47`."""
    year, number, _ = value.isocalendar()
    return f"{year:04}-W{number:02}"
