"""Days and weeks counted from today: 昨天, 大前天, 今晚, 上上周五, 周末, 本周, 下半周, 刚才."""

from datetime import timedelta
from re import Match

from handlers.reading.date_forms.parts_of_period import WEEKDAYS
from handlers.reading.dates.clock import PART, PART_OF_DAY
from handlers.reading.dates.context import (
    DateValue,
    Form,
    Frame,
    Scope,
    create_day,
    create_period,
    format_week_key,
    get_week,
)
from handlers.reading.dates.patterns import GAP, NEAR, NEAR_BEGINS, NOT_PLACE, WEEK, count_steps

_SHIFT = {"前": -2, "昨": -1, "今": 0, "明": 1, "后": 2}
# Names of programmes that begin like a day: 今日头条, 明日之后.
_TITLES = "今日(?:头条|说法|关注)|明日(?:之后|之星|方舟)|昨日重现|今天国际"
# 目前天气 and 今后天天 hold no 前天 or 后天.
_NOT_BEFORE, _NOT_AFTER = "(?<![以目当提之])", "(?<![今以之最然此先])"
DAY_WORD = rf"""
    (?!{_TITLES})
    (?P<big>大{{0,2}})
    (?P<word>[昨今明]|{_NOT_BEFORE}前|{_NOT_AFTER}后){GAP}
    (?:天|日(?![程常期志])|儿个?)
"""
TWO_DAYS = "(?P<first>昨、?今|今、?明|明、?后)(?:两[天日]|天)"
DAY_SHORT = rf"(?P<word>[昨今明]|{_NOT_BEFORE}前|{_NOT_AFTER}后){PART}"
THIS_PART = "这个?(?:[上下中]午|早[上晨]|晚上)"
DAY_VERB = "(?P<word>[昨今])(?=开|召开|组织|举行|举办)"
SAME_DAY = rf"当(?:天|日(?![程常])|晚|夜|{PART_OF_DAY})|同日|同一天"
NEXT_DAY = "次日|翌日|第二天|隔天|转天"
ONE_DAY = "(?<![以目当提之最午])(?P<side>[前后])[一1]天"
NOW = "刚才|刚刚|立刻|这会儿|方才|马上|现在|此刻"
# First and last day that may be meant, counted from today.
_VAGUE = {
    "近日": (0, 0), "近期": (0, 0), "最近": (0, 0), "近来": (0, 0), "日前": (0, 0), "前不久": (-7, -1),
    "前几天": (-3, -1), "前些天": (-7, -1), "前些日子": (-7, -1), "前阵子": (-14, -1), "前一阵": (-14, -1),
    "前一阵子": (-14, -1), "近几天": (-3, 0), "近几日": (-3, 0), "这几天": (-3, 0), "这几日": (-3, 0),
    "这两天": (-1, 0), "前两天": (-2, -1), "过几天": (1, 7), "过两天": (1, 3), "过些天": (1, 14),
    "改天": (1, 7),
}  # fmt: skip
# Longest first: 前一阵子 before 前一阵.
VAGUE = "(?<![会课节目此假])(?P<vague>" + "|".join(sorted(_VAGUE, key=len, reverse=True)) + ")"
_NAME = r"""
    (?: [一二三四五六天]
      | 日(?![程常报志期记均])                    # 周日程 is a schedule
      | [1-7](?![0-9.:%])
    )
    (?! [次位项场]                                # 上周三次会议
      | 名(?![师单额家著])                        # 周五名党员, but 周五名师讲座
      | 个(?!人)                                  # 周五个人自学 is a Friday
      | 人[参到]
    )
"""
NEAR_WEEK = rf"""
    (?P<near>{NOT_PLACE}{NEAR}){GAP}{WEEK}
    (?: 的?{GAP}(?:{WEEK})?{GAP}
        (?: (?P<end>末|六日(?![程常]))            # 本周末
          | (?P<weekday>{_NAME})                  # 上周五
        )
      | (?![年边围到全密岁])                      # 上周, but not 上周年
    )
"""
HALF_WEEK = "(?P<half>[上下前后])半个?(?:周|星期)"
# Not after a number of weeks (五周三小时), but after another weekday (周一周二).
_NUMERAL = "[一二三四五六七八九十]"
_NO_NUMBER = rf"""
    (?<![0-9两几半个单双隔])
    (?<!^{_NUMERAL})
    (?<![^周期拜]{_NUMERAL})
    (?<!第{_NUMERAL}周)(?<!第[0-9]周)
"""
WEEKDAY = rf"""
    {_NO_NUMBER}
    {WEEK}{GAP}
    (?:(?P<end>末|六日(?![程常]))|(?P<weekday>{_NAME}))
"""


def read_day_word(match: Match[str], frame: Frame, _scope: Scope) -> DateValue | None:
    """昨天, 大前天, 明儿, 大大后天."""
    shift, big = _SHIFT[match["word"]], len(match["big"])
    if big and abs(shift) < 2:
        return None
    return create_day(frame.today + timedelta(days=shift + (big if shift > 0 else -big)))


