"""Parses numbers as people write them: 23, ２３, 二十三, 廿三, 两百零五, 二〇二六, 1.2万."""

import re
from collections.abc import Callable, Mapping

from handlers.reading.text.normalize import normalize_text

UNITS = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1_000, "仟": 1_000}
MYRIADS = {"万": 10_000, "亿": 100_000_000}
DIGITS = {char: value for value, chars in enumerate(("〇零", "一壹", "二贰两", "三叁", "四肆", "五伍", "六陆",
                                                     "七柒", "八捌", "九玖")) for char in chars}  # fmt: skip
TENS = {"廿": 20, "卅": 30, "卌": 40}

# Fragments for other patterns. They hold no groups and expect text normalized by `normalize.plain`.
ARABIC = r"[0-9]{1,9}"
CHINESE = r"[〇零一二两三四五六七八九十百千万亿廿卅]{1,12}"
COUNT = rf"(?:{ARABIC}|{CHINESE})"
DIGIT = "[一二三四五六七八九]"

_POSITIONAL = re.compile(r"[〇零一二三四五六七八九两壹贰叁肆伍陆柒捌玖]{2,18}")
_ARABIC = re.compile(
    r"""
    ([0-9]{1,18})            # 12
    (?:\.([0-9]{1,6}))?      # .5
    ([十百千万亿]{0,2})      # 万
    """,
    re.VERBOSE,
)


def parse_integer(text: str) -> int | None:
    """The whole number that a text is; None where it is none, or not whole.

    Takes digits of both widths with 万 and 亿 (`1.2万`), Chinese numerals with units in the common and the
    formal script, 两 廿 卅, and digits read one by one (`二〇二六`).
    """
    text = normalize_text(text).strip().replace(",", "")
    if arabic := _ARABIC.fullmatch(text):
        return _parse_arabic(arabic[1], arabic[2] or "", arabic[3])
    if _POSITIONAL.fullmatch(text):
        return int("".join(str(DIGITS[char]) for char in text))
    return _parse_numeral(text) if text else None


def _parse_arabic(whole: str, fraction: str, units: str) -> int | None:
    """1.2万 is 12000; None where the fraction leaves a rest."""
    scale = 1
    for unit in units:
        scale *= UNITS.get(unit) or MYRIADS[unit]
    value, rest = divmod(int(whole + fraction) * scale, 10 ** len(fraction))
    return None if rest else value


def _parse_numeral(text: str) -> int | None:
    """A numeral with units such as 三千零五十; None where the characters are not in such an order."""
    numeral = _Numeral()
    for char in text:
        add = _ADD.get(char)
        if add is None or not add(numeral, char):
            return None
    return numeral.total + numeral.section + numeral.get_last_digit(text)


class _Numeral:
    """A numeral as far as it is read: myriads, the section below 万, a digit without unit.

    Each `add_` method returns whether the character may stand at that place.
    """

    __slots__ = ("digit", "last_unit", "section", "total")

    def __init__(self) -> None:
        self.total = self.section = 0
        self.digit: int | None = None
        self.last_unit = 10_000

    def add_digit(self, char: str) -> bool:
        """三; two digits side by side are no numeral, but 零 may stand before one."""
        if self.digit:
            return False
        self.digit = DIGITS[char]
        return True

    def add_tens(self, char: str) -> bool:
        """廿, 卅."""
        if self.digit is not None:
            return False
        self.section, self.last_unit = self.section + TENS[char], 10
        return True

    def add_unit(self, char: str) -> bool:
        """十, 百, 千: each smaller than the one before in its section; a bare 十 is ten."""
        if UNITS[char] >= self.last_unit:
            return False
        self.last_unit = UNITS[char]
        self.section += (1 if self.digit is None else self.digit) * self.last_unit
        self.digit = None
        return True

    def add_myriad(self, char: str) -> bool:
        """万 ends a section, 亿 multiplies all that stands before it."""
        if not self.total + self.section + (self.digit or 0):
            return False
        self.section += self.digit or 0
        if char == "万":
            self.total += self.section * 10_000
        else:
            self.total = (self.total + self.section) * MYRIADS[char]
        self.section, self.digit, self.last_unit = 0, None, 10_000
        return True

    def get_last_digit(self, text: str) -> int:
        """What the last digit adds: 五 of 三百零五 is five, 五 of 三百五 is fifty."""
        if self.digit is None:
            return 0
        spoken = len(text) > 1 and 100 <= self.last_unit < 10_000 and text[-2] in UNITS
        return self.digit * (self.last_unit // 10) if spoken else self.digit


_ADD: Mapping[str, Callable[[_Numeral, str], bool]] = {
    **dict.fromkeys(DIGITS, _Numeral.add_digit),
    **dict.fromkeys(TENS, _Numeral.add_tens),
    **dict.fromkeys(UNITS, _Numeral.add_unit),
    **dict.fromkeys(MYRIADS, _Numeral.add_myriad),
}
