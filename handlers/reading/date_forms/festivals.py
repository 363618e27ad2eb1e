"""Festivals and memorial days under all their names: 国庆节, 中秋, 七一, 母亲节, 国庆期间."""

from datetime import date, timedelta
from functools import lru_cache
from re import Match
from typing import NamedTuple

from handlers.reading.dates.context import Before, DateValue, DayRange, Form, Frame, Scope
from models.rules.calendar.festivals import SOLAR_TERMS, get_festival_date, get_solar_term

# A name of models.rules.calendar.festivals, or (month, day), or (month, n-th, weekday from 0 on).
Rule = str | tuple[int, ...]


class Festival(NamedTuple):
    """One festival: its names, separated by spaces, and its rule.

    `before` and `after` are patterns that must not match directly before or after the name.
    """

    names: str
    rule: Rule
    before: str = ""
    after: str = ""


_SURNAMES = "[王李张刘陈杨赵黄吴徐孙胡朱林郭罗梁宋郑谢韩唐冯]"
# A day in numbers is also a plain number, or part of the name of a road, a school, an honour …
_NUMBER = "[〇零一二三四五六七八九十百千万第0-9班]"
_NAMED_AFTER = r"""
    # 五一路, 八一小学, 三八个
    [〇零一二三四五六七八九十百千万亿0-9.:%点时分个名人位次项条级班楼层届号路街巷弄村镇乡桥厂校园幼队制式支组岁元年月日场比奖师团旅]
  | 中[学队心路] | 小[学区] | 大[道街桥厦学] | 学[校院]
  | 公[园路社司] | 社区 | 新[村区] | 商[场城店] | 广场 | 机[场关械] | 实验 | 军区 | 农[场贸]
    # 五一劳动奖章, 五四运动, 七一讲话
  | 劳动 | 红旗 | 讲话 | 勋章 | 精神 | 运动 | 口号 | 电影
  | 宾馆 | 酒店 | 医院 | 水库 | 林场
    # 八一南昌起义, 三八线, 六一居士, 五四宪法
  | 起义 | 南昌 | 事变(?!纪念) | 线(?!上) | 居士 | 宪法
"""
_GREETING = "快乐|安康|愉快|吉祥"
_COMMON_TERMS = "立春 立夏 立秋 立冬 春分 秋分 夏至 冬至 惊蛰 谷雨 芒种 处暑 白露 寒露 霜降"


def _create_numbered(first: str, last: str, rule: Rule, more: str = "") -> Festival:
    """A festival that is called by its month and day: 五一, 五·一, 五一节."""
    names = f"{first}{last} {first}·{last} {first}{last}节 {first}·{last}节 {more}"
    return Festival(names, rule, _NUMBER, _NAMED_AFTER)


FESTIVALS = (
    Festival("元旦 元旦节", "元旦"),
    Festival("新年", "元旦", after="[度级新好伊龄前]"),
    Festival("春节 新春 新春佳节", "春节"),
    Festival("除夕 除夕夜 大年三十 年三十 大年夜", "除夕"),
    Festival("小年", "小年", before="[大个]", after="[轻龄级纪岁]"),
    Festival("腊八 腊八节", "腊八节", after="[粥蒜]"),
    Festival("元宵 元宵节 元宵佳节", "元宵节", before="[吃煮包做]"),
    Festival("龙抬头", "龙抬头"),
    Festival("清明节", "清明节"),
    Festival("清明", "清明节", before=_SURNAMES + "|[治政法公]", after="[政廉朗澈上]"),
    Festival("端午 端午节 端午佳节", "端午节"),
    Festival("七夕 七夕节", "七夕节"),
    Festival("中元节 鬼节", "中元节"),
    Festival("中秋 中秋节 中秋佳节", "中秋节"),
    Festival("重阳 重阳节 重阳佳节 敬老节", "重阳节", after="[路木宫街]"),
    Festival("国庆节", "国庆节"),
    Festival("国庆", "国庆节", before=_SURNAMES, after="[路街巷]|[小中]学"),
    Festival("妇女节 国际妇女节 三八妇女节 三八国际妇女节 三八国际劳动妇女节 女神节", "国际妇女节"),
    Festival("劳动节 国际劳动节 五一劳动节 五一国际劳动节", "劳动节", after="[光奖]"),
    Festival("青年节 五四青年节", "青年节"),
    Festival("儿童节 国际儿童节 六一儿童节 六一国际儿童节", "儿童节"),
    Festival("建党节 七一建党节 建党纪念日 党的生日 党的诞辰", "建党节"),
    Festival("建军节 八一建军节", "建军节"),
    Festival("教师节", "教师节"),
    Festival("植树节", "植树节"),
    Festival("国家安全教育日 全民国家安全教育日", "全民国家安全教育日"),
    Festival("烈士纪念日", "烈士纪念日"),
    Festival("宪法日 国家宪法日 宪法宣传日", "国家宪法日"),
    Festival("反腐败日 国际反腐败日", "国际反腐败日"),
    Festival("公祭日 国家公祭日", "国家公祭日"),
    Festival("思廉日", (5, 10)),
    Festival("情人节", (2, 14), before="[色]"),
    Festival("雷锋日 学雷锋日 学雷锋纪念日 学习雷锋日", (3, 5)),
    Festival("女生节", (3, 7)),
    Festival("消费者权益日 消费者权益保护日 国际消费者权益日", (3, 15)),
    Festival("愚人节", (4, 1)),
    Festival("地球日 世界地球日", (4, 22)),
    Festival("读书日 世界读书日", (4, 23)),
    Festival("航天日 中国航天日", (4, 24)),
    Festival("护士节 国际护士节 防灾减灾日", (5, 12)),
    Festival("博物馆日 国际博物馆日", (5, 18)),
    Festival("无烟日 世界无烟日", (5, 31)),
    Festival("环境日 世界环境日", (6, 5)),
    Festival("禁毒日 国际禁毒日", (6, 26)),
    Festival("医师节 中国医师节", (8, 19)),
    Festival("抗战胜利日 抗战胜利纪念日", (9, 3)),
    Festival("扶贫日", (10, 17)),
    Festival("万圣节 万圣夜 万圣节前夜", (10, 31)),
    Festival("记者节 中国记者节", (11, 8)),
    Festival("消防日 消防宣传日 全国消防日 全国消防宣传日", (11, 9)),
    Festival("光棍节 双十一 双11", (11, 11), after="[0-9月]"),
    Festival("艾滋病日 世界艾滋病日", (12, 1)),
    Festival("志愿者日 国际志愿者日", (12, 5)),
    Festival("双十二 双12", (12, 12), after="[0-9月]"),
    Festival("平安夜 圣诞夜", (12, 24)),
    Festival("圣诞 圣诞节", (12, 25), after="老人|[树夜]"),
    Festival("跨年夜 新年前夜", (12, 31)),
    Festival("母亲节", (5, 2, 6)),
    Festival("父亲节", (6, 3, 6)),
    Festival("感恩节", (11, 4, 3)),
    *(Festival(term, term, before=_SURNAMES) for term in _COMMON_TERMS.split()),
    _create_numbered("三", "八", "国际妇女节"),
    _create_numbered("五", "一", "劳动节"),
    _create_numbered("五", "四", "青年节"),
    _create_numbered("六", "一", "儿童节"),
    _create_numbered("七", "一", "建党节"),
    _create_numbered("八", "一", "建军节"),
    _create_numbered("九", "一八", (9, 18)),
    _create_numbered("一二", "九", (12, 9)),
    Festival("十·一", "国庆节", _NUMBER, _NAMED_AFTER),
    # 十一 by itself is a number.
    Festival("十一", "国庆节", _NUMBER, "(?!前|后|期间|假|长假|小长假|黄金周|国庆|当天|放假|[”\"])"),
)  # fmt: skip
_RULES = {name: festival.rule for festival in FESTIVALS for name in festival.names.split()}
# The usual days off, counted from the festival: first and last.
_HOLIDAYS: dict[Rule, tuple[int, int]] = {"国庆节": (0, 6), "春节": (-1, 6), "劳动节": (0, 4)}
_HOLIDAY = "(?P<holiday>期间|假期|长假|小长假|放假|黄金周)?"
# 十一 as a whole line; after a year (今年十一) it needs no line of its own.
NATIONAL_DAY_LINE = r"(?<![^\n])十一(?=\n|$)"
NATIONAL_DAY = "十一(?![月点时届名人个次项级年日号分周天])"


