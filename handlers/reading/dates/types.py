"""Values of the date readers: dates with their spans, and a phrase while it is read."""

from datetime import date
from typing import NamedTuple

from handlers.reading.dates.context import DateValue


class DateSpan(NamedTuple):
    """Days that a text names, both included, and the span of their words in the original text.

    `kind`:
    - `day`: one day (昨天, 11月15日, 上周五, 国庆节前一天)
    - `range`: two ends (11月9日—13日, 周一至周五)
    - `period`: a week, month, quarter, half-year, semester, year or decade
    - `part`: a part of one (11月上旬, 月底, 年初, 上周末)
    - `window`: counted from a day (近三个月, 未来两天, 今年以来)
    - `vague`: no single day can be meant (近日, 前几天, 国庆期间)
    - `now`: the moment itself (刚才, 10分钟前)
    - `before`, `since`: an open end (20日前, 截至11月, 9月1日起); first and last are those of what is named

    `period` is the key of a period that the text names as a whole (`2026-11`, `2026-W47`, `2026-B6`,
    `2026-Q3`, `2026-H2`, `2026-S1`, `2026`; semesters have their usual days).

    `doubt`:
    - `weekday`: a weekday or another name beside it contradicts the date
    - `fraction`: it may be a count such as 8/9
    - `old`: the year was not said, and the day lies more than 300 days back
    """

    first: date
    last: date
    start: int
    end: int
    kind: str
    period: str | None = None
    doubt: str | None = None


class ImpossibleDate(NamedTuple):
    """A day that no calendar has, such as 2月30日: its words and their span in the original text."""

    text: str
    start: int
    end: int


class Dates(NamedTuple):
    """All dates of one text, in its order."""

    spans: tuple[DateSpan, ...] = ()
    impossible: tuple[ImpossibleDate, ...] = ()


class DatePhrase(NamedTuple):
    """Words that name a date, and what they mean; the span grows with what belongs to it."""

    value: DateValue
    start: int
    end: int
