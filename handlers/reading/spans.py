"""What the date grammars pass around: the spans that are found, and the moment they are read at."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import count
from re import Match

Days = tuple[date, date]


@dataclass(frozen=True, slots=True)
class DateSpan:
    """Days that a text names, both included, and the place of the words in the text given.

    `kind`:
    - `day`: one day (昨天, 11月15日, 上周五, 国庆节前一天)
    - `range`: two ends (11月9日—13日, 周一至周五)
    - `period`: a week, month, quarter, half-year, semester, year or decade
    - `part`: a part of one (11月上旬, 月底, 年初, 上周末)
    - `window`: counted from a day (近三个月, 未来两天, 今年以来)
    - `vague`: no single day can be meant (近日, 前几天, 国庆期间)
    - `now`: the moment itself (刚才, 10分钟前)
    - `before`, `since`: an open end (20日前, 截至11月, 9月1日起); first and last are those of what is named

    `period` is the key of a named period (`2026-11`, `2026-W47`, `2026-B6`, `2026-Q3`, `2026-H2`,
    `2026-S1`, `2026`), also of a part of it only for whole periods. `doubt`: `weekday` where a weekday
    or another gloss contradicts the date; `fraction` where it may be a count such as 8/9; `old` where the
    year was not said and the day lies more than 300 days back.
    """

    first: date
    last: date
    start: int
    end: int
    kind: str
    period: str | None = None
    doubt: str | None = None


@dataclass(frozen=True, slots=True)
class ImpossibleDate:
    """A day that no calendar has, such as 2月30日, and its place in the text given."""

    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Dates:
    """All that was found, in the order of the text."""

    spans: tuple[DateSpan, ...] = ()
    impossible: tuple[ImpossibleDate, ...] = ()


@dataclass(frozen=True, slots=True)
class Found:
    """What one form reads; `month` is true where year and month are settled, so that later days may lean on it.

    `guessed` is true where the year was not said, `weekday` where nothing but a weekday was, `named_week` for a
    weekday of a named week. An `impossible` one has no days.
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


IMPOSSIBLE = Found(date.min, date.min, impossible=True)


@dataclass(frozen=True, slots=True)
class Frame:
    """When a text is read. What leaves its year open is sought from `pivot`, backwards unless `future`.

    `now` is aware; `anchor` is the last month or day the text itself has named before, `previous` the last
    day, `leaning` what stands directly before in a list (11月10日、12日).
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
        return replace(self, pivot=day, future=True, anchor=None, leaning=None, second_end=True)

    def nearest(self, days_of: Callable[[int], Days | None], reach: int = 12) -> Days | None:
        """Days that come every year: the last that have begun, or (future) the first that have not ended.

        `days_of` gives the days of one year, or None where that year has none (2月29日).
        """
        for year in self._years(reach):
            days = days_of(year)
            if days and (days[1] >= self.pivot if self.future else days[0] <= self.pivot):
                return days
        return None

    def _years(self, reach: int) -> Iterator[int]:
        """Years outward from the pivot; one to the other side, since lunar and winter days cross the turn."""
        steps = count(self.pivot.year - 1) if self.future else count(self.pivot.year + 1, -1)
        for year, _ in zip(steps, range(reach), strict=False):
            if 1 <= year <= 9999:
                yield year


Read = Callable[[Match[str], Frame], Found | None]


def day(value: date) -> Found:
    """One day."""
    return Found(value, value)


def real_day(year: int, month: int, number: int) -> date | None:
    """The date, or None where the calendar has no such day."""
    try:
        return date(year, month, number)
    except ValueError:
        return None


def shifted(start: date, months: int) -> date:
    """The same day `months` later; the month's last where it is shorter."""
    year, index = divmod(start.year * 12 + start.month - 1 + months, 12)
    for number in range(start.day, 27, -1):
        if found := real_day(year, index + 1, number):
            return found
    return date(year, index + 1, start.day)


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
