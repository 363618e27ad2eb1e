"""Dates in figures: 2026-11-15, 20261115, 26.11.15, 13.5.2015, 11.15, 11。15, 11/15, 2026.11."""

import re
from datetime import date
from re import Match

from handlers.reading.calendar_forms import YEAR_OF, yearly
from handlers.reading.fragments import DAY_END, GAP, UNIT, full_year, year_of
from handlers.reading.spans import IMPOSSIBLE, Found, Frame, Read, months, real_day

_TAIL = rf"(?![0-9])(?:{GAP}{DAY_END})?"
FULL = (
    r"(?P<one>[0-9]{1,4})(?P<mark> ?[-./。] ?)(?P<two>[0-9]{1,2})(?P=mark)(?P<three>[0-9]{4}|[0-9]{1,2})"
    rf"(?![0-9]|[-./][0-9]){_TAIL}"
)
SPACED = rf"(?P<one>(?:19|20)[0-9]{{2}})(?P<mark> )(?P<two>[0-9]{{1,2}}) (?P<three>[0-9]{{1,2}}){_TAIL}(?!{UNIT}|[-/:])"
COMPACT = r"(?P<compact>(?:19|20)[0-9]{6})(?![0-9]|\.[0-9])"
YEAR_MONTH = rf"(?P<year>(?:19|20)[0-9]{{2}})[-./](?P<month>0?[1-9]|1[0-2])(?![0-9]|[-./][0-9])(?:月份?|(?!{GAP}{UNIT}))"
PAIR = (
    rf"(?:{YEAR_OF})?(?P<one>1[0-2]|0?[1-9])(?P<mark>[-./。·])(?P<two>[0-9]{{1,2}})"
    rf"(?![0-9]|[-./·:][0-9]+[-./·:])(?:{GAP}(?P<suffix>{DAY_END})|(?!{GAP}{UNIT}|[-~至]{GAP}[0-9.]+{GAP}[个人名次项位岁元班节%万亿分]))"
)

_LABEL = re.compile(r"(?:日期|时间|日子|于|在|从|自|至|到|[(,。;:、\n“\"【 ]|^)[ :]{0,2}$")
_AMOUNT_BEFORE = frozenset("均分率数比高增降减费额价值长重宽共计约达超近占第版¥$€=<>≥≤*×+-/^_#")
_WORD_AFTER = re.compile(r" {0,2}[一-鿿“\"《(]")


def read_full(match: Match[str], frame: Frame) -> Found | None:
    """Three numbers: year first if it has four figures or two, else day first, then month first.

    Dots and single figures alone are rather an outline's number, so they need a year of two figures.
    """
    one, two, three = match["one"], match["two"], match["three"]
    if len(one) == 3 or (len(one) == 1 and ("." in match["mark"] or len(three) < 2)):
        return None
    if len(one) == 4 and len(three) == 4:
        return None
    orders = [(one, two, three)] if len(one) == 4 else [(three, two, one), (three, one, two)]
    if len(one) == 2 and len(three) <= 2:
        orders.insert(0, (one, two, three))
    for year, month, number in orders:
        if len(year) in (2, 4) and (found := real_day(_year(year, frame.today), int(month), int(number))):
            return Found(found, found, month=True)
    return IMPOSSIBLE if len(one) == 4 and 1 <= int(two) <= 12 and 28 < int(three) < 32 else None


def _year(text: str, today: date) -> int:
    return full_year(int(text), today) if len(text) == 2 else int(text)


def read_compact(match: Match[str], _frame: Frame) -> Found | None:
    """20261115."""
    text = match["compact"]
    found = real_day(int(text[:4]), int(text[4:6]), int(text[6:]))
    return Found(found, found, month=True) if found else None


def read_year_month(match: Match[str], _frame: Frame) -> Found | None:
    """2026.11, 2026-11."""
    year, month = int(match["year"]), int(match["month"])
    return Found(*months(year, month), "period", f"{year:04}-{month:02}", month=True)


def read_pair(match: Match[str], frame: Frame) -> Found | None:
    """Month and day: 11.15, 11。15, 11/15, 5·10, and 11-15 where it cannot be a pair of counts."""
    year = year_of(match["year"], frame) if match["year"] else None
    if not year and not match["suffix"] and not _is_pair(match):
        return None
    found = yearly(frame, year, int(match["one"]), int(match["two"]))
    if found is None or found.impossible:
        return found if match["year"] or match["suffix"] else None
    return _maybe_fraction(match, found)


def _is_pair(match: Match[str]) -> bool:
    if match.string[match.start() - 1 : match.start()] in _AMOUNT_BEFORE:
        return False
    one, two, mark = match["one"], match["two"], match["mark"]
    padded = one[0] == "0" or two[0] == "0"
    if mark == "-":
        return padded or int(two) > 12
    if mark == "/":
        return padded or int(two) > 12 or int(one) > int(two) or _labelled(match)
    return mark == "·" or len(two) == 2 or len(one) == 2 or _labelled(match)


def _labelled(match: Match[str]) -> bool:
    """Whether the place of two small figures speaks for a date: a label before, or a word after at the start."""
    before = match.string[max(match.start() - 4, 0) : match.start()]
    return bool(_LABEL.search(before)) and bool(_WORD_AFTER.match(match.string, match.end()))


def _maybe_fraction(match: Match[str], found: Found) -> Found:
    small = match["mark"] == "/" and int(match["one"]) <= int(match["two"]) <= 12 and not match["suffix"]
    return Found(
        found.first, found.last, doubt="fraction" if small else None, month=True, guessed=found.guessed
    )


FORMS: tuple[tuple[str, Read], ...] = (
    (FULL, read_full),
    (SPACED, read_full),
    (COMPACT, read_compact),
    (YEAR_MONTH, read_year_month),
    (PAIR, read_pair),
)
