"""Dates with two ends or an open end: 9日—13日, 从周一到周五, 3月和9月之间, 20日前, 9月1日起."""

import re
from datetime import date, timedelta

from handlers.reading.date_forms.parts_of_period import WEEKDAYS
from handlers.reading.dates.context import (
    DateValue,
    Frame,
    create_day,
    create_period,
    find_calendar_day,
    get_months,
)
from handlers.reading.dates.grammar import BEGINS, read_at
from handlers.reading.dates.patterns import CN_TEENS, GAP, NO_UNIT, TO, parse_number
from handlers.reading.dates.suffixes import CLOSING, OPENING, QUOTE, add_suffixes
from handlers.reading.dates.types import DatePhrase
from handlers.reading.text.numbers import DIGIT

_TO = re.compile(rf"{GAP}(?:之后|以后|开始|起)?[,]?{TO}", re.ASCII | re.VERBOSE)
_AND = re.compile(rf"{GAP}[和与跟同及]{GAP}", re.ASCII | re.VERBOSE)
_BETWEEN = re.compile(rf"{GAP}之?间", re.ASCII | re.VERBOSE)
_AFTER = re.compile(rf"{GAP}(?:之后|以后|后|起){GAP}", re.ASCII | re.VERBOSE)
_UNTIL = re.compile(rf"{GAP}(?:之前|以前|前|止)", re.ASCII | re.VERBOSE)
_SINCE = re.compile(
    rf"{GAP}(?:以来|至今(?![年天日晚早晨夜])|到现在|到目前|至目前|至现在)", re.ASCII | re.VERBOSE
)
# 11.10-12; 11.10-12个 and 11.10-12月 are no ranges of days.
_SHORT_DAY = re.compile(rf"{GAP}[-~至]{GAP}([0-9]{{1,2}}){NO_UNIT}(?![月日号.])", re.ASCII | re.VERBOSE)
# 大年初一至初三, 八月十五到十七
_LUNAR_DAY = re.compile(rf"(?:月|大年)(初(?:十|{DIGIT})|{CN_TEENS})[日号]?$", re.ASCII | re.VERBOSE)
_SHORT_LUNAR = re.compile(rf"{TO}(初(?:十|{DIGIT})|{CN_TEENS}(?=[,。、 ]|$))", re.ASCII | re.VERBOSE)
# 周一到五
_SHORT_WEEKDAY = re.compile(rf"{TO}([一二三四五六日])(?![月日号个十名人位次])", re.ASCII | re.VERBOSE)
_MONTH_DAY = rf"(?:[0-9]{{1,2}}|{CN_TEENS}|{DIGIT}){GAP}月{GAP}[0-9一二三四五六七八九十]"
_AROUND = re.compile(rf"{QUOTE}{GAP}(?:前后|左右|期间|前夕)", re.ASCII | re.VERBOSE)
_OPEN = re.compile(
    rf"""
    {QUOTE}{GAP}
    (?: (?P<before>
            (?:[及或和且]{GAP})?[之以]?前
            (?: (?![台往期面一二两三四五六七八九0-9])        # 20日前, but not 前期, 前三天
              | (?={_MONTH_DAY})                              # 20日前11月…
            )
          | 为?止                                             # 截至20日止
        )
      | (?P<since>
            (?:[及或和且]{GAP})?[之以]?后(?![勤续备期面一二两三四五六七八九0-9])
          | 起(?![来草点到义])                                # 9月1日起, but not 起来
          | 开始
        )
    )
    """,
    re.ASCII | re.VERBOSE,
)
# Whatever else may belong to a date begins with one of these characters. Most dates end where they are
# read, and this check spares them all the patterns above.
_MORE = "的之那到至跟与和及或且起开以为止左期早晚夜晨午凌清傍深,([【”\"'T~ -"
_CONTINUES = re.compile(f"[{re.escape(''.join(sorted(BEGINS)) + _MORE)}]", re.ASCII)
_CLOSED_BEFORE = re.compile(r"(?:截至|截止到?|直到)[ :]{0,2}$")
_YEAR = re.compile(r"(?:19|20)[0-9]{2}(?![0-9])")


def read_phrase_at(text: str, start: int, frame: Frame) -> DatePhrase | None:
    """The date that begins at `start` with all that belongs to it; None where none begins."""
    try:
        return _read_phrase(text, start, frame)
    except (ValueError, OverflowError):  # 9999年12月31日后一天
        return None


