"""Which period an activity counts for, also where it is a free record or lies between semesters."""

import re
from collections.abc import Collection, Iterable
from datetime import date

from models.rules.calendar.periods import PeriodKind, period_of
from models.rules.calendar.semesters import DEFAULT_SEMESTERS, Semesters
from models.rules.requirements.status import period_for
from models.rules.requirements.types import Goal, Requirement
from models.rules.types import Change


def counted_for(
    rule: Requirement | None,
    day: date,
    *,
    organization_id: int | None,
    stated: str | None = None,
    replied_to: str | None = None,
    changes: Iterable[Change] = (),
    open_periods: Collection[str] | None = None,
    semesters: Semesters = DEFAULT_SEMESTERS,
) -> tuple[str, bool]:
    """The key of the period, and whether it was inferred and should be shown.

    An activity that is no requirement (a free record) counts for its month.
    """
    if rule is not None:
        own = [
            row for row in changes if (row.requirement, row.organization_id) == (rule.key, organization_id)
        ]
        found = period_for(
            rule,
            day,
            stated=stated,
            replied_to=replied_to,
            changes=own,
            open_periods=open_periods,
            semesters=semesters,
        )
        if found.period is not None:
            return found.period.key, found.assumed
    month = period_of(PeriodKind.MONTH, day)
    return stated or replied_to or (month.key if month else day.isoformat()), False


def asks_open_periods(rule: Requirement, day: date) -> bool:
    """Whether it matters for the period of that day what is still open (see `period_for`)."""
    if rule.event or rule.period is PeriodKind.ONCE:
        return True
    return rule.period is PeriodKind.YEAR and rule.due.following and day.month <= 3


def part_in(goal: Goal, texts: Iterable[str]) -> str | None:
    """The part of a goal that the first telling text names; None where none or several are named.

    全面从严治党 is named by 从严治党, 思政建设 by 思政.
    """
    for text in texts:
        named = [part for part in goal.parts if part in text or _core(part) in text]
        if len(named) == 1:
            return named[0]
    return None


def _core(part: str) -> str:
    core = re.sub(r"^全面|(?:建设|工作|教育)$", "", part)
    return core if len(core) > 1 else part
