"""The periods in which things are required: their keys, their days and their names."""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache

from models.rules.calendar.semesters import DEFAULT_SEMESTERS, Semesters

# Terms of n years without a known election fall on a grid through this year.
TERM_ANCHOR = 2026
MONTHS_OF = {"month": 1, "two_months": 2, "quarter": 3, "half_year": 6, "year": 12}
EXAMPLES = "2026-W47、2026-11、2026-B6、2026-Q4、2026-H2、2026-S1、2026、2026-Y3、2026-11-05"


class PeriodKind(StrEnum):
    """How often something is required.

    `term`: every n years · `event`: n days after a key event · `free`: never, it is only recorded.
    """

    WEEK = "week"
    MONTH = "month"
    TWO_MONTHS = "two_months"
    QUARTER = "quarter"
    HALF_YEAR = "half_year"
    SEMESTER = "semester"
    YEAR = "year"
    TERM = "term"
    ONCE = "once"
    EVENT = "event"
    FREE = "free"


@dataclass(frozen=True, slots=True)
class Period:
    """One period with its key (`2026-W47` … or one date) and its days, both included."""

    key: str
    first: date
    last: date


class PeriodError(ValueError):
    """A text that is the key of no period."""


@dataclass(frozen=True, slots=True)
class PeriodGrid:
    """What periods depend on: the semesters, and terms of `years` counted from `anchor`."""

    semesters: Semesters = DEFAULT_SEMESTERS
    years: int = 1
    anchor: int = TERM_ANCHOR


DEFAULT_GRID = PeriodGrid()


