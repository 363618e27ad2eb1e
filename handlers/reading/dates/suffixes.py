"""What follows a day and belongs to it: clock times, shifts, second names of the same day."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import NamedTuple

from handlers.reading.date_forms.parts_of_period import WEEKDAYS
from handlers.reading.dates.clock import TIME
from handlers.reading.dates.context import DateValue, Frame, add_months, create_day
from handlers.reading.dates.grammar import read_at
from handlers.reading.dates.patterns import CN_TEENS, GAP, WEEK, parse_number
from handlers.reading.dates.types import DatePhrase
from handlers.reading.text.numbers import DIGIT

QUOTE = "[”\"’']?"
OPENING = re.compile(rf"{QUOTE}{GAP}(?P<open>[(\[【])?{GAP}(?P<comma>,)?{GAP}", re.ASCII | re.VERBOSE)
CLOSING = re.compile(rf"{GAP}[)\]】]", re.ASCII | re.VERBOSE)
_WEEKDAY = "[一二三四五六日天]"
_SHIFT = re.compile(
    rf"""
    {QUOTE}{GAP}(?:的{GAP})?
    (?: (?P<eve>前夕|前夜)                                              # 中秋前夕
        # 国庆节前一天, 春节后两周
      | (?P<side>之?前|之?后)的?{GAP}第?
        (?P<count>[0-9]{{1,2}}|{CN_TEENS}|两|{DIGIT}){GAP}个?
        (?P<unit>天|日|晚|周(?!{_WEEKDAY})|星期(?!{_WEEKDAY})|(?<=个)月)
        # 春节后第一个周一
      | (?P<weekday_side>之?前|之?后)的?{GAP}第?
        (?P<nth>[0-9]{{1,2}}|{DIGIT})个{WEEK}(?P<weekday>{_WEEKDAY})
      | (?P<next>次日|第二天|翌日)
      | (?P<same>当[天日晚]|[这那]一?天|同一天)
    )
    """,
    re.ASCII | re.VERBOSE,
)
_DAY = timedelta(days=1)


def add_suffixes(text: str, phrase: DatePhrase, frame: Frame, *, gloss: bool = True) -> DatePhrase:
    """The day with its clock time, its shift and, with `gloss`, its second names.

    At most four of them.
    """
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
    value = _find_shifted(phrase.value.first, match)
    return DatePhrase(value, phrase.start, match.end()) if value else None


def _find_shifted(base: date, match: re.Match[str]) -> DateValue | None:
    """The days that a match of _SHIFT leads to from `base`; None for 前0天."""
    if match["weekday"]:
        return create_day(_find_weekday_beside(base, match))
    if match["same"]:
        return create_day(base)
    if match["eve"]:
        return create_day(base - _DAY)
    if match["next"]:
        return create_day(base + _DAY)
    count = parse_number(match["count"])
    if not count:
        return None
    return _find_days_from(base, -1 if match["side"].endswith("前") else 1, count, match["unit"])


def _find_weekday_beside(base: date, match: re.Match[str]) -> date:
    """春节后第一个周一, 国庆前第二个周五."""
    wanted, count = WEEKDAYS[match["weekday"]], parse_number(match["nth"])
    if match["weekday_side"].endswith("后"):
        return base + timedelta(days=(wanted - base.weekday() - 1) % 7 + 7 * count - 6)
    return base - timedelta(days=(base.weekday() - wanted - 1) % 7 + 7 * count - 6)


def _find_days_from(base: date, sign: int, count: int, unit: str) -> DateValue:
    """The day `count` days before (-1) or after (1); for longer units all days up to there."""
    if unit in ("天", "日", "晚"):
        return create_day(base + sign * count * _DAY)
    far = add_months(base, sign * count) if unit == "月" else base + sign * 7 * count * _DAY
    return DateValue(far, base - _DAY, "window") if sign < 0 else DateValue(base + _DAY, far, "window")


def _add_gloss(text: str, phrase: DatePhrase, frame: Frame) -> DatePhrase | None:
    """A second name of the same day: 11月15日（周日）, 周日11月15日, 昨天（11月20日）."""
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
    merged = _merge_names(_TwoNames(text, phrase, second, frame, opening["open"] is not None))
    return DatePhrase(merged, phrase.start, end) if merged else None


def _match_closing_after_weekday(text: str, inner: DatePhrase, frame: Frame) -> re.Match[str] | None:
    """The bracket that closes a gloss of two names: （11月21日星期六）."""
    opening = OPENING.match(text, inner.end)
    more = read_at(text, opening.end(), frame) if opening and not opening["open"] else None
    return CLOSING.match(text, more[1]) if more else None


class _TwoNames(NamedTuple):
    """Two date phrases side by side, the second perhaps in brackets, that may name the same day."""

    text: str
    phrase: DatePhrase
    second: DatePhrase
    frame: Frame
    bracketed: bool

    @property
    def value(self) -> DateValue:
        """What the first name means."""
        return self.phrase.value

    @property
    def other(self) -> DateValue:
        """What the second name means."""
        return self.second.value

    def has_comma(self) -> bool:
        """Whether only a comma stands between them: 周日，11月15日."""
        return not self.bracketed and "," in self.text[self.phrase.end : self.second.start]


class _MergeRule(NamedTuple):
    """How two names are merged where the rule `applies`; None means that they are two dates."""

    name: str
    applies: Callable[[_TwoNames], bool]
    merge: Callable[[_TwoNames], DateValue | None]


def _merge_names(names: _TwoNames) -> DateValue | None:
    """Two names as one date; None where they are two dates."""
    for _, applies, merge in _MERGE_RULES:
        if applies(names):
            return merge(names)
    return None


def _is_no_gloss(names: _TwoNames) -> bool:
    """Whether a comma makes two dates of them: no weekday, and no month in the second."""
    value, other = names.value, names.other
    return not (other.weekday_only or other.sets_month or value.weekday_only) and names.has_comma()


def _merge_periods(names: _TwoNames) -> DateValue | None:
    value, other = names.value, names.other
    overlap = other.first <= value.last and value.first <= other.last
    return value if names.bracketed and overlap else None


def _merge_same_day(names: _TwoNames) -> DateValue:
    """Of two names of one day that which says more."""
    return names.value if names.other.weekday_only or names.value.sets_month else names.other


def _merge_weekday_after(names: _TwoNames) -> DateValue:
    return _find_on_weekday(names.text, names.phrase, names.other.first.weekday(), names.frame)


def _merge_weekday_before(names: _TwoNames) -> DateValue | None:
    merged = _find_on_weekday(names.text, names.second, names.value.first.weekday(), names.frame)
    return None if merged.doubt and not names.other.sets_month and names.has_comma() else merged


def _merge_nearest(names: _TwoNames) -> DateValue | None:
    """The name that left its year or month open is meant near the other: 明天（22日）."""
    open_one, fixed = names.phrase, names.second
    if not open_one.value.year_guessed:
        open_one, fixed = fixed, open_one
    day = fixed.value.first
    nearest = _read_nearest(names.text, open_one.start, day, names.frame)
    if nearest and nearest.first == day:
        return fixed.value if fixed.value.sets_month else nearest
    return nearest._replace(doubt="weekday") if nearest and names.bracketed else None


def _read_nearest(text: str, start: int, day: date, frame: Frame) -> DateValue | None:
    """The date at `start`, in the year or month that brings it nearest to `day`."""
    frames = (frame._replace(pivot=day, future=future, anchor=None) for future in (False, True))
    values = [read[0] for nearby in frames if (read := read_at(text, start, nearby))]
    if not values:
        return None
    return min(values, key=lambda value: abs(value.first - day))._replace(year_guessed=False)


def _merge_contradiction(names: _TwoNames) -> DateValue | None:
    if not names.bracketed:
        return None
    return (names.value if names.value.sets_month else names.other)._replace(doubt="weekday")


# The first rule that applies decides.
_MERGE_RULES = (
    _MergeRule("11月（本月）", lambda n: not (n.value.is_day and n.other.is_day), _merge_periods),
    _MergeRule("昨天，今天 are two days", _is_no_gloss, lambda _: None),
    _MergeRule(
        "11月21日（周六）, 今天（11月21日）", lambda n: n.value.first == n.other.first, _merge_same_day
    ),
    _MergeRule(
        "上周五周六 are two days",
        lambda n: n.other.weekday_only and n.value.named_week and not n.bracketed,
        lambda _: None,
    ),
    _MergeRule(
        "15日（周日）", lambda n: n.other.weekday_only and not n.value.weekday_only, _merge_weekday_after
    ),
    _MergeRule(
        "周日11月15日",
        lambda n: n.value.weekday_only and (n.other.sets_month or n.other.year_guessed),
        _merge_weekday_before,
    ),
    _MergeRule(
        "下周四（11月26日）, 明天（22日）",
        lambda n: n.value.year_guessed != n.other.year_guessed,
        _merge_nearest,
    ),
    _MergeRule("昨天（2026年11月15日）", lambda _: True, _merge_contradiction),
)


def _find_on_weekday(text: str, phrase: DatePhrase, weekday: int, frame: Frame) -> DateValue:
    """The date if it has the weekday, else a nearer one across today, else in doubt."""
    value = phrase.value
    if value.first.weekday() == weekday:
        return value
    if value.year_guessed:
        other = read_at(text, phrase.start, frame._replace(future=not frame.future))
        if other and _is_nearer(other[0], value, frame) and other[0].first.weekday() == weekday:
            return other[0]._replace(year_guessed=False)
    return value._replace(doubt="weekday")


def _is_nearer(one: DateValue, other: DateValue, frame: Frame) -> bool:
    return abs(one.first - frame.today) < abs(other.first - frame.today)
