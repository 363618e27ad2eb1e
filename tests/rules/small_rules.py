"""Small rules and branches to try what is due, and when, on."""

from datetime import date

from models.packs.load import load_workdays
from models.rules.calendar.periods import PeriodKind
from models.rules.people.roles import OrganizationKind
from models.rules.requirements.occurrences import occurrences
from models.rules.requirements.types import Requirement, parse_due
from models.rules.types import Occurrence, OrganizationFacts

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
    **more: object,
) -> list[Occurrence]:
    return occurrences(
        requirements if isinstance(requirements, list) else [requirements],
        organizations if isinstance(organizations, list) else [organizations],
        first=date.fromisoformat(first), last=date.fromisoformat(last), workdays=WORKDAYS, **more,  # type: ignore[arg-type]
    )  # fmt: skip


def days(found: list[Occurrence]) -> list[tuple[str, str]]:
    return [(each.period, str(each.due_on)) for each in found]