def _read_phrase(text: str, start: int, frame: Frame) -> DatePhrase | None:
    read = read_at(text, start, frame)
    if read is None:
        return None
    phrase = DatePhrase(read[0], start, read[1])
    if phrase.value.impossible:
        return phrase
    if not _CONTINUES.match(text, phrase.end):
        return _add_until(text, phrase)
    phrase = add_suffixes(text, phrase, frame)
    phrase = _add_second_end(text, phrase, frame)
    if phrase.value.kind == "range":
        phrase = _add_range_gloss(text, phrase, frame)
    return _add_open_end(text, phrase)


def _add_range_gloss(text: str, phrase: DatePhrase, frame: Frame) -> DatePhrase:
    """11月9日—13日（周一至周五）: the same days named once more, read from the range's own week."""
    opening = OPENING.match(text, phrase.end)
    if opening is None or not opening["open"]:
        return phrase
    there = frame._replace(pivot=phrase.value.last, future=False)
    read = read_at(text, opening.end(), there)
    if read is None or read[0].impossible:
        return phrase
    inner = _add_second_end(text, DatePhrase(read[0], opening.end(), read[1]), there)
    close = CLOSING.match(text, inner.end)
    if close is None:
        return phrase
    value = phrase.value
    is_same = inner.value.first == value.first and inner.value.last >= value.last
    return DatePhrase(value if is_same else value._replace(doubt="weekday"), phrase.start, close.end())


def _add_second_end(text: str, phrase: DatePhrase, frame: Frame) -> DatePhrase:
    """A range where a second end follows, else the phrase; the first form that matches decides."""
    return (
        _read_since(text, phrase, frame)  # 9月以来
        or _read_after_to(text, phrase, frame)  # 9日—13日, 从周一到周五
        or _read_enclosed(text, phrase, frame, _AND, _BETWEEN)  # 3月和9月之间
        or _read_enclosed(text, phrase, frame, _AFTER, _UNTIL)  # 2010年之后2018年之前
        or _read_short_end(text, phrase)  # 11.10-12, 周一到五
        or phrase
    )


def _read_since(text: str, phrase: DatePhrase, frame: Frame) -> DatePhrase | None:
    match = _SINCE.match(text, phrase.end)
    if match is None:
        return None
    first = phrase.value.first
    return DatePhrase(DateValue(first, max(frame.today, first), "window"), phrase.start, match.end())


def _read_after_to(text: str, phrase: DatePhrase, frame: Frame) -> DatePhrase | None:
    match = _TO.match(text, phrase.end)
    second = _read_second_end(text, match.end(), phrase, frame) if match else None
    return _merge_ends(text, phrase, second, frame) if second else None


def _read_enclosed(
    text: str, phrase: DatePhrase, frame: Frame, middle: re.Pattern[str], closing: re.Pattern[str]
) -> DatePhrase | None:
    """A range with `middle` between its ends and `closing` behind the second."""
    match = middle.match(text, phrase.end)
    second = _read_second_end(text, match.end(), phrase, frame) if match else None
    close = closing.match(text, second.end) if second else None
    if second is None or close is None:
        return None
    merged = _merge_ends(text, phrase, second, frame)
    return merged._replace(end=close.end()) if merged else None


def _read_second_end(text: str, start: int, phrase: DatePhrase, frame: Frame) -> DatePhrase | None:
    """The second end of a range at `start`: the first fitting date from the first end on."""
    onward = frame.create_second_end(phrase.value.first)
    read = read_at(text, start, onward) or _read_bare_year(text, start, phrase)
    if read is None or read[0].impossible:
        return None
    return add_suffixes(text, DatePhrase(read[0], start, read[1]), onward)


def _read_bare_year(text: str, start: int, phrase: DatePhrase) -> tuple[DateValue, int] | None:
    """The 2026 of 2024年到2026, only behind a year."""
    match = _YEAR.match(text, start)
    if match is None or phrase.value.kind != "period" or len(phrase.value.period or "") != 4:
        return None
    year = int(match[0])
    return create_period((date(year, 1, 1), date(year, 12, 31)), match[0]), match.end()


