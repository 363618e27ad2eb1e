"""Dates in other languages: 15 November 2026, 3 août 2025, 2026년 11월 15일.

They are parsed by dateparser. It misreads running text and Chinese, so it only gets spans that were
recognized here, written in one canonical order.
"""

import re
from datetime import date, datetime, time
from functools import lru_cache

from handlers.reading.dates.context import DateValue, Frame, get_months
from handlers.reading.dates.types import DatePhrase

LANGUAGES = ["en", "fr", "de", "es", "ru", "ko"]
# dateparser takes a millisecond a date; the limit bounds the cost of a text full of them.
MOST = 8
_STEMS = (
    "jan|feb|fév|fev|mar|mär|apr|avr|abr|mai|may|jun|jui|jul|aug|aoû|ago|sep|oct|okt|nov|dec|déc|dez|dic|ene"
    "|янв|фев|мар|апр|мая|май|июн|июл|авг|сен|окт|ноя|дек"
)
_LETTERS = re.compile("[A-Za-zÀ-ÿА-я가-힣]")
_MONTH = rf"(?P<{{}}>(?:{_STEMS})[a-zà-ÿа-я]{{{{0,9}}}})\.?"
_DAY = r"(?P<{}>[0-9]{{1,2}})(?:st|nd|rd|th|er|\.)?"
_YEAR = r"(?:,?[ ](?:de[ ])?(?P<{}>[0-9]{{4}})(?![0-9]))?"
_SHAPE = re.compile(
    rf"""
    (?<![0-9a-zà-ÿа-я.-])
    (?: # 3 août 2025
        {_DAY.format("day")}[ ](?:of[ ]|de[ ])?{_MONTH.format("month")}{_YEAR.format("year")}
        # May 3, 2025
      | {_MONTH.format("month_first")}[ ]{_DAY.format("day_second")}{_YEAR.format("year_last")}
        # May 2025
      | {_MONTH.format("only_month")}[ ](?P<only_year>[0-9]{{4}})
        # 2026년 11월 15일
      | (?:(?P<korean_year>[0-9]{{4}})년[ ]?)?
        (?P<korean_month>[0-9]{{1,2}})월[ ]?
        (?P<korean_day>[0-9]{{1,2}})일
    )
    (?![0-9a-zà-ÿа-я])
    """,
    re.IGNORECASE | re.VERBOSE,
)


def find_foreign_dates(text: str, frame: Frame) -> list[DatePhrase]:
    """The dates of other languages in a normalized text, in its order; at most MOST."""
    if not _LETTERS.search(text):
        return []
    phrases = []
    for match, _ in zip(_SHAPE.finditer(text), range(MOST), strict=False):
        if value := _read_match(match, frame):
            phrases.append(DatePhrase(value, *match.span()))
    return phrases


def _read_match(match: re.Match[str], frame: Frame) -> DateValue | None:
    """The month or day that dateparser makes of a match."""
    if match["only_month"]:
        canonical = f"1 {match['only_month']} {match['only_year']}"
        first = _parse_canonical(canonical, frame.today, future=frame.future)
        if first is None:
            return None
        return DateValue(*get_months(first.year, first.month), "period", f"{first:%Y-%m}", sets_month=True)
    canonical, year = _format_canonical(match)
    day = _parse_canonical(canonical, frame.today, future=frame.future)
    return DateValue(day, day, sets_month=True, year_guessed=year is None) if day else None


def _format_canonical(match: re.Match[str]) -> tuple[str, str | None]:
    """Day, month and year in this order without commas and endings; and the year, if any."""
    if match["korean_day"]:
        year = match["korean_year"]
        text = f"{match['korean_month']}월 {match['korean_day']}일"
        return (f"{year}년 {text}" if year else text), year
    day, month = match["day"] or match["day_second"], match["month"] or match["month_first"]
    year = match["year"] or match["year_last"]
    return f"{day} {month} {year or ''}".strip(), year


@lru_cache(maxsize=1024)
def _parse_canonical(text: str, today: date, *, future: bool) -> date | None:
    """The day that dateparser makes of a canonical text; None for 30 feb or 3 marble."""
    from dateparser.date import DateDataParser  # noqa: PLC0415 - slow to import, and few texts need it

    settings = {
        "RELATIVE_BASE": datetime.combine(today, time()),
        "PREFER_DATES_FROM": "future" if future else "past",
        "REQUIRE_PARTS": ["day", "month"],
        "PARSERS": ["absolute-time"],
    }
    read = DateDataParser(languages=LANGUAGES, settings=settings).get_date_data(text).date_obj
    return read.date() if read else None
