"""A year's calendar is quick: 68 branches in an instant, 10,000 in seconds."""

from datetime import date
from time import process_time

import pytest

from models.packs.load import load_workdays
from models.rules.facts import OrganizationFacts
from models.rules.occurrences import occurrences
from models.rules.people import OrganizationKind
from models.rules.periods import PeriodKind
from models.rules.requirements import Requirement, parse_due

KINDS = [PeriodKind.MONTH, PeriodKind.MONTH, PeriodKind.QUARTER, PeriodKind.HALF_YEAR, PeriodKind.YEAR]
DUE = ["每月5日", "第一个周五", "期末，遇休息日提前", "最后一个工作日", "次年3月31日"]
RULES = [
    Requirement(
        f"事项{n}", f"事项{n}", frozenset({OrganizationKind.BRANCH}), KINDS[n % 5], parse_due(DUE[n % 5])
    )
    for n in range(20)
]


@pytest.mark.parametrize(("branches", "seconds"), [(68, 0.05), (10_000, 5.0)])
def test_a_years_calendar_of_many_branches_is_quick(branches: int, seconds: float) -> None:
    register = [
        OrganizationFacts(n, f"支部{n}", OrganizationKind.BRANCH, None, True, date(2020, 1, 1))
        for n in range(branches)
    ]
    spent = []
    for _ in range(3):
        began = process_time()
        found = occurrences(
            RULES, register, first=date(2027, 1, 1), last=date(2027, 12, 31), workdays=load_workdays()
        )
        spent.append(process_time() - began)
    assert len(found) == branches * 4 * (12 + 12 + 4 + 2 + 1)
    assert min(spent) < seconds
