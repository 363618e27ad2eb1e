"""Planning: from rules, people and a window of time to the reminders in it. PURE.

A reminder belongs to one person and one subject. Its key is the "once" and holds no date that
planning again could move: an observance by its year, an occurrence by its period and the change
that moved it, a week's list by its week, a question by its report.
"""

from dataclasses import replace
from datetime import date, datetime, time, timedelta

from scheduler.planning.approvals import apply_decisions, plan_approvals
from scheduler.planning.due import (
    list_due_slots,
    plan_missing_years,
    plan_questions,
    plan_requirements,
)
from scheduler.planning.festivals import plan_observances
from scheduler.planning.overdue import plan_overdue
from scheduler.send_times import SendTimes
from scheduler.types import PlannedReminder, Situation

__all__ = ["list_due_slots", "plan_reminders", "is_in_time"]


def plan_reminders(situation: Situation, since: datetime, until: datetime) -> list[PlannedReminder]:
    """Plan the reminders with a slot in (since, until], in the order of sending."""
    found = [
        *_plan_days(situation, since, until),
        *plan_approvals(situation, since, until),
        *_plan_overdue(situation, since, until),
        *plan_questions(situation, since, until),
        *plan_missing_years(situation, since, until),
    ]
    return sorted(found, key=lambda reminder: (reminder.slot, reminder.member_id))


def _plan_days(situation: Situation, since: datetime, until: datetime) -> list[PlannedReminder]:
    return [
        *apply_decisions(situation, plan_observances(situation, since, until)),
        *plan_requirements(situation, since, until),
    ]


def _plan_overdue(situation: Situation, since: datetime, until: datetime) -> list[PlannedReminder]:
    """The reminders of what is overdue, at the moment of the reader's others that day."""
    times = situation.times
    # Whole days: what a reader is told later that day draws the overdue to its moment.
    begin = times.to_instant(times.day_of(since), time()) - timedelta(microseconds=1)
    end = times.to_instant(times.day_of(until) + timedelta(days=1), time()) - timedelta(microseconds=1)
    found = plan_overdue(situation, begin, end)
    if not found:
        return []
    earliest: dict[tuple[int, date], datetime] = {}
    for each in sorted(_plan_days(situation, begin, end), key=lambda reminder: reminder.slot):
        earliest.setdefault((each.chat_id, times.day_of(each.slot)), each.slot)
    for each in sorted(found, key=lambda reminder: reminder.slot):
        earliest.setdefault((each.chat_id, times.day_of(each.slot)), each.slot)
    moved = [replace(each, slot=earliest[each.chat_id, times.day_of(each.slot)]) for each in found]
    return [each for each in moved if since < each.slot <= until]


def is_in_time(reminder: PlannedReminder, joined_at: datetime, now: datetime, times: SendTimes) -> bool:
    """Whether a due reminder is still in time for somebody who joined at `joined_at`.

    Who joins on its day hears of it until `joiners_until`; who joins later does not. A joining in
    the future means that the clock was set back for a rehearsal and counts as long ago.
    """
    if now - reminder.slot > times.max_lateness:
        return False
    if not reminder.slot < joined_at <= now:
        return True
    local = now.astimezone(times.zone)
    return (
        times.day_of(joined_at) == times.day_of(reminder.slot) == local.date()
        and local.time() < times.joiners_until
    )
