"""Festivals, memorial days and lunar dates: 国庆节, 去年中秋, 七一, 母亲节, 腊月二十三, 农历八月十五."""

from contextlib import suppress
from datetime import date, timedelta
from functools import lru_cache
from re import Match

from borax.calendars.lunardate import LunarDate

from handlers.reading.calendar_forms import YEAR_OF
from handlers.reading.fragments import CN_DAY, GAP, MONTH_NUMBER, YEAR, number, year_of
from handlers.reading.numbers import DIGIT
from handlers.reading.spans import Days, Found, Frame, Read
from models.rules.festivals import festival_date, lunar_date, solar_term

_NO_GREETING = "(?!快乐|安康|愉快|吉祥)"
# Words that a festival's name is part of without meaning its day.
_NAMED_AFTER = (
    "(?![〇零一二三四五六七八九十百千万亿0-9.:%点时分个名人位次项条级班楼层届号路街巷弄村镇乡桥厂校园幼队制式支组岁元年月日场比奖"
    "]|中[学队心路]|小[学区]|大[道街桥厦学]|学[校院]|公[园路社司]|社区|新[村区]|商[场城店]|广场|机[场关械]|实验|军区|农[场贸]"
    "|红旗|讲话|勋章|精神|运动|口号|电影|宾馆|酒店|医院|水库|林场|起义|南昌)"
)
_NOT_NUMBERED = "(?<![〇零一二三四五六七八九十百千万第0-9班])"

_SURNAMES = "王李张刘陈杨赵黄吴徐孙胡朱林郭罗梁宋郑谢韩唐冯"

# Pattern → the name that models.rules.festivals knows, (month, day), or (month, n-th, weekday).
FESTIVALS: dict[str, str | tuple[int, ...]] = {
    "元旦(?:节)?": "元旦",
    "新年(?![度级新好伊龄])": "元旦",
    "春节|新春(?:佳节)?": "春节",
    "除夕(?:夜)?|大?年三十(?:晚上)?|大年夜": "除夕",
    "(?<![大个])小年(?![轻龄级纪岁])": "小年",
    "腊八节?(?![粥蒜])": "腊八节",
    "(?<![吃煮包做])元宵(?:佳?节)?": "元宵节",
    "龙抬头|二月二(?![十日号个])": "龙抬头",
    "(?<![治政法公])清明(?:节)?(?![政廉朗澈上])": "清明节",
    "端午(?:佳?节)?": "端午节",
    "七夕(?:节)?": "七夕节",
    "中元节|鬼节": "中元节",
    "中秋(?:佳?节)?": "中秋节",
    "重阳(?:佳?节)?(?![路木宫街])|敬老节|九月九(?![日号个十])": "重阳节",
    f"国庆节|(?<![{_SURNAMES}])国庆(?:日)?": "国庆节",
    "(?:三八)?(?:国际)?(?:劳动)?妇女节|女神节|女生节": "国际妇女节",
    "(?:五一)?(?:国际)?劳动节": "劳动节",
    "(?:五四)?青年节": "青年节",
    "(?:六一)?(?:国际)?儿童节": "儿童节",
    "(?:七一)?建党(?:节|纪念日)|党的(?:生日|诞辰)": "建党节",
    "(?:八一)?建军节": "建军节",
    "教师节": "教师节",
    "植树节": "植树节",
    "(?:全民)?国家安全教育日": "全民国家安全教育日",
    "烈士纪念日": "烈士纪念日",
    "(?:国家)?宪法(?:宣传)?日": "国家宪法日",
    "(?:国际)?反腐败日": "国际反腐败日",
    "(?:国家)?公祭日": "国家公祭日",
    "思廉日": (5, 10),
    "情人节(?<!白色情人节)": (2, 14),
    "(?:学习?)?雷锋(?:纪念)?日": (3, 5),
    "(?:国际)?消费者权益(?:保护)?日": (3, 15),
    "愚人节": (4, 1),
    "(?:世界)?地球日": (4, 22),
    "(?:世界)?读书日": (4, 23),
    "(?:中国)?航天日": (4, 24),
    "(?:国际)?护士节|防灾减灾日": (5, 12),
    "(?:世界|国际)?博物馆日": (5, 18),
    "(?:世界)?无烟日": (5, 31),
    "(?:世界)?环境日": (6, 5),
    "(?:国际)?禁毒日": (6, 26),
    "(?:中国)?医师节": (8, 19),
    "抗战胜利(?:纪念)?日": (9, 3),
    "扶贫日": (10, 17),
    "万圣(?:节|夜)(?:前夜)?": (10, 31),
    "(?:中国)?记者节": (11, 8),
    "(?:全国)?消防(?:宣传)?日": (11, 9),
    "光棍节|双十一|双11(?![0-9])": (11, 11),
    "(?:世界)?艾滋病日": (12, 1),
    "(?:国际)?志愿者日": (12, 5),
    "双十二|双12(?![0-9])": (12, 12),
    "平安夜|圣诞夜": (12, 24),
    "圣诞(?:节)?(?!老人|树|夜)": (12, 25),
    "跨年夜|新年前夜": (12, 31),
    "母亲节": (5, 2, 6),
    "父亲节": (6, 3, 6),
    "感恩节": (11, 4, 3),
    **{term: term for term in ("立春", "立夏", "立秋", "立冬", "春分", "秋分", "夏至", "冬至", "惊蛰", "谷雨", "芒种",
                               "处暑", "白露", "寒露", "霜降")},
    f"{_NOT_NUMBERED}三·?八节?{_NAMED_AFTER}": "国际妇女节",
    f"{_NOT_NUMBERED}五·?一节?{_NAMED_AFTER}": "劳动节",
    f"{_NOT_NUMBERED}五·?四节?{_NAMED_AFTER}": "青年节",
    f"{_NOT_NUMBERED}六·?一节?{_NAMED_AFTER}": "儿童节",
    f"{_NOT_NUMBERED}七·?一节?{_NAMED_AFTER}": "建党节",
    f"{_NOT_NUMBERED}八·?一节?{_NAMED_AFTER}": "建军节",
    f"{_NOT_NUMBERED}十(?:·一|一(?=前|后|期间|假|长假|小长假|黄金周|国庆|当天|放假|”|\")){_NAMED_AFTER}": "国庆节",
    f"{_NOT_NUMBERED}九·?一八节?{_NAMED_AFTER}": (9, 18),
    f"{_NOT_NUMBERED}一二·?九{_NAMED_AFTER}(?!师)": (12, 9),
}  # fmt: skip
_NAMES = tuple(FESTIVALS.values())
FESTIVAL = (
    rf"(?:{YEAR_OF})?(?:" + "|".join(f"(?P<f{index}>{pattern})" for index, pattern in enumerate(FESTIVALS))
    + rf"){_NO_GREETING}"
)  # fmt: skip
HOLIDAY_DAYS = {"国庆节": (0, 6), "春节": (-1, 6), "劳动节": (0, 4)}
HOLIDAY = rf"{FESTIVAL}(?:期间|假期|长假|小长假|放假|黄金周)"
NATIONAL_DAY = rf"(?P<year>{YEAR}){GAP}(?:的)?十一(?![月点时届名人个次项级年日号])"

