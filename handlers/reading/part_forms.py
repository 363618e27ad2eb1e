"""Parts of a month or year: 上月下旬, 月底, 十月最后一个周五, 2021年第一周, 去年的前10天, 年底."""

from collections.abc import Callable
from datetime import date, timedelta
from re import Match

from handlers.reading.calendar_forms import MONTH_OF, YEAR_OF, month_days
from handlers.reading.fragments import CN_TEENS, GAP, number, year_of
from handlers.reading.numbers import DIGIT
from handlers.reading.spans import Days, Found, Frame, Read, day, months, shifted, week, week_key

WEEKDAYS = {name: index for index, names in enumerate(("一1", "二2", "三3", "四4", "五5", "六6", "日天7"))
            for name in names}  # fmt: skip
OF = rf"{GAP}(?:的{GAP})?"
WEEK = "(?:周|星期|礼拜)"
NOT_START = r"(?!级|中|小|高|始|步|心|任|次|稿|审|试|选|赛|衷|期|等|学|[一二三](?:年级|班|\())"
NOT_END = r"(?!线|层|部|数|子|气|蕴|座|稿|盘|细|色|片|牌|端)"
_NTH = rf"(?:(?P<nth>第{GAP}(?:[0-9]{{1,2}}|{CN_TEENS}|{DIGIT})|首)|(?P<from_end>最后一?|末|倒数第[一二三]))"
_IN = rf"(?:{YEAR_OF})?(?:{MONTH_OF}{OF})?"

THIRDS = {"上旬": (1, 10), "中旬": (11, 20), "下旬": (21, 31), "上中旬": (1, 20), "中下旬": (11, 31), "初": (1, 10),
          "中": (11, 20), "底": (21, 31), "末": (21, 31), "尾": (21, 31), "上半月": (1, 15), "前半月": (1, 15),
          "下半月": (16, 31), "后半月": (16, 31)}  # fmt: skip
THIRD = (
    rf"(?P<third>上中旬|中下旬|上旬|中旬|下旬|[上下前后]半个?月|初{NOT_START}|[底末尾]{NOT_END}"
    r"|中(?=$|[,。;、 \n开召举组完进之前]))"
)
MONTH_THIRD = rf"(?:{YEAR_OF})?{MONTH_OF}{OF}{THIRD}"
THIRD_ALONE = (
    rf"(?P<third>(?:上中|中下|上|中|下)旬|月初{NOT_START}|月[底末尾]{NOT_END}"
    rf"|月中(?![小学央国心午秋层间旬考])|(?<!前)[上下]半个?月)"
)
NTH_WEEKDAY = rf"{_IN}{_NTH}{GAP}个?{GAP}{WEEK}{GAP}(?P<weekday>[一二三四五六日天末1-7])"
NTH_WEEK = rf"{_IN}{_NTH}{GAP}个?{GAP}{WEEK}(?:的?{WEEK}(?P<weekday>[一二三四五六日天1-7]))?"
NTH_UNIT = rf"{_IN}{_NTH}{GAP}个?{GAP}(?P<unit>天|日(?![0-9])|月)"
EDGE = (
    rf"{_IN}(?P<edge>前|头|最初|开头|后|最后|最末)的?{GAP}"
    rf"(?P<count>[0-9]{{1,3}}|{CN_TEENS}|[两一二三四五六七八九]){GAP}个?{GAP}(?P<unit>天|日|周|星期|月)(?!份)"
)
YEAR_OPEN = (
    rf"(?:{YEAR_OF}年?(?P<part>初{NOT_START}|[底末终尾]{NOT_END}|中(?=$|[,。;、 \n开召举组完进之前]))"
    rf"|(?P<alone>年初{NOT_START}|年[底末终尾]{NOT_END}|岁[末尾首]|年中(?=$|[,。;、 \n开召举组完进之前])))"
)
SEASON = (
    rf"(?:{YEAR_OF}|(?P<short>今|去|明))(?P<season>[春夏秋冬])(?:天|季(?!学期))?(?![至节分运游晚联招令学季])"
)
_SEASON_MONTH = {"春": 3, "夏": 6, "秋": 9, "冬": 12}
_YEAR_PART_MONTH = {"初": 1, "首": 1, "中": 6}


def whole(match: Match[str], frame: Frame) -> Days | None:
    """The month or, without one, the year that a part is a part of; None where neither is named."""
    if match["month"] or match["month_word"]:
        return month_days(match, frame)
    if match["year"]:
        return months(year_of(match["year"], frame), 1, 12)
    return None


def recent_month(frame: Frame, days_of: Callable[[date], Days | None]) -> Days | None:
    """Days that come every month, given its first day: the last begun, or (future) the first not ended."""
    first = frame.pivot.replace(day=1)
    for step in range(7):
        days = days_of(shifted(first, step if frame.future else -step))
        if days and (days[1] >= frame.pivot if frame.future else days[0] <= frame.pivot):
            return days
    return None


def third_days(first: date, name: str) -> Days:
    """The days of 上旬, 底 … in the month that begins on `first`."""
    begin, end = THIRDS[name]
    last = shifted(first, 1) - timedelta(days=1)
    return first.replace(day=begin), last if end == 31 else first.replace(day=end)


def read_month_third(match: Match[str], frame: Frame) -> Found | None:
    """11月上旬, 上个月底, 去年10月下半月."""
    found = month_days(match, frame)
    if found is None:
        return None
    return Found(*third_days(found[0], match["third"].replace("个", "")), "part", month=True)


