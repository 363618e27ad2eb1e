"""Small rules and branches to try what is due, and when, on."""

from collections.abc import Sequence
from datetime import date

from models.packs.load import load_workdays
from models.rules.calendar.periods import PeriodKind
from models.rules.people.roles import OrganizationKind
from models.rules.requirements.due_query import DueQuery
from models.rules.requirements.occurrences import list_occurrences
from models.rules.requirements.overrides import Ledger
from models.rules.requirements.types import Requirement, parse_due
from models.rules.types import Change, Occurrence, OrganizationFacts

WORKDAYS = load_workdays()
BRANCHES = frozenset({OrganizationKind.BRANCH})
LONG_AGO = date(2020, 1, 1)


def rule(
    name: str = "主题党日", period: PeriodKind = PeriodKind.MONTH, due: str = "每月5日", **more: object
) -> Requirement:
    return Requirement(
        **{"key": name, "name": name, "kinds": BRANCHES, "period": period, "due": parse_due(due), **more}
    )  # type: ignore[arg-type]


def branch(number: int = 1, starts_on: date = LONG_AGO, **more: object) -> OrganizationFacts:
    facts = {"id": number, "name": f"支部{number}", "kind": OrganizationKind.BRANCH, "parent_id": None,
             "has_committee": True, "starts_on": starts_on, **more}  # fmt: skip
    return OrganizationFacts(**facts)  # type: ignore[arg-type]


def due(
    requirements: Requirement | list[Requirement],
    organizations: OrganizationFacts | list[OrganizationFacts],
    first: str,
    last: str,
    *,
    changes: Sequence[Change] = (),
    by_period: bool = False,
    whole_periods: bool = False,
    **entered: object,
) -> list[Occurrence]:
    query = DueQuery(
        organizations if isinstance(organizations, list) else [organizations],
        date.fromisoformat(first), date.fromisoformat(last), Ledger(**entered),  # type: ignore[arg-type]
        by_period=by_period, whole_periods=whole_periods,
    )  # fmt: skip
    rules = requirements if isinstance(requirements, list) else [requirements]
    return list_occurrences(rules, query, WORKDAYS, changes)


def days(found: list[Occurrence]) -> list[tuple[str, str]]:
    return [(each.period, str(each.due_on)) for each in found]
