"""The plan tick: what is due to be said becomes reminders and deliveries, each exactly once."""

import time
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession

from models import deliveries, members, organizations, reports
from models.database import Database
from models.members import Joined
from models.rules.access import speaks_for
from models.rules.facts import Occurrence
from models.rules.rulebook import Rulebook
from models.rules.status import progress
from models.rules.tree import Tree
from models.status import Subject, changes, done_counts, subject_of
from models.tables import Audit, Chat, Delivery, Reminder, Report
from scheduler import notices
from scheduler.notices import Voice
from scheduler.planner import (
    OpenQuestion,
    PlannedReminder,
    Recipient,
    Situation,
    Times,
    due_occurrences,
    reminders,
    still_in_time,
)

HORIZON = timedelta(days=400)
NEAR = timedelta(days=1)
LOOK_AGAIN_S = 60.0


@dataclass(frozen=True, slots=True)
class AskedAgain:
    """An open question as it is put once more."""

    text: str
    buttons: list[list[list[str]]]


AskAgain = Callable[[AsyncSession, Report, datetime], Awaitable[AskedAgain | None]]


@dataclass
class Planner:
    """Plans when a slot has come or something it depends on has changed; else a tick costs one query."""

    database: Database
    rules: Rulebook
    times: Times
    now: Callable[[], datetime]
    ask_again: AskAgain
    voice: Voice = field(default_factory=Voice)
    _seen: tuple[Any, ...] | None = field(default=None, init=False)
    _next: datetime | None = field(default=None, init=False)
    _looked: float = field(default=0.0, init=False)
    _last: datetime | None = field(default=None, init=False)

    async def tick(self) -> int:
        """Plan if there may be something to plan; the number of new deliveries."""
        now = self.now()
        async with self.database.read() as session:
            seen = await _marker(session)
        set_back = self._last is not None and now < self._last
        reached = self._next is None or now >= self._next
        self._last = now
        rested = time.monotonic() - self._looked < LOOK_AGAIN_S
        if seen == self._seen and rested and not set_back and not reached:
            return 0
        created = await self.plan()
        self._seen, self._looked = seen, time.monotonic()
        return created

    async def plan(self) -> int:
        """Everything whose slot has come and that is still worth saying; the number of new deliveries."""
        now = self.now()
        since = now - self.times.max_lateness
        async with self.database.read() as session:
            situation, people = await self._situation(session, since, now)
        due = [
            reminder
            for reminder in reminders(situation, since, now)
            if still_in_time(reminder, people[reminder.member_id].joined_at, now, self.times)
        ]
        created = 0
        if due:
            async with self.database.begin() as session:
                created = await self._put(session, due, situation.tree, people, now)
        ahead = reminders(situation, now, now + NEAR)
        self._next = ahead[0].slot if ahead else now + NEAR
        return created

    async def next_slot(self, after: datetime) -> datetime | None:
        """The next moment at which somebody is to be told something, within HORIZON."""
        async with self.database.read() as session:
            situation, _ = await self._situation(session, after, after + HORIZON)
        ahead = reminders(situation, after, after + HORIZON)
        return ahead[0].slot if ahead else None

    async def slots(self, after: datetime, until: datetime) -> list[datetime]:
        """The moments in (after, until] at which somebody is to be told something."""
        async with self.database.read() as session:
            situation, _ = await self._situation(session, after, until)
        return sorted({reminder.slot for reminder in reminders(situation, after, until)})

    async def _situation(
        self, session: AsyncSession, since: datetime, until: datetime
    ) -> tuple[Situation, dict[int, Joined]]:
        people = {joined.person.id: joined for joined in await members.joined(session)}
        facts = await organizations.facts(session)
        waiting = await reports.all_waiting(session, self.now().date() + timedelta(days=1))
        situation = Situation(
            rules=self.rules,
            tree=await organizations.tree(session),
            organizations=facts,
            recipients=[
                Recipient(joined.person.id, joined.chat_id, joined.joined_at, joined.person.posts)
                for joined in people.values()
            ],
            times=self.times,
            changes=await changes(session, {row.id for row in facts}),
            questions=[
                OpenQuestion(row.id, row.member_id, row.chat_id, row.asked_on)
                for row in waiting
                if row.asked_on is not None and row.member_id in people
            ],
        )
        due = {subject_of(row) for row in due_occurrences(situation, since, until)}
        return replace(situation, done=await self._complete(session, due)), people

    async def _complete(self, session: AsyncSession, subjects: Iterable[Subject]) -> set[Subject]:
        """Those of the occurrences that need no reminder: their goal is reached."""
        done = await done_counts(session, subjects)
        return {
            subject
            for subject, found in done.items()
            if subject[0] in self.rules.by_key
            and progress(self.rules.by_key[subject[0]].goal, found).complete
        }

    async def pointless(self, session: AsyncSession, rows: Sequence[Delivery]) -> dict[int, str]:
        """Why a reminder need not be sent any more, by delivery id: all it speaks of was done meanwhile."""
        spoken_of = {
            row.id: {(item[0], item[1], item[2]) for item in row.about["occurrences"]}
            for row in rows
            if row.kind == "reminder"
            and row.about
            and row.about.get("occurrences")
            and not row.about.get("observances")
        }
        done = await self._complete(session, {subject for items in spoken_of.values() for subject in items})
        return {key: "done meanwhile" for key, items in spoken_of.items() if items <= done}

    async def _put(
        self,
        session: AsyncSession,
        due: Sequence[PlannedReminder],
        tree: Tree,
        people: dict[int, Joined],
        now: datetime,
    ) -> int:
        """Remember the reminders that are new, and put one delivery in for each chat they go to."""
        new = await _remember(session, due)
        bundles: dict[int, list[PlannedReminder]] = {}
        created = 0
        for reminder in new:
            if isinstance(reminder.subject, OpenQuestion):
                created += await self._put_question(session, reminder, reminder.subject, now)
            else:
                bundles.setdefault(reminder.chat_id, []).append(reminder)
        rows = [self._delivery(bundle, tree, people[bundle[0].member_id], now) for bundle in bundles.values()]
        ids = await deliveries.enqueue_many(session, rows)
        return created + len(ids)

    def _delivery(
        self, bundle: Sequence[PlannedReminder], tree: Tree, joined: Joined, now: datetime
    ) -> dict[str, Any]:
        subjects = [reminder.subject for reminder in bundle if not isinstance(reminder.subject, OpenQuestion)]
        slot = min(reminder.slot for reminder in bundle)
        voice = replace(self.voice, sender=self.voice.sender or speaks_for(joined.person, tree))
        occurrences = [
            [subject.requirement, subject.organization_id, subject.period]
            for subject in subjects
            if isinstance(subject, Occurrence)
        ]
        return {
            "key": f"reminder/{bundle[0].key}",
            "chat_id": bundle[0].chat_id,
            "kind": "reminder",
            "text": notices.message(subjects, self.rules, tree, voice=voice, slot=slot, now=now),
            "about": {"occurrences": occurrences, "observances": len(subjects) - len(occurrences)},
            "due_at": slot,
            "expires_at": slot + self.times.max_lateness,
        }

    async def _put_question(
        self, session: AsyncSession, reminder: PlannedReminder, question: OpenQuestion, now: datetime
    ) -> int:
        report = await reports.by_id(session, question.report_id)
        asked = await self.ask_again(session, report, now) if report is not None else None
        if report is None or asked is None:
            return 0
        await deliveries.enqueue(
            session,
            key=f"reminder/{reminder.key}",
            chat_id=question.chat_id,
            kind="reminder",
            text=asked.text,
            buttons=asked.buttons,
            about={"report": report.id},
            due_at=reminder.slot,
            expires_at=reminder.slot + self.times.max_lateness,
        )
        return 1


async def _marker(session: AsyncSession) -> tuple[Any, ...]:
    """Changes with every record, change of an occurrence, import and joining."""
    newest, joined = (
        select(func.max(Audit.id)).scalar_subquery(),
        select(func.max(Chat.joined_at)).scalar_subquery(),
    )
    return tuple((await session.execute(select(newest, joined))).one())


async def _remember(session: AsyncSession, due: Sequence[PlannedReminder]) -> list[PlannedReminder]:
    """Store the keys that are new; the reminders they belong to, in their order."""
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    statement = insert(Reminder).on_conflict_do_nothing(index_elements=["key"]).returning(Reminder.key)
    rows = [{"key": row.key, "member_id": row.member_id, "slot": row.slot} for row in due]
    new = set((await session.execute(statement, rows)).scalars())
    return [row for row in due if row.key in new]
