"""The table of all forms of a single date, by first character and by what stands before."""

import re
from collections import defaultdict
from functools import cache
from re import Pattern
from typing import NamedTuple

from handlers.reading.date_forms import (
    durations,
    festivals,
    lunar,
    numeric,
    parts_of_period,
    periods,
    relative,
    year_month_day,
)
from handlers.reading.date_forms.year_month_day import read_month, read_year
from handlers.reading.dates import clock
from handlers.reading.dates.context import (
    NO_SCOPE,
    Before,
    DateValue,
    Form,
    FormReader,
    Frame,
    Scope,
    add_months,
)
from handlers.reading.dates.patterns import (
    FIGURES,
    GAP,
    MONTH,
    NEAR_BEGINS,
    YEAR,
    YEAR_BEGINS,
    count_steps,
    find_year,
    parse_number,
)
from handlers.reading.dates.prefilter import create_prefilter

# The first form that matches and makes sense wins: of forms with one beginning the longer come first.
FORMS: tuple[Form, ...] = (
    *numeric.FORMS,
    *clock.FORMS,
    *lunar.FORMS,
    *festivals.FORMS,
    *relative.FORMS,
    *periods.FORMS,
    *durations.FORMS,
    *relative.LATE_FORMS,
    *parts_of_period.FORMS,
    *year_month_day.FORMS,
)


class _Entry(NamedTuple):
    pattern: Pattern[str]
    read: FormReader


_Table = dict[str, tuple[_Entry, ...]]


class _Tables(NamedTuple):
    """The forms by their first character, one table for each member of Before, in its order."""

    nothing: _Table
    year: _Table
    month: _Table


@cache
def _create_tables() -> _Tables:
    """The forms for each position, by their first character.

    Cached and built by the first text that is read: compiling takes a tenth of a second, which would delay
    every start.
    """
    entries: dict[Before, defaultdict[str, list[_Entry]]] = {before: defaultdict(list) for before in Before}
    for form in FORMS:
        entry = _Entry(re.compile(form.pattern, re.ASCII | re.VERBOSE), form.read)
        for before in form.before:
            for char in form.begins:
                entries[before][char].append(entry)
    tables = ({char: tuple(listed) for char, listed in entries[before].items()} for before in Before)
    return _Tables(*tables)


_YEAR = re.compile(YEAR, re.ASCII | re.VERBOSE)
_MONTH = re.compile(MONTH, re.ASCII | re.VERBOSE)
_YEAR_BEGINS = frozenset(YEAR_BEGINS)
_MONTH_BEGINS = frozenset(FIGURES + "一二三四五六七八九十元" + NEAR_BEGINS)
_FREE_BEGINS = frozenset(char for form in FORMS if Before.NOTHING in form.before for char in form.begins)
BEGINS = _FREE_BEGINS | _YEAR_BEGINS | _MONTH_BEGINS
"""Every character that a date can begin with."""
_CUE = create_prefilter(BEGINS)
_OF = re.compile(rf"{GAP}(?:[的,]{GAP})?", re.ASCII | re.VERBOSE)
_CODE = frozenset("第版$_=¥€〔")
# 工号1115, 电话：11.15
_LABELLED_CODE = re.compile(
    r"""
    (?: [编文学工证单账卡批档房型序]号
      | 门牌号?
      | 代码 | 密码
      | 电话 | 手机 | 热线 | 邮编
      | 版本
      | QQ | 微信
    )
    号?[是为:]?[: ]{0,2}$
    """,
    re.VERBOSE,
)
_IN_NUMBER = frozenset("〇零一二三四五六七八九十百千万两廿卅几第")
# 1.11月18日 is the first item of a list, never a decimal number.
_NUMBERED = re.compile(r"(?<=[0-9]\.)[0-9]{1,2}[ ]?月[ ]?[0-9]{1,2}[ ]?[日号]", re.ASCII | re.VERBOSE)


