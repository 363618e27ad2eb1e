"""Dates by year, month and day: 2026年11月15日, 去年本月十日, 13号, 十月份, 2018年."""

import re
from datetime import date
from re import Match

from handlers.reading.fragments import (
    CN_TEENS,
    DAY,
    DAY_END,
    GAP,
    LIST,
    MONTH_NUMBER,
    MONTH_WORD,
    NO_UNIT,
    TO,
    YEAR,
    number,
    steps,
    year_number,
    year_of,
)
from handlers.reading.spans import IMPOSSIBLE, Days, Found, Frame, Read, day, months, real_day, shifted

YEAR_OF = rf"(?P<year>{YEAR}){GAP}(?:[的,]{GAP})?"
MONTH_OF = (
    rf"(?:(?P<month>{MONTH_NUMBER}){GAP}(?:月(?:份|度)?|(?={TO}{MONTH_NUMBER}{GAP}月)|(?=[、和]{MONTH_NUMBER}{GAP}月(?!{GAP}[0-9一二三四五六七八九十])))"
    rf"|(?P<month_word>{MONTH_WORD})(?:份|度)?)(?!球|饼|亮|嫂|色|光|台|票|刊|龄|租|薪)"
)
DAY_OF = (
    rf"(?:(?P<day>{DAY}){GAP}(?:{DAY_END}|(?=(?:{LIST}|{TO}){DAY}{GAP}{DAY_END})"
    rf"|(?=、{DAY}、{DAY}{GAP}{DAY_END}))"
    rf"|(?P<loose>[0-9]{{1,2}}|{CN_TEENS}){NO_UNIT}(?![一二三四五六七八九十百]|到{GAP}[0-9]))"
)
MONTH_DAY = rf"(?:{YEAR_OF})?{MONTH_OF}{GAP}(?:的{GAP})?{DAY_OF}"
MONTH = rf"(?:{YEAR_OF})?{MONTH_OF}"
LAST_DAY = rf"(?:{YEAR_OF})?{MONTH_OF}{GAP}(?:的{GAP})?最后一[天日]"
DAY_ONLY = (
    rf"(?<![路街巷弄道月〕\]])(?P<day>{DAY}){GAP}"
    rf"(?:{DAY_END}|(?=(?:{LIST}|{TO}){DAY}{GAP}{DAY_END})|(?=、{DAY}、{DAY}{GAP}{DAY_END}))"
)
YEAR_ALONE = rf"(?P<year>{YEAR})"
YEAR_BARE = (
    rf"(?P<year>(?:(?<=[从自由在于到至])|(?<=[从自由在于到至] ))(?:19|20)[0-9]{{2}}"
    rf"(?={TO}(?:19|20)[0-9]{{2}}(?![0-9])|{GAP}[之以]?[前后]|起|$)"
    rf"|(?<![^\n])(?:19|20)[0-9]{{2}}(?=\n|$| {{1,2}}[一-鿿])){NO_UNIT}"
)

_BEFORE_SHORT_YEAR = frozenset("在从自于到至和与及、,。;；:(（“ \n他她我你它们是")
_AFTER_DURATION = re.compile(
    rf"{GAP}(?:[了来间内里前后之以多余代级制期有又零]|左右|如一日|[教党工]龄|的?历史|历程|经验|纪念|[0-9]+个)"
)
_APPROXIMATE = re.compile("一二|二三|三四|四五|五六|六七|七八|八九|三五")


def month_of(match: Match[str], frame: Frame) -> tuple[int | None, int]:
    """(year, month) of a match of MONTH_OF, the year None where nothing tells it."""
    year = year_of(match["year"], frame) if match["year"] else None
    if match["month"]:
        return year, number(match["month"])
    named = shifted(frame.today.replace(day=1), steps(match["month_word"]))
    return year or named.year, named.month


def month_days(match: Match[str], frame: Frame) -> Days | None:
    """First and last day of the month of a match of MONTH_OF; None for a 13th month."""
    year, month = month_of(match, frame)
    if not 1 <= month <= 12:
        return None
    return months(year, month) if year else frame.nearest(lambda y: months(y, month))


