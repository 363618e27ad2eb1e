"""Dates by year, month and day: the 15日 of 11月15日, 13号 by itself, a bare year or month."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from re import Match

from handlers.reading.dates.context import (
    IMPOSSIBLE,
    OLD_DAYS,
    Before,
    DateValue,
    DayRange,
    Form,
    Frame,
    Scope,
    create_period,
    find_calendar_day,
)
from handlers.reading.dates.patterns import (
    BESIDE_YEARS,
    CN_TEENS,
    DAY,
    DAY_END,
    FIGURES,
    GAP,
    LIST,
    NO_UNIT,
    NUMERALS,
    TO,
    parse_number,
    parse_year,
)

_DAY = rf"""
    (?P<day>{DAY}){GAP}
    (?: {DAY_END}
      | (?=(?:{LIST}|{TO}){DAY}{GAP}{DAY_END})       # 15、16日, 15-16日
      | (?=、{DAY}、{DAY}{GAP}{DAY_END})             # 14、15、16日
    )
"""
DAY_OF_MONTH = rf"""(?:
    {_DAY}
  | (?P<loose>[0-9]{{1,2}}|{CN_TEENS}){NO_UNIT}
    (?! [一二三四五六七八九十百](?![楼层会])         # 11月12三楼: here the numeral begins another word
      | 到{GAP}[0-9]                                 # 11月12到23人 are counts
    )
)"""
# 15号 after a street or a document's year is a number.
BARE_DAY = rf"(?<![路街巷弄道月〕\]]){_DAY}"
BARE_YEAR = rf"""
    # 从2016到2018, 在2016之后
    (?:(?<=[从自由在于到至])|(?<=[从自由在于到至][ ]))
    (?P<year>(?:19|20)[0-9]{{2}})
    (?={TO}(?:19|20)[0-9]{{2}}(?![0-9])|{GAP}[之以]?[前后]|起|$)
    {NO_UNIT}
    # 2018 on a line of its own, or before a word
  | (?<![^\n])(?P<line>(?:19|20)[0-9]{{2}})(?=\n|$|[ ]{{1,2}}[一-鿿]){NO_UNIT}
"""
ONWARD = timedelta(days=62)

_BEFORE_SHORT_YEAR = frozenset("在从自于到至和与及、,。;；:(（“ \n他她我你它们是")
_AFTER_DURATION = re.compile(
    rf"""
    {GAP}
    (?: [了来间内里前后之以多余制期有又零]          # 3年来, 3年制
      | 左右 | 如一日
      | [教党工]龄 | 的?历史 | 历程 | 经验 | 纪念
      | [0-9]+个
    )
    """,
    re.VERBOSE,
)
_APPROXIMATE = re.compile("一二|二三|三四|四五|五六|六七|七八|八九|三五")


def read_day_of_month(match: Match[str], frame: Frame, scope: Scope) -> DateValue | None:
    """The 15日 of 去年11月15日, the 十五 of 十一月十五; an impossible day where no year has it."""
    return find_yearly_day(frame, scope, parse_number(match["day"] or match["loose"]))


def find_yearly_day(frame: Frame, scope: Scope, number_of_day: int) -> DateValue:
    """A day of the scope's month in the scope's year, else in the nearest year that has it.

    IMPOSSIBLE where no year has it (11月31日).
    """
    month = scope.month or 0
    year = scope.year or frame.find_listed_year(month)

    def find_days(of_year: int) -> DayRange | None:
        day = find_calendar_day(of_year, month, number_of_day)
        return (day, day) if day else None

    days = find_days(year) if year else frame.find_nearest(find_days)
    if days is None:
        return IMPOSSIBLE
    if not year:
        days = _find_onward(frame, days, find_days) or days
    return DateValue(*days, sets_month=True, year_guessed=not year)


def _find_onward(
    frame: Frame, days: DayRange, find_days: Callable[[int], DayRange | None]
) -> DayRange | None:
    """A day most of a year back as one soon after the text's last date; None if that is unfit."""
    # 11月20日的党课改到11月27日: a text goes on from its first date rather than back by a year.
    anchor = frame.anchor
    if anchor is None or (frame.today - days[0]).days <= OLD_DAYS:
        return None
    onward = find_days(anchor.last.year)
    return onward if onward and timedelta() <= onward[0] - anchor.last <= ONWARD else None


