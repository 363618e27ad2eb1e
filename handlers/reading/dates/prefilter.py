"""A prefilter for speed: where in a text a date may begin at all."""

import re
from re import Pattern

from handlers.reading.dates.patterns import FIGURES, GAP, LIST, NUMERALS, TO

# Most numbers are no dates: what follows one must be able to make it a date.
_UNITS = rf"{GAP}(?:[年月日号天周星礼季小钟分刻秒半多来余几两世点时]|个{GAP}[半多月星礼季小钟年周世])"
_AFTER_FIGURES = rf"""
    {_UNITS}
  | [-./。·~:]{GAP}[0-9]          # 11.15, 14:30
  | {LIST}[0-9]                   # 11月10、12日
  | {TO}[0-9]
  | -?[QqHhWBS][0-9]              # 2026-Q3
  | [ ][0-9]                      # 2026 11 15
"""
_AFTER_NUMERAL = rf"{_UNITS}|(?:{LIST}|{TO})[〇零一二三四五六七八九十廿卅]"
_FIGURES = rf"""(?<![0-9])(?:
    [0-9]{{1,8}}(?={_AFTER_FIGURES})
  | (?:19|20)[0-9]{{2}}(?=[ \n之以前后起到至上下第一二三四春秋国中元清端五七八]|[0-9]{{4}}|$)
)"""
_NUMERALS = rf"[{NUMERALS}半几数百千]{{1,8}}(?={_AFTER_NUMERAL})"
_FESTIVALS = "三·?八|五·?[一四]|六·?一|七·?[一夕]|八·?一|九·?一八|一二·?九|十·?一"
# Common characters, and what must follow them.
_COUNT = "0-9一二三四五六七八九十两几半"
_PART_OF_DAY = "早晚晨夜午上中下凌清傍深"
_PAIRS = {
    "上": f"上下周星礼个月季年学旬世中{_COUNT}", "下": f"下周星礼个月季年学旬{_COUNT}",
    "前": f"天日儿些不阵年的{_PART_OF_DAY}{_COUNT}", "后": f"天日儿年的{_PART_OF_DAY}{_COUNT}",
    "本": "周星礼月季年学世", "这": f"会周星礼个月季学的{_COUNT}", "当": f"天日月年周季星礼{_PART_OF_DAY}",
    "大": "大上前后年", "中": "秋旬下元国", "今": f"天日年儿后明、开召组举春夏秋冬{_PART_OF_DAY}",
    "明": f"天日年儿后、春夏秋冬{_PART_OF_DAY}", "年": "初底末终尾中三", "月": "初底末尾中",
    "最": "近后末初", "第": _COUNT, "重": "阳", "元": "旦月宵", "学": "雷习", "公": "祭", "国": "庆家际",
    "党": "的", "开": "头", "新": "年春学一", "建": "党军", "教": "师", "全": "民国",
    "光": "棍绪", "地": "球",
}  # fmt: skip


def create_prefilter(begins: frozenset[str]) -> Pattern[str]:
    """A pattern for where a date may begin; `begins` are all characters it can begin with."""
    single = "".join(sorted(begins - set(FIGURES + NUMERALS + "半几数百") - set(_PAIRS)))
    pairs = "|".join(f"{first}{GAP}[{second}]" for first, second in _PAIRS.items())
    # The set in front lets the search skip other characters in one step.
    begin = f"(?=[{''.join(sorted(begins))}])"
    return re.compile(
        f"{begin}(?:{_FIGURES}|{_NUMERALS}|{_FESTIVALS}|[{single}]|{pairs})", re.ASCII | re.VERBOSE
    )