def _create_forms() -> list[Form]:
    """One form for each character that a name begins with."""
    patterns: dict[str, list[tuple[str, str]]] = {}
    for festival in FESTIVALS:
        before = f"(?<!{festival.before})" if festival.before else ""
        after = f"(?!{festival.after})" if festival.after else ""
        for name in festival.names.split():
            patterns.setdefault(name[0], []).append((name, before + name + after))
    return [
        Form(named[0][0], char, _create_pattern(named), read_festival, _ANYWHERE)
        for char, named in patterns.items()
    ]


def _create_pattern(named: list[tuple[str, str]]) -> str:
    """A pattern for all the names, the longest first: 国庆节 before 国庆."""
    longest_first = sorted(named, key=lambda pair: -len(pair[0]))
    choices = "|".join(pattern for _, pattern in longest_first)
    return f"(?P<name>{choices})(?!{_GREETING}){_HOLIDAY}"


@lru_cache(maxsize=4096)
def _find_day(rule: Rule, year: int) -> date | None:
    """The day of a rule in one year; None where the festivals' tables do not have that year."""
    if isinstance(rule, str):
        return get_solar_term(rule, year) if rule in SOLAR_TERMS else get_festival_date(rule, year)
    if len(rule) == 2:
        return date(year, *rule)
    month, nth, weekday = rule
    first = date(year, month, 1)
    return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (nth - 1))


def read_festival(match: Match[str], frame: Frame, scope: Scope) -> DateValue | None:
    """国庆节, 去年中秋, 母亲节; 国庆期间 is the usual days off, none of them meant by itself."""
    rule = _RULES[match["name"]]
    value = _find_festival(rule, frame, scope)
    if value is None or not match["holiday"]:
        return value
    before, after = _HOLIDAYS.get(rule, (0, 0))
    return DateValue(value.first + timedelta(days=before), value.last + timedelta(days=after), "vague")


def _find_festival(rule: Rule, frame: Frame, scope: Scope) -> DateValue | None:
    """The festival of the scope's year, else the nearest."""

    def find_days(year: int) -> DayRange | None:
        day = _find_day(rule, year)
        return (day, day) if day else None

    days = find_days(scope.year) if scope.year else frame.find_nearest(find_days, 4)
    return DateValue(*days, year_guessed=not scope.year) if days else None


def read_national_day(_match: Match[str], frame: Frame, scope: Scope) -> DateValue | None:
    """今年十一, and 十一 as the whole line."""
    return _find_festival("国庆节", frame, scope)


_ANYWHERE = Before.NOTHING | Before.YEAR
FORMS = (
    *_create_forms(),
    Form("十一", "十", NATIONAL_DAY_LINE, read_national_day),
    Form("今年十一", "十", NATIONAL_DAY, read_national_day, Before.YEAR),
)
