"""The pieces that several date grammars share: connectors, numerals, years and months, and what they mean."""

import re
from datetime import date
from functools import lru_cache

from handlers.reading.numbers import DIGIT, to_int
from handlers.reading.spans import Frame

GAP = " {0,2}"
TO = rf"{GAP}(?:到|至|-{{1,2}}|~{{1,2}}){GAP}"
LIST = rf"{GAP}[、和及与,]{GAP}"
CN_DAY = f"(?:[一二三]?十{DIGIT}?|廿{DIGIT}?|卅一?|{DIGIT})"
CN_TEENS = f"(?:[一二三]?十{DIGIT}?|廿{DIGIT}?|卅一?)"
DAY = f"(?:[0-9]{{1,2}}|{CN_DAY})"
# 日 and 号 end a day only where they do not begin another word (日期, 号楼, 一号文件, 10日内).
DAY_END = (
    r"(?:日(?!期|程|常|志|报|记|益|用|制|均|语|元|本人|三餐|之?内|以内|游)"
    r"|号(?!文|楼|线|厅|室|门|馆|院|桌|车|机|店|令|选手|公|通|教|宿|栋|库|窗|位|人|仓|地|区|房|台|场|厂|井"
    r"|岗|员|码|牌|柜|箱|床|提|决|议案|馆|公寓|会议室|会场|多|称|召))"
)
# What makes a bare number a count, an amount or a clock time instead of a day.
UNIT = (
    r"[0-9.:%°‰/个人名位次项场节课届页件篇份元万亿千百点时分秒年月周天余多几余+岁级班组队室楼层号度斤克吨米里升倍折条"
    r"种套本张台辆家所户支票组块角毛度平克斤吨米步A-Za-z]"
)
NO_UNIT = rf"(?!{GAP}{UNIT}|[-~]{GAP}[0-9]{{1,4}}{GAP}[个人名次项位岁元班节])"

YEAR_WORD = (
    r"(?:(?<![以目之当提此])大{0,2}前年(?!龄|后)|去年|今年(?!龄)|本年(?!级|龄)|明年|(?<![以今之最然此])大{0,2}后年"
    r"|(?<![以])上一?年(?=度)|下一?年(?=度)|上一年|下一年)度?"
)
YEAR_DIGITS = (
    rf"(?:[0-9]{{3,4}}|'?[0-9]{{2}}|[〇零一二三四五六七八九]{{2,4}}"
    rf"|[一两二]千(?:{DIGIT}百)?(?:[〇零]?(?:{DIGIT}?十{DIGIT}?|{DIGIT}))?)"
)
ERAS = {"洪武": 1368, "永乐": 1403, "万历": 1573, "崇祯": 1628, "顺治": 1644, "康熙": 1662, "雍正": 1723, "乾隆": 1736,
        "嘉庆": 1796, "道光": 1821, "咸丰": 1851, "同治": 1862, "光绪": 1875, "宣统": 1909, "民国": 1912,
        "昭和": 1926, "平成": 1989, "令和": 2019}  # fmt: skip
YEAR_END = "年(?:度(?!假))?(?!级|龄|代)"
YEAR = (
    rf"(?:{YEAR_WORD}|{YEAR_DIGITS}{GAP}{YEAR_END}|(?:{'|'.join(ERAS)})(?:元|[0-9]{{1,2}}|{CN_DAY}){GAP}年"
    rf"|(?:19|20)[0-9]{{2}}(?={TO}(?:19|20)[0-9]{{2}}{GAP}年)|[0-9]{{2}}(?={TO}[0-9]{{2}}{GAP}年))"
)
YEAR_SHIFT = {"大大前年": -4, "大前年": -3, "前年": -2, "去年": -1, "上年": -1, "上一年": -1, "今年": 0, "本年": 0,
              "明年": 1, "下年": 1, "下一年": 1, "后年": 2, "大后年": 3, "大大后年": 4}  # fmt: skip

NEAR = r"(?:上{1,3}(?:一?个|一)?|下{1,3}(?:一?个|一)?|本|这一?个?|当|大上个?)"
NOT_PLACE = r"(?<![线网晚早以会桌地底基根课书剧版])"
MONTH_NUMBER = rf"(?:[0-9]{{1,2}}|十[一二]?|{DIGIT}|元)"
MONTH_WORD = rf"{NOT_PLACE}{NEAR}{GAP}月"

_YEAR_TEXT = re.compile(rf"({'|'.join(ERAS)})?'?([0-9一二三四五六七八九十〇零两千廿卅元]+)")


@lru_cache(maxsize=4096)
def number(text: str) -> int:
    """The number of a fragment that matched a numeral; 元 is one."""
    return 1 if text == "元" else to_int(text) or 0


@lru_cache(maxsize=4096)
def year_number(text: str) -> tuple[int, int]:
    """(digits, year) of a written year: (2, 26) for 26年, (4, 1681) for 康熙20年; (0, 0) for a word such as 去年."""
    match = _YEAR_TEXT.match(text)
    if match is None:
        return 0, 0
    if match[1]:
        return 4, ERAS[match[1]] + number(match[2]) - 1
    return 4 if "千" in match[2] else len(match[2]), number(match[2])


def year_of(text: str, frame: Frame) -> int:
    """The year that a matched year means; two digits lie at most 20 years ahead."""
    digits, value = year_number(text)
    if digits == 0:
        return frame.today.year + YEAR_SHIFT[text.removesuffix("度")]
    return full_year(value, frame.today) if digits == 2 else value


def full_year(short: int, today: date) -> int:
    """A year of two digits in full: at most 20 years after today."""
    return (today.year + 20) - (today.year + 20 - short) % 100


@lru_cache(maxsize=512)
def steps(text: str) -> int:
    """How far 上上个, 本, 下一个 … point: -2, 0, 1."""
    if text.startswith("大上"):
        return -2
    return text.count("下") - text.count("上")
