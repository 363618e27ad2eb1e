"""Dates in figures: 2026-11-15, 20261115, 26.11.15, 13.5.2015, 11.15, 11。15, 11/15, 2026.11."""

import re
from datetime import date
from re import Match

from handlers.reading.calendar_forms import YEAR_OF, yearly
from handlers.reading.fragments import DAY_END, GAP, TO, UNIT, full_year, year_of
from handlers.reading.spans import IMPOSSIBLE, Found, Frame, Read, months, real_day

_TAIL = rf"(?![0-9])(?:{GAP}{DAY_END})?"
FULL = (
    r"(?P<one>[0-9]{1,4})(?P<mark> ?[-./。] ?)(?P<two>[0-9]{1,2})(?P=mark)(?P<three>[0-9]{4}|[0-9]{1,2})"
    rf"(?![0-9]|[./][0-9]){_TAIL}"
)
SPACED = rf"(?P<one>(?:19|20)[0-9]{{2}})(?P<mark> )(?P<two>[0-9]{{1,2}}) (?P<three>[0-9]{{1,2}}){_TAIL}(?!{UNIT}|[-/:])"
COMPACT = r"(?P<compact>(?:19|20)[0-9]{6})(?![0-9]|\.[0-9])"
YEAR_MONTH = rf"(?P<year>(?:19|20)[0-9]{{2}})[-./](?P<month>0?[1-9]|1[0-2])(?![0-9]|[-./][0-9])(?:月份?|(?!{GAP}{UNIT}))"
PAIR = (
    rf"(?:{YEAR_OF})?(?P<one>1[0-2]|0?[1-9])(?P<mark>[-./。·])(?P<two>[0-9]{{1,2}})"
    rf"(?![0-9]|[./·:][0-9]|-[0-9]+-)(?:{GAP}(?P<suffix>{DAY_END})|(?!{GAP}{UNIT}|[-~至]{GAP}[0-9.]+{GAP}[个人名次项位岁元班节%万亿分]))"
)

_LABEL = re.compile(r"(?:日期|时间|日子|于|在|从|自|至|到|[(,。;:、\n“\"【 ]|^)[ :]{0,2}$")
_AMOUNT_BEFORE = re.compile(
    r"(?:平均|均分|得分|总分|占比|比例|率|增长|增加|下降|提高|减少|(?<!中)共|共计|合计|总计|约|达到?|超过?|近|金额|[单总]价"
    r"|价格|费用|[时总全]长|[¥$€=<>≥≤*×+^_#第版] ?)$"
)
_WORD_AFTER = re.compile(r" {0,2}(?!以[上下内]|的|左右|多)[一-鿿“\"《(]")
_LINE_END = re.compile(r" {0,2}(?:[,。;、:\n]|$)")
_SAME_SHAPE = re.compile(rf"{TO}[0-9]{{1,2}}[./-][0-9]{{1,2}}(?!{GAP}{UNIT})", re.ASCII)


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
    dashed = match["mark"] == "-" and match["suffix"] and match["two"][0] != "0"
    if not year and (dashed or not match["suffix"]) and (dashed or not _is_pair(match, frame)):
        return None
    found = yearly(frame, year, int(match["one"]), int(match["two"]))
    if found is None or found.impossible:
        return found if match["year"] or match["suffix"] else None
    return found if frame.second_end else _maybe_fraction(match, found)


def _is_pair(match: Match[str], frame: Frame) -> bool:
    """Whether two figures are rather a month and a day than an amount, a count, a fraction or a span."""
    text, one, two, mark = match.string, match["one"], match["two"], match["mark"]
    if _AMOUNT_BEFORE.search(text[max(match.start() - 3, 0) : match.start()]):
        return False
    if frame.second_end or one[0] == "0" or two[0] == "0" or _SAME_SHAPE.match(text, match.end()):
        return True
    if mark == "-":
        return int(two) > 12
    if mark == "/":
        return int(two) > 12 or int(one) > int(two) or (_labelled(match) and _WORD_AFTER.match(text, match.end()) is not None)
    after = _WORD_AFTER.match(text, match.end()) or _LINE_END.match(text, match.end())
    return mark == "·" or len(two) == 2 or len(one) == 2 or (_labelled(match) and after is not None)


def _labelled(match: Match[str]) -> bool:
    """Whether a label, a mark or the beginning stands before, as before a date."""
    return bool(_LABEL.search(match.string[max(match.start() - 4, 0) : match.start()]))


def _maybe_fraction(match: Match[str], found: Found) -> Found:
    small = match["mark"] == "/" and int(match["one"]) <= int(match["two"]) <= 12 and not match["suffix"]
    small = small and not _SAME_SHAPE.match(match.string, match.end())
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
