"""The reminders of what is overdue: escalation step by step, and a list a week. PURE.

A step is said once: its key names the occurrence, the change that moved it, the step and the reader.
Supervisors and leaders hear of their steps in the week's list, so that one list a week is all they get;
without a list each step is said on a day of its own. On days off nobody is told: a step waits for the next
working day, a list for the next one of its week. What is only usual (一般) is never passed on.
"""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta

from models.rules.calendar.workdays import Workdays
from models.rules.people.permissions import Action, list_permitted
from models.rules.people.roles import Person, Role
from models.rules.requirements.due_query import DueQuery
from models.rules.requirements.types import Strength
from models.rules.types import Occurrence
from scheduler.types import Audience, Digest, Overdue, PlannedReminder, Recipient, Situation

ONE_DAY = timedelta(days=1)
A_WEEK = timedelta(days=7)
LOOK_BACK = timedelta(days=183)
WEEKS_BACK = 10  # further back no list is looked for: a vacation is shorter
READERS = (Role.SUPERVISOR, Role.LEADER)


def plan_overdue(situation: Situation, since: datetime, until: datetime) -> list[PlannedReminder]:
    """The steps and lists with a slot in (since, until]."""
    found = [*_plan_steps(situation, since, until), *_plan_lists(situation, since, until)]
    return [each for each in found if since < each.slot <= until]


def list_overdue(situation: Situation, since: datetime, until: datetime) -> list[Occurrence]:
    """List what may be overdue in (since, until], done or not."""
    rows = {}
    for first, last in (_get_step_span(situation, since, until), _get_list_span(situation, since, until)):
        if first <= last:
            rows.update(dict.fromkeys(_list_due(situation, first, last)))
    return list(rows)


def get_list_day(week: date, on: int, workdays: Workdays) -> date | None:
    """The day of a week's list: its weekday, or the next working day; None in a week off.

    `week` is any day of it, `on` 0 for Monday.
    """
    first = week - timedelta(days=week.weekday())
    return next((day for n in range(on, 7) if workdays.is_workday(day := first + n * ONE_DAY)), None)


def _list_days(situation: Situation, since: datetime, until: datetime) -> Iterator[date]:
    day, last = situation.times.day_of(since) - ONE_DAY, situation.times.day_of(until)
    while day <= last:
        yield day
        day += ONE_DAY


def _list_due(situation: Situation, first: date, last: date) -> list[Occurrence]:
    rules = situation.rules
    query = DueQuery(situation.organizations, first, last, situation.ledger)
    return [
        row
        for row in rules.list_due(query, situation.changes)
        if not row.waived and rules.find_version(row.requirement, row.opens_on).strength is Strength.MUST
    ]


def _get_deadline(situation: Situation, row: Occurrence) -> date:
    grace = situation.rules.find_version(row.requirement, row.opens_on).grace_days
    return row.due_on + timedelta(days=grace)


def _list_open(situation: Situation, rows: Iterable[Occurrence]) -> list[Occurrence]:
    return [row for row in rows if (row.requirement, row.organization_id, row.period) not in situation.done]


def _get_daily_steps(situation: Situation) -> dict[Role, tuple[int, time]]:
    """The steps that are said on days of their own: after how many days, and at what hour."""
    times = situation.times
    return {
        role: (days, times.secretaries_at if role is Role.SECRETARY else times.digest_at)
        for role, days in times.overdue_after.items()
        if role is Role.SECRETARY or times.digest_on is None
    }


def _get_step_span(situation: Situation, since: datetime, until: datetime) -> tuple[date, date]:
    """The due days that can be overdue in the window, the days off before it included."""
    after = [days for days, _ in _get_daily_steps(situation).values()]
    days = list(_list_days(situation, since, until))
    if not after:
        return date.max, date.min
    calendars = {id(each.workdays): each.workdays for each in situation.organizations if each.workdays}
    first = min(
        each.find_at_or_before(days[0] - ONE_DAY)[0]
        for each in (situation.rules.workdays, *calendars.values())
    )
    grace = max((rule.grace_days for rule in situation.rules.requirements), default=0)
    return first - timedelta(days=max(after) + grace), days[-1] - timedelta(days=min(after))


def _plan_steps(situation: Situation, since: datetime, until: datetime) -> Iterator[PlannedReminder]:
    first, last = _get_step_span(situation, since, until)
    if first > last:
        return
    times, audience = situation.times, Audience(situation)
    places = {each.id: each for each in situation.organizations}
    asked = frozenset().union(*(question.about for question in situation.questions))
    for row in _list_open(situation, _list_due(situation, first, last)):
        if (row.requirement, row.organization_id) in asked:
            continue  # it was reported; the open question is put again instead
        workdays = places[row.organization_id].workdays or situation.rules.workdays
        for role, (days, hour) in _get_daily_steps(situation).items():
            day, _ = workdays.find_at_or_after(_get_deadline(situation, row) + timedelta(days=days))
            slot = times.slot(day, hour)
            if since < slot <= until:
                for each in audience.of(role, row.organization_id):
                    yield _create_step(row, role, each, slot)


