"""The days of festivals: lunar ones, solar terms and fixed ones, for the years 1901–2099."""

from datetime import date, timedelta
from functools import lru_cache

from borax.calendars.lunardate import LunarDate, TermUtils

FIRST_YEAR, LAST_YEAR = 1901, 2099

# 小年 and 除夕 belong to the lunar year that ends in the year asked for.
LUNAR_FESTIVALS = {
    "春节": (1, 1),
    "元宵节": (1, 15),
    "龙抬头": (2, 2),
    "端午节": (5, 5),
    "七夕节": (7, 7),
    "中元节": (7, 15),
    "中秋节": (8, 15),
    "重阳节": (9, 9),
    "腊八节": (12, 8),
    "小年": (12, 23),
}
LAST_LUNAR_MONTH = ("小年", "腊八节")

FIXED_FESTIVALS = {
    "元旦": (1, 1),
    "国际妇女节": (3, 8),
    "植树节": (3, 12),
    "全民国家安全教育日": (4, 15),
    "劳动节": (5, 1),
    "青年节": (5, 4),
    "儿童节": (6, 1),
    "建党节": (7, 1),
    "建军节": (8, 1),
    "教师节": (9, 10),
    "烈士纪念日": (9, 30),
    "国庆节": (10, 1),
    "国家宪法日": (12, 4),
    "国际反腐败日": (12, 9),
    "国家公祭日": (12, 13),
}

ALIASES = {"五一": "劳动节", "国庆": "国庆节", "中秋": "中秋节", "端午": "端午节", "清明": "清明节",
           "元宵": "元宵节", "重阳": "重阳节", "七一": "建党节", "八一": "建军节", "五四": "青年节",
           "新年": "元旦", "新春": "春节", "年三十": "除夕"}  # fmt: skip

SOLAR_TERMS = (
    "小寒", "大寒", "立春", "雨水", "惊蛰", "春分", "清明", "谷雨", "立夏", "小满", "芒种", "夏至",
    "小暑", "大暑", "立秋", "处暑", "白露", "秋分", "寒露", "霜降", "立冬", "小雪", "大雪", "冬至",
)  # fmt: skip

# Months whose first day the Hong Kong Observatory has a day earlier than borax, as (lunar year, month).
# The new moon is within two minutes of midnight there, so they are the only doubtful ones; their dates
# touch 重阳节 2057, 中秋节 2089 and 七夕节 2097.
_DAY_EARLIER = {(2057, 9), (2089, 8), (2097, 7)}


def get_lunar_date(year: int, month: int, day: int) -> date:
    """The civil day of a lunar date in the lunar year that begins in `year`.

    Leap months are not supported.

    Raises ValueError for a date which that year does not have (a 30th of a short month) or a year
    outside 1900–2099.
    """
    if not FIRST_YEAR - 1 <= year <= LAST_YEAR:
        raise ValueError(f"农历只支持 {FIRST_YEAR}—{LAST_YEAR} 年，没有 {year} 年")
    try:
        found: date = LunarDate(year, month, day).to_solar_date()
    # borax raises several kinds of errors for a date that does not exist.
    except Exception as error:
        raise ValueError(f"没有这个农历日期：{year}年{month}月{day}日") from error
    return found - timedelta(days=(year, month) in _DAY_EARLIER)


@lru_cache(maxsize=16384)
def get_festival_date(name: str, year: int) -> date | None:
    """The day of a festival in a civil year; None where the name is no festival known here.

    小年 is 腊月二十三 and 除夕 the eve of 春节, both of the lunar year that ends in `year`; 清明节 is the
    day of the solar term. Raises ValueError outside 1901–2099 for all but the fixed ones.
    """
    name = ALIASES.get(name, name)
    if name in FIXED_FESTIVALS:
        return date(year, *FIXED_FESTIVALS[name])
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise ValueError(f"节日只支持 {FIRST_YEAR}—{LAST_YEAR} 年，没有 {year} 年")
    if name == "清明节":
        return get_solar_term("清明", year)
    if name == "除夕":
        return get_lunar_date(year, 1, 1) - timedelta(days=1)
    if name not in LUNAR_FESTIVALS:
        return None
    # The last lunar month of a lunar year lies in January or February of the next civil year.
    return get_lunar_date(year - (name in LAST_LUNAR_MONTH), *LUNAR_FESTIVALS[name])


@lru_cache(maxsize=16384)
def get_solar_term(name: str, year: int) -> date:
    """The day of one of the 24 solar terms in a civil year.

    Raises ValueError for another name or a year outside 1901–2099.
    """
    if name not in SOLAR_TERMS:
        raise ValueError(f"没有“{name}”这个节气，应为 {'、'.join(SOLAR_TERMS)} 之一")
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise ValueError(f"节气只支持 {FIRST_YEAR}—{LAST_YEAR} 年，没有 {year} 年")
    day: date = TermUtils.nth_term_day(year, SOLAR_TERMS.index(name))
    return day
