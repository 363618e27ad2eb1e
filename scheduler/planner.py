"""Planning: rules, people and a window of time → the reminders that are due to exist in it. PURE.

A reminder belongs to one person and one subject. Its key is the "once" and holds no date that
planning again could move: an observance by its year, an occurrence by its period and the change
that moved it, a question by its report.
"""

from datetime import datetime

from scheduler.plan_days import observance_reminders
from scheduler.plan_due import (
    due_slots,
    missing_year_reminders,
    question_reminders,
    requirement_reminders,
)
from scheduler.situation import PlannedReminder, Situation
from scheduler.times import Times

__all__ = ["due_slots", "reminders", "still_in_time"]


def reminders(situation: Situation, since: datetime, until: datetime) -> list[PlannedReminder]:
    """The reminders with a slot in (since, until], in the order in which they are to go out."""
    found = [
        *observance_reminders(situation, since, until),
        *requirement_reminders(situation, since, until),
        *question_reminders(situation, since, until),
        *missing_year_reminders(situation, since, until),
    ]
    return sorted(found, key=lambda reminder: (reminder.slot, reminder.member_id))


def still_in_time(reminder: PlannedReminder, joined_at: datetime, now: datetime, times: Times) -> bool:
    """Whether a due reminder is still worth sending now to somebody who joined then.

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