def read_month(text: str, end: int, frame: Frame, scope: Scope) -> DateValue | None:
    """A month that ends at `end` with nothing more said of it: 去年10月, 上个月."""
    days = scope.find_days(frame)
    following = text[end : end + 2]
    # 一月一次 is a frequency, 十月革命 an event.
    is_length = scope.chinese and scope.month == 1 and following[:1] in ("一", "两")
    if days is None or following == "革命" or is_length:
        return None
    return create_period(days, f"{days[0]:%Y-%m}", sets_month=True, year_guessed=scope.year is None)


def read_bare_day(match: Match[str], frame: Frame, _scope: Scope) -> DateValue | None:
    """13号: of the month the text has named, else of the nearest that has it."""
    wanted = parse_number(match["day"])
    if not 1 <= wanted <= 31:
        return None
    if beside := _find_beside_anchor(frame, wanted):
        return beside

    def find_days(first: date) -> DayRange | None:
        day = find_calendar_day(first.year, first.month, wanted)
        return (day, day) if day else None

    days = frame.find_nearest_month(find_days)
    return DateValue(*days, year_guessed=True) if days else None


def _find_beside_anchor(frame: Frame, wanted: int) -> DateValue | None:
    """The day in the anchor's month; None before the anchor or, for the past, after today.

    Directly after the anchor in a list (11月20日、25日) it is always in its month.
    """
    anchor = frame.anchor
    if anchor is None:
        return None
    day = find_calendar_day(anchor.last.year, anchor.last.month, wanted)
    if day is None or day < anchor.first:
        return None
    is_future = not frame.future and day > frame.today
    is_old = anchor.year_guessed and (frame.today - day).days > OLD_DAYS
    if frame.leaning is not anchor and (is_future or is_old):
        return None
    return DateValue(day, day, sets_month=True)


def read_year(text: str, start: int, end: int, year: int) -> DateValue | None:
    """A year with nothing more said of it, in [start, end); None for a length (3年来)."""
    if not _is_year(text, start, end):
        return None
    return create_period((date(year, 1, 1), date(year, 12, 31)), f"{year:04}")


def _is_year(text: str, start: int, end: int) -> bool:
    """Whether a written year is one: four digits in range, fewer only where they are no length."""
    written = text[start:end]
    if written in BESIDE_YEARS:
        return False
    digits, value = parse_year(written)
    if digits in (0, 4):
        return value == 0 or 1000 <= value <= 2999
    if digits == 3:
        return text[max(start - 2, 0) : start].strip()[-1:] in ("在", "元", "于", "自", "从")
    if written[0] in "0〇零":
        return True
    before = text[start - 1] if start else " "
    is_length = _AFTER_DURATION.match(text, end) or _APPROXIMATE.match(written)
    return before in _BEFORE_SHORT_YEAR and not is_length


def read_bare_year(match: Match[str], _frame: Frame, _scope: Scope) -> DateValue | None:
    """从2016到2018, 2018 on a line of its own."""
    year = int(match["year"] or match["line"])
    return create_period((date(year, 1, 1), date(year, 12, 31)), f"{year:04}")


FORMS = (
    Form("11月15日", FIGURES + NUMERALS, DAY_OF_MONTH, read_day_of_month, Before.MONTH),
    Form("13号", FIGURES + NUMERALS, BARE_DAY, read_bare_day),
    Form("从2016到2018", "12", BARE_YEAR, read_bare_year),
)
