"""All forms of a single date in one table, compiled into one pattern that names the form."""

import re
from dataclasses import dataclass
from re import Pattern

from handlers.reading import (
    calendar_forms,
    clock,
    festive_forms,
    numeric_forms,
    part_forms,
    period_forms,
    relative_forms,
    window_forms,
)
from handlers.reading.spans import Found, Frame, Read

# What comes first wins, so the longer forms of one beginning stand before the shorter ones.
FORMS: tuple[tuple[str, Read], ...] = (
    *numeric_forms.FORMS,
    *clock.FORMS,
    *festive_forms.FORMS,
    *relative_forms.FORMS,
    *period_forms.FORMS,
    *window_forms.FORMS,
    *relative_forms.VAGUE_FORMS,
    *part_forms.FORMS,
    *calendar_forms.FORMS,
)
FIRST = frozenset(
    "0123456789'〇零一二三四五六七八九十廿卅两半几数百大之前去今本明后上下昨当这周星礼月年岁中初末第首最头近过未往随接再还剩"
    "刚方马现此日改同次翌隔转倒早晚夜晨午凌傍深清元新春除小腊龙情愚平圣跨母父感光双万国端重敬女青妇劳儿建党教植全烈宪反"
    "公思学雷消地读航护防博无环禁医抗扶记志艾世鬼开立夏秋冬惊谷芒处白寒霜正闰农阴旧老暑QqHh洪永崇顺康雍乾嘉道咸同光宣民昭令"
)
_FIRST_CLASS = "[" + "".join(sorted(FIRST)) + "]"
_NAMED = re.compile(r"\(\?P<\w+>")
_SAME = re.compile(r"\(\?P=mark\)")
_CODE = frozenset("第版$_=¥€〔")
NUMERALS = frozenset("〇零一二三四五六七八九十百千万两廿卅几第")


@dataclass(frozen=True, slots=True)
class Form:
    """One form: the pattern with its names and what reads a match."""

    pattern: Pattern[str]
    read: Read


def _nameless(pattern: str) -> str:
    return _SAME.sub(" ?[-./。] ?", _NAMED.sub("(?:", pattern))


_FORMS = tuple(Form(re.compile(pattern, re.ASCII), read) for pattern, read in FORMS)
_ANY = re.compile(
    f"(?={_FIRST_CLASS})(?:" + "|".join(f"({_nameless(pattern)})" for pattern, _ in FORMS) + ")", re.ASCII
)  # fmt: skip


def candidates(text: str, start: int) -> tuple[int, int] | None:
    """Where the next form begins from `start` on, and its number in the table."""
    match = _ANY.search(text, start)
    return (match.start(), (match.lastindex or 1) - 1) if match else None


def read_at(text: str, start: int, frame: Frame, first_form: int | None = None) -> tuple[Found, int] | None:
    """The date that begins exactly at `start` and where it ends; None where none does."""
    if first_form is None:
        match = _ANY.match(text, start)
        if match is None:
            return None
        first_form = (match.lastindex or 1) - 1
    for form in _FORMS[first_form:]:
        named = form.pattern.match(text, start)
        if named and (found := _read(form, named, frame)):
            end = named.end()
            while text[end - 1] in " 的":
                end -= 1
            return found, end
    return None


def _read(form: Form, match: re.Match[str], frame: Frame) -> Found | None:
    """What a form reads; a day outside the calendar's thousands of years is none."""
    try:
        return form.read(match, frame)
    except (ValueError, OverflowError):
        return None


def stands_free(text: str, start: int) -> bool:
    """Whether no number, code or ordinal runs into what begins at `start`."""
    if start == 0:
        return True
    char, before = text[start], text[start - 1]
    if not char.isascii():
        return char not in NUMERALS or before not in NUMERALS
    if (before.isascii() and before.isalnum()) or before in _CODE:
        return False
    in_figures = before in "-./:" and start > 1 and text[start - 2].isdigit()
    return not in_figures or _NUMBERED.match(text, start) is not None


# 1.11月18日 is the first item of a list, never a decimal number.
_NUMBERED = re.compile(r"(?<=[0-9]\.)[0-9]{1,2} ?月 ?[0-9]{1,2} ?[日号]", re.ASCII)
