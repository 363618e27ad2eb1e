"""The plan tick: stores due reminders and their deliveries, each exactly once."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from models.delivery import deliveries, heartbeats, incidents, reminders as stored
from models.delivery.claims import LeasedDelivery
from models.records import approvals
from models.records.completions import RECORD
from models.records.overrides import INSTALL
from models.rules.deliveries import DeliveryKind, NewDelivery
from models.rules.people.roles import Person
from models.rules.requirements.rulebook import Rulebook
from models.storage.database import Database
from models.tables.people import Chat
from models.tables.records import Audit
from scheduler.delivery.recheck import build_review, find_not_approved, find_not_for_reader
from scheduler.jobs.broadcasts import find_not_to_send
from scheduler.messages.bundle import PlannedMessage, bundle_reminders, create_messages, split_parts
from scheduler.messages.texts import LATE, MessageContext, Voice, format_late
from scheduler.planning import open_questions
from scheduler.planning.load_inputs import PlanWindow, find_settled, load_situation
from scheduler.planning.open_questions import AskAgain
from scheduler.planning.reminders import is_in_time, plan_reminders
from scheduler.send_times import SendTimes
from scheduler.types import Digest, PlannedReminder, Situation

HORIZON = timedelta(days=400)
NEAR = timedelta(days=1)
LOOK_AGAIN_S = 60.0
# A large wave is put in part by part: on SQLite nobody else can write meanwhile.
PUT_AT_ONCE = 500
MARKED_EVERY = timedelta(minutes=5)
MOVING = ("move", "waive", "restore", INSTALL, "event", "setting", "day", "semester")


@dataclass
class Planner:
    """Plans when a slot is reached or an input has changed; else a tick costs one query.

    `rules` may be exchanged while it runs; what waits unsent and has moved is then planned anew.
    `receipt` are rows of buttons under every reminder.
    """

    database: Database
    rules: Rulebook
    times: SendTimes
    now: Callable[[], datetime]
    ask_again: AskAgain
    voice: Voice = field(default_factory=Voice)
    wall: Callable[[], datetime] = lambda: datetime.now(UTC)
    receipt: list[Any] | None = None
    _seen: tuple[Any, ...] | None = field(default=None, init=False)
    _newest: int = field(default=0, init=False)
    _moves: tuple[Any, ...] | None = field(default=None, init=False)
    _next: datetime | None = field(default=None, init=False)
    _looked: float = field(default=0.0, init=False)
    _last: datetime | None = field(default=None, init=False)
    _listed: datetime | None = field(default=None, init=False)

    def run_tick(self) -> int:
        """Plan if anything may have changed; returns the number of new deliveries."""
        now = _get_instant(self.now())
        with self.database.read() as session:
            newest, other, joined = _get_marker(session, self._newest)
        seen = (self.rules, other or self._seen and self._seen[1], joined)
        set_back = self._last is not None and now < self._last
        reached = self._next is None or now >= self._next
        self._last = now
        rested = time.monotonic() - self._looked < LOOK_AGAIN_S
        if seen == self._seen and rested and not set_back and not reached:
            self._newest = newest
            return 0
        created = self.plan_reminders()
        self._seen, self._newest, self._looked = seen, newest, time.monotonic()
        return created

    def plan_reminders(self) -> int:
        """Plan everything whose slot is reached and still in time; returns the new deliveries."""
        now, rules = _get_instant(self.now()), self.rules
        with self.database.read() as session:
            moves = (rules, session.scalar(_MOVES))
        # Rules or days have changed since the last plan.
        if moves != self._moves:
            self._plan_anew(rules, now)
        self._note_missed(now)
        self._refresh_lists(rules)
        since = now - self.times.max_lateness
        with self.database.read() as session:
            listed = self._listed if self._listed is not None and self._listed <= now else None
            window = PlanWindow(since, now, listed_until=listed, now=now)
            found, people = load_situation(session, rules, self.times, window)
        due = self._list_in_time(found, since, now)
        created = 0
        if due:
            local = now.astimezone(self.times.zone)
            # One transaction a part, so that reports get in between.
            for part in split_parts(due, PUT_AT_ONCE):
                with self.database.begin() as session:
                    created += self._create_deliveries(session, part, found, people, local)
        self._moves = moves
        ahead = plan_reminders(found, now, now + NEAR)
        # The lists of a whole bureau are worked out once, unless one waits for a later hour of the day.
        if not any(isinstance(each.subject, Digest) for each in ahead):
            quiet = self.times.is_quiet(now.astimezone(self.times.zone).time())
            self._listed = None if quiet else now
        self._next = self._get_next_look(ahead, now)
        return created

    def find_next_slot(self, after: datetime) -> datetime | None:
        """The next moment at which somebody is to be told something, within HORIZON."""
        return next(iter(self.list_slots(after, after + HORIZON)), None)

    def list_slots(self, after: datetime, until: datetime) -> list[datetime]:
        """The moments in (after, until] at which somebody is to be told something."""
        with self.database.read() as session:
            found, _ = load_situation(session, self.rules, self.times, PlanWindow(after, until))
        return sorted({reminder.slot for reminder in plan_reminders(found, after, until)})

    def find_pointless(self, session: Session, rows: Sequence[LeasedDelivery]) -> dict[int, str]:
        """Why a reminder is not sent any more, by delivery id.

        All that it speaks of was done meanwhile, a leader has decided otherwise, or its reader has left or
        has no part in it any more.
        """
        spoken_of = {
            row.id: set(row.about.occurrences)
            for row in rows
            if row.kind is DeliveryKind.REMINDER
            and row.about
            and row.about.occurrences
            and not row.about.observances
        }
        done = find_settled(session, self.rules, {each for items in spoken_of.values() for each in items})
        finished = {key: "done meanwhile" for key, items in spoken_of.items() if items <= done}
        refused = find_not_approved(session, rows, self.rules.approval)
        stopped = find_not_to_send(session, rows)
        return finished | refused | stopped | find_not_for_reader(session, rows)

    def _note_missed(self, now: datetime) -> None:
        """Note for admins how many messages a long absence has cost."""
        wall = self.wall()
        with self.database.read() as session:
            before = heartbeats.find_heartbeat(session, heartbeats.PLANNED)
        if before is not None and abs(wall - before) < MARKED_EVERY:
            return
        missed = 0
        if before is not None and wall - before > self.times.max_lateness:
            missed = self._count_missed(now - (wall - before), now - self.times.max_lateness)
        with self.database.begin() as session:
            if heartbeats.set_heartbeat(session, heartbeats.PLANNED, wall, before=before) and missed:
                incidents.record_incident(session, incidents.IncidentKind.MISSED, count=missed)

    def _count_missed(self, since: datetime, until: datetime) -> int:
        with self.database.read() as session:
            found, _ = load_situation(session, self.rules, self.times, PlanWindow(since, until))
            due = plan_reminders(found, since, until)
            known = stored.list_known(session, {row.key for row in due})
        joined = {each.member_id: each.joined_at for each in found.recipients}
        unsaid = (row for row in due if row.key not in known and joined[row.member_id] <= row.slot)
        return len({(row.chat_id, row.slot) for row in unsaid})

    def format_late(self, row: LeasedDelivery, now: datetime) -> str:
        """What a reminder says first that was put in in time and leaves late."""
        if row.kind is not DeliveryKind.REMINDER or row.edits is not None or row.text.startswith(LATE):
            return ""
        zone = self.times.zone
        return format_late(self.voice, row.due_at.astimezone(zone), now.astimezone(zone))

    def _list_in_time(self, found: Situation, since: datetime, now: datetime) -> list[PlannedReminder]:
        """List what is due and in time; in quiet hours nothing, also of what is late."""
        times = self.times
        if times.is_quiet(now.astimezone(times.zone).time()):
            return []
        joined = {each.member_id: each.joined_at for each in found.recipients}
        return [
            reminder
            for reminder in plan_reminders(found, since, now)
            if is_in_time(reminder, joined[reminder.member_id], now, times)
        ]

    def _get_next_look(self, ahead: Sequence[PlannedReminder], now: datetime) -> datetime:
        """When to look again: the next slot, the end of the quiet hours, a day later at the latest."""
        waking = self.times.after_quiet(now)
        return min(
            [*(reminder.slot for reminder in ahead[:1]), waking if waking > now else now + NEAR, now + NEAR]
        )

    def _refresh_lists(self, rules: Rulebook) -> None:
        """Take back unsent lists that name something done meanwhile, to plan them anew."""
        with self.database.read() as session:
            waiting = stored.list_naming_overdue(session)
            done = find_settled(session, rules, {each for named in waiting.values() for each in named})
        outdated = {delivery for delivery, named in waiting.items() if named & done}
        if outdated:
            self._listed = None
            with self.database.begin() as session:
                stored.withdraw_deliveries(session, outdated)

    def _plan_anew(self, rules: Rulebook, now: datetime) -> None:
        """Take back unsent reminders that are not due any more, as days have moved."""
        with self.database.read() as session:
            waiting = stored.list_waiting(session)
            if not waiting:
                return
            since = min(slot for _, _, slot in waiting) - timedelta(seconds=1)
            found, _ = load_situation(session, rules, self.times, PlanWindow(since, now, now=now))
        due = {reminder.key for reminder in plan_reminders(found, since, now)}
        moved = {delivery for key, delivery, _ in waiting if key not in due}
        if moved:
            self._listed = None
            with self.database.begin() as session:
                stored.withdraw_deliveries(session, moved)

    def _create_deliveries(
        self,
        session: Session,
        due: Sequence[PlannedReminder],
        found: Situation,
        people: dict[int, Person],
        now: datetime,
    ) -> int:
        """Store the new reminders and one delivery for each chat they go to."""
        # The unique key decides what is new, also against another process.
        keys = stored.add_reminders(session, [(row.key, row.member_id, row.slot) for row in due])
        new = [row for row in due if row.key in keys]
        context = MessageContext(found.rules, found.tree, self.voice, now)
        messages = [
            message
            for bundle in bundle_reminders(new)
            for message in create_messages(bundle, people, context)
        ]
        asked = [(each, each.to_approve) for each in messages if each.to_approve is not None]
        approvals.add_questions(session, [build_review(text, now) for _, text in asked if text is not None])
        ids = deliveries.enqueue_many(session, [self._create_delivery(each) for each in messages])
        stored.link_deliveries(
            session,
            [
                (reminder.key, ids[_get_key(each)])
                for each in messages
                if _get_key(each) in ids
                for reminder in each.reminders
            ],
        )
        return len(ids) + open_questions.create_questions(
            session, new, ask_again=self.ask_again, times=self.times, now=now
        )

    def _create_delivery(self, each: PlannedMessage) -> NewDelivery:
        return NewDelivery(
            key=_get_key(each),
            chat_id=each.chat_id,
            kind=each.kind,
            text=each.text,
            buttons=self._list_buttons(each),
            about=each.about,
            due_at=each.slot,
            expires_at=each.slot + self.times.max_lateness,
        )

    def _list_buttons(self, each: PlannedMessage) -> list[Any] | None:
        receipt = self.receipt if each.kind is DeliveryKind.REMINDER else None
        return [*(each.buttons or ()), *(receipt or ())] or None


def _get_instant(moment: datetime) -> datetime:
    """The moment in UTC: in one zone an hour comes twice in autumn and compares wrongly."""
    return moment.astimezone(UTC)


_MOVES = select(func.max(Audit.id)).where(Audit.action.in_(MOVING))


def _get_key(each: PlannedMessage) -> str:
    return f"reminder/{each.reminders[0].key}"


_MARKER = select(
    select(func.max(Audit.id)).scalar_subquery(),
    select(func.max(Audit.id)).where(Audit.id > bindparam("after"), Audit.action != RECORD).scalar_subquery(),
    select(func.max(Chat.joined_at)).scalar_subquery(),
)


def _get_marker(session: Session, after: int) -> tuple[int, int | None, datetime | None]:
    """The newest audit row, the newest one that is no record, and the last joining.

    A new record only makes reminders needless, which is looked at when they are sent.
    """
    newest, other, joined = session.execute(_MARKER, {"after": after}).one()
    return newest or 0, other, joined
