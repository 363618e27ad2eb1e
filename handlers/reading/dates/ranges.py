"""Dates with two ends or an open one: 9日—13日, 从周一到周五, 3月和9月之间, 20日前, 9月1日起."""

import re
from datetime import date, timedelta

from handlers.reading.date_forms.parts_of_period import WEEKDAYS
from handlers.reading.dates.context import DateValue, Frame, create_day, find_calendar_day, get_months
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
_SHORT_DAY = re.compile(rf"{GAP}[-~至]{GAP}([0-9]{{1,2}}){NO_UNIT}(?![月日号.])", re.ASCII | re.VERBOSE)
_LUNAR_DAY = re.compile(rf"(?:月|大年)(初(?:十|{DIGIT})|{CN_TEENS})[日号]?$", re.ASCII | re.VERBOSE)
_SHORT_LUNAR = re.compile(rf"{TO}(初(?:十|{DIGIT})|{CN_TEENS}(?=[,。、 ]|$))", re.ASCII | re.VERBOSE)
_SHORT_WEEKDAY = re.compile(rf"{TO}([一二三四五六日])(?![月日号个十名人位次])", re.ASCII | re.VERBOSE)
_MONTH_DAY = rf"(?:[0-9]{{1,2}}|{CN_TEENS}|{DIGIT}){GAP}月{GAP}[0-9一二三四五六七八九十]"
_AROUND = re.compile(rf"{QUOTE}{GAP}(?:前后|左右|期间|前夕)", re.ASCII | re.VERBOSE)
_OPEN = re.compile(
    rf"{QUOTE}{GAP}(?:(?P<before>(?:[及或和且]{GAP})?[之以]?前(?:(?![台往期面一二两三四五六七八九0-9])|(?={_MONTH_DAY}))|为?止)"
    rf"|(?P<since>(?:[及或和且]{GAP})?[之以]?后(?![勤续备期面一二两三四五六七八九0-9])|起(?![来草点到义])|开始))",
    re.ASCII | re.VERBOSE,
)
# What else may belong to a date begins with one of these; most dates end where they are read.
_MORE = "的之那到至跟与和及或且起开以为止左期早晚夜晨午凌清傍深,([【”\"'T~ -"
_CONTINUES = re.compile(f"[{re.escape(''.join(sorted(BEGINS)) + _MORE)}]", re.ASCII | re.VERBOSE)
_CLOSED_BEFORE = re.compile(r"(?:截至|截止到?|直到)[ :]{0,2}$")


def piece_at(text: str, start: int, frame: Frame) -> DatePhrase | None:
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
    same = inner.value.first == phrase.value.first and inner.value.last >= phrase.value.last
    return DatePhrase(
        phrase.value if same else phrase.value._replace(doubt="weekday"), phrase.start, close.end()
    )


def _add_second_end(text: str, phrase: DatePhrase, frame: Frame) -> DatePhrase:
    """A range where a second end follows: 9日—13日, 从周一到周五, 3月和9月之间, 2010年之后2018年之前."""
    if match := _SINCE.match(text, phrase.end):
        return DatePhrase(
            DateValue(phrase.value.first, max(frame.today, phrase.value.first), "window"),
            phrase.start,
            match.end(),
        )
    return (
        _read_after_to(text, phrase, frame)
        or _read_enclosed(text, phrase, frame, _AND, _BETWEEN)
        or _read_enclosed(text, phrase, frame, _AFTER, _UNTIL)
        or _read_short_end(text, phrase)
        or phrase
    )


def _read_after_to(text: str, phrase: DatePhrase, frame: Frame) -> DatePhrase | None:
    match = _TO.match(text, phrase.end)
    second = _read_second_end(text, match.end(), phrase, frame) if match else None
    return _merge_ends(text, phrase, second, frame) if second else None


def _read_enclosed(
    text: str, phrase: DatePhrase, frame: Frame, middle: re.Pattern[str], closing: re.Pattern[str]
) -> DatePhrase | None:
    match = middle.match(text, phrase.end)
    second = _read_second_end(text, match.end(), phrase, frame) if match else None
    close = closing.match(text, second.end) if second else None
    if second is None or close is None:
        return None
    joined = _merge_ends(text, phrase, second, frame)
    return joined._replace(end=close.end()) if joined else None


def _read_second_end(text: str, start: int, phrase: DatePhrase, frame: Frame) -> DatePhrase | None:
    onward = frame.create_second_end(phrase.value.first)
    read = read_at(text, start, onward) or _read_bare_year(text, start, phrase)
    if read is None or read[0].impossible:
        return None
    return add_suffixes(text, DatePhrase(read[0], start, read[1]), onward)


