"""What the date grammars share: the moment a text is read at, what a form finds, and the table's entries."""

import re
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from enum import Flag, auto
from functools import lru_cache
from typing import NamedTuple

Days = tuple[date, date]


class Found(NamedTuple):
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
    month: bool = False
    guessed: bool = False
    weekday: bool = False
    named_week: bool = False
    impossible: bool = False

    @property
    def is_day(self) -> bool:
        """Whether it is one day that somebody can have meant."""
        return self.kind == "day" and self.first == self.last


IMPOSSIBLE = Found(date.min, date.min, impossible=True)


class Frame(NamedTuple):
    """When a text is read. What leaves its year open is sought from `pivot`, backwards unless `future`.

    `now` is aware; `anchor` is the last month or day the text itself has named before, `previous` the last
    day, `leaning` what stands directly before in a list (11月10日、12日); `second_end` is true after a 至.
    """

    now: datetime
    today: date
    pivot: date
    future: bool
    anchor: Found | None = None
    previous: date | None = None
    leaning: Found | None = None
    second_end: bool = False

    def onward(self, day: date) -> "Frame":
        """The frame for the second end of a range: the first fitting day from `day` on."""
        return self._replace(pivot=day, future=True, anchor=None, leaning=None, second_end=True)

    def nearest(self, days_of: Callable[[int], Days | None], reach: int = 12) -> Days | None:
        """Days that come every year: the last that have begun, or (future) the first that have not ended.

        `days_of` gives the days of one year, or None where that year has none (2月29日).
        """
        for year in self._years(reach):
            days = days_of(year)
            if days and (days[1] >= self.pivot if self.future else days[0] <= self.pivot):
                return days
        return None

    def nearest_month(self, days_of: Callable[[date], Days | None]) -> Days | None:
        """Days that come every month, likewise; `days_of` is given a month's first day."""
        first = self.pivot.replace(day=1)
        for step in range(12):
            days = days_of(shifted(first, step if self.future else -step))
            if days and (days[1] >= self.pivot if self.future else days[0] <= self.pivot):
                return days
        return None

    def listed_year(self, month: int) -> int | None:
        """The year that a month has in a list after an earlier one: 2025年10月、11月."""
        before = self.leaning
        return before.last.year if before and before.month and month >= before.last.month else None

    def _years(self, reach: int) -> Iterator[int]:
        """Years outward from the pivot; one to the other side, since lunar and winter days cross the turn."""
        year, step = (self.pivot.year - 1, 1) if self.future else (self.pivot.year + 1, -1)
        return (of for of in range(year, year + step * reach, step) if 1 <= of <= 9999)


class Scope(NamedTuple):
    """The year and the month that were read before a part of them; `chinese` where the month was 十一月."""

    year: int | None = None
    month: int | None = None
    chinese: bool = False

    def days(self, frame: Frame) -> Days | None:
        """The days of the month, else of the year, else None; None also for a 13th month."""
        year, month = self.year, self.month
        if month is None:
            return months(year, 1, 12) if year else None
        if not 1 <= month <= 12:
            return None
        year = year or frame.listed_year(month)
        return months(year, month) if year else frame.nearest(lambda of: months(of, month))


NOWHERE = Scope()


class Place(Flag):
    """What may stand directly before a form: nothing, a year, a month."""

    FREE = auto()
    YEAR = auto()
    MONTH = auto()


Read = Callable[[re.Match[str], Frame, Scope], Found | None]


class Form(NamedTuple):
    """One way to write a date: the characters it can begin with, its pattern and what reads a match."""

    begins: str
    pattern: str
    read: Read
    place: Place = Place.FREE


def day(value: date) -> Found:
    """One day."""
    return Found(value, value)


def keyed(days: Days, key: str, *, month: bool = False, guessed: bool = False) -> Found:
    """A period with its key."""
    return Found(*days, "period", key, month=month, guessed=guessed)


def real_day(year: int, month: int, number: int) -> date | None:
    """The date, or None where the calendar has no such day."""
    try:
        return date(year, month, number)
    except ValueError:
        return None


def shifted(start: date, steps: int) -> date:
    """The same day `steps` months later; the month's last where it is shorter."""
    year, index = divmod(start.year * 12 + start.month - 1 + steps, 12)
    for number in range(start.day, 27, -1):
        if found := real_day(year, index + 1, number):
            return found
    return date(year, index + 1, start.day)


@lru_cache(maxsize=4096)
def months(year: int, first: int, length: int = 1) -> Days:
    """First and last day of `length` months from month `first` of the year (which may exceed 12)."""
    begin = shifted(date(year, 1, 1), first - 1)
    return begin, shifted(begin, length) - timedelta(days=1)


def week(value: date) -> Days:
    """Monday and Sunday around a day."""
    monday = value - timedelta(days=value.weekday())
    return monday, monday + timedelta(days=6)


def week_key(value: date) -> str:
    """The key of the week that holds a day, `2026-W47`."""
    year, number, _ = value.isocalendar()
    return f"{year:04}-W{number:02}"
