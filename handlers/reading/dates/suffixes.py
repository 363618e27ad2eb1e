"""What follows a day and belongs to it: clock times, shifts and second names of the same day."""

import re
from datetime import date, timedelta
from typing import NamedTuple

from handlers.reading.date_forms.parts_of_period import WEEKDAYS
from handlers.reading.dates.clock import TIME
from handlers.reading.dates.context import DateValue, Frame, add_months, create_day
from handlers.reading.dates.grammar import read_at
from handlers.reading.dates.patterns import CN_TEENS, GAP, WEEK, parse_number
from handlers.reading.text.numbers import DIGIT

QUOTE = "[”\"’']?"
OPENING = re.compile(rf"{QUOTE}{GAP}(?P<open>[(\[【])?{GAP}(?P<comma>,)?{GAP}", re.ASCII | re.VERBOSE)
CLOSING = re.compile(rf"{GAP}[)\]】]", re.ASCII | re.VERBOSE)
_WEEKDAY = "[一二三四五六日天]"
_SHIFT = re.compile(
    rf"{QUOTE}{GAP}(?:的{GAP})?(?:(?P<eve>前夕|前夜)"
    rf"|(?P<dir>之?前|之?后)的?{GAP}第?(?P<count>[0-9]{{1,2}}|{CN_TEENS}|两|{DIGIT}){GAP}个?(?P<unit>天|日|晚|周(?!{_WEEKDAY})|星期(?!{_WEEKDAY})|(?<=个)月)"
    rf"|(?P<after>之?前|之?后)的?{GAP}第?(?P<nth>[0-9]{{1,2}}|{DIGIT})个{WEEK}(?P<weekday>{_WEEKDAY})"
    r"|(?P<next>次日|第二天|翌日)|(?P<same>当[天日晚]|[这那]一?天|同一天))",
    re.ASCII | re.VERBOSE,
)


class DatePhrase(NamedTuple):
    """What was read and where its words begin and end."""

    value: DateValue
    start: int
    end: int


def add_suffixes(text: str, phrase: DatePhrase, frame: Frame, *, gloss: bool = True) -> DatePhrase:
    """The day with its clock time, its shift and (`gloss`) its second names."""
    for _ in range(4):
        if phrase.value.impossible:
            return phrase
        extended = (
            _add_shift(text, phrase)
            or _add_clock_time(text, phrase)
            or (_add_gloss(text, phrase, frame) if gloss else None)
        )
        if extended is None:
            return phrase
        phrase = extended
    return phrase


def _add_clock_time(text: str, phrase: DatePhrase) -> DatePhrase | None:
    match = TIME.match(text, phrase.end)
    if not phrase.value.is_day or not match or not match[0].strip(" 的"):
        return None
    return phrase._replace(end=match.end())


def _add_shift(text: str, phrase: DatePhrase) -> DatePhrase | None:
    """国庆节前一天, 中秋前夕, 春节后两天; 前一周 is the week's days before."""
    match = _SHIFT.match(text, phrase.end)
    if match is None or not phrase.value.is_day:
        return None
    base = phrase.value.first
    if match["weekday"]:
        return DatePhrase(_find_weekday_beside(base, match), phrase.start, match.end())
    sign = -1 if match["eve"] or (match["dir"] or "").endswith("前") else 1
    count = 0 if match["same"] else parse_number(match["count"]) if match["count"] else 1
    if not count and not match["same"]:
        return None
    return DatePhrase(_move_day(base, sign, count, match["unit"] or "天"), phrase.start, match.end())


def _find_weekday_beside(base: date, match: re.Match[str]) -> DateValue:
    """春节后第一个周一, 国庆前第二个周五."""
    wanted, count = WEEKDAYS[match["weekday"]], parse_number(match["nth"])
    if match["after"].endswith("后"):
        return create_day(base + timedelta(days=(wanted - base.weekday() - 1) % 7 + 7 * count - 6))
    return create_day(base - timedelta(days=(base.weekday() - wanted - 1) % 7 + 7 * count - 6))


def _move_day(base: date, sign: int, count: int, unit: str) -> DateValue:
    one = timedelta(days=1)
    if unit in ("天", "日", "晚"):
        return create_day(base + sign * count * one)
    far = add_months(base, sign * count) if unit == "月" else base + sign * 7 * count * one
    return DateValue(far, base - one, "window") if sign < 0 else DateValue(base + one, far, "window")


