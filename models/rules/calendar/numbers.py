"""Parses small numbers, in figures or in Chinese."""

NUMBER = r"([0-9]{1,3}|[一二两三四五六七八九十]{1,3})"
_DIGITS = {"一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}


def parse_number(word: str) -> int:
    """Parse `12`, `十二`, `二十`, `两`; takes what NUMBER matches, up to 99 in Chinese."""
    if word.isdecimal():
        return int(word)
    tens, ten, ones = word.rpartition("十")
    return (_DIGITS.get(tens, 1) * 10 if ten else 0) + _DIGITS.get(ones, 0)
