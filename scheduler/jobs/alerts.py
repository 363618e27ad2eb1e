"""Alerts: tells admins about incidents, and everybody about a long silence, each once."""

import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.delivery import deliveries, incidents
from models.delivery.incidents import IncidentKind
from models.register import members, organizations
from models.register.members import ReachableMember
from models.rules.deliveries import DeliveryKind, NewDelivery
from models.rules.people.organization_tree import Tree
from models.rules.people.roles import Role
from models.storage.database import Database
from models.tables.coordination import Inbox, Incident
from models.tables.people import Chat, Member
from scheduler.messages import incident_texts as words
from scheduler.messages.texts import Voice
from scheduler.send_times import SendTimes

# The table is read this often at most, however often `tick` is called.
EVERY_S = 2.0
# An incident is rarely alone: wait for those of the same failure before the message is written.
SETTLED_AFTER = timedelta(seconds=5)
# But not longer than this after the first of them.
LONGEST_WAIT = timedelta(minutes=1)
STRANGER = "没有加入的人"


@dataclass
class Alerts:
    """Sends new incidents; `tick` may be called at any rate. `now` is the civil clock.

    Incidents of one stretch of time go into one message, sent when nothing was added for `settled`, or
    after a minute. They wait until an admin has joined; a silence is sent to everybody at once.
    """

    database: Database
    times: SendTimes
    now: Callable[[], datetime]
    settled: timedelta = SETTLED_AFTER
    voice: Voice = Voice()
    monotonic: Callable[[], float] = time.monotonic
    _next: float = field(default=0.0, init=False)

    def tick(self) -> int:
        """Send what is new; returns the number of new deliveries."""
        if self.monotonic() < self._next:
            return 0
        self._next = self.monotonic() + EVERY_S
        with self.database.read() as session:
            rows = incidents.list_unreported(session)
        # Incidents carry the machine clock, since the civil one may be set by `--as-of`.
        machine = datetime.now(UTC)
        if not rows or (machine - rows[-1].at < self.settled and machine - rows[0].at < LONGEST_WAIT):
            return 0
        with self.database.begin() as session:
            return self._tell(session, rows)

    def _tell(self, session: Session, rows: Sequence[Incident]) -> int:
        """Claim incidents and put their messages in; returns the number of new deliveries."""
        everybody = members.list_reachable(session)
        tree = organizations.load_tree(session)
        admins = [each for each in everybody if each.person.has_role(Role.ADMIN)]
        silent = [row.id for row in rows if row.kind == IncidentKind.SILENCE]
        # Another process may have claimed them in the meantime; only what this one claimed is sent.
        taken = incidents.claim_incidents(session, [row.id for row in rows] if admins else silent)
        letters = [
            self._row(each, f"silence/{row.id}", self._silence(row), tree)
            for row in taken
            if row.kind == IncidentKind.SILENCE
            for each in everybody
        ]
        if taken and admins:
            text = words.join_incidents(self._lines(session, taken))
            letters += [self._row(each, f"incident/{taken[-1].id}", text, tree) for each in admins]
            letters += self._questions(session, taken, admins, tree)
        return len(deliveries.enqueue_many(session, letters))

    def _row(
        self, reader: ReachableMember, key: str, text: str, tree: Tree, *, buttons: list[Any] | None = None
    ) -> NewDelivery:
        """One message to one reader."""
        return NewDelivery(
            key=f"{key}/{reader.chat_id}",
            chat_id=reader.chat_id,
            kind=DeliveryKind.NOTICE,
            text=self.voice.create_for_reader(reader.person, tree).sign_text(text),
            buttons=buttons,
            due_at=self.times.after_quiet(self.now()),
        )

    def _questions(
        self, session: Session, rows: Sequence[Incident], admins: Sequence[ReachableMember], tree: Tree
    ) -> list[NewDelivery]:
        """One message with buttons for each delivery that waits for a decision, to every admin."""
        ids = [
            found for row in rows if row.kind == IncidentKind.UNCERTAIN for found in row.detail["deliveries"]
        ]
        letters = []
        for waiting in deliveries.list_uncertain(session, ids):
            who = session.scalar(_NAME.where(Chat.id == waiting.chat_id))
            text = words.format_uncertain_message(who or STRANGER, waiting.text)
            for each in admins:
                # The number of doubts is part of the key: a delivery that becomes uncertain again is asked
                # about again.
                key = f"uncertain/{waiting.id}.{waiting.doubts}"
                letters.append(self._row(each, key, text, tree, buttons=words.list_choices(waiting.id)))
        return letters

    def _silence(self, row: Incident) -> str:
        """The text about a silence for everybody."""
        return words.format_silence(*self._span(row), self.times.zone)

    def _span(self, row: Incident) -> tuple[datetime, datetime]:
        """Since when and until when a silence lasted."""
        return words.parse_moment(row.detail, "since"), words.parse_moment(row.detail, "until")

    def _lines(self, session: Session, rows: Sequence[Incident]) -> list[str]:
        """The lines of the message to admins, one for each kind of incident."""
        by_kind = _group_by_kind(rows)
        lines = [
            words.format_silence_note(*self._span(row), self.times.zone)
            for row in by_kind[IncidentKind.SILENCE]
        ]
        if aside := by_kind[IncidentKind.SET_ASIDE]:
            who = [_find_name(session, row.detail["update"]) for row in aside]
            lines.append(words.format_set_aside(who, self.times.zone, [row.at for row in aside]))
        for kind, count_one, text in _SUMMED_KINDS:
            if by_kind[kind]:
                lines.append(text(sum(count_one(row.detail) for row in by_kind[kind])))
        if refused := by_kind[IncidentKind.REFUSED]:
            lines.append(words.format_refused(Counter(row.detail["why"] for row in refused)))
        return lines


def _group_by_kind(rows: Sequence[Incident]) -> dict[str, list[Incident]]:
    """The incidents of every kind, an empty list where there are none."""
    by_kind: dict[str, list[Incident]] = {kind.value: [] for kind in IncidentKind}
    for row in rows:
        by_kind[row.kind].append(row)
    return by_kind


def _get_count(detail: dict[str, Any]) -> int:
    """The count that the incident carries."""
    return int(detail["count"])


def _count_deliveries(detail: dict[str, Any]) -> int:
    """How many deliveries the incident names."""
    return len(detail["deliveries"])


# Kinds that one line sums up, in the order of the lines: (kind, number of one incident, text of the sum).
_SUMMED_KINDS: tuple[tuple[IncidentKind, Callable[[dict[str, Any]], int], Callable[[int], str]], ...] = (
    (IncidentKind.EXPIRED, _get_count, words.format_expired),  # {"count": 3}
    (IncidentKind.MISSED, _get_count, words.format_missed),  # {"count": 2}
    (IncidentKind.UNCERTAIN, _count_deliveries, words.format_uncertain),  # {"deliveries": [17, 18]}
    (IncidentKind.FATAL, _count_deliveries, words.format_fatal),  # {"deliveries": [4]}
)


_NAME = select(Member.name).join(Chat, Chat.member_id == Member.id)


def _find_name(session: Session, update: int) -> str:
    """The name of the person whose chat an update of the inbox came from."""
    query = _NAME.join(Inbox, Inbox.chat_key == Chat.address).where(Inbox.id == update)
    return session.scalar(query) or STRANGER