def _add_gloss(text: str, phrase: DatePhrase, frame: Frame) -> DatePhrase | None:
    """11月15日（周日）, 周日11月15日, 昨天（11月20日）: a second name of the same day."""
    opening = OPENING.match(text, phrase.end)
    if opening is None or not (opening["open"] or phrase.value.is_day):
        return None
    read = read_at(text, opening.end(), frame)
    if read is None or read[0].impossible:
        return None
    other, end = read
    if opening["open"]:
        inner = add_suffixes(text, DatePhrase(other, opening.end(), end), frame, gloss=False)
        close = CLOSING.match(text, inner.end) or _match_closing_after_weekday(text, inner, frame)
        if close is None:
            return None
        other, end = inner.value, close.end()
    second = DatePhrase(other, opening.end(), end)
    merged = _merge_names(text, phrase, second, frame, strict=opening["open"] is None)
    return DatePhrase(merged, phrase.start, end) if merged else None


def _match_closing_after_weekday(text: str, inner: DatePhrase, frame: Frame) -> re.Match[str] | None:
    """The end of a gloss that says two things: （11月21日星期六）."""
    opening = OPENING.match(text, inner.end)
    more = read_at(text, opening.end(), frame) if opening and not opening["open"] else None
    return CLOSING.match(text, more[1]) if more else None


def _merge_names(
    text: str, phrase: DatePhrase, second: DatePhrase, frame: Frame, *, strict: bool
) -> DateValue | None:
    """Two names as one date; None where they are two dates (a strict one is told only by its weekday)."""
    found, other = phrase.value, second.value
    if not (found.is_day and other.is_day):
        overlaps = other.first <= found.last and found.first <= other.last
        return found if not strict and overlaps else None
    comma = strict and "," in text[phrase.end : second.start]
    if comma and not (other.weekday_only or other.sets_month or found.weekday_only):
        return None
    if found.first == other.first:
        return found if other.weekday_only or found.sets_month else other
    if other.weekday_only and found.named_week and strict:
        return None
    if other.weekday_only and not found.weekday_only:
        return _find_on_weekday(text, phrase, other.first.weekday(), frame)
    if found.weekday_only and (other.sets_month or other.year_guessed):
        merged = _find_on_weekday(text, second, found.first.weekday(), frame)
        return None if comma and not other.sets_month and merged.doubt else merged
    if found.year_guessed != other.year_guessed:
        return _merge_nearest(text, phrase, second, frame, strict=strict)
    return None if strict else (found if found.sets_month else other)._replace(doubt="weekday")


def _merge_nearest(
    text: str, phrase: DatePhrase, second: DatePhrase, frame: Frame, *, strict: bool
) -> DateValue | None:
    """下周四（11月26日）, 明天（22日）: the name that left its year or month open is meant near the other."""
    (open_one, settled) = (phrase, second) if phrase.value.year_guessed else (second, phrase)
    middle = settled.value.first
    nearest: DateValue | None = None
    for future in (False, True):
        read = read_at(text, open_one.start, frame._replace(pivot=middle, future=future, anchor=None))
        if read and (nearest is None or abs(read[0].first - middle) < abs(nearest.first - middle)):
            nearest = read[0]._replace(year_guessed=False)
    if nearest and nearest.first == middle:
        return settled.value if settled.value.sets_month else nearest
    return None if strict or nearest is None else nearest._replace(doubt="weekday")


def _find_on_weekday(text: str, phrase: DatePhrase, weekday: int, frame: Frame) -> DateValue:
    """The date if its weekday is the one given, else a nearer one across today, else in doubt."""
    found = phrase.value
    if found.first.weekday() == weekday:
        return found
    if found.year_guessed:
        other = read_at(text, phrase.start, frame._replace(future=not frame.future))
        if other and _is_nearer(other[0], found, frame) and other[0].first.weekday() == weekday:
            return other[0]._replace(year_guessed=False)
    return found._replace(doubt="weekday")


def _is_nearer(one: DateValue, other: DateValue, frame: Frame) -> bool:
    return abs(one.first - frame.today) < abs(other.first - frame.today)
