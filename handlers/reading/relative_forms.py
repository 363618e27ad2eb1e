"""Days and weeks counted from today: 昨天, 大前天, 今晚, 上上周五, 周末, 本周, 下半周, 刚才."""

from datetime import timedelta
from re import Match

from handlers.reading.clock import PART, PART_OF_DAY
from handlers.reading.fragments import GAP, NEAR, NOT_PLACE, steps
from handlers.reading.part_forms import WEEK, WEEKDAYS
from handlers.reading.spans import Found, Frame, Read, day, week, week_key

_WORDS = {"大大前天": -4, "大前天": -3, "前天": -2, "前日": -2, "前儿个": -2, "前儿": -2, "昨天": -1, "昨日": -1,
          "昨儿个": -1, "昨儿": -1, "今天": 0, "今日": 0, "今儿个": 0, "今儿": 0, "明天": 1, "明日": 1, "明儿个": 1,
          "明儿": 1, "后天": 2, "后日": 2, "后儿": 2, "大后天": 3, "大大后天": 4}  # fmt: skip
_SHORT = {"前": -2, "昨": -1, "今": 0, "当": 0, "明": 1, "后": 2}
_TITLES = "今日(?:头条|说法|关注)|明日(?:之后|之星|方舟)|昨日重现|今天国际"
DAY_WORD = (
    rf"(?!{_TITLES})(?P<word>大{{0,2}}(?:(?<![以之目当提])前天|(?<![今以之最然此先])后天)|(?<![以目当提])前(?:日(?!程|常|期|志)|儿个?)"
    rf"|[昨今](?:天|日(?!起))|[昨今](?:儿个?)|明(?:天|日|儿个?)|(?<![今以之最然此先])后(?:日|儿)|今日)"
)
DAY_SHORT = rf"(?P<short>[昨今明]|(?<![以目当提之])前|(?<![今以之最然此])后){PART}"
DAY_VERB = r"(?P<short>[昨今])(?=开|召开|组织|举行|举办)"
SAME_DAY = rf"当(?:天|日|晚|夜|{PART_OF_DAY})|同(?:日|一天)"
NEXT_DAY = r"次日|翌日|第二天|隔天|转天"
NOW = "刚才|刚刚|方才|马上|现在|此刻"
# First and last day that may be meant, counted from today.
_VAGUE = {"近日": (0, 0), "近期": (0, 0), "最近": (0, 0), "近来": (0, 0), "日前": (0, 0), "前不久": (-7, -1), "前几天": (-3, -1),
          "前些天": (-7, -1), "前些日子": (-7, -1), "前阵子": (-14, -1), "前一阵": (-14, -1), "前一阵子": (-14, -1),
          "近几天": (-3, 0), "近几日": (-3, 0), "这几天": (-3, 0), "这几日": (-3, 0), "这两天": (-1, 0), "前两天": (-2, -1),
          "过几天": (1, 7), "过两天": (1, 3), "过些天": (1, 14), "改天": (1, 7)}  # fmt: skip
VAGUE = "(?<![会课节目此假])(?P<vague>" + "|".join(sorted(_VAGUE, key=len, reverse=True)) + ")"
# Not a weekday: 上周三次会议, 周五名党员, 周日程, but 周五个人自学.
_NAME = (
    r"(?:[一二三四五六天]|日(?!程|常|报|志|期|记|均)|[1-7](?![0-9.:%]))"
    r"(?![次位项场]|名(?!师|单|额|家|著)|个(?!人)|人[参到])"
)
NEAR_WEEK = (
    rf"(?P<near>{NOT_PLACE}{NEAR}){GAP}{WEEK}"
    rf"(?:(?:的)?{GAP}(?:{WEEK})?{GAP}(?:(?P<weekday>{_NAME})|(?P<end>末))|(?![年边围到全密岁]))"
)
HALF_WEEK = r"(?P<near>上|下|前|后)半(?:个)?(?:周|星期)"
WEEKDAY = (
    rf"(?<![0-9一二三四五六七八九十两几半个单双隔每逢]){WEEK}{GAP}(?:(?P<weekday>{_NAME})|(?P<end>末))"
)


def read_word(match: Match[str], frame: Frame) -> Found | None:
    """昨天, 大前天, 明儿."""
    return day(frame.today + timedelta(days=_WORDS[match["word"]]))


def read_short(match: Match[str], frame: Frame) -> Found | None:
    """昨晚, 今早, 前晚."""
    return day(frame.today + timedelta(days=_SHORT[match["short"]]))


def read_now(_match: Match[str], frame: Frame) -> Found | None:
    """刚才, 现在."""
    return Found(frame.today, frame.today, "now")


def read_vague(match: Match[str], frame: Frame) -> Found | None:
    """近日, 前几天: around today, no single day."""
    first, last = _VAGUE[match["vague"]]
    return Found(frame.today + timedelta(days=first), frame.today + timedelta(days=last), "vague")


def read_same_day(_match: Match[str], frame: Frame) -> Found | None:
    """当天: today where the text has named no day before; else it says nothing new."""
    return None if frame.previous else day(frame.today)


def read_next_day(_match: Match[str], frame: Frame) -> Found | None:
    """次日: after the day the text has named before."""
    return day(frame.previous + timedelta(days=1)) if frame.previous else None


def read_near_week(match: Match[str], frame: Frame) -> Found | None:
    """上周五, 本周, 下下周末."""
    monday, sunday = week(frame.today + timedelta(days=7 * steps(match["near"])))
    if match["weekday"]:
        found = monday + timedelta(days=WEEKDAYS[match["weekday"]])
        return Found(found, found, named_week=True)
    if match["end"]:
        return Found(sunday - timedelta(days=1), sunday, "part")
    return Found(monday, sunday, "period", week_key(monday))


def read_half_week(match: Match[str], frame: Frame) -> Found | None:
    """上半周 to Wednesday, 下半周 from Thursday."""
    monday, sunday = week(frame.today)
    first = match["near"] in "上前"
    return (
        Found(monday, monday + timedelta(days=2), "part")
        if first
        else Found(monday + timedelta(days=3), sunday, "part")
    )


def read_weekday(match: Match[str], frame: Frame) -> Found | None:
    """周五, 星期天, 周末: the nearest, today included; in a list after 上周一 of the same week."""
    wanted = 5 if match["end"] else WEEKDAYS[match["weekday"]]
    if frame.leaning and frame.leaning.named_week and not match["end"]:
        listed = frame.leaning.first + timedelta(days=(wanted - frame.leaning.first.weekday()) % 7)
        return Found(listed, listed, named_week=True)
    ahead = (wanted - frame.pivot.weekday()) % 7
    found = frame.pivot + timedelta(days=ahead if frame.future else ahead - 7 if ahead else 0)
    if not match["end"]:
        return Found(found, found, weekday=True)
    if frame.pivot.weekday() == 6:
        found = frame.pivot - timedelta(days=1)
    return Found(found, found + timedelta(days=1), "part")


FORMS: tuple[tuple[str, Read], ...] = (
    (HALF_WEEK, read_half_week),
    (NEAR_WEEK, read_near_week),
    (WEEKDAY, read_weekday),
    (DAY_WORD, read_word),
    (DAY_SHORT, read_short),
    (DAY_VERB, read_short),
    (NOW, read_now),
    (SAME_DAY, read_same_day),
    (NEXT_DAY, read_next_day),
)
# After the windows, since 最近一周 begins like 最近.
VAGUE_FORMS: tuple[tuple[str, Read], ...] = ((VAGUE, read_vague),)
