"""Pattern fragments that several date grammars share, and what the matched words mean.

Every fragment is written for `re.VERBOSE`: a space is `[ ]`, and a comment runs to the end of its line.
Compile what uses them with `re.ASCII | re.VERBOSE`. Fragments hold no groups unless their comment says so.
"""

import re
from datetime import date
from functools import lru_cache

from handlers.reading.dates.context import Frame
from handlers.reading.text.numbers import DIGIT, parse_integer

FIGURES = "0123456789"
NUMERALS = "〇零一二三四五六七八九十廿卅两"
GAP = "[ ]{0,2}"
TO = rf"{GAP}(?:到|至|-{{1,2}}|~{{1,2}}){GAP}"
LIST = rf"{GAP}[、和及与,]{GAP}"
WEEK = "(?:周|星期|礼拜)"
CN_TEENS = f"(?:[一二三]?十{DIGIT}?|廿{DIGIT}?|卅一?)"
CN_DAY = f"(?:{CN_TEENS}|{DIGIT})"
DAY = f"(?:[0-9]{{1,2}}|{CN_DAY})"
# 日 and 号 end a day only where they do not begin another word.
DAY_END = r"""(?:
      日(?! [期程常志报记益用制均语元游]     # 日期, 日程
          | 本人 | 三餐                      # 日本人
          | 一                               # 一日一, a frequency
          | 之?内 | 以内                     # 10日内, a length of time
        )
    | 号(?! [文楼线厅室门馆院桌车机店令宿栋库窗位人仓地区房台场厂井岗员码牌柜箱床称]   # 一号文件, 3号楼
          | 选(?!举|出|完)                   # 号选手, but 15号选举
          | 公(?!布|示|开)
          | 通(?!过|知)
          | 教(?!育|师|研)
          | 提(?!前|交)
          | 决(?!定)
          | 多(?!人|名)
          | 召(?!开|集)                      # 号召
          | 议案 | 会议室 | 会场 | 报告厅    # 2号会议室
        )
    | (?=两[日天])                           # 11月15、16两天
)"""
_MORE_FIGURES = "[0-9%°‰+A-Za-z]|[.:/][0-9]"
# What makes the number before it a count, an amount or a clock time instead of a day.
UNIT = rf"""(?:
      {_MORE_FIGURES}
    | {GAP}(?:
          [个位次届页件篇份元万亿千百点秒年月天余多几岁级室楼层号度斤克吨米里升倍种套辆户票]
        | 台(?!账)
        | 人(?![大事])                       # 11月15人大, 人事
        | 名(?!师)
        | 项(?!目)
        | 场(?!地)
        | 节(?![日前后假])
        | 课(?![题堂])
        | 分(?![别组管享])
        | 时(?!候)
        | 周(?![一二三四五六日末])           # 11.15周日
        | 班(?![子会主])
        | 组(?!织)                           # 11.15组织党员
        | 队(?![伍员会])
        | 折(?!子)
        | 条(?!例)
        | 本(?![校支月周])
        | 家(?![访长庭])
        | 所(?!有)
        | 支(?![委部])                       # 11.15支委会
      )
)"""
# The same for a number with a fraction, which no count of things or people has.
MEASURE = rf"""(?:
      {_MORE_FIGURES}
    | {GAP}(?:
          [万亿千百元角块度克斤吨升倍折年月天秒亩个次]
        | 小?时(?!候)
        | [学课]时
        | 平方
        | 公[里斤顷]
        | 分(?![别组管享])
        | 米(?!饭)
        | 里(?!程)
        | 岁(?!末)
        | 周(?![一二三四五六日末])
        | 点(?!名)
        | 节课
      )
)"""
NO_UNIT = rf"(?!{UNIT}|[-~]{GAP}[0-9]{{1,4}}{GAP}[个人名次项位岁元班节])"
# 初, 底, 末 … where they name a part of a month or year and begin no other word: 初中, 底线, 末端, 中秋.
START = "初(?![级中小高始步心任次稿审试选赛衷期等学]|[一二三](?:年级|班|[(]))"
END = "[底末尾](?![线层部数子气蕴座稿盘细色片牌端])"
MIDDLE = r"中(?=$|[,。;、 \n开召举组完进之前])"

