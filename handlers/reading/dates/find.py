"""The days that a Chinese office text names, as spans of dates with their places in the text."""

import re
from datetime import date, datetime, timedelta
from typing import Literal

from handlers.reading.date_forms.foreign import find_foreign_dates
from handlers.reading.date_forms.parts_of_period import WEEKDAYS
from handlers.reading.dates.context import DateValue, Frame, find_calendar_day
from handlers.reading.dates.grammar import may_begin, next_start
from handlers.reading.dates.ranges import piece_at
from handlers.reading.dates.suffixes import DatePhrase
from handlers.reading.dates.types import Dates, DateSpan, ImpossibleDate
from handlers.reading.text.normalize import plain

__all__ = ["DateSpan", "Dates", "ImpossibleDate", "find_dates"]

OLD_DAYS = 300


def find_dates(text: str, *, now: datetime, prefer: Literal["past", "future"] = "past") -> Dates:
    """All dates of a text, in its order; `now` is aware and its own date is today.

    What leaves the year, month or week open is the last such day up to today, or with `prefer="future"` the
    first from today on. Counts, amounts, clock times alone, names of places and titles in 《》 are no dates.
    """
    today = now.date()
    return _Scanner(plain(text), text, Frame(now, today, today, prefer == "future")).read_all()


_TITLE = re.compile("《[^》]{0,200}》")
_EVERY = re.compile(
    "[每逢][隔逢到当]?[一二两三四五六0-9]?个? ?"
    "(?=(?P<unit>季度|星期|礼拜|学[期年]|工作日|双周|单周|[年季月周旬日天])?的? ?)"
)
# 上周二、四下午
_SHORT_WEEKDAY = re.compile(r"、([一二三四五六日])(?=[、,。;和及上下晚早中 \n]|$)")
_SHORT_DAY = re.compile(r"(?<=[0-9])、([0-9]{1,2})(?=[,。;\n]|$|两[日天]|[上下]午|晚)")
_LISTED = re.compile(r" {0,2}[、,和及与] {0,2}")


def _blank_phrases(text: str, phrases: list[DatePhrase]) -> str:
    """The text with what has been read already blanked out."""
    for phrase in phrases:
        text = text[: phrase.start] + "■" * (phrase.end - phrase.start) + text[phrase.end :]
    return text


def _list_skipped_spans(text: str, frame: Frame) -> list[tuple[int, int]]:
    """Where dates are not looked for, from the last on: titles, and days that come again (每周一)."""
    found = [match.span() for match in _TITLE.finditer(text)] if "《" in text else []
    if "每" in text or "逢" in text:
        found += [
            (match.start(), _find_repetition_end(text, match, frame)) for match in _EVERY.finditer(text)
        ]
    return sorted(found, reverse=True)


def _find_repetition_end(text: str, match: re.Match[str], frame: Frame) -> int:
    """Where a repetition ends: 每周|一、三, 每月|5日和20日."""
    unit = match.end() + len(match["unit"] or "")
    while text[unit : unit + 1] in ("的", " "):
        unit += 1
    return max(
        unit, *(start + _find_list_end(text[start : start + 80], frame) for start in (match.end(), unit))
    )


def _find_list_end(text: str, frame: Frame) -> int:
    """How much of a text is a list of dates."""
    end = start = 0
    while phrase := piece_at(text, start, frame):
        end = phrase.end
        link = _LISTED.match(text, end)
        if link is None:
            break
        start = link.end()
    return end


def _read_listed_day(text: str, phrase: DatePhrase) -> DatePhrase | None:
    """The 四 of 上周二、四下午, the 16 of 11.15、16."""
    if not text.startswith("、", phrase.end):
        return None
    found = phrase.value
    later: date | None
    if found.named_week or found.weekday_only:
        match = _SHORT_WEEKDAY.match(text, phrase.end)
        ahead = (WEEKDAYS[match[1]] - found.first.weekday()) % 7 if match else 0
        later = found.first + timedelta(days=ahead)
    elif found.sets_month and found.is_day:
        match = _SHORT_DAY.match(text, phrase.end)
        later = find_calendar_day(found.first.year, found.first.month, int(match[1])) if match else None
    else:
        return None
    if match is None or later is None or later < found.first:
        return None
    return DatePhrase(found._replace(first=later, last=later), match.start(1), match.end())


class _Scanner:
    """One pass over a text from left to right."""

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
        """Everything found."""
        position = 0
        while (start := next_start(self.text, position)) is not None:
            position = self._read_next(start)
        if self.foreign:
            for phrase in self.foreign:
                self._add_phrase(phrase)
            self.spans.sort(key=lambda span: span.start)
        return Dates(tuple(self.spans), tuple(self.impossible))

    def _read_next(self, start: int) -> int:
        """Read what begins at `start`; where to go on."""
        while self.skipped and self.skipped[-1][1] <= start:
            self.skipped.pop()
        if self.skipped and self.skipped[-1][0] <= start:
            return self.skipped[-1][1]
        adjacent = self.last is not None and self.last.end == start and not self.text[start].isascii()
        if not adjacent and not may_begin(self.text, start):
            return start + 1
        phrase = piece_at(self.text, start, self._create_frame(start))
        if phrase is None:
            return start + 1
        self._add_phrase(phrase)
        while following := _read_listed_day(self.text, phrase):
            phrase = following
            self._add_phrase(phrase)
        return phrase.end

    def _create_frame(self, start: int) -> Frame:
        """The frame, with what the text has named before, and what stands directly before in a list."""
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
        found, start, end = phrase.value, phrase.start, phrase.end
        if found.impossible:
            self.impossible.append(ImpossibleDate(self.original[start:end], start, end))
            return
        doubt = found.doubt or ("old" if self._is_old(found) else None)
        self.spans.append(DateSpan(found.first, found.last, start, end, found.kind, found.period, doubt))
        self.last = phrase
        if found.sets_month:
            self.anchor = found
        if found.kind == "day":
            self.previous = found.first

    def _is_old(self, found: DateValue) -> bool:
        return (
            found.year_guessed
            and found.kind in ("day", "range")
            and (self.frame.today - found.first).days > OLD_DAYS
        )