_LUNAR = "(?:农历|阴历|旧历|夏历|老历)"
_LUNAR_MONTH = rf"(?:正|冬|腊|{MONTH_NUMBER})"
_FIRST_TEN = rf"初(?:十|{DIGIT})"
_LUNAR_DAY = rf"(?:{_FIRST_TEN}|{CN_DAY}|[0-9]{{1,2}})"
_NO_GRADE = r"(?![个名位次项所级班(]|年级|支部|中学|语文|数学|英语|[上下]?学期)"
LUNAR = (
    rf"(?:(?:{_LUNAR}{GAP}(?:(?P<after>{YEAR}){GAP}的?)?|{YEAR_OF}{_LUNAR}{GAP})"
    rf"(?P<marked_month>闰?{_LUNAR_MONTH}){GAP}月{GAP}(?P<marked_day>{_LUNAR_DAY})(?:日|号)?"
    rf"|(?:(?P<strict_year>{YEAR}){GAP}的?)?(?P<strict_month>闰{_LUNAR_MONTH}|正|冬|腊){GAP}月{GAP}(?P<strict_day>{_LUNAR_DAY})(?:日|号)?{_NO_GRADE}"
    rf"|(?:(?P<plain_year>{YEAR}){GAP}的?)?(?P<plain_month>十[一二]?|{DIGIT}){GAP}月{GAP}(?P<plain_day>{_FIRST_TEN}|廿{DIGIT}?(?![日号])){_NO_GRADE})"
)
NEW_YEAR = rf"(?:{YEAR_OF})?大年(?P<new_year_day>{_FIRST_TEN}){_NO_GRADE}"
LUNAR_MONTH = rf"(?:{YEAR_OF})?(?:{_LUNAR}(?P<marked>{_LUNAR_MONTH})|(?P<alone>正|冬|腊)){GAP}月(?!饼)"
_MONTH_NAMES = {"正": 1, "冬": 11, "腊": 12}