def _merge_ends(text: str, phrase: DatePhrase, second: DatePhrase, frame: Frame) -> DatePhrase | None:
    """The range from the first to the second; None where the second end lies before the first."""
    first, last = phrase.value, second.value
    if first.year_guessed and not last.year_guessed:
        # 12月至2026年2月: a first end without a year follows the second's.
        again = read_at(text, phrase.start, frame._replace(pivot=last.first, future=False))
        first = again[0] if again else first
    if last.last < first.first or last.first < first.first:
        return None
    if first.first == last.last:
        return DatePhrase(create_day(first.first), phrase.start, second.end)
    value = DateValue(
        first.first,
        last.last,
        "range",
        _format_range_key(first, last),
        first.doubt or last.doubt,
        sets_month=last.sets_month,
        year_guessed=first.year_guessed and first.is_day,
    )
    return DatePhrase(value, phrase.start, second.end)


# By number of months; a year has no letter.
_RANGE_LETTERS = {2: "B", 3: "Q", 6: "H", 12: ""}


def _format_range_key(first: DateValue, last: DateValue) -> str | None:
    """The key of a period that two months make: 2026-B6, 2026-Q3, 2026-H1, 2026."""
    if not (first.period and last.period and first.kind == last.kind == "period"):
        return None
    begin, end = first.first, last.last
    months = (end.year - begin.year) * 12 + end.month - begin.month + 1
    letter = _RANGE_LETTERS.get(months)
    if (
        letter is None
        or (begin.month - 1) % months
        or (begin, end) != get_months(begin.year, begin.month, months)
    ):
        return None
    number = (begin.month - 1) // months + 1
    return f"{begin.year:04}-{letter}{number}" if letter else f"{begin.year:04}"


def _read_short_end(text: str, phrase: DatePhrase) -> DatePhrase | None:
    """A second end of one bare number: 11.10-12, 大年初一至初三, 周一到五."""
    if not phrase.value.is_day:
        return None
    return (
        _read_short_day(text, phrase)
        or _read_short_lunar_end(text, phrase)
        or _read_short_weekday(text, phrase)
    )


def _read_short_day(text: str, phrase: DatePhrase) -> DatePhrase | None:
    """11.10-12: a later day of the same month."""
    value = phrase.value
    match = _SHORT_DAY.match(text, phrase.end) if value.sets_month else None
    last = find_calendar_day(value.first.year, value.first.month, int(match[1])) if match else None
    if match is None or last is None or last <= value.first:
        return None
    days = DateValue(value.first, last, "range", sets_month=True, year_guessed=value.year_guessed)
    return DatePhrase(days, phrase.start, match.end())


def _read_short_lunar_end(text: str, phrase: DatePhrase) -> DatePhrase | None:
    """大年初一至初三."""
    first = _LUNAR_DAY.search(text, phrase.start, phrase.end)
    second = _SHORT_LUNAR.match(text, phrase.end) if first else None
    if not first or not second:
        return None
    more = parse_number(second[1].lstrip("初")) - parse_number(first[1].lstrip("初"))
    if more <= 0:
        return None
    last = phrase.value.first + timedelta(days=more)
    return DatePhrase(DateValue(phrase.value.first, last, "range"), phrase.start, second.end())


def _read_short_weekday(text: str, phrase: DatePhrase) -> DatePhrase | None:
    """周一到五: the next such weekday."""
    if text[phrase.end - 1] not in "一二三四五六":
        return None
    match = _SHORT_WEEKDAY.match(text, phrase.end)
    if match is None:
        return None
    first = phrase.value.first
    last = first + timedelta(days=(WEEKDAYS[match[1]] - first.weekday()) % 7)
    return DatePhrase(DateValue(first, last, "range"), phrase.start, match.end())


def _add_open_end(text: str, phrase: DatePhrase) -> DatePhrase:
    """20日前, 9月1日起, 截至11月, 国庆前后."""
    value = phrase.value
    if value.kind in ("now", "vague", "window"):
        return phrase
    if match := _AROUND.match(text, phrase.end):
        return DatePhrase(value._replace(kind="vague"), phrase.start, match.end())
    if match := _OPEN.match(text, phrase.end):
        kind = "before" if match["before"] else "since"
        return DatePhrase(value._replace(kind=kind), phrase.start, match.end())
    return _add_until(text, phrase)


def _add_until(text: str, phrase: DatePhrase) -> DatePhrase:
    """截至11月15日: open towards the past where such a word stands before it."""
    before = text[max(phrase.start - 6, 0) : phrase.start]
    if before and before[-1] in "至止到: " and _CLOSED_BEFORE.search(before):
        return phrase._replace(value=phrase.value._replace(kind="before"))
    return phrase