def read_month_day(match: Match[str], frame: Frame) -> Found | None:
    """去年11月15日, 本月8号, 11月15, 十一月十五."""
    year, month = month_of(match, frame)
    return yearly(frame, year, month, number(match["day"] or match["loose"]))


def yearly(frame: Frame, year: int | None, month: int, number_of_day: int) -> Found | None:
    """A month and day, of the year given or of the nearest that has it; impossible where none has."""

    def days(of_year: int) -> Days | None:
        found = real_day(of_year, month, number_of_day)
        return (found, found) if found else None

    found = days(year) if year else frame.nearest(days)
    return Found(*found, month=True, guessed=not year) if found else IMPOSSIBLE


def read_last_day(match: Match[str], frame: Frame) -> Found | None:
    """上个月最后一天."""
    found = month_days(match, frame)
    return day(found[1]) if found else None


def read_month(match: Match[str], frame: Frame) -> Found | None:
    """去年10月, 上个月, 十月份."""
    found = month_days(match, frame)
    if found is None or _is_no_month(match):
        return None
    guessed = not (match["year"] or match["month_word"])
    return Found(*found, "period", f"{found[0]:%Y-%m}", month=True, guessed=guessed)


def _is_no_month(match: Match[str]) -> bool:
    following = match.string[match.end() : match.end() + 2]
    return not match["year"] and (
        following == "革命" or (match[0] == "一月" and following[:1] in ("一", "两"))
    )


def read_day_only(match: Match[str], frame: Frame) -> Found | None:
    """13号: of the month the text has named, else of the nearest that has it."""
    wanted = number(match["day"])
    if not 1 <= wanted <= 31:
        return None
    return _beside(frame, wanted) or _nearest_day(frame, wanted)


def _beside(frame: Frame, wanted: int) -> Found | None:
    """The day in the anchor's month, unless that would lie before the anchor or (past) after today."""
    anchor = frame.anchor
    if anchor is None or not anchor.month:
        return None
    found = real_day(anchor.last.year, anchor.last.month, wanted)
    if found is None or found < anchor.first:
        return None
    if frame.leaning is not anchor and not frame.future and found > frame.today:
        return None
    if frame.leaning is not anchor and anchor.guessed and (frame.today - found).days > 300:
        return None
    return Found(found, found, month=True)


def _nearest_day(frame: Frame, wanted: int) -> Found | None:
    first = frame.pivot.replace(day=1)
    for step in range(12):
        begin = shifted(first, step if frame.future else -step)
        found = real_day(begin.year, begin.month, wanted)
        if found and (found >= frame.pivot if frame.future else found <= frame.pivot):
            return Found(found, found)
    return None


def read_year(match: Match[str], frame: Frame) -> Found | None:
    """2018年, 去年, 08年, 康熙20年; two or three digits only where nothing makes them a duration."""
    if not _is_year(match):
        return None
    year = year_of(match["year"], frame)
    return Found(date(year, 1, 1), date(year, 12, 31), "period", f"{year:04}")


def _is_year(match: Match[str]) -> bool:
    digits, value = year_number(match["year"])
    text, start = match.string, match.start()
    if digits in (0, 4):
        return value == 0 or 1000 <= value <= 2999
    if digits == 3:
        return text[max(start - 2, 0) : start].strip()[-1:] in ("在", "元", "于", "自", "从")
    if match["year"][0] in "0〇零":
        return True
    before = text[start - 1] if start else " "
    return (
        before in _BEFORE_SHORT_YEAR
        and not _AFTER_DURATION.match(text, match.end())
        and not _APPROXIMATE.match(match["year"])
    )


FORMS: tuple[tuple[str, Read], ...] = (
    (LAST_DAY, read_last_day),
    (MONTH_DAY, read_month_day),
    (MONTH, read_month),
    (DAY_ONLY, read_day_only),
    (YEAR_ALONE, read_year),
    (YEAR_BARE, read_year),
)