def read_third(match: Match[str], frame: Frame) -> Found | None:
    """月底, 中旬, 下半月, of the nearest month."""
    name = match["third"].replace("个", "")
    name = name if name in THIRDS else name[1:]
    found = recent_month(frame, lambda first: third_days(first, name))
    return Found(*found, "part", month=True) if found else None


def read_nth_weekday(match: Match[str], frame: Frame) -> Found | None:
    """四月的最后一个星期一, 第二个周五: without a month, of the nearest one that has it."""
    days = whole(match, frame)
    found: Days | None
    if days:
        found = _nth_weekday(days, match)
    elif "个" in match[0]:
        found = recent_month(frame, lambda first: _nth_weekday(months(first.year, first.month), match))
    else:
        return None
    if found is None:
        return None
    return Found(*found, "part" if match["weekday"] == "末" else "day")


def _nth_weekday(days: Days, match: Match[str]) -> Days | None:
    weekend = match["weekday"] == "末"
    wanted = 5 if weekend else WEEKDAYS[match["weekday"]]
    first = days[0] + timedelta(days=(wanted - days[0].weekday()) % 7)
    last = days[1] - timedelta(days=(days[1].weekday() - wanted) % 7)
    found = _nth(match, first, last)
    if not days[0] <= found <= days[1]:
        return None
    return found, found + timedelta(days=1) if weekend else found


def _nth(match: Match[str], first: date, last: date) -> date:
    """The date n weeks on from the first, or back from the last."""
    if match["from_end"]:
        back = "一二三".index(match["from_end"][-1]) if match["from_end"].startswith("倒") else 0
        return last - timedelta(days=7 * back)
    ahead = 1 if match["nth"] == "首" else number(match["nth"].lstrip("第 "))
    return first + timedelta(days=7 * (ahead - 1))


def read_nth_week(match: Match[str], frame: Frame) -> Found | None:
    """十月的第一周, 2021年第二周, 11月第二周周五: a week belongs where its Thursday lies."""
    days = whole(match, frame)
    if days is None:
        return None
    thursdays = (days[0] + timedelta(days=(3 - days[0].weekday()) % 7),
                 days[1] - timedelta(days=(days[1].weekday() - 3) % 7))  # fmt: skip
    found = week(_nth(match, *thursdays))
    if not days[0] <= found[0] + timedelta(days=3) <= days[1]:
        return None
    if match["weekday"]:
        return day(found[0] + timedelta(days=WEEKDAYS[match["weekday"]]))
    return Found(*found, "period", week_key(found[0]))


def read_nth_unit(match: Match[str], frame: Frame) -> Found | None:
    """2021年的第三个月, 本月第一天, 去年最后一天."""
    days = whole(match, frame)
    if days is None:
        return None
    back = match["from_end"] is not None
    count = number(match["nth"].lstrip("第 ").replace("首", "一")) if match["nth"] else 1
    if match["unit"] != "月":
        found = days[1] if back else days[0] + timedelta(days=count - 1)
        return day(found) if count and found <= days[1] else None
    if not match["year"] or match["month"] or match["month_word"] or not 1 <= count <= 12:
        return None
    found_month = months(days[0].year, 12 if back else count)
    return Found(*found_month, "period", f"{found_month[0]:%Y-%m}", month=True)


def read_edge(match: Match[str], frame: Frame) -> Found | None:
    """2021年的前2周, 去年的前10天, 10月最后三天."""
    days = whole(match, frame)
    count = number(match["count"])
    if days is None or not count:
        return None
    begin, end = days
    at_end = match["edge"] in ("后", "最后", "最末")
    if match["unit"] == "月":
        found = (
            (shifted(end + timedelta(days=1), -count), end)
            if at_end
            else (begin, months(begin.year, begin.month, count)[1])
        )
    elif match["unit"] in ("天", "日"):
        span = timedelta(days=count - 1)
        found = (end - span, end) if at_end else (begin, begin + span)
    else:
        found = _edge_weeks(days, count, at_end=at_end)
    return Found(*found, "range") if found[0] >= begin - timedelta(days=6) else None


def _edge_weeks(days: Days, count: int, *, at_end: bool) -> Days:
    span = timedelta(days=7 * count - 1)
    if at_end:
        end = week(days[1] - timedelta(days=3))[1]
        return end - span, end
    begin = week(days[0] + timedelta(days=3))[0]
    return begin, begin + span


def read_year_open(match: Match[str], frame: Frame) -> Found | None:
    """2025年底, 去年年初, 年末: January, June or December."""
    month = _YEAR_PART_MONTH.get((match["part"] or match["alone"])[-1], 12)
    if match["year"]:
        return Found(*months(year_of(match["year"], frame), month), "part")
    found = frame.nearest(lambda year: months(year, month))
    return Found(*found, "part") if found else None


def read_season(match: Match[str], frame: Frame) -> Found | None:
    """去年夏天, 2026年春, 今冬: three whole months."""
    year = year_of(match["year"] or match["short"] + "年", frame)
    return Found(*months(year, _SEASON_MONTH[match["season"]], 3), "part")


FORMS: tuple[tuple[str, Read], ...] = (
    (MONTH_THIRD, read_month_third),
    (NTH_WEEKDAY, read_nth_weekday),
    (NTH_WEEK, read_nth_week),
    (NTH_UNIT, read_nth_unit),
    (EDGE, read_edge),
    (YEAR_OPEN, read_year_open),
    (SEASON, read_season),
    (THIRD_ALONE, read_third),
)