STEMS, BRANCHES = "甲乙丙丁戊己庚辛壬癸", "子丑寅卯辰巳午未申酉戌亥"
YEAR_BEGINS = (
    FIGURES + "'" + NUMERALS + STEMS + "大前去今本明后上下次翌当洪永万崇顺康雍乾嘉道咸同光宣民昭平令"
)
ERAS = {
    "洪武": 1368, "永乐": 1403, "万历": 1573, "崇祯": 1628, "顺治": 1644, "康熙": 1662, "雍正": 1723,
    "乾隆": 1736, "嘉庆": 1796, "道光": 1821, "咸丰": 1851, "同治": 1862, "光绪": 1875, "宣统": 1909,
    "民国": 1912, "昭和": 1926, "平成": 1989, "令和": 2019,
}  # fmt: skip
YEAR_SHIFT = {
    "大大前年": -4, "大前年": -3, "前年": -2, "去年": -1, "上年": -1, "上一年": -1, "今年": 0, "本年": 0,
    "明年": 1, "下年": 1, "下一年": 1, "后年": 2, "大后年": 3, "大大后年": 4,
}  # fmt: skip
BESIDE_YEARS = {"次年": 1, "翌年": 1, "同年": 0, "当年": 0}
_YEAR_WORD = r"""
    (?: (?<![以目之当提此])大{0,2}前年(?![龄后])    # 前年, but not 以前年龄
      | 去年
      | 今年(?!龄)
      | 本年(?![级龄])                              # not 本年级
      | 明年
      | (?<![以今之最然此])大{0,2}后年              # 后年, but not 以后年
      | (?<!以)上年(?=度)                           # 上年度
      | 下年(?=度)
      | [上下]一年
    )度?
  | [次翌同]年
  | 当年
"""
_YEAR_DIGITS = rf"""(?:
    [0-9]{{3,4}}                                    # 2026
  | '?[0-9]{{2}}                                    # '26, 26
  | [〇零一二三四五六七八九]{{2,4}}                 # 二〇二六
  | [一两二]千(?:{DIGIT}百)?(?:[〇零]?(?:{DIGIT}?十{DIGIT}?|{DIGIT}))?   # 两千零二十六
)"""
# After one of these a year needs no 年: 2025下半年.
_PART_OF_YEAR = r"""(?:
    [上下]半年
  | 第?[一二三四1-4]个?季度
  | 前[二两三]个?季度
  | [春秋]季?学期
  | 国庆 | 中秋 | 春节 | 元旦 | 清明 | 端午
  | [五七八]一(?![0-9])
)"""
YEAR = rf"""(?:
    {_YEAR_WORD}                                                   # 去年
  | {_YEAR_DIGITS}{GAP}年(?:度(?!假))?(?![级龄代])                 # 2026年度, but not 26年级
  | (?: [{STEMS[::2]}][{BRANCHES[::2]}]
      | [{STEMS[1::2]}][{BRANCHES[1::2]}] )年                      # 丙午年
  | (?:{"|".join(ERAS)})(?:元|[四五六]十{DIGIT}?|{DAY}){GAP}年     # 康熙二十年
  | (?:19|20)[0-9]{{2}}(?={GAP}{_PART_OF_YEAR}|{TO}(?:19|20)[0-9]{{2}}{GAP}年)   # 2025下半年, 2024到2026年
  | [0-9]{{2}}(?={TO}[0-9]{{2}}{GAP}年)                            # 24到26年
)"""

NEAR_BEGINS = "上下本这当大"
NEAR = "(?:上{1,3}(?:一?个|一)?|下{1,3}(?:一?个|一)?|本|这一?个?|当|大上个?)"
# 线上, 网上, 晚上 … before a period are places or times of day: 线上周会.
NOT_PLACE = "(?<![线网晚早以会桌地底基根课书剧版])"
MONTH_NUMBER = rf"(?:[0-9]{{1,2}}|十[一二]?|{DIGIT}|元)"
# Groups: `month`, or `near` for 上个月.
MONTH = rf"""(?:
    (?P<month>{MONTH_NUMBER}){GAP}(?:
        月(?:份|度)?
      | (?={TO}{MONTH_NUMBER}{GAP}月)                                                # 9-10月
      | (?=[、和]{MONTH_NUMBER}{GAP}月(?!{GAP}[0-9一二三四五六七八九十]))             # 9、10月
    )
  | (?P<near>{NOT_PLACE}{NEAR}){GAP}月(?:份|度)?
)
(?! [球饼亮嫂色龄租]                                                                 # 月饼
  | 光(?!荣) | 台(?!账) | 票(?![据决]) | 刊(?![物发登]) | 薪(?!酬)
)"""

_YEAR_TEXT = re.compile(rf"({'|'.join(ERAS)})?'?([0-9一二三四五六七八九十百〇零两千廿卅元]+)")


@lru_cache(maxsize=4096)
def parse_number(text: str) -> int:
    """The number of a matched numeral; 元 is one, what is no number 0."""
    return 1 if text == "元" else parse_integer(text) or 0


@lru_cache(maxsize=4096)
def parse_year(text: str) -> tuple[int, int]:
    """Number of digits and value of a written year: (2, 26) of 26年, (4, 1681) of 康熙20年.

    (0, 0) where it is no number: 去年.
    """
    match = _YEAR_TEXT.match(text)
    if match is None:
        return 0, 0
    if match[1]:
        return 4, ERAS[match[1]] + parse_number(match[2]) - 1
    return 4 if "千" in match[2] else len(match[2]), parse_number(match[2])


def find_year(text: str, frame: Frame) -> int:
    """The year that a match of YEAR means; one of two digits lies at most 20 years ahead.

    Less than 1 where 同年 or 次年 has nothing to lean on.
    """
    digits, value = parse_year(text)
    if text[0] in STEMS:
        return _find_sexagenary_year(text, frame.today.year)
    if text in BESIDE_YEARS:
        return _get_year_beside(frame) + BESIDE_YEARS[text]
    if digits == 0:
        return frame.today.year + YEAR_SHIFT[text.removesuffix("度")]
    return get_full_year(value, frame.today) if digits == 2 else value


def _get_year_beside(frame: Frame) -> int:
    """The year that 同年 leans on: of a range's first end, else of the last date in the text.

    -10, which is no year in any case, where the text has named none.
    """
    named = frame.pivot if frame.second_end else frame.anchor.last if frame.anchor else frame.previous
    return named.year if named else -10


def _find_sexagenary_year(text: str, this_year: int) -> int:
    """The last year up to this one with a name such as 丙午年."""
    # A cycle of sixty began in the year 4.
    stem, branch = STEMS.index(text[0]), BRANCHES.index(text[1])
    return next(year for year in range(this_year, this_year - 60, -1)
                if (year - 4) % 10 == stem and (year - 4) % 12 == branch)  # fmt: skip


def get_full_year(short: int, today: date) -> int:
    """A year of two digits in full: at most 20 years after today."""
    return (today.year + 20) - (today.year + 20 - short) % 100


@lru_cache(maxsize=512)
def count_steps(text: str) -> int:
    """How far 上上个, 本, 下一个 … point: -2, 0, 1."""
    if text.startswith("大上"):
        return -2
    return text.count("下") - text.count("上")
