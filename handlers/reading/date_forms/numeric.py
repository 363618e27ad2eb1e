"""Dates in figures: 2026-11-15, 20261115, 26.11.15, 13.5.2015, 11.15, 11。15, 11/15, 2026.11."""

import re
from collections.abc import Callable
from datetime import date
from re import Match
from typing import NamedTuple

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
# 2026-11-15, 26.11.15, 13.5.2015
FULL = rf"""
    (?P<one>[0-9]{{1,4}})
    (?P<mark>[ ]?[-./。][ ]?)
    (?P<two>[0-9]{{1,2}})
    (?P=mark)
    (?P<three>[0-9]{{4}}|[0-9]{{1,2}})
    (?![0-9]|[./][0-9])
    {_TAIL}
"""
# 2026 11 15
SPACED = rf"""
    (?P<one>(?:19|20)[0-9]{{2}})(?P<mark>[ ])(?P<two>[0-9]{{1,2}})[ ](?P<three>[0-9]{{1,2}})
    {_TAIL}
    (?!{UNIT}|[-/:])
"""
# 20261115
COMPACT = r"(?P<compact>(?:19|20)[0-9]{6})(?![0-9]|\.[0-9])"
# 2026.11, 2026-11月; before another year it may still be followed by figures: 2025.9-2026.6
YEAR_MONTH = rf"""
    (?P<year>(?:19|20)[0-9]{{2}})[-./](?P<month>0?[1-9]|1[0-2])
    (?![0-9]|[-./](?!(?:19|20)[0-9]{{2}}[./年])[0-9])
    (?:月份?|(?!{UNIT}))
"""


def _create_pair_pattern(marks: str, unit: str) -> str:
    """A pattern for month and day with one of the marks between, and no unit after them."""
    return rf"""
        (?P<one>1[0-2]|0?[1-9])
        (?P<mark>[{marks}])
        (?P<two>[0-9]{{1,2}})
        (?![0-9]|[./·:][0-9]|-[0-9]+-)
        (?: {GAP}(?P<suffix>{DAY_END})
          | (?!{unit}|[-~至]{GAP}[0-9.]{{1,9}}{GAP}[个人名次项位岁元班节%万亿分])
        )
    """


DOTTED, DASHED = _create_pair_pattern(".。·", MEASURE), _create_pair_pattern("-/", UNIT)

_LABEL = re.compile(
    r"""
    (?: 日期|时间|日子                  # 时间：11.15
      | 于|在|从|自|至|到
      | [(,。;:、\n“\"【 ]|^
    )
    [ :]{0,2}$
    """,
    re.VERBOSE,
)
_AMOUNT_BEFORE = re.compile(
    r"""
    (?: 平均|人均|每[人次名个月]|均分|得分|总分
      | 占比|比例|率
      | 增长|增加|下降|提高|减少
      | (?<!中)共|共计|合计|总计        # 共 11.5, but not 中共
      | 约|达到?|超过?|近
      | 金额|[单总]价|价格|费用
      | [时总全]长
      | [¥$€=<>≥≤*×+^_#第版][ ]?
    )$
    """,
    re.VERBOSE,
)
_WORD_AFTER = re.compile(r"[ ]{0,2}(?!以[上下内]|的|左右|多)[一-鿿“\"《(■]", re.VERBOSE)
_LINE_END = re.compile(r"[ ]{0,2}(?:[,。;、:\n]|$)", re.VERBOSE)
_SAME_SHAPE = re.compile(rf"{TO}[0-9]{{1,2}}[./-][0-9]{{1,2}}(?!{UNIT})", re.ASCII | re.VERBOSE)


def read_full(match: Match[str], frame: Frame, _scope: Scope) -> DateValue | None:
    """Three numbers as year, month and day, in the first of `_list_orders` that is a day."""
    one, two, three = match["one"], match["two"], match["three"]
    if not _may_be_full(match):
        return None
    for year, month, number in _list_orders(one, two, three):
        if len(year) in (2, 4):
            day = find_calendar_day(_parse_year(year, frame.today), int(month), int(number))
            if day:
                return DateValue(day, day, sets_month=True)
    # 2026-11-31 is a day that no calendar has; 2026-15-31 may be anything.
    is_impossible = len(one) == 4 and 1 <= int(two) <= 12 and 28 < int(three) < 32
    return IMPOSSIBLE if is_impossible else None


def _may_be_full(match: Match[str]) -> bool:
    """Whether three numbers have the lengths of a date.

    1.2.3 and 1.2.26 with dots are numbers of an outline; 5/3/26 is none.
    """
    one, three = match["one"], match["three"]
    if len(one) == 1:
        return "." not in match["mark"] and len(three) >= 2
    return len(one) == 2 or (len(one) == 4 and len(three) != 4)


def _list_orders(one: str, two: str, three: str) -> list[tuple[str, str, str]]:
    """The orders (year, month, day) to try; a year of four figures in front leaves one.

    26.11.15 is read with the year first, then as 13.5.15 with the day first, then with the month first.
    """
    if len(one) == 4:
        return [(one, two, three)]
    orders = [(three, two, one), (three, one, two)]
    return [(one, two, three), *orders] if len(one) == 2 and len(three) <= 2 else orders


