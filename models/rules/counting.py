"""Which period an activity counts for, also where it is a free record or lies between semesters."""

from collections.abc import Iterable
from datetime import date

from models.rules.facts import Change
from models.rules.periods import PeriodKind, period_of
from models.rules.requirements import Requirement
from models.rules.status import period_for


def counted_for(
    rule: Requirement | None,
    day: date,
    *,
    organization_id: int | None,
    stated: str | None = None,
    replied_to: str | None = None,
    changes: Iterable[Change] = (),
) -> tuple[str, bool]:
    """The key of the period, and whether it was inferred and should be shown.

    An activity that is no requirement (a free record) counts for its month.
    """
    if rule is not None:
        own = [
            row for row in changes if (row.requirement, row.organization_id) == (rule.key, organization_id)
        ]
        found = period_for(rule, day, stated=stated, replied_to=replied_to, changes=own)
        if found.period is not None:
            return found.period.key, found.assumed
    month = period_of(PeriodKind.MONTH, day)
    return stated or replied_to or (month.key if month else day.isoformat()), False
