"""Corrects typing slips in fixed political terms: 二十界四中全会, 主题党曰."""

import re

# Written by sound or by a look-alike; each is wrong in any sentence of this field.
_SLIPS = {
    "党曰": "党日",
    "主题觉日": "主题党日",
    "三会一刻": "三会一课",
    "两个确力": "两个确立",
    "两个维户": "两个维护",
    "四个意只": "四个意识",
    "四个自心": "四个自信",
    "不忘初新": "不忘初心",
    "牢记使名": "牢记使命",
    "从严治挡": "从严治党",
    "党风联政": "党风廉政",
    "意识型态": "意识形态",
    "八项归定": "八项规定",
}
# 二十界四中全会: 界 for 届 before the number of a plenary session or 中央.
_SESSION = re.compile(
    r"""
    ([一二三四五六七八九十]{1,3}|\d{1,2})
    界
    (?=[一二三四五六七八九十\d]{1,2}中|中央|历次)
    """,
    re.VERBOSE,
)
_SLIP = re.compile("|".join(map(re.escape, _SLIPS)))


def replace_slips(text: str) -> str:
    """The text with its fixed terms corrected; not of the same length in general."""
    return _SESSION.sub(r"\1届", _SLIP.sub(lambda match: _SLIPS[match[0]], text))


def list_slips(text: str) -> tuple[tuple[str, str], ...]:
    """The corrections as pairs (as written, correct), each once, in the order of the text."""
    corrections = [(match.start(), match[0], _SLIPS[match[0]]) for match in _SLIP.finditer(text)]
    corrections += [(match.start(), match[0], f"{match[1]}届") for match in _SESSION.finditer(text)]
    return tuple(dict.fromkeys((written, correct) for _, written, correct in sorted(corrections)))
