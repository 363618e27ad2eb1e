"""A calendar to show: the days that matter and what is due, of the whole register or one organization."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from models.records import overrides
from models.records.changes import list_changes
from models.rules.calendar.observances import ObservanceDay, with_every_festival
from models.rules.requirements.due_query import DueQuery
from models.rules.requirements.overrides import Ledger
from models.rules.requirements.rulebook import Rulebook
from models.rules.types import Change, Occurrence, OrganizationFacts


@dataclass(frozen=True)
class Shown:
    """Days that matter, occurrences by due day with the newest changes, and the organizations' names."""

    days: list[ObservanceDay]
    due: list[Occurrence]
    names: dict[int, str]
    changes: tuple[Change, ...] = ()


def without_register(rules: Rulebook, first: date, last: date) -> Shown:
    """The days that matter alone, every festival among them."""
    days = rules.days(first, last, observances=with_every_festival(rules.observances))
    return Shown(days, [], {})


def show(
    session: Session, rules: Rulebook, first: date, last: date, *, organization_id: int | None = None
) -> Shown:
    """What matters and is due in [first, last], of one organization with all below it, or of everybody.

    One organization's days follow its own school year, days off and key events.
    """
    facts = overrides.facts(session, rules.workdays)
    ledger = overrides.ledger(session)
    if organization_id is not None:
        below = {each.id for each in facts if organization_id in (each.id, *ledger.above(each.id))}
        facts = [each for each in facts if each.id in below]
    return of(session, rules, ledger, facts, (first, last), place_id=organization_id)


def of(
    session: Session,
    rules: Rulebook,
    ledger: Ledger,
    facts: Collection[OrganizationFacts],
    span: tuple[date, date],
    *,
    place_id: int | None = None,
    every_festival: bool = True,
) -> Shown:
    """The same for organizations at hand; `place_id` is the one whose own days count."""
    known = tuple(list_changes(session, {each.id for each in facts}))
    place = next((each for each in facts if each.id == place_id), None)
    levels = {place_id, *ledger.above(place_id)} if place_id is not None else set()
    events = [each for each in ledger.events if place_id is None or each.organization_id in levels]
    observances = with_every_festival(rules.observances) if every_festival else rules.observances
    return Shown(
        rules.days(*span, place=place, events=events, observances=observances),
        rules.list_due(DueQuery(facts, *span, ledger), known),
        {each.id: each.name for each in facts},
        known,
    )
