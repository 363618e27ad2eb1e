"""Which period an activity counts for, free records and vacations included."""

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from models.rules.calendar.periods import PeriodKind, find_period
from models.rules.requirements.status import NO_HINTS, PeriodHints, choose_period
from models.rules.requirements.types import Goal, Requirement


def find_counted_period(
    rule: Requirement | None, day: date, organization_id: int | None, hints: PeriodHints = NO_HINTS
) -> tuple[str, bool]:
    """The key of the period an activity counts for, and whether it was inferred.

    An activity that is no requirement (a free record) counts for its month. Of `hints.changes` only
    those of this requirement and organization are looked at.
    """
    if rule is not None:
        subject = (rule.key, organization_id)
        own = [row for row in hints.changes if (row.requirement, row.organization_id) == subject]
        found = choose_period(rule, day, replace(hints, changes=own))
        if found.period is not None:
            return found.period.key, found.assumed
    month = find_period(PeriodKind.MONTH, day)
    return hints.stated or hints.replied_to or (month.key if month else day.isoformat()), False


def needs_open_periods(rule: Requirement, day: date) -> bool:
    """Whether the choice of the period depends on what is still open."""
    if rule.event or rule.period is PeriodKind.ONCE:
        return True
    return rule.period is PeriodKind.YEAR and rule.due.following and day.month <= 3


def find_part(goal: Goal, texts: Iterable[str]) -> str | None:
    """The part of a goal that the first matching text names; None where it is unclear.

    全面从严治党 is named by 从严治党, 思政建设 by 思政.
    """
    for text in texts:
        named = [part for part in goal.parts if part in text or _get_core(part) in text]
        if len(named) == 1:
            return named[0]
    return None


def _get_core(part: str) -> str:
    core = re.sub(r"^全面|(?:建设|工作|教育)$", "", part)
    # One character alone would match almost any text.
    return core if len(core) > 1 else part
