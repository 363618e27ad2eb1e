"""Parses and formats due days: 每月5日, 第一个周五, 20日前, 最后一个工作日, 期末, 次年3月31日."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import NamedTuple

from models.rules.calendar.due_days import DueKind, DueRule, Shift
from models.rules.calendar.numbers import NUMBER, parse_number

EXAMPLES = (
    "每月5日、20日前、月底、第一个周五、最后一个周五、第3个工作日、最后一个工作日、期末、末月20日、"
    "12月20日、次年3月31日、次月10日、2026-12-20、30天内、3个月内、自定；后面可加“，遇休息日顺延”或“，遇休息日提前”"
)
_WEEKDAYS = {**{word: n for n, word in enumerate("一二三四五六日")}, "天": 6,
             **{str(n + 1): n for n in range(7)}}  # fmt: skip
_LONGEST_MONTHS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
# How often stands in front of the due day and says nothing about it; the frequency has a field of its own.
_FREQUENCY = re.compile(
    r"""
    ^(?:
        每(?=周[一二三四五六日1-7])                               # 每周五: 周五 is read later
      | 每(?:年|个?月|两个?月|双月|个?季度?|半年|个?学期|期|周)的?  # 每月, 每个季度的
      | [当本][月年季期]                                          # 当月, 本期
    )
    """,
    re.VERBOSE,
)
_UNTIL = re.compile(r"(?:之前|以前|前完成|截止|为止|前)$")
_NEXT = re.compile(r"^(?:次|下一?个?)(年|月|季度?|周|期)的?")
_DAY_AND_SHIFT = re.compile(
    r"""
    (.*?)                        # the due day itself
    (?:，|；)?
    (
        (?:如|若)?[遇逢].*       # 遇休息日顺延
      | 不顺延|不提前|不调整
    )?
    $
    """,
    re.VERBOSE,
)


class DueError(ValueError):
    """A due day that cannot be understood."""


def parse_due(text: str) -> DueRule:
    """Parse a due day in words; raises DueError that names what is wrong and lists examples.

    A second part says what happens on a day off: `每月5日，遇休息日顺延`, `…，遇节假日提前`.
    """
    plain = re.sub(r"[\s（）()]+", "", text)
    # 礼拜", "周", plain)|One spelling each, so that the forms below need no alternatives.
    plain = re.sub(r"星期|礼拜", "周", plain).replace("号", "日").replace("周天", "周日").replace(",", "，")
    parts = _DAY_AND_SHIFT.match(plain)
    head, tail = parts.groups("") if parts else (plain, "")
    bare = _UNTIL.sub("", _FREQUENCY.sub("", head))
    following = _NEXT.match(bare)
    if following:
        bare = bare[following.end() :] or "期末"
    rule = _parse_day(bare, text)
    if following:
        rule = _set_following(rule, following[1])
    return replace(rule, shift=_parse_shift(tail, text))


def format_due(rule: DueRule) -> str:
    """Format a rule in words that `parse_due` reads back to the same rule."""
    following = "" if not rule.following else "次年" if rule.kind is DueKind.MONTH_DAY else "次期"
    shift = {Shift.LEAVE: "", Shift.BEFORE: "，遇休息日提前", Shift.AFTER: "，遇休息日顺延"}[rule.shift]
    return following + _DAYS_IN_WORDS[rule.kind](rule) + shift


def _format_month(rule: DueRule) -> str:
    return {0: "", -1: "末月", 1: "首月"}.get(rule.month_of, f"第{rule.month_of}个月")


def _format_ordinal(rule: DueRule) -> str:
    """Format an ordinal: 第2个, 最后一个, 倒数第3个."""
    if rule.n > 0:
        return f"第{rule.n}个"
    return "最后一个" if rule.n == -1 else f"倒数第{-rule.n}个"


def _format_weekday(rule: DueRule) -> str:
    ordinal = _format_ordinal(rule) if rule.n else ""
    return f"{_format_month(rule)}{ordinal}周{'一二三四五六日'[rule.weekday]}"


_DAYS_IN_WORDS: dict[DueKind, Callable[[DueRule], str]] = {
    DueKind.END: lambda _: "期末",
    DueKind.DAY: lambda rule: f"{_format_month(rule)}{rule.n}日",
    DueKind.MONTH_DAY: lambda rule: f"{rule.month}月{rule.n}日",
    DueKind.WEEKDAY: _format_weekday,
    DueKind.WORKDAY: lambda rule: f"{_format_month(rule)}{_format_ordinal(rule)}工作日",
    DueKind.AFTER: lambda rule: f"{rule.months}个月内" if rule.months else f"{rule.n}天内",
    DueKind.FIXED: lambda rule: rule.on.isoformat() if rule.on else "自定",
    DueKind.UNSET: lambda _: "自定",
}


def _parse_day(bare: str, text: str) -> DueRule:
    """Parse the words of a due day without its frequency and shift; `text` is quoted in errors."""
    for form in FORMS:
        match = form.pattern.fullmatch(bare)
        if match:
            try:
                return form.make(match)
            except ValueError as error:
                raise DueError(f"期限“{text}”里的{error}，例如：{EXAMPLES}") from error
    raise DueError(f"看不懂期限“{text}”，可以写：{EXAMPLES}")


def _set_following(rule: DueRule, unit: str) -> DueRule:
    """The rule in the next period: 次月 of a quarter is its first month, 次年 chooses no month."""
    # 次月底: the end of the next month, not of the whole next period.
    if unit == "月" and rule.kind is DueKind.END:
        return DueRule(DueKind.DAY, n=31, month_of=1, following=True)
    first_month = unit == "月" and not rule.month_of and rule.kind is not DueKind.MONTH_DAY
    return replace(rule, following=True, month_of=1 if first_month else rule.month_of)


def _parse_shift(tail: str, text: str) -> Shift:
    if not tail or re.search(r"不(?:顺延|提前|调整|变)|照常", tail):
        return Shift.LEAVE
    if "提前" in tail:
        return Shift.BEFORE
    if re.search(r"顺延|推迟|延后", tail):
        return Shift.AFTER
    raise DueError(f"期限“{text}”里看不懂“{tail}”，可以写：遇休息日顺延、遇休息日提前、不顺延")


def _make_fixed(match: re.Match[str]) -> DueRule:
    try:
        return DueRule(DueKind.FIXED, on=date(*(int(part) for part in match.groups())))
    except ValueError as error:
        raise ValueError(f"日期“{match[0]}”不存在") from error


def _make_month_day(match: re.Match[str]) -> DueRule:
    month, day = parse_number(match[1]), 31 if match[2] is None else parse_number(match[2])
    if not 1 <= month <= 12 or day < 1 or (match[2] and day > _LONGEST_MONTHS[month - 1]):
        raise ValueError(f"日期“{match[0]}”不存在")
    return DueRule(DueKind.MONTH_DAY, n=min(day, _LONGEST_MONTHS[month - 1]), month=month)


def _make_day(match: re.Match[str]) -> DueRule:
    day = parse_number(match["day"])
    if not 1 <= day <= 31:
        raise ValueError(f"“{day}日”应在1日到31日之间")
    return DueRule(DueKind.DAY, n=day, month_of=_parse_month(match))


def _make_weekday(match: re.Match[str]) -> DueRule:
    n = _parse_ordinal(match, 5)
    return DueRule(DueKind.WEEKDAY, n=n, weekday=_WEEKDAYS[match["weekday"]], month_of=_parse_month(match))


def _make_workday(match: re.Match[str]) -> DueRule:
    # No month has more than 23 working days.
    return DueRule(DueKind.WORKDAY, n=_parse_ordinal(match, 23), month_of=_parse_month(match))


def _make_after(match: re.Match[str]) -> DueRule:
    number, unit = (part for part in match.groups() if part)
    n = parse_number(number)
    match unit:
        case "天" | "日":
            return DueRule(DueKind.AFTER, n=n)
        case "周" | "个周":
            return DueRule(DueKind.AFTER, n=7 * n)
        case "年":
            return DueRule(DueKind.AFTER, months=12 * n)
    return DueRule(DueKind.AFTER, months=n)


def _parse_ordinal(match: re.Match[str], most: int) -> int:
    """The ordinal of a match: 1 the first, -1 the last, 0 without one; ValueError past `most`."""
    nth, from_end, last = match.group("nth", "from_end", "last")
    if last:
        return -1
    if not nth and not from_end:
        return 0
    n = parse_number(nth or from_end)
    if not 1 <= n <= most:
        raise ValueError(f"“第{n}个”应在第1个到第{most}个之间")
    return n if nth else -n


def _parse_month(match: re.Match[str]) -> int:
    """Which month of the period a match names, as in `DueRule.month_of`."""
    word = match["month"]
    if not word:
        return 0
    if word in ("首月", "首个月"):
        return 1
    return -1 if word[0] in "末最" else parse_number(re.sub(r"[第个月]", "", word))


class Form(NamedTuple):
    """One way to write a due day: an example, its pattern, and what a match means."""

    example: str
    pattern: re.Pattern[str]
    make: Callable[[re.Match[str]], DueRule]


_MONTH = rf"""
    (?P<month>
        首个?月
      | 季?度?末月
      | 最后一?个月
      | 第{NUMBER}个月
    )?的?