_YEAR = re.compile(r"(?:19|20)[0-9]{2}(?![0-9])")


def _read_bare_year(text: str, start: int, phrase: DatePhrase) -> tuple[DateValue, int] | None:
    match = _YEAR.match(text, start)
    if match is None or phrase.value.kind != "period" or len(phrase.value.period or "") != 4:
        return None
    year = int(match[0])
    return DateValue(date(year, 1, 1), date(year, 12, 31), "period", match[0]), match.end()


def _merge_ends(text: str, phrase: DatePhrase, second: DatePhrase, frame: Frame) -> DatePhrase | None:
    """The range from the first to the second; a first end without a year follows the second's."""
    first, last = phrase.value, second.value
    if first.year_guessed and not last.year_guessed:
        again = read_at(text, phrase.start, frame._replace(pivot=last.first, future=False))
        first = again[0] if again else first
    if last.last < first.first or last.first < first.first:
        return None
    doubt = first.doubt or last.doubt
    key = _format_range_key(first, last)
    found = DateValue(
        first.first,
        last.last,
        "range",
        key,
        doubt,
        sets_month=last.sets_month,
        year_guessed=first.year_guessed and first.is_day,
    )
    return DatePhrase(
        create_day(first.first) if first.first == last.last else found, phrase.start, second.end
    )


def _format_range_key(first: DateValue, last: DateValue) -> str | None:
    """The key of a period that two months make: 2026-B6, 2026-Q3, 2026-H1, 2026."""
    if not (first.period and last.period and first.kind == last.kind == "period"):
        return None
    begin, end = first.first, last.last
    length = (end.year - begin.year) * 12 + end.month - begin.month + 1
    for size, letter in ((2, "B"), (3, "Q"), (6, "H"), (12, "")):
        if (
            length == size
            and (begin.month - 1) % size == 0
            and (begin, end) == get_months(begin.year, begin.month, size)
        ):
            return f"{begin.year:04}" + (f"-{letter}{(begin.month - 1) // size + 1}" if letter else "")
    return None


def _read_short_end(text: str, phrase: DatePhrase) -> DatePhrase | None:
    """11.10-12 and 周一到五: a second end of one bare number."""
    found = phrase.value
    if not found.is_day:
        return None
    if found.sets_month and (match := _SHORT_DAY.match(text, phrase.end)):
        last = find_calendar_day(found.first.year, found.first.month, int(match[1]))
        if last and last > found.first:
            return DatePhrase(
                DateValue(found.first, last, "range", sets_month=True, year_guessed=found.year_guessed),
                phrase.start,
                match.end(),
            )
    if lunar := _read_short_lunar_end(text, phrase):
        return lunar
    if text[phrase.end - 1] in "一二三四五六" and (match := _SHORT_WEEKDAY.match(text, phrase.end)):
        last = found.first + timedelta(days=(WEEKDAYS[match[1]] - found.first.weekday()) % 7)
        return DatePhrase(DateValue(found.first, last, "range"), phrase.start, match.end())
    return None


def _read_short_lunar_end(text: str, phrase: DatePhrase) -> DatePhrase | None:
    """大年初一至初三."""
    first, second = _LUNAR_DAY.search(text, phrase.start, phrase.end), _SHORT_LUNAR.match(text, phrase.end)
    if not first or not second:
        return None
    more = parse_number(second[1].lstrip("初")) - parse_number(first[1].lstrip("初"))
    last = phrase.value.first + timedelta(days=more)
    return (
        DatePhrase(DateValue(phrase.value.first, last, "range"), phrase.start, second.end())
        if more > 0
        else None
    )


def _add_open_end(text: str, phrase: DatePhrase) -> DatePhrase:
    """20日前, 9月1日起, 截至11月, 国庆前后."""
    found = phrase.value
    if found.kind in ("now", "vague", "window"):
        return phrase
    if match := _AROUND.match(text, phrase.end):
        return DatePhrase(found._replace(kind="vague"), phrase.start, match.end())
    match = _OPEN.match(text, phrase.end)
    if match:
        kind = "before" if match["before"] else "since"
        return DatePhrase(found._replace(kind=kind), phrase.start, match.end())
    return _add_until(text, phrase)


def _add_until(text: str, phrase: DatePhrase) -> DatePhrase:
    """截至11月15日: what ends there."""
    before = text[max(phrase.start - 6, 0) : phrase.start]
    if before and before[-1] in "至止到: " and _CLOSED_BEFORE.search(before):
        return phrase._replace(value=phrase.value._replace(kind="before"))
    return phrase