def _create_step(row: Occurrence, role: Role, reader: Recipient, slot: datetime) -> PlannedReminder:
    key = f"overdue/{row.requirement}/{row.organization_id}/{row.period}/{row.moved or 0}/{role}"
    return PlannedReminder(
        f"{key}/{reader.member_id}", reader.member_id, reader.chat_id, slot, Overdue(row, role), role
    )


def _find_readers(situation: Situation) -> list[tuple[Recipient, dict[Role, frozenset[int]], Workdays]]:
    """The readers of the list, where they supervise or lead, and their workdays."""
    places = {each.id: each for each in situation.organizations}
    found = []
    for each in situation.recipients:
        reach = {}
        for role in READERS:
            posts = tuple(post for post in each.posts if post.role is role)
            if posts:
                reach[role] = list_permitted(Person(each.member_id, "", posts), Action.STATUS, situation.tree)
        if reach:
            own = next((places[p.organization_id] for p in each.posts if p.organization_id in places), None)
            found.append((each, reach, (own and own.workdays) or situation.rules.workdays))
    return found


def _get_list_span(situation: Situation, since: datetime, until: datetime) -> tuple[date, date]:
    days = list(_find_list_days(situation, since, until))
    return (min(days) - LOOK_BACK, max(days) - ONE_DAY) if days else (date.max, date.min)


def _find_list_days(situation: Situation, since: datetime, until: datetime) -> Iterator[date]:
    for _, _, workdays in _find_readers(situation):
        for day, _ in _list_slots(situation, workdays, since, until):
            yield day


def _list_slots(
    situation: Situation, workdays: Workdays, since: datetime, until: datetime
) -> Iterator[tuple[date, datetime]]:
    """The days and slots of the weekly lists in the window that are not planned yet."""
    times = situation.times
    if times.digest_on is None:
        return
    # Lists that were planned are not worked out again.
    since = max(since, situation.listed_until) if situation.listed_until is not None else since
    week, last = times.day_of(since) - A_WEEK, times.day_of(until) + A_WEEK
    while week <= last:
        day = get_list_day(week, times.digest_on, workdays)
        if day is not None and since < (slot := times.slot(day, times.digest_at)) <= until:
            yield day, slot
        week += A_WEEK


def _plan_lists(situation: Situation, since: datetime, until: datetime) -> Iterator[PlannedReminder]:
    first, last = _get_list_span(situation, since, until)
    if first > last:
        return
    order = {node.id: place for place, node in enumerate(situation.tree)}
    rows = _list_open(situation, _list_due(situation, first, last))
    rows.sort(key=lambda row: (order.get(row.organization_id, 0), row.due_on))
    for reader, reach, workdays in _find_readers(situation):
        own = [row for row in rows if any(row.organization_id in ids for ids in reach.values())]
        for day, slot in _list_slots(situation, workdays, since, until):
            late = tuple(row for row in own if day - LOOK_BACK <= _get_deadline(situation, row) < day)
            if late:
                when = (day, _find_list_before(situation, day, workdays), slot)
                yield from _plan_list(situation, reader, reach, when, late)


def _plan_list(
    situation: Situation,
    reader: Recipient,
    reach: dict[Role, frozenset[int]],
    when: tuple[date, date, datetime],
    late: tuple[Occurrence, ...],
) -> Iterator[PlannedReminder]:
    """One list, and the steps that are due since the list before."""
    day, before, slot = when
    year, week, _ = day.isocalendar()
    role = Role.LEADER if Role.LEADER in reach else Role.SUPERVISOR
    key = f"digest/{year}-W{week:02}/{reader.member_id}"
    yield PlannedReminder(key, reader.member_id, reader.chat_id, slot, Digest(late), role)
    for role, ids in reach.items():
        days = situation.times.overdue_after.get(role)
        for row in late if days is not None else ():
            if row.organization_id in ids:
                said = _get_deadline(situation, row) + timedelta(days=days or 0)
                if before < said <= day:
                    yield _create_step(row, role, reader, slot)


def _find_list_before(situation: Situation, day: date, workdays: Workdays) -> date:
    """The day of the list before."""
    on = situation.times.digest_on or 0
    weeks = (get_list_day(day - number * A_WEEK, on, workdays) for number in range(1, WEEKS_BACK))
    return next((found for found in weeks if found is not None), day - A_WEEK)