"""
_NTH = r"""
    (?:
        第(?P<nth>[0-9]{1,2}|[一二三四五六七八九十]{1,3})(?:个|周的?(?=周))?   # 第2个, 第二周的周五
      | 倒数第(?P<from_end>[0-9]{1,2}|[一二三四五六七八九十]{1,3})个?
      | (?P<last>最后一?个?|末个)
    )
"""


def _compile_verbose(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.VERBOSE)


# The first form that matches decides: 12月5日 has to be tried before 5日, 30天内 before 30.
FORMS: tuple[Form, ...] = (
    Form(
        "期末",
        _compile_verbose(
            r"""
            期末|期满|末|底
          | 月[底末]
          | 年[底末]
          | 季度?[底末]
          | 学期[底末]|学期结束
          | 周末
          | 最后一[天日]
          | 月内|年内|期内|内
            """
        ),
        lambda _: DueRule(),
    ),
    Form(
        "各支部自定",
        _compile_verbose(r"(?:由?(?:各?支部|本?单位))?(?:自定|另定|待定|自行确定)"),
        lambda _: DueRule(DueKind.UNSET),
    ),
    Form("2026-12-20", _compile_verbose(r"(\d{4})[-/年.](\d{1,2})[-/月.](\d{1,2})日?"), _make_fixed),
    Form("3月31日", _compile_verbose(rf"{NUMBER}月(?:{NUMBER}日?|[底末])"), _make_month_day),
    Form(
        "30天内",
        _compile_verbose(
            rf"""
            {NUMBER}(天|日|个?周|个?月|年)(?:之内|以内|内|后)
          | {NUMBER}(天)                                        # a bare number of days
            """
        ),
        _make_after,
    ),
    Form(
        "末月20日",
        _compile_verbose(rf"{_MONTH}(?P<day>[0-9]{{1,2}}|[一二三四五六七八九十]{{1,3}})日?"),
        _make_day,
    ),
    Form(
        "第一个周五", _compile_verbose(rf"{_MONTH}{_NTH}?周(?P<weekday>[一二三四五六日天1-7])"), _make_weekday
    ),
    Form("最后一个工作日", _compile_verbose(rf"{_MONTH}{_NTH}工作日"), _make_workday),
)
