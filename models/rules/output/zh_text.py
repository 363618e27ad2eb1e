"""Wording that reminders and answers share: days, weekdays, periods, escaping."""

import re
from collections.abc import Sequence
from datetime import date
from html import escape as _escape, unescape

from models.rules.calendar.periods import PeriodError, format_period as longer_name

_TAG = re.compile(r"<[^<>]*>")
WEEKDAYS = "一二三四五六日"
_PERIODS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"(\d{4})-W(\d\d)"), "{0}年第{1}周"),
    (re.compile(r"(\d{4})-(\d\d)-(\d\d)"), "{0}年{1}月{2}日"),
    (re.compile(r"(\d{4})-(\d\d)"), "{0}年{1}月"),
    (re.compile(r"(\d{4})-B(\d)"), "{0}年第{1}个双月"),
    (re.compile(r"(\d{4})-Q(\d)"), "{0}年第{1}季度"),
    (re.compile(r"(\d{4})-H1"), "{0}年上半年"),
    (re.compile(r"(\d{4})-H2"), "{0}年下半年"),
    (re.compile(r"(\d{4})-S1"), "{0}年秋季学期"),
    (re.compile(r"(\d{4})-S2"), "{0}年春季学期"),
    (re.compile(r"(\d{4})"), "{0}年度"),
)


def escape(text: str) -> str:
    """Text of people, safe inside our small markup."""
    return _escape(text, quote=False)


def strip_markup(text: str) -> str:
    """A message as it is seen: without its markup."""
    return unescape(_TAG.sub("", text))


def format_weekday(day: date) -> str:
    """周五."""
    return "周" + WEEKDAYS[day.weekday()]


def format_short_day(day: date, today: date | None = None) -> str:
    """11月20日; with the year where it is not today's."""
    year = f"{day.year}年" if today is not None and day.year != today.year else ""
    return f"{year}{day.month}月{day.day}日"


def format_full_day(day: date, today: date | None = None) -> str:
    """11月20日（周五）; with the year where it is not today's."""
    return f"{format_short_day(day, today)}（{format_weekday(day)}）"


def format_period(key: str) -> str:
    """2026年11月 for 2026-11; an unknown key stays as it is."""
    for pattern, words in _PERIODS:
        if found := pattern.fullmatch(key):
            return words.format(*(str(int(part)) for part in found.groups()))
    try:
        return longer_name(key)
    except PeriodError:
        return key


def clip_text(text: str, most: int) -> str:
    """What somebody wrote, on one line of so many characters at most."""
    line = " ".join(text.split())
    return line if len(line) <= most else f"{line[: most - 1]}…"


def join_names(names: Sequence[str], limit: int = 20) -> str:
    """理科支部、文科支部; past the limit 等N个."""
    if len(names) <= limit:
        return "、".join(names)
    return "、".join(names[:limit]) + f"等{len(names)}个"