def read_two_days(match: Match[str], frame: Frame, _scope: Scope) -> DateValue | None:
    """今明两天, 明后天."""
    first = frame.today + timedelta(days=_SHIFT[match["first"][0]])
    return DateValue(first, first + timedelta(days=1), "range")


def read_day_short(match: Match[str], frame: Frame, _scope: Scope) -> DateValue | None:
    """昨晚, 今早, 前晚, 昨开了支委会."""
    return create_day(frame.today + timedelta(days=_SHIFT[match["word"]]))


def read_this_part(_match: Match[str], frame: Frame, _scope: Scope) -> DateValue | None:
    """这个下午: today's, where the text has named no day before."""
    return None if frame.previous else create_day(frame.today)


def read_now(_match: Match[str], frame: Frame, _scope: Scope) -> DateValue | None:
    """刚才, 现在."""
    return DateValue(frame.today, frame.today, "now")


def read_vague(match: Match[str], frame: Frame, _scope: Scope) -> DateValue | None:
    """近日, 前几天: around today, no single day."""
    first, last = _VAGUE[match["vague"]]
    return DateValue(frame.today + timedelta(days=first), frame.today + timedelta(days=last), "vague")


def read_same_day(_match: Match[str], frame: Frame, _scope: Scope) -> DateValue | None:
    """当天: today where the text has named no day before, else no date of its own."""
    return None if frame.previous else create_day(frame.today)


def read_next_day(_match: Match[str], frame: Frame, _scope: Scope) -> DateValue | None:
    """次日: the day after the last day in the text; None where there is none."""
    return create_day(frame.previous + timedelta(days=1)) if frame.previous else None


def read_one_day(match: Match[str], frame: Frame, _scope: Scope) -> DateValue | None:
    """前一天, 后一天: beside the last day in the text, else beside today."""
    return create_day((frame.previous or frame.today) + timedelta(days=1 if match["side"] == "后" else -1))


def read_near_week(match: Match[str], frame: Frame, _scope: Scope) -> DateValue | None:
    """上周五, 本周, 下下周末."""
    monday, sunday = get_week(frame.today + timedelta(days=7 * count_steps(match["near"])))
    if match["weekday"]:
        day = monday + timedelta(days=WEEKDAYS[match["weekday"]])
        return DateValue(day, day, named_week=True)
    if match["end"]:
        return DateValue(sunday - timedelta(days=1), sunday, "part")
    return create_period((monday, sunday), format_week_key(monday))


def read_half_week(match: Match[str], frame: Frame, _scope: Scope) -> DateValue | None:
    """上半周 to Wednesday, 下半周 from Thursday."""
    monday, sunday = get_week(frame.today)
    if match["half"] in "上前":
        return DateValue(monday, monday + timedelta(days=2), "part")
    return DateValue(monday + timedelta(days=3), sunday, "part")


def read_weekday(match: Match[str], frame: Frame, _scope: Scope) -> DateValue | None:
    """周五, 星期天, 周末: the nearest, today included; in a list after 上周一 in the same week."""
    if match["end"]:
        return _find_weekend(frame)
    wanted = WEEKDAYS[match["weekday"]]
    if frame.leaning and frame.leaning.named_week:
        listed = frame.leaning.first + timedelta(days=(wanted - frame.leaning.first.weekday()) % 7)
        return DateValue(listed, listed, named_week=True)
    ahead = (wanted - frame.pivot.weekday()) % 7
    day = frame.pivot + timedelta(days=ahead if frame.future or not ahead else ahead - 7)
    return DateValue(day, day, weekday_only=True)


def _find_weekend(frame: Frame) -> DateValue:
    """Saturday and Sunday: the last that have begun, or the first to come."""
    saturday = get_week(frame.pivot)[0] + timedelta(days=5)
    if saturday > frame.pivot and not frame.future:
        saturday -= timedelta(days=7)
    return DateValue(saturday, saturday + timedelta(days=1), "part")


FORMS = (
    Form("下半周", "上下前后", HALF_WEEK, read_half_week),
    Form("上周五", NEAR_BEGINS, NEAR_WEEK, read_near_week),
    Form("周五", "周星礼", WEEKDAY, read_weekday),
    Form("大前天", "大昨今明前后", DAY_WORD, read_day_word),
    Form("今明两天", "昨今明", TWO_DAYS, read_two_days),
    Form("昨晚", "昨今明前后", DAY_SHORT, read_day_short),
    Form("昨召开", "昨今", DAY_VERB, read_day_short),
    Form("这个下午", "这", THIS_PART, read_this_part),
    Form("刚才", "刚方马现此立这", NOW, read_now),
    Form("当天", "当同", SAME_DAY, read_same_day),
    Form("昨天，次日", "次翌第隔转", NEXT_DAY, read_next_day),
    Form("前一天", "前后", ONE_DAY, read_one_day),
)
# Tried after the windows, since 最近一周 begins like 最近.
LATE_FORMS = (Form("近日", "近最日前这过改", VAGUE, read_vague),)
