"""The calendar to show: observances and what is due, of one organization or of all."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from models.records import overrides
from models.records.changes import list_changes
from models.rules.calendar.observances import ObservanceDay, add_listed_festivals
from models.rules.requirements.due_query import DueQuery
from models.rules.requirements.overrides import Ledger
from models.rules.requirements.rulebook import Rulebook
from models.rules.types import Change, Occurrence, OrganizationFacts


@dataclass(frozen=True)
class Agenda:
    """Observances, occurrences by due day, their newest changes, and names by organization id."""

    days: list[ObservanceDay]
    due: list[Occurrence]
    names: dict[int, str]
    changes: tuple[Change, ...] = ()


def list_observances(rules: Rulebook, first: date, last: date) -> Agenda:
    """The observances alone, with every festival, where no organization is stored."""
    days = rules.list_observance_days(first, last, observances=add_listed_festivals(rules.observances))
    return Agenda(days, [], {})


def load_agenda(
    session: Session, rules: Rulebook, first: date, last: date, *, organization_id: int | None = None
) -> Agenda:
    """What is due and which observances lie in [first, last].

    Of one organization and all below it, or of all (None). One organization's days follow its own
    semesters, days off and key events.
    """
    facts = overrides.list_facts(session, rules.workdays)
    ledger = overrides.load_ledger(session)
    if organization_id is not None:
        # A superior's calendar includes what its branches have to do.
        below = {each.id for each in facts if organization_id in (each.id, *ledger.list_superiors(each.id))}
        facts = [each for each in facts if each.id in below]
    return build_agenda(session, rules, ledger, facts, (first, last), place_id=organization_id)


def build_agenda(
    session: Session,
    rules: Rulebook,
    ledger: Ledger,
    facts: Collection[OrganizationFacts],
    span: tuple[date, date],
    *,
    place_id: int | None = None,
    every_festival: bool = True,
) -> Agenda:
    """The same for organizations at hand; `place_id` is the one whose own days count."""
    known = tuple(list_changes(session, {each.id for each in facts}))
    place = next((each for each in facts if each.id == place_id), None)
    # Key events of a superior concern the organization too.
    levels = {place_id, *ledger.list_superiors(place_id)} if place_id is not None else set()
    events = [each for each in ledger.events if place_id is None or each.organization_id in levels]
    observances = add_listed_festivals(rules.observances) if every_festival else rules.observances
    return Agenda(
        rules.list_observance_days(*span, place=place, events=events, observances=observances),
        rules.list_due(DueQuery(facts, *span, ledger), known),
        {each.id: each.name for each in facts},
        known,
    )
