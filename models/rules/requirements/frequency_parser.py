"""Parses and formats how often and how much: 每季度, 每3年, 至少4节, 参训率100%, 各1次：…"""

import re
from collections.abc import Callable

from models.rules.calendar.numbers import NUMBER, parse_number
from models.rules.calendar.periods import PeriodKind
from models.rules.requirements.types import Goal, GoalKind

FREQUENCIES = "每周、每月、每两月、每季度、每半年、每学期、每年、每3年、一次、事件、随时"
GOALS = "1次、至少2次、至少4节、至少24学时、参训率100%、各1次：全面从严治党、党风廉政建设"
_KINDS = {
    "每周": PeriodKind.WEEK, "每月": PeriodKind.MONTH, "每两月": PeriodKind.TWO_MONTHS,
    "每双月": PeriodKind.TWO_MONTHS, "双月": PeriodKind.TWO_MONTHS, "每2月": PeriodKind.TWO_MONTHS,
    "每季度": PeriodKind.QUARTER, "每季": PeriodKind.QUARTER, "每半年": PeriodKind.HALF_YEAR,
    "每学期": PeriodKind.SEMESTER, "每年": PeriodKind.YEAR, "一次": PeriodKind.ONCE,
    "一次性": PeriodKind.ONCE, "事件": PeriodKind.EVENT, "随时": PeriodKind.FREE, "不限": PeriodKind.FREE,
}  # fmt: skip
_NAMES = {
    PeriodKind.WEEK: "每周", PeriodKind.MONTH: "每月", PeriodKind.TWO_MONTHS: "每两月",
    PeriodKind.QUARTER: "每季度", PeriodKind.HALF_YEAR: "每半年", PeriodKind.SEMESTER: "每学期",
    PeriodKind.YEAR: "每年", PeriodKind.ONCE: "一次", PeriodKind.EVENT: "按事件", PeriodKind.FREE: "随时",
}  # fmt: skip
_TERM = re.compile(rf"每{NUMBER}年(?:一届)?")
_PARTS = re.compile(rf"各{NUMBER}次：(.+)")
_SHARE = re.compile(
    r"""
    \D{0,6}?            # 参训率, 到课率
    (?:至少)?
    (\d{1,3})[%％]
    """,
    re.VERBOSE,
)
_AMOUNT = re.compile(
    rf"""
    (?:至少)?
    {NUMBER}
    (\D{{1,4}})         # the unit: 次, 节, 学时
    """,
    re.VERBOSE,
)


def parse_every(text: str) -> tuple[PeriodKind, int]:
    """Parse how often, to the kind of period and the years of a term (1 for all others).

    Raises ValueError with the forms there are.
    """
    plain = re.sub(r"\s+|个", "", text).replace("星期", "周")
    if plain in _KINDS:
        return _KINDS[plain], 1
    term = _TERM.fullmatch(plain)
    if term and 2 <= parse_number(term[1]) <= 10:
        return PeriodKind.TERM, parse_number(term[1])
    raise ValueError(f"看不懂“{text}”，可以写：{FREQUENCIES}")


def parse_goal(text: str) -> Goal:
    """Parse how much is enough; raises ValueError with the forms there are."""
    plain = re.sub(r"\s+", "", text).replace("≥", "至少").replace("不少于", "至少").replace(":", "：")
    for pattern, make in _GOAL_FORMS:
        match = pattern.fullmatch(plain)
        goal = make(match) if match else None
        if goal is not None:
            return goal
    raise ValueError(f"看不懂“{text}”，可以写：{GOALS}")


def _make_parts(match: re.Match[str]) -> Goal:
    names = tuple(part for part in re.split(r"[、，,]", match[2]) if part)
    return Goal(GoalKind.PARTS, parse_number(match[1]), "次", names)


def _make_share(match: re.Match[str]) -> Goal | None:
    percent = int(match[1])
    return Goal(GoalKind.SHARE, percent / 100, "%") if 0 < percent <= 100 else None


def _make_amount(match: re.Match[str]) -> Goal | None:
    n, unit = parse_number(match[1]), match[2]
    if n <= 0:
        return None
    if unit != "次":
        return Goal(GoalKind.QUANTITY, n, unit)
    return Goal() if n == 1 else Goal(GoalKind.TIMES, n)


# The first form that matches and makes a goal decides; a share over 100 % is no goal.
_GOAL_FORMS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], Goal | None]], ...] = (
    (_PARTS, _make_parts),
    (_SHARE, _make_share),
    (_AMOUNT, _make_amount),
)


def format_goal(goal: Goal) -> str:
    """Format a goal in words that `parse_goal` reads back."""
    match goal.kind:
        case GoalKind.PARTS:
            return f"各{goal.amount:g}次：{'、'.join(goal.parts)}"
        case GoalKind.SHARE:
            return f"{100 * goal.amount:g}%"
        case GoalKind.QUANTITY:
            return f"至少{goal.amount:g}{goal.unit}"
        case GoalKind.TIMES:
            return f"至少{goal.amount:g}次"
    return "1次"


def format_frequency(kind: PeriodKind, years: int, goal: Goal) -> str:
    """Format how often and how much in a few words: 每月1次, 每学期至少4节, 每3年1次, 按事件."""
    if kind is PeriodKind.FREE:
        return "随时记录"
    name = f"每{years}年" if kind is PeriodKind.TERM else _NAMES[kind]
    return name if kind is PeriodKind.ONCE else name + format_goal(goal)