def _parse_year(text: str, today: date) -> int:
    """A year of four figures, or of two: at most 20 years ahead."""
    return get_full_year(int(text), today) if len(text) == 2 else int(text)


def read_compact(match: Match[str], _frame: Frame, _scope: Scope) -> DateValue | None:
    """20261115."""
    text = match["compact"]
    day = find_calendar_day(int(text[:4]), int(text[4:6]), int(text[6:]))
    return DateValue(day, day, sets_month=True) if day else None


def read_year_month(match: Match[str], _frame: Frame, _scope: Scope) -> DateValue | None:
    """2026.11, 2026-11."""
    year, month = int(match["year"]), int(match["month"])
    return create_period(get_months(year, month), f"{year:04}-{month:02}", sets_month=True)


def read_pair(match: Match[str], frame: Frame, scope: Scope) -> DateValue | None:
    """Month and day: 11.15, 11。15, 11/15, 5·10, and 11-15 where it cannot be a pair of counts.

    11.31, a day that no month has, is rather an amount, unless a year or 日 says otherwise.
    """
    if not _may_be_pair(match, frame, scope):
        return None
    value = find_yearly_day(frame, Scope(scope.year, int(match["one"])), int(match["two"]))
    if value.impossible:
        return value if scope.year or match["suffix"] else None
    return value._replace(doubt="fraction") if _is_fraction(match, frame) else value


def _may_be_pair(match: Match[str], frame: Frame, scope: Scope) -> bool:
    """Whether two numbers are a month and a day: after a year always, else as the rules have it."""
    if scope.year:
        return True
    if match["suffix"]:
        # 9-13日 is a range of days; 9-03日 is none.
        return match["mark"] != "-" or match["two"][0] == "0"
    for _, applies, is_date in _PAIR_RULES:
        if applies(match, frame):
            return is_date(match, frame)
    return False


def _is_fraction(match: Match[str], frame: Frame) -> bool:
    """Whether 8/9 may be a count; 11/15 and 8/5 can only be dates."""
    if match["mark"] != "/" or match["suffix"] or frame.second_end:
        return False
    return int(match["one"]) <= int(match["two"]) <= 12 and not _has_same_shape_after(match)


_Test = Callable[[Match[str], Frame], bool]


class _PairRule(NamedTuple):
    """What decides about two numbers without a year and without 日 where it `applies`."""

    name: str
    applies: _Test
    is_date: _Test


def _has_amount_word_before(match: Match[str]) -> bool:
    return _AMOUNT_BEFORE.search(match.string[max(match.start() - 3, 0) : match.start()]) is not None


def _has_same_shape_after(match: Match[str]) -> bool:
    return _SAME_SHAPE.match(match.string, match.end()) is not None


def _has_label_before(match: Match[str]) -> bool:
    """Whether a label, a mark or the beginning stands before, as before a date."""
    return _LABEL.search(match.string[max(match.start() - 4, 0) : match.start()]) is not None


def _has_word_after(match: Match[str]) -> bool:
    return _WORD_AFTER.match(match.string, match.end()) is not None


def _is_date_with_slash(match: Match[str], _frame: Frame) -> bool:
    """11/15 and 11/5 are no fractions; 8/9 is a date only between a label and a word."""
    one, two = int(match["one"]), int(match["two"])
    return two > 12 or one > two or (_has_label_before(match) and _has_word_after(match))


def _is_date_with_dot(match: Match[str], _frame: Frame) -> bool:
    """8.5 is an amount unless it stands like a date."""
    if not _has_label_before(match):
        return False
    return _has_word_after(match) or _LINE_END.match(match.string, match.end()) is not None


# The first rule that applies decides.
_PAIR_RULES = (
    _PairRule("平均11.15 is an amount", lambda m, _: _has_amount_word_before(m), lambda *_: False),
    _PairRule("the 11.20 of 11月15日至11.20", lambda _, frame: frame.second_end, lambda *_: True),
    _PairRule("08.5, 8.05", lambda m, _: m["one"][0] == "0" or m["two"][0] == "0", lambda *_: True),
    _PairRule("the 11.5 of 11.5-11.8", lambda m, _: _has_same_shape_after(m), lambda *_: True),
    _PairRule("11-15, but not 11-12", lambda m, _: m["mark"] == "-", lambda m, _: int(m["two"]) > 12),
    _PairRule("11/15, but not 8/9", lambda m, _: m["mark"] == "/", _is_date_with_slash),
    _PairRule("5·10", lambda m, _: m["mark"] == "·", lambda *_: True),
    _PairRule("11.5, 8.15", lambda m, _: len(m["one"]) == 2 or len(m["two"]) == 2, lambda *_: True),
    _PairRule("时间：8.5", lambda *_: True, _is_date_with_dot),
)


FORMS = (
    Form("2026-11-15", FIGURES, FULL, read_full),
    Form("2026 11 15", "12", SPACED, read_full),
    Form("20261115", "12", COMPACT, read_compact),
    Form("2026.11", "12", YEAR_MONTH, read_year_month),
    Form("11.15", FIGURES, DOTTED, read_pair, Before.NOTHING | Before.YEAR),
    Form("11/15", FIGURES, DASHED, read_pair, Before.NOTHING | Before.YEAR),
)