def _festival(match: Match[str]) -> str | tuple[int, ...]:
    return _NAMES[int((match.lastgroup or "f0")[1:])]


@lru_cache(maxsize=4096)
def _festival_day(name: str | tuple[int, ...], year: int) -> date | None:
    if isinstance(name, str):
        return festival_date(name, year) or solar_term(name, year)
    if len(name) == 2:
        return date(year, *name)
    month, nth, weekday = name
    first = date(year, month, 1)
    return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (nth - 1))


def _of_year(match: Match[str], frame: Frame, name: str | tuple[int, ...]) -> date | None:
    def days(year: int) -> Days | None:
        found = _festival_day(name, year)
        return (found, found) if found else None

    if match["year"]:
        return _festival_day(name, year_of(match["year"], frame))
    found = frame.nearest(days, 4)
    return found[0] if found else None


def read_festival(match: Match[str], frame: Frame) -> Found | None:
    """国庆节, 去年中秋, 母亲节."""
    found = _of_year(match, frame, _festival(match))
    return Found(found, found, guessed=not match["year"]) if found else None


def read_holiday(match: Match[str], frame: Frame) -> Found | None:
    """国庆期间, 春节假期: the usual days around it, none of them meant alone."""
    name = _festival(match)
    found = _of_year(match, frame, name)
    if found is None:
        return None
    before, after = HOLIDAY_DAYS.get(name, (0, 0)) if isinstance(name, str) else (0, 0)
    return Found(found + timedelta(days=before), found + timedelta(days=after), "vague")


def read_national_day(match: Match[str], frame: Frame) -> Found | None:
    """今年十一."""
    found = date(year_of(match["year"], frame), 10, 1)
    return Found(found, found)


@lru_cache(maxsize=4096)
def lunar_day(year: int, month: int, number_of_day: int, *, leap: bool) -> date | None:
    """The civil day of a lunar date, None where that year has no such leap month or no year is known so far.

    三十 means the last day of a month, also where that has 29: people say 大年三十 every year.
    """
    for last in (number_of_day, 29) if number_of_day == 30 else (number_of_day,):
        with suppress(ValueError):
            if not leap:
                return lunar_date(year, month, last)
            found: date = LunarDate(year, month, last, 1).to_solar_date()
            return found
    return None


def read_lunar(match: Match[str], frame: Frame) -> Found | None:
    """农历八月十五, 2015年农历正月初一, 腊月二十三, 三月初一, 闰六月初八."""
    month = match["marked_month"] or match["strict_month"] or match["plain_month"]
    day = match["marked_day"] or match["strict_day"] or match["plain_day"]
    year = match["year"] or match["after"] or match["strict_year"] or match["plain_year"]
    leap, month = month.startswith("闰"), month.lstrip("闰")
    return _lunar(
        frame, year, (_MONTH_NAMES.get(month) or number(month), number(day.lstrip("初"))), leap=leap
    )


def _lunar(frame: Frame, year: str | None, month_day: tuple[int, int], *, leap: bool = False) -> Found | None:
    def days(of_year: int) -> Days | None:
        found = lunar_day(of_year, *month_day, leap=leap)
        return (found, found) if found else None

    found = days(year_of(year, frame)) if year else frame.nearest(days, 60 if leap else 12)
    return Found(*found, guessed=not year) if found else None


def read_new_year(match: Match[str], frame: Frame) -> Found | None:
    """大年初二."""
    return _lunar(frame, match["year"], (1, number(match["new_year_day"][1:])))


def read_lunar_month(match: Match[str], frame: Frame) -> Found | None:
    """腊月, 农历八月."""
    name = match["marked"] or match["alone"]
    month = _MONTH_NAMES.get(name) or number(name)

    def days(year: int) -> Days | None:
        first = lunar_day(year, month, 1, leap=False)
        following = lunar_day(year + month // 12, month % 12 + 1, 1, leap=False)
        return (first, following - timedelta(days=1)) if first and following else None

    found = days(year_of(match["year"], frame)) if match["year"] else frame.nearest(days)
    return Found(*found, "part") if found else None


FORMS: tuple[tuple[str, Read], ...] = (
    (LUNAR, read_lunar),
    (NEW_YEAR, read_new_year),
    (LUNAR_MONTH, read_lunar_month),
    (HOLIDAY, read_holiday),
    (FESTIVAL, read_festival),
    (NATIONAL_DAY, read_national_day),
)
