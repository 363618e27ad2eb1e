"""The reminders of observances, by the calendar of each reader's organization. PURE."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from models.rules.calendar.day_parser import DayContext, When, WhenKind, list_when_days
from models.rules.calendar.lead_times import Lead, get_lead_day
from models.rules.calendar.observances import Observance, ObservanceDay, find_nearest_lead, group_by_reminder
from models.rules.calendar.semesters import DEFAULT_SEMESTERS
from models.rules.calendar.workdays import Workdays
from models.rules.people.roles import Role
from models.rules.types import KeyEvent, OrganizationFacts
from scheduler.send_times import LONGEST_WALK_BACK, format_lead_key
from scheduler.types import Audience, PlannedReminder, Preparation, Recipient, Situation

EARLY = timedelta(days=1)  # quiet hours can carry a slot past its day


@dataclass(frozen=True, slots=True)
class _Calendar:
    """People whose organizations share the school year, days off and key events."""

    place: OrganizationFacts | None
    events: tuple[KeyEvent, ...]
    people: list[Recipient]


def plan_observances(situation: Situation, since: datetime, until: datetime) -> list[PlannedReminder]:
    """Plan the reminders of observances in (since, until].

    Festivals of one run of days off are told at one moment, each under a key of its own, so that days
    off that join or part them later repeat nothing. Somebody in several organizations is told once, first.
    """
    audience = Audience(situation)
    found: dict[str, PlannedReminder] = {}
    for calendar in _list_calendars(situation):
        for reminder in _plan_calendar(calendar, situation, audience, since, until):
            known = found.get(reminder.key)
            # Somebody in two calendars hears it once, at the earlier moment.
            if known is None or reminder.slot < known.slot:
                found[reminder.key] = reminder
    return [reminder for reminder in found.values() if since < reminder.slot <= until]


def _list_calendars(situation: Situation) -> Iterable[_Calendar]:
    """Group the recipients by the calendars of their organizations; one list a calendar."""
    calendars = _Calendars(situation)
    for recipient in situation.recipients:
        places = (post.organization_id for post in recipient.posts)
        own = [place for place in dict.fromkeys(places) if place in calendars.places]
        for organization_id in own or (None,):
            people = calendars.get_calendar(organization_id).people
            # Two of their organizations may share a calendar.
            if not people or people[-1] is not recipient:
                people.append(recipient)
    return calendars.found.values()


class _Calendars:
    """The calendars found so far; organizations with the same days share one."""

    def __init__(self, situation: Situation) -> None:
        kinds = {each.when.name for each in situation.rules.observances if each.when.kind is WhenKind.EVENT}
        self.places = {each.id: each for each in situation.organizations}
        self.found: dict[tuple[object, ...], _Calendar] = {}
        self._events = [event for event in situation.ledger.events if event.kind in kinds]
        self._ledger = situation.ledger
        self._by_place: dict[int | None, _Calendar] = {}

    def get_calendar(self, organization_id: int | None) -> _Calendar:
        """The calendar of an organization; the general one for None."""
        if organization_id not in self._by_place:
            self._by_place[organization_id] = self._create_calendar(organization_id)
        return self._by_place[organization_id]

    def _create_calendar(self, organization_id: int | None) -> _Calendar:
        if organization_id is None:
            place, levels = None, set()
        else:
            place = self.places[organization_id]
            levels = {organization_id, *self._ledger.list_superiors(organization_id)}
        events = tuple(event for event in self._events if event.organization_id in levels)
        days = (place and place.semesters, id(place and place.workdays), events)
        return self.found.setdefault(days, _Calendar(place, events, []))


def _plan_calendar(
    calendar: _Calendar, situation: Situation, audience: Audience, since: datetime, until: datetime
) -> Iterator[PlannedReminder]:
    others = {each.key: each.when for each in situation.rules.observances}
    for told, lead, slot in _list_slots(calendar, situation, since, until):
        if since < slot <= until:
            number = _get_occasion(told, calendar, others)
            key = f"observance/{told.observance.key}/{number}{_format_lead(told, lead)}"
            member = lead.audience is Role.MEMBER
            subject = replace(told, occasion=number) if member else Preparation(told)
            for each in _list_readers(calendar.people, told.observance, lead, audience):
                own = f"{key}/{each.member_id}"
                yield PlannedReminder(own, each.member_id, each.chat_id, slot, subject, lead.audience)


def _list_slots(
    calendar: _Calendar, situation: Situation, since: datetime, until: datetime
) -> Iterator[tuple[ObservanceDay, Lead, datetime]]:
    """Each day with each of its leads and its slot, which may lie outside the window."""
    times, rules = situation.times, situation.rules
    leads = {each.key: times.of_observance(each) for each in rules.observances}
    reach = max((31 * lead.months + lead.days for each in leads.values() for lead in each), default=0)
    first, last = times.day_of(since) - EARLY, times.day_of(until) + timedelta(days=reach + LONGEST_WALK_BACK)
    days = rules.list_observance_days(first, last, place=calendar.place, events=calendar.events)
    workdays = (calendar.place and calendar.place.workdays) or rules.workdays
    for together in group_by_reminder(days):
        for day in together:
            for lead in leads[day.observance.key]:
                told, slot = _get_announced(day, lead, together[0].date, workdays, situation)
                yield told, lead, slot


def _get_announced(
    day: ObservanceDay, lead: Lead, first: date, workdays: Workdays, situation: Situation
) -> tuple[ObservanceDay, datetime]:
    """The day as a lead announces it, and its slot; `first` is the first day of its group.

    What days off installed meanwhile have moved into the past is said at once, while the day is ahead.
    """
    times, installed = situation.times, situation.installed_at
    on, provisional = get_lead_day(lead, first if lead.audience is Role.MEMBER else day.date, workdays)
    slot = times.slot(on, times.hour(lead))
    # Newly published days off can move a slot into the past; say it at once.
    if installed is not None and slot < installed and day.date > times.day_of(installed):
        slot = times.after_quiet(installed)
    provisional = provisional or (lead.workday and day.provisional)
    return replace(day, remind_on=on, provisional=provisional), slot


def _get_occasion(day: ObservanceDay, calendar: _Calendar, others: Mapping[str, When]) -> str:
    """The occasion of a day: its year or its event, nothing that planning could move.

    A year can have two of them: two beginnings of school, two times the eighth of the last lunar month.
    """
    if day.event is not None:
        return f"e{day.event.id}"
    year = day.date.year
    semesters = calendar.place.semesters if calendar.place else DEFAULT_SEMESTERS
    context = DayContext(semesters, calendar.events, others)
    found = list_when_days(day.observance.when, date(year, 1, 1), day.date, context)
    return f"{year}.{len(found)}" if len(found) > 1 else str(year)


def _format_lead(day: ObservanceDay, lead: Lead) -> str:
    """The part of the key for a lead; empty for the members' own reminder."""
    nearest = lead is find_nearest_lead(day.observance) and lead.audience is Role.MEMBER
    return "" if nearest else f"/{format_lead_key(lead)}"


def _list_readers(
    people: list[Recipient], observance: Observance, lead: Lead, audience: Audience
) -> Iterable[Recipient]:
    if lead.audience is Role.SECRETARY:
        return [each for each in people if each.member_id in audience.reporters]
    if lead.audience is not Role.MEMBER:
        return [each for each in people if each.has(lead.audience)]
    if Role.MEMBER in observance.audience:
        return people
    return [each for each in people if any(each.has(role) for role in observance.audience)]
