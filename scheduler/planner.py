"""Planning: rules, people and a window of time → the reminders that are due to exist in it. PURE.

A reminder belongs to one person and one subject. Its key is the "once" and holds no date that
planning again could move: an observance by its year, an occurrence by its period and the change
that moved it, a question by its report.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from models.rules.observances import ObservanceDay, observance_days
from models.rules.facts import Change, Occurrence, OrganizationFacts
from models.rules.occurrences import occurrences
from models.rules.people import Post, Role
from models.rules.rulebook import Rulebook
from models.rules.tree import Tree

LOOK_AHEAD = timedelta(days=40)  # further than the longest run of days off between a slot and its festival


@dataclass(frozen=True, slots=True)
class Times:
    """When people are spoken to: local times of the zone, and how late is still worth saying."""

    zone: ZoneInfo
    members_at: time = time(9)
    secretaries_at: time = time(9)
    secretaries_days_before: int = 3
    joiners_until: time = time(20)
    questions_at: time = time(9)
    max_lateness: timedelta = timedelta(hours=24)
    lead_days: Mapping[str, int] = field(default_factory=dict)

    def due_slot(self, row: Occurrence) -> datetime:
        """When the reminder of an occurrence goes out: some days before its due day."""
        lead = self.lead_days.get(row.requirement, self.secretaries_days_before)
        return self.at(row.due_on - timedelta(days=lead), self.secretaries_at)

    def longest_lead(self) -> timedelta:
        """The most days that any requirement is spoken of before its due day."""
        return timedelta(days=max(self.secretaries_days_before, *self.lead_days.values(), 0))

    def at(self, day: date, local: time) -> datetime:
        """The instant of a local time; in a gap of summer time the moment after it, in a fold the first."""
        return datetime.combine(day, local, tzinfo=self.zone)


@dataclass(frozen=True, slots=True)
class Recipient:
    """Somebody who has joined: where they are reached, since when, and in which posts."""

    member_id: int
    chat_id: int
    joined_at: datetime
    posts: tuple[Post, ...]


@dataclass(frozen=True, slots=True)
class OpenQuestion:
    """A report that waits for an answer since the day it was last asked about."""

    report_id: int
    member_id: int
    chat_id: int
    asked_on: date


@dataclass(frozen=True, slots=True)
class PlannedReminder:
    """One person is to be told one thing at one moment."""

    key: str
    member_id: int
    chat_id: int
    slot: datetime
    subject: ObservanceDay | Occurrence | OpenQuestion


@dataclass(frozen=True)
class Situation:
    """All that planning looks at: rules, organizations, people, changes, what is done, what is open."""

    rules: Rulebook
    tree: Tree
    organizations: Sequence[OrganizationFacts]
    recipients: Sequence[Recipient]
    times: Times
    changes: Sequence[Change] = ()
    done: Collection[tuple[str, int, str]] = ()
    questions: Sequence[OpenQuestion] = ()


def reminders(situation: Situation, since: datetime, until: datetime) -> list[PlannedReminder]:
    """The reminders with a slot in (since, until], in the order in which they are to go out."""
    found = [
        *_observance_reminders(situation, since, until),
        *_requirement_reminders(situation, since, until),
        *_question_reminders(situation, since, until),
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
    slot_day = reminder.slot.astimezone(times.zone).date()
    return (
        joined_at.astimezone(times.zone).date() == slot_day == local.date()
        and local.time() < times.joiners_until
    )


def due_occurrences(situation: Situation, since: datetime, until: datetime) -> list[Occurrence]:
    """The occurrences whose reminder has its slot in (since, until], done or not."""
    times = situation.times
    rows = occurrences(
        situation.rules.requirements,
        situation.organizations,
        first=since.astimezone(times.zone).date(),
        last=until.astimezone(times.zone).date() + times.longest_lead(),
        changes=situation.changes,
        workdays=situation.rules.workdays,
    )
    return [row for row in rows if not row.waived and since < times.due_slot(row) <= until]


def reporters_of(tree: Tree, recipients: Iterable[Recipient]) -> dict[int, tuple[Recipient, ...]]:
    """Who is reminded for each organization: its secretaries, else its clerks, else its branch's."""
    found: dict[tuple[int, Role], list[Recipient]] = {}
    for recipient in recipients:
        for post in recipient.posts:
            if post.organization_id is not None and post.role in (Role.SECRETARY, Role.CLERK):
                found.setdefault((post.organization_id, post.role), []).append(recipient)
    result = {}
    for node in tree:
        for place in dict.fromkeys((node.id, tree.branch_of(node.id))):
            people = found.get((place, Role.SECRETARY)) or found.get((place, Role.CLERK))
            if people:
                result[node.id] = tuple(people)
                break
    return result


def _observance_reminders(
    situation: Situation, since: datetime, until: datetime
) -> Iterator[PlannedReminder]:
    times = situation.times
    first = since.astimezone(times.zone).date()
    last = until.astimezone(times.zone).date() + LOOK_AHEAD
    for day in observance_days(situation.rules.observances, first, last, situation.rules.workdays):
        if day.remind_on is None:
            continue
        slot = times.at(day.remind_on, times.members_at)
        if since < slot <= until:
            for recipient in situation.recipients:
                key = f"observance/{day.observance.key}/{day.date.year}/{recipient.member_id}"
                yield PlannedReminder(key, recipient.member_id, recipient.chat_id, slot, day)


def _requirement_reminders(
    situation: Situation, since: datetime, until: datetime
) -> Iterator[PlannedReminder]:
    reporters = reporters_of(situation.tree, situation.recipients)
    for row in due_occurrences(situation, since, until):
        if (row.requirement, row.organization_id, row.period) in situation.done:
            continue
        slot = situation.times.due_slot(row)
        for recipient in reporters.get(row.organization_id, ()):
            occurrence = f"{row.requirement}/{row.organization_id}/{row.period}/{row.moved or 0}"
            key = f"requirement/{occurrence}/{recipient.member_id}"
            yield PlannedReminder(key, recipient.member_id, recipient.chat_id, slot, row)


def _question_reminders(situation: Situation, since: datetime, until: datetime) -> Iterator[PlannedReminder]:
    times = situation.times
    for question in situation.questions:
        slot = times.at(question.asked_on + timedelta(days=1), times.questions_at)
        if since < slot <= until:
            key = f"question/{question.report_id}/{question.member_id}"
            yield PlannedReminder(key, question.member_id, question.chat_id, slot, question)
