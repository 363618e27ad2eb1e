"""Numbers as people write them: 23, ２３, 二十三, 廿三, 两百零五, 二〇二六, 1.2万."""

import re

from handlers.reading.text.normalize import plain

UNITS = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1_000, "仟": 1_000}
MYRIADS = {"万": 10_000, "亿": 100_000_000}
DIGITS = {char: value for value, chars in enumerate(("〇零", "一壹", "二贰两", "三叁", "四肆", "五伍", "六陆",
                                                     "七柒", "八捌", "九玖")) for char in chars}  # fmt: skip
TENS = {"廿": 20, "卅": 30, "卌": 40}

# Fragments for other patterns; they hold no groups and expect a text made plain.
ARABIC = r"[0-9]{1,9}"
CHINESE = r"[〇零一二两三四五六七八九十百千万亿廿卅]{1,12}"
COUNT = rf"(?:{ARABIC}|{CHINESE})"
DIGIT = "[一二三四五六七八九]"

_POSITIONAL = re.compile(r"[〇零一二三四五六七八九两壹贰叁肆伍陆柒捌玖]{2,18}")
_ARABIC = re.compile(r"([0-9]{1,18})(?:\.([0-9]{1,6}))?([十百千万亿]{0,2})")


def to_int(text: str) -> int | None:
    """The whole number that a text is; None where it is none, or not whole.

    Takes digits of both widths with 万 and 亿 (`1.2万`), Chinese numerals with units in the common and the
    formal script, 两 廿 卅, and digits read one by one (`二〇二六`).
    """
    text = plain(text).strip().replace(",", "")
    if arabic := _ARABIC.fullmatch(text):
        return _parse_arabic(arabic[1], arabic[2] or "", arabic[3])
    if _POSITIONAL.fullmatch(text):
        return int("".join(str(DIGITS[char]) for char in text))
    return _parse_numeral(text) if text else None


def _parse_arabic(whole: str, fraction: str, units: str) -> int | None:
    scale = 1
    for unit in units:
        scale *= UNITS.get(unit) or MYRIADS[unit]
    value, rest = divmod(int(whole + fraction) * scale, 10 ** len(fraction))
    return None if rest else value


def _parse_numeral(text: str) -> int | None:
    """A numeral such as 三千零五十; units must fall within a section of 万."""
    total = section = 0
    digit: int | None = None
    last_unit = 10_000
    for char in text:
        if char in DIGITS:
            if digit:
                return None
            digit = DIGITS[char]
        elif char in TENS and digit is None:
            section, last_unit = section + TENS[char], 10
        elif char in UNITS and UNITS[char] < last_unit:
            last_unit = UNITS[char]
            section, digit = section + (1 if digit is None else digit) * last_unit, None
        elif char in MYRIADS and total + section + (digit or 0):
            section += digit or 0
            total = total + section * 10_000 if char == "万" else (total + section) * MYRIADS[char]
            section, digit, last_unit = 0, None, 10_000
        else:
            return None
    return total + section + _get_last_digit(digit, last_unit, text)


def _get_last_digit(digit: int | None, last_unit: int, text: str) -> int:
    """The last digit: 五 of 三百零五 is five, 五 of 三百五 is fifty."""
    if digit is None:
        return 0
    spoken = len(text) > 1 and 100 <= last_unit < 10_000 and text[-2] in UNITS
    return digit * (last_unit // 10) if spoken else digit
