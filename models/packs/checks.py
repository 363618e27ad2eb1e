"""What must fit together within one rule of a pack."""

from collections.abc import Callable, Iterator, Sequence
from itertools import combinations
from typing import NamedTuple

from models.rules.calendar.due_days import DueKind
from models.rules.calendar.periods import PeriodKind
from models.rules.calendar.versions import Versioned
from models.rules.requirements.types import Requirement

_SHORT = (PeriodKind.WEEK, PeriodKind.MONTH, PeriodKind.TWO_MONTHS, PeriodKind.QUARTER,
          PeriodKind.HALF_YEAR, PeriodKind.SEMESTER)  # fmt: skip
_BY_EVENT = (PeriodKind.EVENT, PeriodKind.TERM)

# (key of the table, what is wrong and what to do)
Mistake = tuple[str, str]


class _Check(NamedTuple):
    """What must not stand together in a requirement: when it applies, and the mistake at a key."""

    applies: Callable[[Requirement], bool]
    key: str
    message: str


_CHECKS = (
    _Check(
        lambda rule: rule.period is PeriodKind.EVENT and not rule.event,
        "event",
        'every = "事件" 时要写 event，如 event = "新任职"',
    ),
    _Check(
        lambda rule: rule.period is PeriodKind.EVENT and rule.due.kind is not DueKind.AFTER,
        "due",
        'every = "事件" 时 due 应为事件之后的天数，如 due = "30天内"',
    ),
    _Check(
        lambda rule: rule.period is not PeriodKind.EVENT and rule.due.kind is DueKind.AFTER,
        "due",
        '“…天内”只能和 every = "事件" 一起用',
    ),
    _Check(
        # Of a day after an event only the mistake before is reported, which explains this one.
        lambda rule: bool(rule.event) and rule.period not in _BY_EVENT and rule.due.kind is not DueKind.AFTER,
        "event",
        'event 只能和 every = "事件" 或 every = "每3年" 一起用',
    ),
    _Check(
        lambda rule: rule.period is PeriodKind.ONCE and rule.due.kind not in (DueKind.FIXED, DueKind.UNSET),
        "due",
        'every = "一次" 时 due 应为日期，如 due = "2026-12-20"，或 due = "自定"',
    ),
    _Check(
        lambda rule: rule.period is not PeriodKind.ONCE and rule.due.kind is DueKind.FIXED,
        "due",
        '写明年份的日期只能和 every = "一次" 一起用；每年的日子请写成“12月20日”',
    ),
    _Check(
        lambda rule: rule.due.kind is DueKind.MONTH_DAY and rule.period in _SHORT,
        "due",
        "“几月几日”只能用于每年或几年一次的事项；每月请写“每月5日”，每季度请写“末月20日”",
    ),
)


def list_requirement_mistakes(rule: Requirement) -> Iterator[Mistake]:
    """List what contradicts itself in a requirement."""
    if rule.valid_from > rule.valid_until:
        yield "valid_until", f"valid_until {rule.valid_until} 早于 valid_from {rule.valid_from}"
    for check in _CHECKS:
        if check.applies(rule):
            yield check.key, check.message


def list_overlaps(rules: Sequence[Versioned]) -> Iterator[tuple[int, str]]:
    """List versions of one key that hold on the same day, by the number of the later one."""
    for (_, one), (number, other) in combinations(enumerate(rules), 2):
        if one.key != other.key:
            continue
        if one.valid_from <= other.valid_until and other.valid_from <= one.valid_until:
            yield number, f"“{other.key}”写了两次；同一事项的不同版本要用 valid_from、valid_until 分开"
