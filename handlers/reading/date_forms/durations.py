"""Days at a distance of time from today: 三天前, 半年前, 近三个月, 未来两天, 一周内, 10分钟之前."""

import re
from datetime import date, datetime, timedelta
from functools import lru_cache
from re import Match
from typing import NamedTuple

from handlers.reading.dates.context import DateValue, Form, Frame, Scope, add_months
from handlers.reading.dates.patterns import FIGURES, GAP, NUMERALS, parse_number

_COUNT = r"(?:[0-9]{1,4}(?:\.[0-9])?|[一二两三四五六七八九十百]{1,5}|半|几|数)"
_UNIT = "(?:年|季度|月|星期|周(?![年岁一二三四五六日])|礼拜|天|日|小时|钟头|分钟|刻钟|秒钟?)"
LENGTH = rf"""
    {_COUNT}{GAP}[多来余几]?{GAP}个?{GAP}[半多]?{GAP}个?{_UNIT}[半多]?      # 三天, 两个半月, 十多年
    (?:{GAP}[零又]?{GAP}{_COUNT}{GAP}个?{GAP}半?{_UNIT}){{0,2}}              # 一年零三个月
"""
# One count with its unit.
_PART = re.compile(
    rf"""
    (?P<count>{_COUNT})[ ]*
    (?P<vague>[多来余几])?[ ]*
    (?P<each>个)?[ ]*
    (?:(?P<half>半)|(?P<over>多))?[ ]*
    个?(?P<unit>{_UNIT})
    (?P<more>[半多])?
    """,
    re.VERBOSE,
)
_EITHER = re.compile("一[两二]|[两二]三|三[四五]|四五|五六|六七|七八|八九")
LONGEST_YEARS = 200
# What one unit adds to each field of Length.
_MONTHS = {"年": 12, "季度": 3, "月": 1}
_DAYS = {"星期": 7, "周": 7, "礼拜": 7, "天": 1, "日": 1}
_SECONDS = {"小时": 3600, "钟头": 3600, "刻钟": 900, "分钟": 60, "秒": 1, "秒钟": 1}

# 近, 前, 后 … begin a window only at the start of a word: not in 附近, 以前, 最后.
_FREE = r"(?:(?<![一-鿿])|(?<=[在的于从是我你他她们了对把]))"
AGO = rf"""
    (?P<length>{LENGTH}){GAP}
    (?: (?P<past>[以之]?前(?![后面言]))               # 三天前
      | (?P<since>以来|来(?![自到了人宾校访看]))      # 5年来
      | (?P<future>[以之过]?后(?![勤续备面]))         # 两周后
      | (?P<within>[之以]?内(?![容部设外]))           # 三天内
    )
"""
WINDOW = rf"""
    (?: (?P<back>最近|过去|过往|之前|{_FREE}[近前上头])                      # 近三个月
      | (?P<ahead>未来|今后|接下来|往后|随后|{_FREE}(?:之?后|下))           # 未来两天
      | (?P<around>{_FREE}这)                                                # 这两天
    )
    {GAP}的?{GAP}(?P<length>{LENGTH})
    (?:{GAP}(?:以来|来|之内|以内|内|里|间))?
"""
LATER = rf"(?:还剩下?|剩下|(?<![经已通超不])再过){GAP}(?P<length>{LENGTH})(?!{GAP}[前以来内])"


class Length(NamedTuple):
    """A length of time, the sum of its fields; `vague` for 几天 and 三年多."""

    months: int = 0
    days: int = 0
    seconds: int = 0
    vague: bool = False

    def add_to(self, now: datetime, sign: int) -> date:
        """The day that lies this far from a moment: before it with `sign` -1, after it with 1."""
        moment = now + timedelta(days=sign * self.days, seconds=sign * self.seconds)
        return add_months(moment.date(), sign * self.months)


@lru_cache(maxsize=2048)
def parse_length(text: str) -> Length | None:
    """The length that a match of LENGTH means.

    None for what is rather a date (3月, 3日), for more years than a text would count, and for nothing (0天).
    """
    parts = list(_PART.finditer(text))
    if not all(map(_is_length, parts)):
        return None
    months = sum(_get_amount(part) * _MONTHS.get(part["unit"], 0) for part in parts)
    days = sum(_get_amount(part) * _DAYS.get(part["unit"], 0) for part in parts)
    seconds = sum(_get_amount(part) * _SECONDS.get(part["unit"], 0) for part in parts)
    # Half a month is 15 days, half a day 12 hours.
    days += months % 1 * 30
    seconds += days % 1 * 86_400
    length = Length(int(months), int(days), int(seconds), any(map(_is_vague, parts)))
    return length if length.months or length.days or length.seconds else None


