"""Due days as people write them: 每月5日, 第一个周五, 20日前, 最后一个工作日, 期末, 次年3月31日."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date

from models.rules.calendar.due_days import DueKind, DueRule, Shift
from models.rules.calendar.numbers import NUMBER, count

EXAMPLES = (
    "每月5日、20日前、月底、第一个周五、最后一个周五、第3个工作日、最后一个工作日、期末、末月20日、"
    "12月20日、次年3月31日、次月10日、2026-12-20、30天内、3个月内、自定；后面可加“，遇休息日顺延”或“，遇休息日提前”"
)
_WEEKDAYS = {**{word: n for n, word in enumerate("一二三四五六日")}, "天": 6,
             **{str(n + 1): n for n in range(7)}}  # fmt: skip
_EVERY = re.compile(
    r"^(?:每(?=周[一二三四五六日1-7])|每(?:年|个?月|两个?月|双月|个?季度?|半年|个?学期|期|周)的?|[当本][月年季期])"
)
_UNTIL = re.compile(r"(?:之前|以前|前完成|截止|为止|前)$")
_NEXT = re.compile(r"^(?:次|下一?个?)(年|月|季度?|周|期)的?")


class DueError(ValueError):
    """A due day that cannot be understood."""


def parse_due(text: str) -> DueRule:
    """A due day in words to its rule; raises DueError that names what is wrong and lists examples.

    A second part says what becomes of a day off: `每月5日，遇休息日顺延`, `…，遇节假日提前`.
    """
    plain = re.sub(r"[\s（）()]+", "", text)
    plain = re.sub(r"星期|礼拜", "周", plain).replace("号", "日").replace("周天", "周日").replace(",", "，")
    head, tail = re.match(r"(.*?)(?:，|；)?((?:如|若)?[遇逢].*|不顺延|不提前|不调整)?$", plain).groups("")  # type: ignore[union-attr]
    bare = _UNTIL.sub("", _EVERY.sub("", head))
    following = _NEXT.match(bare)
    if following:
        bare = bare[following.end() :] or "期末"
    rule = _rule(bare, text)
    if following:
        rule = _in_the_next(rule, following[1])
    return replace(rule, shift=_shift(tail, text))


def due_in_words(rule: DueRule) -> str:
    """A rule in words that `parse_due` reads back to the same rule."""
    month = {0: "", -1: "末月", 1: "首月"}.get(rule.month_of, f"第{rule.month_of}个月")
    following = "" if not rule.following else "次年" if rule.kind is DueKind.MONTH_DAY else "次期"
    shift = {Shift.LEAVE: "", Shift.BEFORE: "，遇休息日提前", Shift.AFTER: "，遇休息日顺延"}[rule.shift]
    return following + _body(rule, month) + shift


def _body(rule: DueRule, month: str) -> str:
    ordinal = f"第{rule.n}个" if rule.n > 0 else "最后一个" if rule.n == -1 else f"倒数第{-rule.n}个"
    match rule.kind:
        case DueKind.END:
            return "期末"
        case DueKind.DAY:
            return f"{month}{rule.n}日"
        case DueKind.MONTH_DAY:
            return f"{rule.month}月{rule.n}日"
        case DueKind.WEEKDAY:
            return f"{month}{ordinal if rule.n else ''}周{'一二三四五六日'[rule.weekday]}"
        case DueKind.WORKDAY:
            return f"{month}{ordinal}工作日"
        case DueKind.AFTER:
            return f"{rule.months}个月内" if rule.months else f"{rule.n}天内"
    return rule.on.isoformat() if rule.on else "自定"


def _rule(bare: str, text: str) -> DueRule:
    for pattern, make in _FORMS:
        match = pattern.fullmatch(bare)
        if match:
            try:
                return make(match)
            except ValueError as error:
                raise DueError(f"期限“{text}”里的{error}，例如：{EXAMPLES}") from error
    raise DueError(f"看不懂期限“{text}”，可以写：{EXAMPLES}")


def _in_the_next(rule: DueRule, unit: str) -> DueRule:
    """次月 of a quarter is the first month of the next one; 次年 needs no month chosen."""
    if unit == "月" and rule.kind is DueKind.END:
        return DueRule(DueKind.DAY, n=31, month_of=1, following=True)
    first_month = unit == "月" and not rule.month_of and rule.kind is not DueKind.MONTH_DAY
    return replace(rule, following=True, month_of=1 if first_month else rule.month_of)


def _shift(tail: str, text: str) -> Shift:
    if not tail or re.search(r"不(?:顺延|提前|调整|变)|照常", tail):
        return Shift.LEAVE
    if "提前" in tail:
        return Shift.BEFORE
    if re.search(r"顺延|推迟|延后", tail):
        return Shift.AFTER
    raise DueError(f"期限“{text}”里看不懂“{tail}”，可以写：遇休息日顺延、遇休息日提前、不顺延")


def _end(_: re.Match[str]) -> DueRule:
    return DueRule()


def _unset(_: re.Match[str]) -> DueRule:
    return DueRule(DueKind.UNSET)


def _fixed(match: re.Match[str]) -> DueRule:
    try:
        return DueRule(DueKind.FIXED, on=date(*(int(part) for part in match.groups())))
    except ValueError as error:
        raise ValueError(f"日期“{match[0]}”不存在") from error


def _month_day(match: re.Match[str]) -> DueRule:
    month, day = count(match[1]), 31 if match[2] is None else count(match[2])
    longest = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
    if not 1 <= month <= 12 or day < 1 or (match[2] and day > longest[month - 1]):
        raise ValueError(f"日期“{match[0]}”不存在")
    return DueRule(DueKind.MONTH_DAY, n=min(day, longest[month - 1]), month=month)


def _day(match: re.Match[str]) -> DueRule:
    day = count(match["day"])
    if not 1 <= day <= 31:
        raise ValueError(f"“{day}日”应在1日到31日之间")
    return DueRule(DueKind.DAY, n=day, month_of=_month_of(match))


def _weekday(match: re.Match[str]) -> DueRule:
    n = _position(match, 5)
    return DueRule(DueKind.WEEKDAY, n=n, weekday=_WEEKDAYS[match["weekday"]], month_of=_month_of(match))


def _workday(match: re.Match[str]) -> DueRule:
    return DueRule(DueKind.WORKDAY, n=_position(match, 23), month_of=_month_of(match))


def _after(match: re.Match[str]) -> DueRule:
    n = count(match[1])
    match match[2]:
        case "天" | "日":
            return DueRule(DueKind.AFTER, n=n)
        case "周" | "个周":
            return DueRule(DueKind.AFTER, n=7 * n)
        case "年":
            return DueRule(DueKind.AFTER, months=12 * n)
    return DueRule(DueKind.AFTER, months=n)


def _position(match: re.Match[str], most: int) -> int:
    """The ordinal of a match: 1 the first, -1 the last, 0 without one."""
    nth, from_end, last = match.group("nth", "from_end", "last")
    if last:
        return -1
    if not nth and not from_end:
        return 0
    n = count(nth or from_end)
    if not 1 <= n <= most:
        raise ValueError(f"“第{n}个”应在第1个到第{most}个之间")
    return n if nth else -n


def _month_of(match: re.Match[str]) -> int:
    word = match["month"]
    if not word:
        return 0
    if word in ("首月", "首个月"):
        return 1
    return -1 if word[0] in "末最" else count(re.sub(r"[第个月]", "", word))


_MONTH = rf"(?P<month>首个?月|季?度?末月|最后一?个月|第{NUMBER}个月)?的?".replace("(季", "季")
_NTH = (
    r"(?:第(?P<nth>[0-9]{1,2}|[一二三四五六七八九十]{1,3})(?:个|周的?(?=周))?"
    r"|倒数第(?P<from_end>[0-9]{1,2}|[一二三四五六七八九十]{1,3})个?|(?P<last>最后一?个?|末个))"
)
_FORMS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], DueRule]], ...] = (
    (
        re.compile(
            r"期末|期满|末|底|月[底末]|年[底末]|季度?[底末]|学期[底末]|学期结束|周末|最后一[天日]|月内|年内|期内|内"
        ),
        _end,
    ),
    (re.compile(r"(?:由?(?:各?支部|本?单位))?(?:自定|另定|待定|自行确定)"), _unset),
    (re.compile(r"(\d{4})[-/年.](\d{1,2})[-/月.](\d{1,2})日?"), _fixed),
    (re.compile(rf"{NUMBER}月(?:{NUMBER}日?|[底末])"), _month_day),
    (re.compile(rf"{NUMBER}(天|日|个?周|个?月|年)(?:之内|以内|内|后)|{NUMBER}(天)"), _after),
    (re.compile(rf"{_MONTH}(?P<day>[0-9]{{1,2}}|[一二三四五六七八九十]{{1,3}})日?"), _day),
    (re.compile(rf"{_MONTH}{_NTH}?周(?P<weekday>[一二三四五六日天1-7])"), _weekday),
    (re.compile(rf"{_MONTH}{_NTH}工作日"), _workday),
)
