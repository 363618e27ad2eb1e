"""Parses and checks a year's days off, as the State Council announces them."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple

from models.rules.calendar.festivals import ALIASES
from models.rules.calendar.statutory import get_statutory_days
from models.rules.calendar.workdays import HolidayYear

FORM = '{"year": 2027, "days": [{"name": "元旦", "date": "2027-01-01", "isOffDay": true}, …]}'
WEEKDAYS = "一二三四五六日"


class HolidayError(ValueError):
    """Days off that cannot be those of the year; the message has one line for each mistake."""

    def __init__(self, problems: Iterable[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(self.problems))


class _Day(NamedTuple):
    """One entry: the festivals it belongs to, the day, and whether it is off or worked."""

    names: tuple[str, ...]
    day: date
    off: bool


def check_holidays(data: Any, expected: int | None = None) -> HolidayYear:
    """Parse one year's days off and make-up days; raises HolidayError unless all checks pass.

    `data` is the file's JSON: {"year", "days": [{"name", "date", "isOffDay"}]}, weekends of a break
    included, as the State Council announces it; `expected` is the year the file must be for. Checked are
    the year, duplicates, make-up days on weekdays, statutory days missing by the law of that year, and
    breaks that are not in one piece.
    """
    year, days = _parse_announcement(data)
    problems = []
    if expected is not None and year != expected:
        problems.append(f"年份不对：应为 {expected} 年，文件写的是 {year} 年")
    if not days:
        problems.append("一天也没有：days 是空的")
    problems += [*_check_years(year, days), *_check_duplicates(days), *_check_weekdays(days)]
    if days:
        problems += [*_check_statutory(year, days), *_check_breaks(year, days)]
    if problems:
        raise HolidayError(problems)
    return HolidayYear(
        year,
        frozenset(each.day for each in days if each.off),
        frozenset(each.day for each in days if not each.off),
    )


def list_holiday_warnings(announced: HolidayYear) -> tuple[str, ...]:
    """List what is unusual though possible in an announcement that passed every check."""
    # The working days lost are nearly always as many as the days of the law.
    lost = sum(day.weekday() < 5 for day in announced.off) - len(announced.worked)
    law = sum(len(days) for days in get_statutory_days(announced.year).values())
    if lost == law:
        return ()
    return (f"请核对：工作日放假减去调休上班为 {lost} 天，法定节假日是 {law} 天，通常相等",)


def _parse_announcement(data: Any) -> tuple[int, list[_Day]]:
    if not isinstance(data, Mapping) or not isinstance(data.get("days"), list):
        raise HolidayError([f"文件格式应为 {FORM}"])
    year = data.get("year")
    # A JSON true is an int in Python.
    if not isinstance(year, int) or isinstance(year, bool) or not 1950 <= year <= 2099:
        raise HolidayError([f"year 应为四位年份的整数，现在是 {year!r}"])
    days, problems = [], []
    for number, entry in enumerate(data["days"], start=1):
        try:
            days.append(_parse_entry(entry))
        except (KeyError, TypeError, ValueError):
            problems.append(f"第{number}条看不懂：{entry!r}，应写成 {FORM}")
    if problems:
        raise HolidayError(problems)
    return year, days


def _parse_entry(entry: Any) -> _Day:
    off = entry["isOffDay"]
    if not isinstance(off, bool) or not isinstance(entry["name"], str):
        raise TypeError(entry)
    # 国庆节和中秋节 is one break of two festivals.
    names = entry["name"].replace("和", "、").replace(",", "、").split("、")
    return _Day(tuple(ALIASES.get(name, name) for name in names), date.fromisoformat(entry["date"]), off)


def _check_years(year: int, days: Sequence[_Day]) -> Iterator[str]:
    """Check that all days lie in the year; only 元旦 may begin in the December before."""
    for each in days:
        early = each.day.year == year - 1 and each.day >= date(year - 1, 12, 22) and "元旦" in each.names
        if each.day.year != year and not early:
            yield f"年份不对：{each.day} 不在 {year} 年"


def _check_duplicates(days: Sequence[_Day]) -> Iterator[str]:
    for day, times in sorted(Counter(each.day for each in days).items()):
        if times > 1:
            yield f"重复：{day} 写了 {times} 次"


def _check_weekdays(days: Sequence[_Day]) -> Iterator[str]:
    for each in days:
        if not each.off and each.day.weekday() < 5:
            weekday = WEEKDAYS[each.day.weekday()]
            yield f"调休上班日应在周末：{each.day} 是周{weekday}（{'、'.join(each.names)}）"


def _check_statutory(year: int, days: Sequence[_Day]) -> Iterator[str]:
    off = {each.day for each in days if each.off}
    for name, statutory in get_statutory_days(year).items():
        missing = [day for day in statutory if day not in off]
        if missing:
            yield f"缺法定节假日：{name} {'、'.join(str(day) for day in missing)} 没有列为放假"


def _check_breaks(year: int, days: Sequence[_Day]) -> Iterator[str]:
    """Check that each festival's break is one run of days off with a statutory day in it."""
    statutory = get_statutory_days(year)
    for name, off in _group_breaks(year, days).items():
        if name not in statutory:
            continue
        first, last = min(off), max(off)
        gaps = _list_worked_days(first, last, days)
        if gaps:
            worked = "、".join(str(day) for day in gaps[:3])
            yield f"{name}的假期不连续：{first} 至 {last} 之间 {worked} 要上班"
        elif not off & set(statutory[name]):
            yield f"{name}的假期 {first} 至 {last} 不含法定的 {statutory[name][0]}"


def _group_breaks(year: int, days: Sequence[_Day]) -> dict[str, set[date]]:
    """The days off of each festival."""
    breaks: dict[str, set[date]] = defaultdict(set)
    for each in days:
        # The next year's 元旦 may be announced with this year's days.
        following = each.day >= date(year, 12, 22)
        for name in each.names if each.off else ():
            if not (following and name == "元旦"):
                breaks[name].add(each.day)
    return breaks


def _list_worked_days(first: date, last: date, days: Sequence[_Day]) -> list[date]:
    """The worked days from first to last; a weekend that no entry mentions is off."""
    listed = {each.day: each.off for each in days}
    between = (first + timedelta(days=n) for n in range((last - first).days))
    return [day for day in between if not listed.get(day, day.weekday() >= 5)]
