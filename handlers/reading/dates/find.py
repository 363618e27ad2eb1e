"""Finds the days that a Chinese office text names, as spans of dates."""

import re
from datetime import date, datetime, timedelta
from typing import Literal

from handlers.reading.date_forms.foreign import find_foreign_dates
from handlers.reading.date_forms.parts_of_period import WEEKDAYS
from handlers.reading.dates.context import OLD_DAYS, DateValue, Frame, find_calendar_day
from handlers.reading.dates.grammar import find_next_start, may_begin
from handlers.reading.dates.ranges import read_phrase_at
from handlers.reading.dates.types import DatePhrase, Dates, DateSpan, ImpossibleDate
from handlers.reading.text.normalize import normalize_text

__all__ = ["DateSpan", "Dates", "ImpossibleDate", "find_dates"]


def find_dates(text: str, *, now: datetime, prefer: Literal["past", "future"] = "past") -> Dates:
    """All dates of a text, in its order; `now` is aware, and its own date is today.

    A date that leaves the year, month or week open is the last such day up to today, or with
    `prefer="future"` the first from today on. Counts, amounts, clock times without a day, names of places
    and titles in 《》 are no dates. Never raises, whatever the text.
    """
    today = now.date()
    return _Scanner(normalize_text(text), text, Frame(now, today, today, prefer == "future")).read_all()


_TITLE = re.compile("《[^》]{0,200}》")
_EVERY = re.compile(
    r"""
    [每逢][隔逢到当]?[一二两三四五六0-9]?个?[ ]?                   # 每, 每隔两个
    (?=(?P<unit>季度|星期|礼拜|学[期年]|工作日|双周|单周|[年季月周旬日天])?的?[ ]?)
    """,
    re.VERBOSE,
)
# 上周二、四下午
_SHORT_WEEKDAY = re.compile(r"、([一二三四五六日])(?=[、,。;和及上下晚早中 \n]|$)")
# 11.15、16
_SHORT_DAY = re.compile(r"(?<=[0-9])、([0-9]{1,2})(?=[,。;\n]|$|两[日天]|[上下]午|晚)")
_LISTED = re.compile(r" {0,2}[、,和及与] {0,2}")


def _blank_phrases(text: str, phrases: list[DatePhrase]) -> str:
    """The text with what has been read already blanked out."""
    for phrase in phrases:
        text = text[: phrase.start] + "■" * (phrase.end - phrase.start) + text[phrase.end :]
    return text


def _list_skipped_spans(text: str, frame: Frame) -> list[tuple[int, int]]:
    """Spans without dates, the last first: titles, and days that come again (每周一)."""
    spans = [match.span() for match in _TITLE.finditer(text)] if "《" in text else []
    if "每" in text or "逢" in text:
        spans += [
            (match.start(), _find_repetition_end(text, match, frame)) for match in _EVERY.finditer(text)
        ]
    return sorted(spans, reverse=True)


def _find_repetition_end(text: str, match: re.Match[str], frame: Frame) -> int:
    """Where a repetition ends: 每周|一、三, 每月|5日和20日."""
    unit = match.end() + len(match["unit"] or "")
    while text[unit : unit + 1] in ("的", " "):
        unit += 1
    return max(
        unit, *(start + _find_list_end(text[start : start + 80], frame) for start in (match.end(), unit))
    )


def _find_list_end(text: str, frame: Frame) -> int:
    """The offset where a list of dates at the beginning of a text ends; 0 without any."""
    end = start = 0
    while phrase := read_phrase_at(text, start, frame):
        end = phrase.end
        link = _LISTED.match(text, end)
        if link is None:
            break
        start = link.end()
    return end


def _read_listed_day(text: str, phrase: DatePhrase) -> DatePhrase | None:
    """The 四 of 上周二、四下午, the 16 of 11.15、16; not before the day they follow."""
    listed = _match_listed_day(text, phrase) if text.startswith("、", phrase.end) else None
    if listed is None or listed[0] < phrase.value.first:
        return None
    day, match = listed
    return DatePhrase(phrase.value._replace(first=day, last=day), match.start(1), match.end())


