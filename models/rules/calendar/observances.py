"""Observances: festivals and integrity days with a theme, and their reminder days."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from models.rules.calendar.day_parser import (
    DayContext,
    When,
    WhenKind,
    list_when_days,
    parse_when as parse_when,
)
from models.rules.calendar.festivals import ALIASES
from models.rules.calendar.lead_times import AUDIENCE_ALL, MEMBER_LEAD, Lead as Lead, get_lead_day
from models.rules.calendar.versions import list_in_force
from models.rules.calendar.workdays import Workdays
from models.rules.people.roles import Role
from models.rules.types import KeyEvent

# `date` is a field below and would hide the type.
Day = date

NO_EVENTS = DayContext()
# Every calendar lists these, also where no reminder hangs on them.
LISTED = (
    "元旦",
    "小年",
    "除夕",
    "春节",
    "元宵节",
    "清明节",
    "劳动节",
    "端午节",
    "教师节",
    "中秋节",
    "国庆节",
    "重阳节",
)


@dataclass(frozen=True, slots=True)
class Observance:
    """节点: a festival or integrity day with its theme, texts and reminders.

    `key` is the stable id, `name` the common one. `theme` and `texts` are what the message says.

    Texts are templates (see `models.rules.output.templates`); `yearly` holds those of single years. `leads`
    say whom it is told and when; none: the day is only listed. `audience` are the roles that are told at all.
    """

    key: str
    name: str
    when: When
    theme: str = ""
    texts: tuple[str, ...] = ()
    yearly: tuple[tuple[int, str], ...] = ()
    audience: tuple[Role, ...] = AUDIENCE_ALL
    leads: tuple[Lead, ...] = (MEMBER_LEAD,)
    source: str = ""
    article: str = ""
    version: str = ""
    source_date: date | None = None
    checked: bool = False
    valid_from: date = date.min
    valid_until: date = date.max
    pack: str = ""

    def get_text(self, year: int) -> str:
        """The text of a year: its own, or else one of several that take turns."""
        if own := dict(self.yearly).get(year):
            return own
        return self.texts[year % len(self.texts)] if self.texts else ""


@dataclass(frozen=True, slots=True)
class ObservanceDay:
    """One observance on its day, with the day on which members are reminded.

    `remind_on` is None where the day is only listed.

    `provisional`: a day looked at lies in a year whose days off are not published. `shared_with` are
    the observances in the same run of days off: together they get one reminder. `event` is the key
    event it follows from. `occasion` is its year or event, set where it is told of.
    """

    observance: Observance
    date: Day
    remind_on: Day | None
    provisional: bool
    shared_with: tuple[Observance, ...] = ()
    event: KeyEvent | None = None
    occasion: str = ""


def list_observance_days(
    observances: Iterable[Observance],
    first: date,
    last: date,
    workdays: Workdays,
    context: DayContext = NO_EVENTS,
) -> list[ObservanceDay]:
    """List every observance whose own day is in [first, last], by day, then in the order given.

    Festivals of one run of days off share one reminder also where one of them lies outside the window.
    An observance may refer to the others given, whatever `context.others` holds.
    """
    known = list(observances)
    context = replace(context, others={each.key: each.when for each in known})
    versions: dict[str, list[Observance]] = defaultdict(list)
    for each in known:
        versions[each.key].append(each)
    # A run of days off that reaches over the window's edge can hold the festival to share with.
    margin = timedelta(days=75)
    edge = (max(first, date.min + margin) - margin, min(last, date.max - margin) + margin)
    days = [
        _create_day(each, on, workdays, event)
        for each in known
        for on, event in list_when_days(each.when, *edge, context)
        # Identity, not equality: two versions of one rule may be equal but for their days.
        if any(law is each for law in list_in_force(versions[each.key], on))
    ]
    days.sort(key=lambda each: each.date)
    return [each for each in _set_shared(days, workdays) if first <= each.date <= last]


def group_by_reminder(days: Iterable[ObservanceDay]) -> list[tuple[ObservanceDay, ...]]:
    """Group the days that share a reminder; the others are groups of one.

    Days without a reminder are left out.
    """
    groups: list[tuple[ObservanceDay, ...]] = []
    for day in days:
        if day.remind_on is None:
            continue
        before = groups[-1][0] if groups else None
        if before and before.remind_on == day.remind_on and day.observance in before.shared_with:
            groups[-1] = (*groups[-1], day)
        else:
            groups.append((day,))
    return groups


def list_lead_days(day: ObservanceDay, workdays: Workdays) -> list[tuple[Lead, date, bool]]:
    """Each lead of an observance with the day it falls on, and whether that is provisional."""
    return [(lead, *get_lead_day(lead, day.date, workdays)) for lead in day.observance.leads]


def add_listed_festivals(observances: Iterable[Observance]) -> list[Observance]:
    """The observances and, without reminders, the festivals every calendar lists.

    An observance takes the place of its festival on the days on which it is in force.
    """
    known = list(observances)
    keys = {ALIASES.get(each.name, each.name): each.key for each in known}
    listed = [
        Observance(
            key=keys.get(name, name), name=name, when=When(WhenKind.NAMED, name=name), audience=(), leads=()
        )
        for name in LISTED
    ]
    return listed + known


def _create_day(
    observance: Observance, on: date, workdays: Workdays, event: KeyEvent | None
) -> ObservanceDay:
    lead = find_nearest_lead(observance)
    if lead is None:
        return ObservanceDay(observance, on, None, False, event=event)
    return ObservanceDay(observance, on, *get_lead_day(lead, on, workdays), event=event)


def find_nearest_lead(observance: Observance) -> Lead | None:
    """The members' lead nearest to the day; the nearest of all where members have none."""
    # Secretaries' leads are for preparing; what members read is the reminder of the day.
    leads = [lead for lead in observance.leads if lead.audience is Role.MEMBER] or observance.leads
    return min(leads, key=lambda lead: 30 * lead.months + lead.days, default=None)


def _set_shared(days: Sequence[ObservanceDay], workdays: Workdays) -> list[ObservanceDay]:
    """Each day with the observances that share its reminder.

    They share the run of days off, the audience and the hour.
    """
    groups: dict[tuple[object, ...], list[ObservanceDay]] = {}
    for day in days:
        if day.remind_on is not None:
            run = workdays.find_run_of_days_off(day.date) or (day.date, day.date)
            mark = (run, day.remind_on, day.observance.audience, find_nearest_lead(day.observance))
            groups.setdefault(mark, []).append(day)
    together = {id(day): group for group in groups.values() for day in group}
    return [
        replace(day, shared_with=tuple(o.observance for o in together.get(id(day), ()) if o is not day))
        for day in days
    ]
