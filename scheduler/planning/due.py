"""The reminders of what is due, of open questions and of days off that are missing. PURE."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import NamedTuple

from models.rules.calendar.lead_times import Lead, get_lead_day
from models.rules.people.roles import Role
from models.rules.requirements.due_query import DueQuery
from models.rules.requirements.types import Requirement
from models.rules.types import Change, Occurrence
from scheduler.send_times import SendTimes, format_lead_key
from scheduler.types import Audience, MissingYear, PlannedReminder, Situation

EARLY = timedelta(days=1)  # quiet hours can carry a slot past its day
FIRST_CALL = (11, 1)
WEEKLY_FROM = (12, 1)


class Told(NamedTuple):
    """An occurrence with the moment of its reminder; `moved_by` already knows of it."""

    slot: datetime
    lead: Lead
    row: Occurrence
    moved_by: int | None = None


def list_due_slots(situation: Situation, since: datetime, until: datetime) -> list[Told]:
    """Each occurrence, done or not, with each lead whose slot lies in (since, until].

    What was moved so near that its moment had passed is told when it was moved.
    """
    times, rules = situation.times, situation.rules
    places = {each.id: each for each in situation.organizations}
    changes = {each.id: each for each in situation.changes if each.moved_to}
    found = []
    for reach, requirements in _group_by_reach(situation).items():
        first, last = times.day_of(since) - EARLY, times.day_of(until) + reach
        query = DueQuery(situation.organizations, first, last, situation.ledger, requirements)
        for row in rules.list_due(query, situation.changes):
            if row.waived:
                continue
            workdays = places[row.organization_id].workdays or rules.workdays
            for lead in times.of_requirement(rules.find_version(row.requirement, row.opens_on)):
                on, provisional = get_lead_day(lead, row.due_on, workdays)
                told = row._replace(provisional=True) if provisional else row
                found.append(_move_slot(times, Told(times.slot(on, times.hour(lead)), lead, told), changes))
    return [each for each in found if since < each.slot <= until]


def _move_slot(times: SendTimes, told: Told, changes: Mapping[int, Change]) -> Told:
    change = changes.get(told.row.moved) if told.row.moved is not None else None
    # Still ahead when it was moved: the usual moment is right.
    if change is None or change.made_at is None or told.slot >= change.made_at:
        return told
    if told.row.due_on < times.day_of(change.made_at):
        return told
    return told._replace(slot=times.after_quiet(change.made_at), moved_by=change.by)


def plan_requirements(situation: Situation, since: datetime, until: datetime) -> Iterator[PlannedReminder]:
    """Remind those whom the leads name of what is due and not done."""
    audience = Audience(situation)
    for slot, lead, row, moved_by in list_due_slots(situation, since, until):
        if (row.requirement, row.organization_id, row.period) in situation.done:
            continue
        own = lead in situation.rules.find_version(row.requirement, row.opens_on).leads
        # The default leads may be set anew; a key that held them would say everything twice.
        which = f"/{format_lead_key(lead)}" if own else ""
        key = f"{row.requirement}/{row.organization_id}/{row.period}/{row.moved or 0}{which}"
        for each in audience.of(lead.audience, row.organization_id):
            if each.member_id != moved_by:
                once = f"requirement/{key}/{each.member_id}"
                yield PlannedReminder(once, each.member_id, each.chat_id, slot, row, lead.audience)


def plan_questions(situation: Situation, since: datetime, until: datetime) -> Iterator[PlannedReminder]:
    """Repeat open questions on the next day."""
    times = situation.times
    for question in situation.questions:
        slot = times.slot(question.asked_on + timedelta(days=1), times.questions_at)
        if since < slot <= until:
            key = f"question/{question.report_id}/{question.member_id}"
            yield PlannedReminder(key, question.member_id, question.chat_id, slot, question)


def plan_missing_years(situation: Situation, since: datetime, until: datetime) -> Iterator[PlannedReminder]:
    """Remind admins of a year without its days off: on 1 November, weekly from December."""
    times = situation.times
    admins = [each for each in situation.recipients if each.has(Role.ADMIN)]
    day, last = times.day_of(since) - EARLY, times.day_of(until)
    while admins and day <= last:
        slot = times.slot(day, times.secretaries_at)
        for year in (day.year, day.year + 1):
            if (
                since < slot <= until
                and year not in situation.rules.workdays.years
                and _is_call_day(day, year)
            ):
                for each in admins:
                    key = f"holidays/{year}/{day.isoformat()}/{each.member_id}"
                    yield PlannedReminder(
                        key, each.member_id, each.chat_id, slot, MissingYear(year), Role.ADMIN
                    )
        day += timedelta(days=1)


def _is_call_day(day: date, year: int) -> bool:
    """Whether missing days off of a year are asked for on that day."""
    weekly = date(year - 1, *WEEKLY_FROM)
    return day == date(year - 1, *FIRST_CALL) or (day >= weekly and (day - weekly).days % 7 == 0)


def _group_by_reach(situation: Situation) -> dict[timedelta, list[Requirement]]:
    """The requirements by how far ahead they are announced: most need only a few days."""
    reaches: dict[str, timedelta] = {}
    for rule in situation.rules.requirements:
        reaches[rule.key] = max(situation.times.reach(rule), reaches.get(rule.key, timedelta(0)))
    found: dict[timedelta, list[Requirement]] = {}
    for rule in situation.rules.requirements:
        found.setdefault(reaches[rule.key], []).append(rule)
    return found