def find_next_start(text: str, start: int) -> int | None:
    """The first offset from `start` on where a date may begin."""
    match = _CUE.search(text, start)
    return match.start() if match else None


def read_at(text: str, start: int, frame: Frame) -> tuple[DateValue, int] | None:
    """The date that begins exactly at `start` and its end; None where none begins."""
    char = text[start : start + 1]
    try:
        if char in _YEAR_BEGINS and (read := _read_from_year(text, start, frame)):
            return read
        if char in _MONTH_BEGINS and (read := _read_from_month(text, start, frame, NO_SCOPE)):
            return read
    except (ValueError, OverflowError):  # a year or a length beyond what a calendar holds
        return None
    return _read_first_match(_create_tables().nothing.get(char, ()), text, start, frame, NO_SCOPE)


def _read_from_year(text: str, start: int, frame: Frame) -> tuple[DateValue, int] | None:
    """A year with what may follow it: a month, a festival, a quarter, a part, nothing."""
    match = _YEAR.match(text, start)
    if match is None:
        return None
    end, year = match.end(), find_year(match[0], frame)
    if not 1 <= year <= 9999:
        return None
    scope, after = Scope(year), _find_connector_end(text, end)
    char = text[after : after + 1]
    if char in _MONTH_BEGINS and (read := _read_from_month(text, after, frame, scope)):
        return read
    if read := _read_first_match(_create_tables().year.get(char, ()), text, after, frame, scope):
        return read
    bare = read_year(text, start, end, year)
    return (bare, end) if bare else None


def _read_from_month(text: str, start: int, frame: Frame, scope: Scope) -> tuple[DateValue, int] | None:
    """A month with what may follow it: a day, a part, a weekday in it, nothing."""
    match = _MONTH.match(text, start)
    if match is None:
        return None
    if match["near"]:
        named = add_months(frame.today.replace(day=1), count_steps(match["near"]))
        scope = Scope(scope.year or named.year, named.month)
    else:
        scope = Scope(scope.year, parse_number(match["month"]), not text[start].isascii())
    after = _find_connector_end(text, match.end())
    possible = _create_tables().month.get(text[after : after + 1], ())
    if read := _read_first_match(possible, text, after, frame, scope):
        return read
    bare = read_month(text, match.end(), frame, scope)
    return (bare, match.end()) if bare else None


def _find_connector_end(text: str, end: int) -> int:
    """The offset behind a 的, a comma or spaces: 11月的第一周."""
    match = _OF.match(text, end)
    return match.end() if match else end


def _read_first_match(
    entries: tuple[_Entry, ...], text: str, start: int, frame: Frame, scope: Scope
) -> tuple[DateValue, int] | None:
    """The first form that matches at `start` and makes sense there."""
    for entry in entries:
        match = entry.pattern.match(text, start)
        if match is None:
            continue
        try:
            value = entry.read(match, frame, scope)
        except (ValueError, OverflowError):  # beyond what a calendar holds
            continue
        if value:
            return value, match.end()
    return None


def may_begin(text: str, start: int) -> bool:
    """Whether a date may begin at `start`: no number, code or ordinal runs into it."""
    if start == 0:
        return True
    if not text[start].isascii():
        return text[start] not in _IN_NUMBER or text[start - 1] not in _IN_NUMBER
    return not (_is_in_code(text, start) or (text[start - 1] in "-./:" and _is_in_figures(text, start)))


def _is_in_code(text: str, start: int) -> bool:
    """A12, 第12, 工号12, a/12."""
    before = text[start - 1]
    if (before.isascii() and before.isalnum()) or before in _CODE:
        return True
    if _LABELLED_CODE.search(text, max(start - 6, 0), start):
        return True
    return before == "/" and start > 1 and text[start - 2].isascii() and text[start - 2].isalpha()


def _is_in_figures(text: str, start: int) -> bool:
    """The 12 of 3.12 and 10:12, but not the 11 of 1.11月18日, an item of a list."""
    return start > 1 and text[start - 2].isdigit() and _NUMBERED.match(text, start) is None
