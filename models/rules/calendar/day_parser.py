"""The ways in which the day of an observance is written: 中秋节, 农历八月十五, 国庆节 - 1 天, 秋季开学 …"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

from models.rules.calendar.due_days import month_span, nth_weekday
from models.rules.calendar.festivals import (
    ALIASES,
    FIXED_FESTIVALS,
    LUNAR_FESTIVALS,
    SOLAR_TERMS,
    festival_date,
    lunar_date,
    solar_term,
)
from models.rules.calendar.numbers import NUMBER, count
from models.rules.calendar.semesters import Semesters
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


class WhenError(ValueError):
    """A day of an observance that cannot be understood."""


def parse_when(text: str) -> When:
    """A day in words to its value; raises WhenError with examples.

    A name that is no festival is taken as another observance's key; the pack's loader checks it.
    """
    plain = re.sub(r"\s+", "", text).replace("星期", "周")
    plain = plain.translate(str.maketrans("—－＋", "--+"))
    match = re.fullmatch(rf"(.+?)(?:([-+前后]){NUMBER}[天日])?", plain)
    if not match:
        raise WhenError(f"看不懂日子“{text}”，可以写：{EXAMPLES}")
    base, sign, days = match.groups()
    offset = (count(days) if sign in "+后" else -count(days)) if sign else 0
    try:
        when = _base(base)
    except ValueError as error:
        raise WhenError(f"日子“{text}”里的{error}，可以写：{EXAMPLES}") from error
    return replace(when, offset=offset)


def days_of(
    when: When,
    first: date,
    last: date,
    semesters: Semesters,
    events: Sequence[KeyEvent] = (),
    others: Mapping[str, When] | None = None,
) -> list[tuple[date, KeyEvent | None]]:
    """Every such day in [first, last] with the key event it follows from, in order.

    `others` are the observances that `named` may refer to, by key.
    """
    found: set[tuple[date, KeyEvent | None]] = set()
    for year in range(first.year - 1, last.year + 2):
        for day, event in _in_year(when, year, semesters, events, others or {}):
            moved = day + timedelta(days=when.offset)
            if first <= moved <= last:
                found.add((moved, event))
    return sorted(found, key=lambda each: (each[0], each[1].id if each[1] else 0))


def _in_year(
    when: When, year: int, semesters: Semesters, events: Sequence[KeyEvent], others: Mapping[str, When]
) -> Iterator[tuple[date, KeyEvent | None]]:
    """The days of a year without the offset; of a school year those of the one that begins in it."""
    match when.kind:
        case WhenKind.EVENT:
            yield from ((each.on, each) for each in events if each.kind == when.name and each.on.year == year)
        case WhenKind.SCHOOL_YEAR:
            for number, end in _SCHOOL_DAYS[when.name]:
                yield semesters.span(year, number)[end], None
        case WhenKind.NTH_WEEKDAY:
            yield nth_weekday(when.n, when.weekday, *month_span(year, when.month)), None
        case WhenKind.NAMED if when.name not in FESTIVALS:
            other = others.get(when.name)
            if other:
                rest = {key: value for key, value in others.items() if key != when.name}
                for day, event in _in_year(other, year, semesters, events, rest):
                    yield day + timedelta(days=other.offset), event
        case _:
            day_or_none = _of_calendar(when, year)
            if day_or_none:
                yield day_or_none, None


def _of_calendar(when: When, year: int) -> date | None:
    """A day of the civil or lunar calendar in a year; None where that year has none or is out of range."""
    try:
        match when.kind:
            case WhenKind.NAMED:
                return festival_date(when.name, year)
            case WhenKind.SOLAR_TERM:
                return solar_term(when.name, year)
            case WhenKind.LUNAR:
                return lunar_date(year, when.month, when.n)
        return date(year, when.month, when.n)
    except ValueError:
        return None


def _base(base: str) -> When:
    name = ALIASES.get(base, base)
    if name in FESTIVALS:
        return When(WhenKind.NAMED, name=name)
    if base in SOLAR_TERMS or base.removeprefix("节气") in SOLAR_TERMS:
        return When(WhenKind.SOLAR_TERM, name=base.removeprefix("节气"))
    school = base.replace("学期", "").replace("结束", "放假").replace("开始", "开学")
    if school in _SCHOOL_DAYS:
        return When(WhenKind.SCHOOL_YEAR, name=school)
    event = re.fullmatch(r"(?:节点)?事件[：:](.+)", base)
    if event:
        return When(WhenKind.EVENT, name=event[1])
    return _by_numbers(base) or When(WhenKind.NAMED, name=base)


def _by_numbers(base: str) -> When | None:
    """农历八月十五, 9月10日 and 5月第二个周日; None for anything else, ValueError for a day that never is."""
    lunar = re.fullmatch(rf"(?:(?:[农阴]历)?([正冬腊])|[农阴]历{NUMBER})月(?:初|廿|卅)?.*", base)
    if lunar:
        month = _LUNAR_MONTHS.get(lunar[1], 0) or count(lunar[2])
        day = _lunar_day(base.partition("月")[2])
        if not (1 <= month <= 12 and 1 <= day <= 30):
            raise ValueError(f"农历日期“{base}”不存在")
        return When(WhenKind.LUNAR, month=month, n=day)
    fixed = re.fullmatch(rf"{NUMBER}月{NUMBER}[日号]?|(\d{{1,2}})[.·](\d{{1,2}})", base)
    if fixed:
        month, day = (int(part) if part.isdecimal() else count(part) for part in fixed.groups() if part)
        date(2028, month, day)
        return When(WhenKind.FIXED, month=month, n=day)
    nth = re.fullmatch(rf"{NUMBER}月(?:的)?(?:第{NUMBER}个?|(最后一?个?))周([一二三四五六日天])", base)
    if nth:
        month, n = count(nth[1]), -1 if nth[3] else count(nth[2])
        if not 1 <= month <= 12 or n > 5:
            raise ValueError(f"“{base}”不存在")
        return When(
            WhenKind.NTH_WEEKDAY, month=month, n=n, weekday="一二三四五六日".index(nth[4].replace("天", "日"))
        )
    return None


def _lunar_day(words: str) -> int:
    words = words.removesuffix("日").removeprefix("初")
    words = words.replace("廿", "二十").replace("卅", "三十")
    return count(words) if re.fullmatch(NUMBER, words) else 0
