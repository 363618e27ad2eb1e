"""Clock times and parts of the day, which follow a date: 下午3点半, 14:30, 晚上八点."""

import re
from re import Match

from handlers.reading.dates.context import DateValue, Form, Frame, Scope, create_day
from handlers.reading.dates.patterns import CN_TEENS, FIGURES, GAP, NUMERALS, TO
from handlers.reading.text.numbers import DIGIT

PART_OF_DAY = r"""(?:
    凌晨 | 清晨 | [大]?清早 | 一大早 | 早上 | 早晨
  | [上中下正]午 | 午[后间]
  | 傍晚 | 晚[上间] | 夜[里间] | 深夜 | 半夜
)"""
# A single character only where it does not begin another word: 晚会, 早餐, 夜校.
PART = rf"(?:{PART_OF_DAY}|[早晚夜晨午](?![会宴餐饭报读自习辅托班年婚校课操练场休]))"
_HOUR = rf"(?:[0-9]{{1,2}}|二十[一-四]?|十{DIGIT}?|两|零|{DIGIT})"
_MINUTE = rf"(?:[0-9]{{1,2}}|[二三四五]?{CN_TEENS}|{DIGIT})"
CLOCK = rf"""(?:
    # 14:30, 14:30:05.123+08:00
    [0-9]{{1,2}}:[0-9]{{2}}(?: :[0-9]{{2}}(?:\.[0-9]{{1,6}})?)?(?:Z|[+-][0-9]{{2}}:[0-9]{{2}})?
  | {_HOUR}{GAP}(?:
        # 3点半, 三点一刻, 3点05分20秒, but not 三点意见
        点(?!意见|要求|建议|评|名|名称|击|赞)
        (?:钟 | 整 | 半 | [一二三]刻 | 过?零?{_MINUTE}分?(?:{_MINUTE}秒)?)?
        # 14时30分, but not 3时期
      | 时(?![期间代候长段刻])
        (?:零?{_MINUTE}分(?:{_MINUTE}秒)? | 半 | 整 | 许)?
    )
)"""
# What may follow a day: 下午3点, T14:30, 的晚上, 9:00-11:00. Matches the empty text, too.
TIME = re.compile(
    rf"""
    {GAP}(?:的{GAP})?
    (?:T(?={CLOCK})|{PART})?{GAP}
    (?:{CLOCK}(?:{TO}{PART}?{GAP}{CLOCK})?)?
    """,
    re.ASCII | re.VERBOSE,
)
# A range that begins with a time only: 2点-明天4点.
CLOCK_FIRST = rf"{CLOCK}(?={TO}(?:[昨今明后次]|[0-9一二三四五六七八九十]{{1,3}}{GAP}[月日号]))"


def read_clock_first(_match: Match[str], frame: Frame, _scope: Scope) -> DateValue | None:
    """The 2点 of 2点-明天4点: today."""
    return create_day(frame.today)


FORMS = (Form("2点-明天4点", FIGURES + NUMERALS, CLOCK_FIRST, read_clock_first),)