def _match_listed_day(text: str, phrase: DatePhrase) -> tuple[date, re.Match[str]] | None:
    """The day that a bare number or weekday behind the phrase means, and its match."""
    value, day = phrase.value, None
    if value.named_week or value.weekday_only:
        if match := _SHORT_WEEKDAY.match(text, phrase.end):
            day = value.first + timedelta(days=(WEEKDAYS[match[1]] - value.first.weekday()) % 7)
    elif value.sets_month and value.is_day:
        if match := _SHORT_DAY.match(text, phrase.end):
            day = find_calendar_day(value.first.year, value.first.month, int(match[1]))
    else:
        return None
    return (day, match) if match and day else None


class _Scanner:
    """One pass over a text from left to right.

    `text` is the normalized text without foreign dates, `original` the text as given; both have the same
    length. `skipped` are the spans still ahead that hold no dates, the last first.
    """

    def __init__(self, text: str, original: str, frame: Frame) -> None:
        self.foreign = find_foreign_dates(text, frame)
        self.text, self.original, self.frame = _blank_phrases(text, self.foreign), original, frame
        self.skipped = _list_skipped_spans(self.text, frame)
        self.spans: list[DateSpan] = []
        self.impossible: list[ImpossibleDate] = []
        self.last: DatePhrase | None = None
        self.anchor: DateValue | None = None
        self.previous: date | None = None

    def read_all(self) -> Dates:
        """All dates of the text."""
        position = 0
        while (start := find_next_start(self.text, position)) is not None:
            position = self._read_next(start)
        if self.foreign:
            for phrase in self.foreign:
                self._add_phrase(phrase)
            self.spans.sort(key=lambda span: span.start)
        return Dates(tuple(self.spans), tuple(self.impossible))

    def _read_next(self, start: int) -> int:
        """Read what begins at `start`; the offset to go on from."""
        if self.skipped and (skip_end := self._find_skip_end(start)) is not None:
            return skip_end
        if not (self._is_adjacent(start) or may_begin(self.text, start)):
            return start + 1
        phrase = read_phrase_at(self.text, start, self._create_frame(start))
        if phrase is None:
            return start + 1
        self._add_phrase(phrase)
        while following := _read_listed_day(self.text, phrase):
            phrase = following
            self._add_phrase(phrase)
        return phrase.end

    def _find_skip_end(self, start: int) -> int | None:
        """The end of the skipped span that holds `start`; spans before it are dropped."""
        while self.skipped and self.skipped[-1][1] <= start:
            self.skipped.pop()
        if self.skipped and self.skipped[-1][0] <= start:
            return self.skipped[-1][1]
        return None

    def _is_adjacent(self, start: int) -> bool:
        """Whether a word directly behind a date begins at `start`: 昨天今天."""
        return self.last is not None and self.last.end == start and not self.text[start].isascii()

    def _create_frame(self, start: int) -> Frame:
        """The frame with the dates the text has named before, and the one directly before in a list."""
        last = self.last
        if last is None:
            return self.frame
        listed = start == last.end or (
            start - last.end <= 5 and _LISTED.fullmatch(self.text, last.end, start) is not None
        )
        return self.frame._replace(
            anchor=self.anchor, previous=self.previous, leaning=last.value if listed else None
        )

    def _add_phrase(self, phrase: DatePhrase) -> None:
        """Store a phrase as a span, and let later dates lean on it."""
        value, start, end = phrase
        if value.impossible:
            self.impossible.append(ImpossibleDate(self.original[start:end], start, end))
            return
        doubt = value.doubt or ("old" if self._is_old(value) else None)
        self.spans.append(DateSpan(value.first, value.last, start, end, value.kind, value.period, doubt))
        self.last = phrase
        if value.sets_month:
            self.anchor = value
        if value.kind == "day":
            self.previous = value.first

    def _is_old(self, value: DateValue) -> bool:
        """Whether the guessed year may be wrong, since it leads most of a year back."""
        return (
            value.year_guessed
            and value.kind in ("day", "range")
            and (self.frame.today - value.first).days > OLD_DAYS
        )
