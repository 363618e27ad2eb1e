"""Days of the lunar calendar: 农历八月十五, 腊月二十三, 三月初一, 闰六月初八, 大年初二."""

from contextlib import suppress
from datetime import date, timedelta
from functools import lru_cache
from re import Match

from borax.calendars.lunardate import LunarDate

from handlers.reading.dates.context import Before, DateValue, DayRange, Form, Frame, Scope
from handlers.reading.dates.patterns import CN_DAY, GAP, MONTH_NUMBER, YEAR, find_year, parse_number
from handlers.reading.text.numbers import DIGIT
from models.rules.calendar.festivals import get_lunar_date

_CALENDAR = "(?:农历|阴历|旧历|夏历|老历)"
_MONTH = rf"(?P<leap>闰)?(?P<month>正|冬|腊|{MONTH_NUMBER}){GAP}月"
_FIRST_TEN = f"初(?:十|{DIGIT})"
_DAY = f"(?P<day>{_FIRST_TEN}|{CN_DAY}|[0-9]{{1,2}})[日号]?"
# 初一 is also a class of a school: 初一年级, 初一语文组.
_NO_CLASS = r"(?![个名位次项所级班(]|年级|支部|中学|语文|数学|英语|[上下]?学期)"
MARKED = rf"""
    {_CALENDAR}{GAP}
    (?:(?P<year>{YEAR}){GAP}的?{GAP})?
    {_MONTH}
    (?:{GAP}{_DAY})?
"""
# Month names that only the lunar calendar has; 腊月饼 is none.
OWN_MONTH = rf"(?=[闰正冬腊]){_MONTH}(?![饼])(?:{GAP}{_DAY}{_NO_CLASS})?"
DAY_OF_MONTH = rf"(?P<day>{_FIRST_TEN}|廿{DIGIT}?(?![日号])){_NO_CLASS}"
FULL_MOON = rf"(?P<day>十五)(?={GAP}[(,]?中[秋元])"
SAME_NUMBER = "(?P<day>[二三五六七九])(?![〇零一二三四五六七八九十百个日号名人位次项场])"
NEW_YEAR = rf"大年(?P<day>{_FIRST_TEN}){_NO_CLASS}"
_NAMES = {"正": 1, "冬": 11, "腊": 12}
# Years to search: a leap month of one name may not return for decades.
_EVERY_YEAR, _LEAP_YEARS = 12, 60


@lru_cache(maxsize=4096)
def find_lunar_day(year: int, month: int, number_of_day: int, *, leap: bool = False) -> date | None:
    """The civil day of a lunar date; None where that year has no such leap month or is unknown.

    三十 means the last day of a month, also where that has 29: people say 大年三十 every year.
    """
    for last in (30, 29) if number_of_day == 30 else (number_of_day,):
        with suppress(ValueError):
            if not leap:
                return get_lunar_date(year, month, last)
            day: date = LunarDate(year, month, last, 1).to_solar_date()
            return day
    return None


def _find_nearest(
    frame: Frame, year: int | None, month_day: tuple[int, int], *, leap: bool = False
) -> DateValue | None:
    """A lunar day of the year, else the nearest."""

    def find_days(of_year: int) -> DayRange | None:
        day = find_lunar_day(of_year, *month_day, leap=leap)
        return (day, day) if day else None

    days = find_days(year) if year else frame.find_nearest(find_days, _LEAP_YEARS if leap else _EVERY_YEAR)
    return DateValue(*days, year_guessed=not year) if days else None


def _parse_day(text: str) -> int:
    return parse_number(text.lstrip("初"))


def read_lunar(match: Match[str], frame: Frame, scope: Scope) -> DateValue | None:
    """农历八月十五, 农历2015年十月初一, 腊月二十三, 闰六月初八, 腊月."""
    year = scope.year
    if "year" in match.re.groupindex and match["year"]:
        year = find_year(match["year"], frame)
    month = _NAMES.get(match["month"]) or parse_number(match["month"])
    if not match["day"]:
        return _find_whole_month(frame, year, month)
    return _find_nearest(frame, year, (month, _parse_day(match["day"])), leap=match["leap"] is not None)


def _find_whole_month(frame: Frame, year: int | None, month: int) -> DateValue | None:
    """A lunar month of the year, else the nearest."""

    def find_days(of_year: int) -> DayRange | None:
        first = find_lunar_day(of_year, month, 1)
        following = find_lunar_day(of_year + month // 12, month % 12 + 1, 1)
        return (first, following - timedelta(days=1)) if first and following else None

    days = find_days(year) if year else frame.find_nearest(find_days)
    return DateValue(*days, "part") if days else None


def read_lunar_day(match: Match[str], frame: Frame, scope: Scope) -> DateValue | None:
    """The 初一 of 三月初一, the 十五 of 八月十五中秋节."""
    # After a month in figures 初 ends the date: 11月初一年级.
    if not scope.chinese or not scope.month:
        return None
    return _find_nearest(frame, scope.year, (scope.month, _parse_day(match["day"])))


def read_same_number(match: Match[str], frame: Frame, scope: Scope) -> DateValue | None:
    """二月二, 三月三, 九月九 are festivals of the lunar calendar."""
    if not scope.chinese or scope.month != parse_number(match["day"]):
        return None
    return _find_nearest(frame, scope.year, (scope.month, scope.month))


def read_new_year(match: Match[str], frame: Frame, scope: Scope) -> DateValue | None:
    """大年初二."""
    return _find_nearest(frame, scope.year, (1, _parse_day(match["day"])))


FORMS = (
    Form("农历八月十五", "农阴旧夏老", MARKED, read_lunar, Before.NOTHING | Before.YEAR),
    Form("腊月二十三", "闰正冬腊", OWN_MONTH, read_lunar, Before.NOTHING | Before.YEAR),
    Form("三月初一", "初廿", DAY_OF_MONTH, read_lunar_day, Before.MONTH),
    Form("八月十五中秋节", "十", FULL_MOON, read_lunar_day, Before.MONTH),
    Form("九月九", "二三五六七九", SAME_NUMBER, read_same_number, Before.MONTH),
    Form("大年初二", "大", NEW_YEAR, read_new_year, Before.NOTHING | Before.YEAR),
)
