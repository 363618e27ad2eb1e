"""Dates in figures: 2026-11-15, 20261115, 26.11.15, 13.5.2015, 11.15, 11。15, 11/15, 2026.11."""

import re
from datetime import date
from re import Match

from handlers.reading.date_forms.year_month_day import find_yearly_day
from handlers.reading.dates.context import (
    IMPOSSIBLE,
    Before,
    DateValue,
    Form,
    Frame,
    Scope,
    create_period,
    find_calendar_day,
    get_months,
)
from handlers.reading.dates.patterns import DAY_END, FIGURES, GAP, MEASURE, TO, UNIT, get_full_year

_TAIL = rf"(?![0-9])(?:{GAP}{DAY_END})?"
FULL = (
    r"(?P<one>[0-9]{1,4})(?P<mark> ?[-./。] ?)(?P<two>[0-9]{1,2})(?P=mark)(?P<three>[0-9]{4}|[0-9]{1,2})"
    rf"(?![0-9]|[./][0-9]){_TAIL}"
)
SPACED = (
    rf"(?P<one>(?:19|20)[0-9]{{2}})(?P<mark> )(?P<two>[0-9]{{1,2}}) (?P<three>[0-9]{{1,2}}){_TAIL}"
    rf"(?!{UNIT}|[-/:])"
)
COMPACT = r"(?P<compact>(?:19|20)[0-9]{6})(?![0-9]|\.[0-9])"
YEAR_MONTH = (
    r"(?P<year>(?:19|20)[0-9]{2})[-./](?P<month>0?[1-9]|1[0-2])(?![0-9]|[-./](?!(?:19|20)[0-9]{2}[./年])[0-9])"
    rf"(?:月份?|(?!{UNIT}))"
)


def _create_pair_pattern(marks: str, unit: str) -> str:
    """A month and a day with one of the marks between them, and no unit after them."""
    return (
        rf"(?P<one>1[0-2]|0?[1-9])(?P<mark>[{marks}])(?P<two>[0-9]{{1,2}})(?![0-9]|[./·:][0-9]|-[0-9]+-)"
        rf"(?:{GAP}(?P<suffix>{DAY_END})"
        rf"|(?!{unit}|[-~至]{GAP}[0-9.]{{1,9}}{GAP}[个人名次项位岁元班节%万亿分]))"
    )


DOTTED, DASHED = _create_pair_pattern(".。·", MEASURE), _create_pair_pattern("-/", UNIT)

_LABEL = re.compile(r"(?:日期|时间|日子|于|在|从|自|至|到|[(,。;:、\n“\"【 ]|^)[ :]{0,2}$")
_AMOUNT_BEFORE = re.compile(
    r"(?:平均|人均|每[人次名个月]|均分|得分|总分|占比|比例|率|增长|增加|下降|提高|减少|(?<!中)共|共计|合计|总计|约|达到?|超过?|近"
    r"|金额|[单总]价|价格|费用|[时总全]长|[¥$€=<>≥≤*×+^_#第版] ?)$"
)
_WORD_AFTER = re.compile(r" {0,2}(?!以[上下内]|的|左右|多)[一-鿿“\"《(■]")
_LINE_END = re.compile(r" {0,2}(?:[,。;、:\n]|$)")
_SAME_SHAPE = re.compile(rf"{TO}[0-9]{{1,2}}[./-][0-9]{{1,2}}(?!{UNIT})", re.ASCII)


def read_full(match: Match[str], frame: Frame, _scope: Scope) -> DateValue | None:
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
        if len(year) in (2, 4) and (
            found := find_calendar_day(_parse_year(year, frame.today), int(month), int(number))
        ):
            return DateValue(found, found, sets_month=True)
    return IMPOSSIBLE if len(one) == 4 and 1 <= int(two) <= 12 and 28 < int(three) < 32 else None


def _parse_year(text: str, today: date) -> int:
    return get_full_year(int(text), today) if len(text) == 2 else int(text)


def read_compact(match: Match[str], _frame: Frame, _scope: Scope) -> DateValue | None:
    """20261115."""
    text = match["compact"]
    found = find_calendar_day(int(text[:4]), int(text[4:6]), int(text[6:]))
    return DateValue(found, found, sets_month=True) if found else None


def read_year_month(match: Match[str], _frame: Frame, _scope: Scope) -> DateValue | None:
    """2026.11, 2026-11."""
    year, month = int(match["year"]), int(match["month"])
    return create_period(get_months(year, month), f"{year:04}-{month:02}", sets_month=True)


def read_pair(match: Match[str], frame: Frame, scope: Scope) -> DateValue | None:
    """Month and day: 11.15, 11。15, 11/15, 5·10, and 11-15 where it cannot be a pair of counts.

    9-13日 is a range of days. 11.31, a day that no month has, is rather an amount, unless a year or 日 says
    otherwise.
    """
    suffix, two = match["suffix"], match["two"]
    if not scope.year:
        if suffix and match["mark"] == "-" and two[0] != "0":
            return None
        if not suffix and not _is_pair(match, frame):
            return None
    found = find_yearly_day(frame, Scope(scope.year, int(match["one"])), int(two))
    if found.impossible:
        return found if scope.year or suffix else None
    return found._replace(doubt="fraction") if _is_fraction(match, frame) else found


def _is_fraction(match: Match[str], frame: Frame) -> bool:
    """Whether 8/9 may be a count; 11/15 and 8/5 can only be dates."""
    if match["mark"] != "/" or match["suffix"] or frame.second_end:
        return False
    return int(match["one"]) <= int(match["two"]) <= 12 and not _SAME_SHAPE.match(match.string, match.end())


def _is_pair(match: Match[str], frame: Frame) -> bool:
    """Whether two figures are rather a month and a day than an amount, a count, a fraction or a span."""
    text, end, one, two = match.string, match.end(), match["one"], match["two"]
    if _AMOUNT_BEFORE.search(text[max(match.start() - 3, 0) : match.start()]):
        return False
    if frame.second_end or one[0] == "0" or two[0] == "0" or _SAME_SHAPE.match(text, end):
        return True
    if match["mark"] == "-":
        return int(two) > 12
    if match["mark"] == "/":
        return (
            int(two) > 12
            or int(one) > int(two)
            or (_has_label_before(match) and bool(_WORD_AFTER.match(text, end)))
        )
    if match["mark"] == "·" or len(two) == 2 or len(one) == 2:
        return True
    return _has_label_before(match) and bool(_WORD_AFTER.match(text, end) or _LINE_END.match(text, end))


def _has_label_before(match: Match[str]) -> bool:
    """Whether a label, a mark or the beginning stands before, as before a date."""
    return bool(_LABEL.search(match.string[max(match.start() - 4, 0) : match.start()]))


FORMS = (
    Form(FIGURES, FULL, read_full),
    Form("12", SPACED, read_full),
    Form("12", COMPACT, read_compact),
    Form("12", YEAR_MONTH, read_year_month),
    Form(FIGURES, DOTTED, read_pair, Before.NOTHING | Before.YEAR),
    Form(FIGURES, DASHED, read_pair, Before.NOTHING | Before.YEAR),
)