def find_period(kind: PeriodKind, day: date, grid: PeriodGrid = DEFAULT_GRID) -> Period | None:
    """The period of that kind which holds the day; None between semesters.

    Once, event and free give the day itself.
    """
    if kind in MONTHS_OF:
        return _create_months(day.year, (day.month - 1) // MONTHS_OF[kind], MONTHS_OF[kind])
    match kind:
        case PeriodKind.WEEK:
            year, week, _ = day.isocalendar()
            return _create_week(year, week)
        case PeriodKind.SEMESTER:
            return next((Period(*found) for found in grid.semesters.list_between(day, day)), None)
        case PeriodKind.TERM:
            return _create_term(day.year - (day.year - grid.anchor) % grid.years, grid.years)
    return Period(day.isoformat(), day, day)


def parse_period(key: str, semesters: Semesters = DEFAULT_SEMESTERS) -> Period:
    """Parse a key; raises PeriodError with examples."""
    try:
        return _parse_key(key, semesters)
    except (ValueError, OverflowError) as error:
        raise PeriodError(f"看不懂的期“{key}”，应写成 {EXAMPLES} 之一") from error


def parse_kind(key: str) -> PeriodKind:
    """The kind of period a key names; one date is `once`, also for events. Raises PeriodError."""
    for kind, pattern in _PATTERNS.items():
        if pattern.fullmatch(key):
            return kind
    raise PeriodError(f"看不懂的期“{key}”，应写成 {EXAMPLES} 之一")


def list_periods(kind: PeriodKind, first: date, last: date, grid: PeriodGrid = DEFAULT_GRID) -> list[Period]:
    """List every period of that kind which touches the days from `first` to `last`, in order.

    Once, event and free have no periods by themselves: the list is empty.
    """
    if kind in (PeriodKind.ONCE, PeriodKind.EVENT, PeriodKind.FREE) or first > last:
        return []
    if kind is PeriodKind.SEMESTER:
        return [Period(*found) for found in grid.semesters.list_between(first, last)]
    found = []
    period = find_period(kind, first, grid)
    while period and period.first <= last:
        found.append(period)
        # The calendar of Python ends here; a day after it would overflow.
        if period.last >= date.max - timedelta(days=1):
            break
        period = find_period(kind, period.last + timedelta(days=1), grid)
    return found


def format_period(key: str) -> str:
    """Format a key in words: `2026年11月`, `2026年第4季度`, `2026年度`, `2026—2027学年第一学期`."""
    kind, year = parse_kind(key), key[:4]
    number = int(re.split(r"[-WBQHSY]+", key)[1]) if kind is not PeriodKind.YEAR else 0
    match kind:
        case PeriodKind.WEEK:
            return f"{year}年第{number}周"
        case PeriodKind.MONTH:
            return f"{year}年{number}月"
        case PeriodKind.TWO_MONTHS:
            return f"{year}年{2 * number - 1}—{2 * number}月"
        case PeriodKind.QUARTER:
            return f"{year}年第{number}季度"
        case PeriodKind.HALF_YEAR:
            return f"{year}年{'上下'[number - 1]}半年"
        case PeriodKind.SEMESTER:
            return f"{year}—{int(year) + 1}学年第{'一二'[number - 1]}学期"
        case PeriodKind.YEAR:
            return f"{year}年度"
        case PeriodKind.TERM:
            return f"{year}—{int(year) + number - 1}年"
    day = date.fromisoformat(key[:10])
    return f"{day.year}年{day.month}月{day.day}日"


_PATTERNS = {
    PeriodKind.WEEK: re.compile(r"(?a)(\d{4})-W(\d{2})"),
    PeriodKind.MONTH: re.compile(r"(?a)(\d{4})-(\d{2})"),
    PeriodKind.TWO_MONTHS: re.compile(r"(?a)(\d{4})-B([1-6])"),
    PeriodKind.QUARTER: re.compile(r"(?a)(\d{4})-Q([1-4])"),
    PeriodKind.HALF_YEAR: re.compile(r"(?a)(\d{4})-H([12])"),
    PeriodKind.SEMESTER: re.compile(r"(?a)(\d{4})-S([12])"),
    PeriodKind.YEAR: re.compile(r"(?a)(\d{4})"),
    PeriodKind.TERM: re.compile(r"(?a)(\d{4})-Y([1-9]|10)"),
    # Two events of one day and organization are told apart by the second one's number.
    PeriodKind.ONCE: re.compile(r"(?a)(\d{4}-\d{2}-\d{2})(?:#\d+)?"),
}


def _parse_key(key: str, semesters: Semesters) -> Period:
    kind = parse_kind(key)
    match = _PATTERNS[kind].fullmatch(key)
    assert match is not None  # noqa: S101 - kind_of has just matched it
    if kind is PeriodKind.ONCE:
        day = date.fromisoformat(match[1])
        return Period(key, day, day)
    year, number = int(match[1]), int(match[2]) if match.re.groups > 1 else 1
    if kind in MONTHS_OF:
        return _create_months(year, number - 1, MONTHS_OF[kind])
    if kind is PeriodKind.SEMESTER:
        return Period(key, *semesters.get_span(year, number))
    return _create_term(year, number) if kind is PeriodKind.TERM else _create_week(year, number)


@lru_cache(maxsize=8192)
def _create_months(year: int, index: int, length: int) -> Period:
    begin = index * length + 1
    end = begin + length - 1
    key = {1: f"{year:04}-{begin:02}", 2: f"{year:04}-B{index + 1}", 3: f"{year:04}-Q{index + 1}",
           6: f"{year:04}-H{index + 1}", 12: f"{year:04}"}[length]  # fmt: skip
    return Period(key, date(year, begin, 1), date(year, end, monthrange(year, end)[1]))


@lru_cache(maxsize=8192)
def _create_week(year: int, week: int) -> Period:
    monday = date.fromisocalendar(year, week, 1)
    return Period(f"{year:04}-W{week:02}", monday, monday + timedelta(days=6))


def _create_term(year: int, years: int) -> Period:
    return Period(f"{year:04}-Y{years}", date(year, 1, 1), date(year + years - 1, 12, 31))
