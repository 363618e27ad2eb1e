"""Parts of a month or year: 上月下旬, 月底, 十月最后一个周五, 2021年第一周, 去年的前10天, 年底."""

from datetime import date, timedelta
from re import Match

from handlers.reading.dates.context import (
    Before,
    DateValue,
    DayRange,
    Form,
    Frame,
    Scope,
    add_months,
    create_day,
    create_period,
    find_calendar_day,
    format_week_key,
    get_months,
    get_week,
)
from handlers.reading.dates.patterns import CN_TEENS, END, GAP, MIDDLE, START, WEEK, find_year, parse_number
from handlers.reading.text.numbers import DIGIT

WEEKDAYS = {
    name: index
    for index, names in enumerate(("一1", "二2", "三3", "四4", "五5", "六6", "日天7"))
    for name in names
}
_NTH = rf"""(?:
    (?P<nth>第{GAP}(?:[0-9]{{1,2}}|{CN_TEENS}|{DIGIT})|首)
  | (?P<from_end>最后一?|末|倒数第[一二三])
)"""
_NTH_BEGINS = "第首最末倒"

# First and last day of the month; 31 stands for its end.
THIRDS = {
    "上旬": (1, 10), "中旬": (11, 20), "下旬": (21, 31), "上中旬": (1, 20), "中下旬": (11, 31),
    "初": (1, 10), "中": (11, 20), "底": (21, 31), "末": (21, 31), "尾": (21, 31),
    "上半月": (1, 15), "前半月": (1, 15), "下半月": (16, 31), "后半月": (16, 31),
}  # fmt: skip
_THIRD_NAME = "上中旬|中下旬|[上中下]旬|[上下前后]半个?月"
THIRD = rf"(?P<third>{_THIRD_NAME}|月?(?:{START}|{END}|{MIDDLE}))"
BARE_THIRD = rf"(?P<third>{_THIRD_NAME}|月(?:{START}|{END}|{MIDDLE}))"
NTH_WEEKDAY = rf"{_NTH}{GAP}个?{GAP}{WEEK}{GAP}(?P<weekday>[一二三四五六日天末]|[1-7](?![0-9.]))"
NTH_WEEK = rf"{_NTH}{GAP}个?{GAP}{WEEK}(?:的?{WEEK}(?P<weekday>[一二三四五六日天]|[1-7](?![0-9.])))?"
NTH_UNIT = rf"{_NTH}{GAP}个?{GAP}(?P<unit>天|日|月)"
# 前10天, 最后三天
EDGE = rf"""
    (?P<edge>前|头|最初|开头|后|最后|最末)的?{GAP}
    (?P<count>[0-9]{{1,3}}|{CN_TEENS}|两|{DIGIT}){GAP}个?{GAP}
    (?P<unit>天|日|周|星期|月)(?!份)
"""
YEAR_PART = rf"年?(?P<part>{START}|[底末终尾](?![线层部数子气蕴座稿盘细色片牌端])|{MIDDLE})"
BARE_YEAR_PART = rf"(?P<part>年{START}|年[终]?(?:{END})|年终|岁[末尾首]|年{MIDDLE})"
SEASON = r"(?P<season>[春夏秋冬])(?:天|季(?!学期))?(?![至节分运游晚联招令学季])"
SEASON_SHORT = rf"(?P<short>[今去明]){SEASON}"
_SEASON_MONTH = {"春": 3, "夏": 6, "秋": 9, "冬": 12}
_YEAR_PART_MONTH = {"初": 1, "首": 1, "中": 6}


def get_third(first: date, name: str) -> DayRange:
    """The days of a part (上旬, 底 …) of the month that begins on `first`."""
    begin, end = THIRDS[name]
    last = add_months(first, 1) - timedelta(days=1)
    return first.replace(day=begin), last if end == 31 else first.replace(day=end)


def read_third(match: Match[str], frame: Frame, scope: Scope) -> DateValue | None:
    """The 上旬 of 11月上旬, the 底 of 上个月底, 月底 after 上个月."""
    month = scope.find_days(frame)
    return DateValue(*get_third(month[0], _get_third_name(match)), "part", sets_month=True) if month else None


def _get_third_name(match: Match[str]) -> str:
    """The name as in THIRDS: 底 of 月底, 上半月 of 上半个月."""
    return match["third"].replace("个", "").removeprefix("月")


def read_bare_third(match: Match[str], frame: Frame, _scope: Scope) -> DateValue | None:
    """月底, 中旬, 下半月, of the nearest month."""
    name = _get_third_name(match)
    days = frame.find_nearest_month(lambda first: get_third(first, name))
    return DateValue(*days, "part", sets_month=True) if days else None


def read_nth_weekday(match: Match[str], frame: Frame, scope: Scope) -> DateValue | None:
    """四月的最后一个星期一, 第二个周五; without a month, of the nearest one that has it."""
    days: DayRange | None = None
    if scope_days := scope.find_days(frame):
        days = _find_nth_weekday(scope_days, match)
    elif "个" in match[0]:
        days = frame.find_nearest_month(
            lambda first: _find_nth_weekday(get_months(first.year, first.month), match)
        )
    if days is None:
        return None
    return DateValue(*days, "part" if match["weekday"] == "末" else "day")


def _find_nth_weekday(days: DayRange, match: Match[str]) -> DayRange | None:
    """The n-th weekday or weekend within the days; None where they have no such one."""
    weekend = match["weekday"] == "末"
    wanted = 5 if weekend else WEEKDAYS[match["weekday"]]
    first = days[0] + timedelta(days=(wanted - days[0].weekday()) % 7)
    last = days[1] - timedelta(days=(days[1].weekday() - wanted) % 7)
    begin = _find_nth(match, first, last)
    if not days[0] <= begin <= days[1]:
        return None
    return begin, begin + timedelta(days=1) if weekend else begin


