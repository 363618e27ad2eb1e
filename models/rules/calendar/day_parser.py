"""Parses the day of an observance (中秋节, 农历八月十五, 国庆节 - 1 天, 秋季开学) and finds its dates."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import NamedTuple

from models.rules.calendar.due_days import get_month_span, get_nth_weekday
from models.rules.calendar.festivals import (
    ALIASES,
    FIXED_FESTIVALS,
    LUNAR_FESTIVALS,
    SOLAR_TERMS,
    get_festival_date,
    get_lunar_date,
    get_solar_term,
)
from models.rules.calendar.numbers import NUMBER, parse_number
from models.rules.calendar.semesters import DEFAULT_SEMESTERS, Semesters
from models.rules.types import KeyEvent

EXAMPLES = (
    "中秋节、农历八月十五、冬至、9月10日、5月第二个周日、国庆节 - 1 天、春节前7天、"
    "秋季开学、秋季放假、春季开学、春季放假 - 25 天、开学、事件：升学宴"
)
FESTIVALS = (*LUNAR_FESTIVALS, *FIXED_FESTIVALS, "除夕", "清明节")
_SCHOOL_DAYS = {
    "秋季开学": ((1, 0),), "秋季放假": ((1, 1),), "春季开学": ((2, 0),), "春季放假": ((2, 1),),
    "寒假": ((1, 1),), "暑假": ((2, 1),), "开学": ((1, 0), (2, 0)), "放假": ((1, 1), (2, 1)),
}  # fmt: skip
_LUNAR_MONTHS = {"正": 1, "冬": 11, "腊": 12}
_OFFSET = re.compile(
    rf"""
    (.+?)                            # what the day is reckoned from
    (?:([-+前后]){NUMBER}[天日])?     # 前7天, - 1天
    """,
    re.VERBOSE,
)


class WhenKind(StrEnum):
    """What the day is reckoned from; `named` is a festival or another observance."""

    NAMED = "named"
    LUNAR = "lunar"
    SOLAR_TERM = "solar_term"
    FIXED = "fixed"
    NTH_WEEKDAY = "nth_weekday"
    SCHOOL_YEAR = "school_year"
    EVENT = "event"


@dataclass(frozen=True, slots=True)
class When:
    """The day of an observance in every year, `offset` days after what it is reckoned from.

    named, solar_term, school_year, event: `name` · lunar, fixed: `month` and `n`, the day
    · nth_weekday: the `n`-th `weekday` (Monday 0; n = -1 the last) of `month`.
    """

    kind: WhenKind
    name: str = ""
    month: int = 0
    n: int = 0
    weekday: int = 0
    offset: int = 0


@dataclass(frozen=True, slots=True)
class DayContext:
    """What the days of observances depend on: an organization's school year and key events.

    `others` are the observances that `WhenKind.NAMED` may refer to, by key.
    """

    semesters: Semesters = DEFAULT_SEMESTERS
    events: Sequence[KeyEvent] = ()
    others: Mapping[str, When] = field(default_factory=lambda: MappingProxyType({}))


# A day with the key event it follows from, if any.
EventDay = tuple[date, KeyEvent | None]


class WhenError(ValueError):
    """A day of an observance that cannot be understood."""


def parse_when(text: str) -> When:
    """Parse a day in words; raises WhenError with examples.

    A name that is no festival is taken as another observance's key; the pack's loader checks it.
    """
    plain = re.sub(r"\s+", "", text).replace("星期", "周")
    plain = plain.translate(str.maketrans("—－＋", "--+"))
    match = _OFFSET.fullmatch(plain)
    if not match:
        raise WhenError(f"看不懂日子“{text}”，可以写：{EXAMPLES}")
    base, sign, days = match.groups()
    offset = (parse_number(days) if sign in "+后" else -parse_number(days)) if sign else 0
    try:
        when = _parse_base(base)
    except ValueError as error:
        raise WhenError(f"日子“{text}”里的{error}，可以写：{EXAMPLES}") from error
    return replace(when, offset=offset)


def list_when_days(when: When, first: date, last: date, context: DayContext) -> list[EventDay]:
    """List every such day in [first, last] with the key event it follows from, in order."""
    found: set[EventDay] = set()
    # An offset or a school year can carry a day into the year before or after.
    for year in range(first.year - 1, last.year + 2):
        for day, event in _find_in_year(when, year, context):
            moved = day + timedelta(days=when.offset)
            if first <= moved <= last:
                found.add((moved, event))
    return sorted(found, key=lambda each: (each[0], each[1].id if each[1] else 0))


def _find_in_year(when: When, year: int, context: DayContext) -> Iterator[EventDay]:
    """The days of a year, without the offset."""
    match when.kind:
        case WhenKind.EVENT:
            return _find_event_days(when, year, context.events)
        case WhenKind.SCHOOL_YEAR:
            return _find_school_days(when, year, context.semesters)
        case WhenKind.NAMED if when.name not in FESTIVALS:
            return _find_other_days(when, year, context)
    return _find_calendar_day(when, year)


def _find_event_days(when: When, year: int, events: Sequence[KeyEvent]) -> Iterator[EventDay]:
    for event in events:
        if event.kind == when.name and event.on.year == year:
            yield event.on, event


def _find_school_days(when: When, year: int, semesters: Semesters) -> Iterator[EventDay]:
    """The days of the school year that begins in `year`."""
    for number, end in _SCHOOL_DAYS[when.name]:
        yield semesters.get_span(year, number)[end], None


def _find_other_days(when: When, year: int, context: DayContext) -> Iterator[EventDay]:
    """The days of the other observance that is named, with its own offset."""
    other = context.others.get(when.name)
    if other is None:
        return
    # Without the name itself: two observances that refer to each other would never end.
    rest = {key: value for key, value in context.others.items() if key != when.name}
    for day, event in _find_in_year(other, year, replace(context, others=rest)):
        yield day + timedelta(days=other.offset), event


def _find_calendar_day(when: When, year: int) -> Iterator[EventDay]:
    """The day of the civil or lunar calendar; none where that year has none or is out of range."""
    try:
        day = _get_calendar_day(when, year)
    except ValueError:
        return
    if day is not None:
        yield day, None


def _get_calendar_day(when: When, year: int) -> date | None:
    match when.kind:
        case WhenKind.NAMED:
            return get_festival_date(when.name, year)
        case WhenKind.SOLAR_TERM:
            return get_solar_term(when.name, year)
        case WhenKind.LUNAR:
            return get_lunar_date(year, when.month, when.n)
        case WhenKind.NTH_WEEKDAY:
            return get_nth_weekday(when.n, when.weekday, *get_month_span(year, when.month))
    return date(year, when.month, when.n)


def _parse_base(base: str) -> When:
    """Parse what a day is reckoned from; ValueError for a day that never is."""
    name = ALIASES.get(base, base)
    if name in FESTIVALS:
        return When(WhenKind.NAMED, name=name)
    if base in SOLAR_TERMS or base.removeprefix("节气") in SOLAR_TERMS:
        return When(WhenKind.SOLAR_TERM, name=base.removeprefix("节气"))
    school = base.replace("学期", "").replace("结束", "放假").replace("开始", "开学")
    if school in _SCHOOL_DAYS:
        return When(WhenKind.SCHOOL_YEAR, name=school)
    for form in FORMS:
        match = form.pattern.fullmatch(base)
        if match:
            return form.make(match)
    return When(WhenKind.NAMED, name=base)


def _make_event(match: re.Match[str]) -> When:
    return When(WhenKind.EVENT, name=match[1])


def _make_lunar(match: re.Match[str]) -> When:
    month = _LUNAR_MONTHS.get(match[1], 0) or parse_number(match[2])
    day = _parse_lunar_day(match[0].partition("月")[2])
    if not (1 <= month <= 12 and 1 <= day <= 30):
        raise ValueError(f"农历日期“{match[0]}”不存在")
    return When(WhenKind.LUNAR, month=month, n=day)


def _make_fixed(match: re.Match[str]) -> When:
    month, day = (int(part) if part.isdecimal() else parse_number(part) for part in match.groups() if part)
    date(2028, month, day)  # a leap year: 2月29日 is a day, 2月30日 raises ValueError
    return When(WhenKind.FIXED, month=month, n=day)


def _make_nth_weekday(match: re.Match[str]) -> When:
    month, n = parse_number(match[1]), -1 if match[3] else parse_number(match[2])
    if not 1 <= month <= 12 or n > 5:
        raise ValueError(f"“{match[0]}”不存在")
    weekday = "一二三四五六日".index(match[4].replace("天", "日"))
    return When(WhenKind.NTH_WEEKDAY, month=month, n=n, weekday=weekday)


def _parse_lunar_day(words: str) -> int:
    """初八, 十五, 廿三 to the number; 0 for anything else."""
    words = words.removesuffix("日").removeprefix("初")
    words = words.replace("廿", "二十").replace("卅", "三十")
    return parse_number(words) if re.fullmatch(NUMBER, words) else 0


class Form(NamedTuple):
    """One way to write a day with numbers or an event: example, pattern, meaning."""

    example: str
    pattern: re.Pattern[str]
    make: Callable[[re.Match[str]], When]


FORMS: tuple[Form, ...] = (
    Form("事件：升学宴", re.compile(r"(?:节点)?事件[：:](.+)"), _make_event),
    Form(
        "农历八月十五",
        re.compile(
            rf"""
            (?:
                (?:[农阴]历)?([正冬腊])     # 腊月: these names are lunar without saying so
              | [农阴]历{NUMBER}
            )
            月(?:初|廿|卅)?.*
            """,
            re.VERBOSE,
        ),
        _make_lunar,
    ),
    Form(
        "9月10日",
        re.compile(
            rf"""
            {NUMBER}月{NUMBER}[日号]?
          | (\d{{1,2}})[.·](\d{{1,2}})       # 9.10
            """,
            re.VERBOSE,
        ),
        _make_fixed,
    ),
    Form(
        "5月第二个周日",
        re.compile(
            rf"""
            {NUMBER}月(?:的)?
            (?:
                第{NUMBER}个?
              | (最后一?个?)
            )
            周([一二三四五六日天])
            """,
            re.VERBOSE,
        ),
        _make_nth_weekday,
    ),
)
