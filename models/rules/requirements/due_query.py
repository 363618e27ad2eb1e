"""A query of the calendar: which organizations and days, with which overrides."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from models.rules.requirements.overrides import Ledger
from models.rules.requirements.types import Requirement
from models.rules.types import OrganizationFacts

NOTHING_ENTERED = Ledger()


@dataclass(frozen=True, slots=True)
class DueQuery:
    """What is due, after changes, in [first, last], for organizations in the register's order.

    With `whole_periods` also what is due outside while its whole period lies in these days: a year's
    组织生活会. With `by_period` instead all whose period touches these days, whenever it is due.
    `requirements` None means all of the rules. `known_at` is the moment up to which changes and records
    count; None means all of them.
    """

    organizations: Collection[OrganizationFacts]
    first: date
    last: date
    ledger: Ledger = NOTHING_ENTERED
    requirements: Collection[Requirement] | None = None
    known_at: datetime | None = None
    whole_periods: bool = False
    by_period: bool = False
