"""What is required: of whom, how often, by when, how much, and where it is written."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from models.rules.calendar.due_days import DueRule
from models.rules.calendar.due_parser import format_due as format_due, parse_due as parse_due
from models.rules.calendar.lead_times import Lead as Lead
from models.rules.calendar.periods import TERM_ANCHOR, PeriodKind
from models.rules.people.roles import OrganizationKind


class Strength(StrEnum):
    """`must`: late is 逾期. `usual` (一般): without a record it is 未见记录, nothing worse."""

    MUST = "must"
    USUAL = "usual"


class GoalKind(StrEnum):
    """What has to come together in one period."""

    ONCE = "once"
    TIMES = "times"
    QUANTITY = "quantity"
    PARTS = "parts"
    SHARE = "share"


@dataclass(frozen=True, slots=True)
class Goal:
    """How much is enough in one period.

    once: one record · times: `amount` records · quantity: `amount` of `unit` (节, 学时) over all records
    · parts: `amount` records for each of `parts` · share: `amount` (0–1) of those expected were present.
    """

    kind: GoalKind = GoalKind.ONCE
    amount: float = 1
    unit: str = "次"
    parts: tuple[str, ...] = ()

    @property
    def needed(self) -> float:
        """What the progress is measured against: records, units, parts or 1.0 for a whole share."""
        return self.amount * len(self.parts) if self.kind is GoalKind.PARTS else self.amount

    @property
    def single(self) -> bool:
        """Whether one record is enough, so that the first one counts."""
        return self.kind is GoalKind.ONCE or (self.kind is GoalKind.TIMES and self.amount <= 1)


@dataclass(frozen=True, slots=True)
class Requirement:
    """应办事项. `key` is the stable id, `name` what people read; both are the common Chinese name.

    `years` is the length of a term, `event` the kind of key event that a term or an event-triggered
    requirement begins with. `only` and `exempt` name single organizations. `grace_days` are added to
    the due day before it counts as late. `covered_by_superior`: the superior's event counts as done.
    `source`, `article`, `version` and `checked` say where the rule stands and whether somebody compared it.
    """

    key: str
    name: str
    kinds: frozenset[OrganizationKind]
    period: PeriodKind
    due: DueRule = DueRule()
    frequency: str = ""
    aliases: tuple[str, ...] = ()
    needs_committee: bool = False
    grace_days: int = 0
    goal: Goal = Goal()
    strength: Strength = Strength.MUST
    covered_by_superior: bool = False
    years: int = 1
    anchor: int = TERM_ANCHOR
    event: str | None = None
    leads: tuple[Lead, ...] = ()
    only: frozenset[str] = frozenset()
    exempt: frozenset[str] = frozenset()
    source: str = ""
    article: str = ""
    version: str = ""
    source_date: date | None = None
    checked: bool = False
    valid_from: date = date.min
    valid_until: date = date.max
    pack: str = ""


@dataclass(frozen=True, slots=True)
class Setting:
    """What one organization, or all of them (`organization_id` None), has set for a requirement.

    It holds for the organizations below, too, until one of them sets its own. It governs the periods
    that begin within its days, so that a change never rewrites what was late. `exempt` frees the
    organization from the requirement altogether.
    """

    requirement: str
    organization_id: int | None = None
    due: DueRule | None = None
    period: PeriodKind | None = None
    exempt: bool = False
    valid_from: date = date.min
    valid_until: date = date.max


def is_owed(requirement: Requirement, kind: OrganizationKind, name: str, *, has_committee: bool) -> bool:
    """Whether an organization of that kind and name owes the requirement at all."""
    if kind not in requirement.kinds or name in requirement.exempt:
        return False
    if requirement.needs_committee and not has_committee:
        return False
    return not requirement.only or name in requirement.only


def count_unchecked(requirements: Iterable[Requirement]) -> int:
    """How many rules nobody has compared with the official text yet."""
    return sum(not each.checked for each in requirements)