def _find_nth(match: Match[str], first: date, last: date) -> date:
    """The date n - 1 weeks after the first, or before the last."""
    if match["from_end"]:
        back = "一二三".index(match["from_end"][-1]) if match["from_end"].startswith("倒") else 0
        return last - timedelta(days=7 * back)
    return first + timedelta(days=7 * (_parse_ordinal(match["nth"]) - 1))


def _parse_ordinal(text: str) -> int:
    """3 of 第三, 1 of 首."""
    return 1 if text == "首" else parse_number(text.lstrip("第 "))


def read_nth_week(match: Match[str], frame: Frame, scope: Scope) -> DateValue | None:
    """十月的第一周, 2021年第二周, 11月第二周周五; as in ISO 8601 a week belongs where its Thursday is."""
    days = scope.find_days(frame)
    if days is None:
        return None
    first = days[0] + timedelta(days=(3 - days[0].weekday()) % 7)
    last = days[1] - timedelta(days=(days[1].weekday() - 3) % 7)
    thursday = _find_nth(match, first, last)
    if not days[0] <= thursday <= days[1]:
        return None
    monday, sunday = get_week(thursday)
    if match["weekday"]:
        return create_day(monday + timedelta(days=WEEKDAYS[match["weekday"]]))
    return create_period((monday, sunday), format_week_key(monday))


def read_nth_unit(match: Match[str], frame: Frame, scope: Scope) -> DateValue | None:
    """2021年的第三个月, 本月第一天, 去年最后一天."""
    days = scope.find_days(frame)
    if days is None:
        return None
    back = match["from_end"] is not None
    count = _parse_ordinal(match["nth"]) if match["nth"] else 1
    if match["unit"] != "月":
        wanted = days[1] if back else days[0] + timedelta(days=count - 1)
        return create_day(wanted) if count and wanted <= days[1] else None
    if scope.month or not 1 <= count <= 12:
        return None
    month = get_months(days[0].year, 12 if back else count)
    return create_period(month, f"{month[0]:%Y-%m}", sets_month=True)


def read_edge(match: Match[str], frame: Frame, scope: Scope) -> DateValue | None:
    """2021年的前2周, 去年的前10天, 10月最后三天."""
    days = scope.find_days(frame)
    count = parse_number(match["count"])
    if days is None or not count:
        return None
    edge = _get_edge(days, count, match["unit"], at_end=match["edge"] in ("后", "最后", "最末"))
    # A week may begin up to six days before the month; 最后40天 of one makes no sense.
    return DateValue(*edge, "range") if edge[0] >= days[0] - timedelta(days=6) else None


def _get_edge(days: DayRange, count: int, unit: str, *, at_end: bool) -> DayRange:
    """The first or last `count` days, weeks or months of the days."""
    begin, end = days
    if unit == "月":
        after = add_months(end + timedelta(days=1), -count)
        return (after, end) if at_end else (begin, get_months(begin.year, begin.month, count)[1])
    if unit not in ("天", "日"):
        count *= 7
        begin, end = get_week(begin + timedelta(days=3))[0], get_week(end - timedelta(days=3))[1]
    span = timedelta(days=count - 1)
    return (end - span, end) if at_end else (begin, begin + span)


def read_year_part(match: Match[str], frame: Frame, scope: Scope) -> DateValue | None:
    """2025年底, 去年年初, 年末: January, June or December."""
    month = _YEAR_PART_MONTH.get(match["part"][-1], 12)
    if scope.year:
        return DateValue(*get_months(scope.year, month), "part")
    days = frame.find_nearest(lambda year: get_months(year, month))
    return DateValue(*days, "part") if days else None


def read_same_day(_match: Match[str], frame: Frame, scope: Scope) -> DateValue | None:
    """去年今天, 上个月的今天; None where that month has no such day."""
    days = scope.find_days(frame)
    if days is None:
        return None
    day = find_calendar_day(days[0].year, scope.month or frame.today.month, frame.today.day)
    return create_day(day) if day else None


def read_season(match: Match[str], frame: Frame, scope: Scope) -> DateValue | None:
    """去年夏天, 2026年春, 今冬: three whole months."""
    year = scope.year or find_year(match["short"] + "年", frame)
    return DateValue(*get_months(year, _SEASON_MONTH[match["season"]], 3), "part")


FORMS = (
    Form("11月上旬", "上中下前后初底末尾月", THIRD, read_third, Before.MONTH),
    Form(
        "10月最后一个周五",
        _NTH_BEGINS,
        NTH_WEEKDAY,
        read_nth_weekday,
        Before.NOTHING | Before.YEAR | Before.MONTH,
    ),
    Form("11月第二周", _NTH_BEGINS, NTH_WEEK, read_nth_week, Before.YEAR | Before.MONTH),
    Form("本月第一天", _NTH_BEGINS, NTH_UNIT, read_nth_unit, Before.YEAR | Before.MONTH),
    Form("去年的前10天", "前头最开后", EDGE, read_edge, Before.YEAR | Before.MONTH),
    Form("2025年底", "年初底末终尾中", YEAR_PART, read_year_part, Before.YEAR),
    Form("年末", "年岁", BARE_YEAR_PART, read_year_part),
    Form("去年今天", "今", "今[天日]", read_same_day, Before.YEAR | Before.MONTH),
    Form("去年夏天", "春夏秋冬", SEASON, read_season, Before.YEAR),
    Form("今冬", "今去明", SEASON_SHORT, read_season),
    Form("月底", "上中下前后月", BARE_THIRD, read_bare_third),
)