def _is_length(part: Match[str]) -> bool:
    """Whether a count with its unit is a length: not 05天, 300年, 3月, 3日."""
    count, unit = part["count"], part["unit"]
    if count[0] == "0" and "." not in count:
        return False
    if unit == "年" and _parse_count(count) > LONGEST_YEARS:
        return False
    if unit == "月":
        return bool(part["each"]) or count in ("半", "两", "数", "几")
    return unit != "日" or (len(count) == 1 and not count.isdigit())


def _is_vague(part: Match[str]) -> bool:
    """十多天, 三年多, 几天, 两三天."""
    if part["vague"] or part["over"] or part["more"] == "多":
        return True
    return part["count"] in ("几", "数") or _EITHER.fullmatch(part["count"]) is not None


def _get_amount(part: Match[str]) -> float:
    half = part["half"] or part["more"] == "半"
    return _parse_count(part["count"]) + (0.5 if half else 0)


def _parse_count(text: str) -> float:
    """The number of a count; 几 is taken for three, 两三 for two."""
    if text in ("几", "数"):
        return 3
    if _EITHER.fullmatch(text):
        return parse_number(text[0])
    if text == "半":
        return 0.5
    return float(text) if text[0].isascii() else parse_number(text)


def read_ago(match: Match[str], frame: Frame, _scope: Scope) -> DateValue | None:
    """三天前, 半个月前, 两周后, 5年来, 三天内."""
    # Before 内 even 3日 can only be a length.
    text = match["length"].replace("日", "天") if match["within"] else match["length"]
    length = parse_length(text)
    if length is None:
        return None
    if match["since"]:
        return _create_past_window(length, frame)
    if match["within"]:
        return DateValue(frame.today, length.add_to(frame.now, 1), "window")
    day = length.add_to(frame.now, 1 if match["future"] else -1)
    if length.vague:
        return DateValue(day, day, "vague")
    return _create_day_or_now(day, frame)


def _create_day_or_now(day: date, frame: Frame) -> DateValue:
    """A day; today is the moment itself, since a length led to it (10分钟前)."""
    return DateValue(day, day, "now" if day == frame.today else "day")


def _is_clock_length(length: Length) -> bool:
    return not length.months and not length.days


def _create_past_window(length: Length, frame: Frame) -> DateValue:
    """The days up to today: 近三天 are the day before yesterday, yesterday and today."""
    first = length.add_to(frame.now, -1)
    if _is_clock_length(length):
        return DateValue(first, frame.today, "now" if first == frame.today else "window")
    return DateValue(first + timedelta(days=1), frame.today, "vague" if length.vague else "window")


def _create_future_window(length: Length, frame: Frame) -> DateValue:
    """The days from tomorrow on."""
    last = length.add_to(frame.now, 1)
    if _is_clock_length(length):
        return DateValue(frame.today, last, "now" if last == frame.today else "window")
    return DateValue(frame.today + timedelta(days=1), last, "vague" if length.vague else "window")


def read_window(match: Match[str], frame: Frame, _scope: Scope) -> DateValue | None:
    """近三个月 and 过去三天 end today, 未来两天 and 后1年 begin tomorrow; 前两天 and 这两天 are vague."""
    # 下半月 is a part of a month, not a window of half a month.
    if match["length"][0] == "半" and match[0][0] in "上下前后":
        return None
    length = parse_length(match["length"])
    if length is None:
        return None
    if match["around"]:
        return DateValue(frame.today, frame.today, "vague")
    if match["ahead"]:
        return _create_future_window(length, frame)
    if length.days == 2 and match["back"] == "前":
        return DateValue(frame.today - timedelta(days=2), frame.today - timedelta(days=1), "vague")
    return _create_past_window(length, frame)


def read_later(match: Match[str], frame: Frame, _scope: Scope) -> DateValue | None:
    """再过3天, 还剩3小时."""
    length = parse_length(match["length"])
    return _create_day_or_now(length.add_to(frame.now, 1), frame) if length else None


FORMS = (
    Form("三天前", FIGURES + NUMERALS + "半几数百", AGO, read_ago),
    Form("近三个月", "最近过之未今接往随前上头后下这", WINDOW, read_window),
    Form("再过3天", "还剩再", LATER, read_later),
)
