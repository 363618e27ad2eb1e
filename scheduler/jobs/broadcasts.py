"""Running broadcasts: fills their deliveries, shows progress, checks each before it is sent."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.delivery import broadcasts, deliveries
from models.delivery.claims import LeasedDelivery
from models.register import members, organizations
from models.rules.deliveries import DeliveryKind, NewDelivery
from models.rules.people.organization_tree import Tree
from models.rules.people.permissions import Action, list_permitted
from models.rules.people.roles import Person
from models.storage.database import Database
from models.tables.closings import Broadcast
from models.tables.deliveries import Delivery
from models.tables.people import Chat
from scheduler.delivery.recheck import GONE
from scheduler.messages.texts import Voice, format_broadcast_progress

STOPPED, MAY_NOT = "stopped", "the sender may not any more"
# Seconds in which other writers get their turn, so that their commit does not wait for two parts.
BETWEEN_PARTS = 0.003
MISSED = ("dead", "expired", "uncertain")


@dataclass
class BroadcastProgress:
    """Shows senders the progress of broadcasts; `buttons` returns the rows of a stop button."""

    database: Database
    now: Callable[[], datetime]
    buttons: Callable[[int], list[Any]]
    voice: Voice = Voice()

    def tick(self) -> int:
        """Check every broadcast that has not ended; returns the number of edited messages."""
        edited = 0
        for broadcast_id in self.fill():
            with self.database.begin() as session:
                row = broadcasts.lock_broadcast(session, broadcast_id)
                if row is not None and row.ended_at is None:
                    edited += self._show(session, row)
        return edited

    def fill(self) -> list[int]:
        """Put in the deliveries of large broadcasts part by part; returns the ids of all not ended."""
        with self.database.read() as session:
            under_way = broadcasts.list_running(session)
        for broadcast_id in under_way:
            many = self._fill(broadcast_id, broadcasts.AT_ONCE)
            while many:
                time.sleep(BETWEEN_PARTS)
                many = self._fill(broadcast_id, many)
        return under_way

    def _fill(self, broadcast_id: int, many: int) -> int:
        """Put in one part in its own transaction; returns the size of the next part, 0 at the end."""
        with self.database.begin() as session:
            begun = time.monotonic()
            row = broadcasts.lock_broadcast(session, broadcast_id)
            if row is None or row.filled_to is None:
                return 0
            more = broadcasts.fill_part(session, row, many)
        return broadcasts.plan_next_part(many, time.monotonic() - begun) if more else 0

    def _show(self, session: Session, row: Broadcast) -> int:
        """Edit the progress message where its text has changed; returns the number of edits."""
        counts = broadcasts.count_by_status(session, row.id)
        sent, waiting = counts.get("sent", 0), sum(counts.get(status, 0) for status in deliveries.OPEN_STATES)
        missed = sum(counts.get(status, 0) for status in MISSED)
        # Withdrawn by the stop button is what the sender wanted; anything else did not reach a reader.
        missed += 0 if row.stopped else counts.get("withdrawn", 0)
        text = format_broadcast_progress(sent, missed, row.total, stopped=row.stopped, ended=not waiting)
        # An edit while the one before is on its way could arrive first and show the older figure last.
        if text == row.shown or _is_open(session, _format_key(row)):
            return 0
        row.steps += 1
        row.shown = text
        row.ended_at = None if waiting else self.now()
        reader = members.find_person(session, row.by_member_id)
        own = self.voice.create_for_reader(reader, organizations.load_tree(session))
        new = NewDelivery(
            key=_format_key(row),
            chat_id=row.chat_id,
            kind=DeliveryKind.ANSWER,
            text=own.sign_text(text),
            buttons=self.buttons(row.id) if waiting and not row.stopped else None,
            edits=row.message_key,
            due_at=self.now(),
        )
        deliveries.enqueue(session, new)
        return 1


def _format_key(row: Broadcast) -> str:
    """The delivery key of the next progress edit."""
    return f"broadcast-progress/{row.id}/{row.steps}"


def _is_open(session: Session, key: str) -> bool:
    """Whether the delivery of this key is still open."""
    status = session.scalar(select(Delivery.status).where(Delivery.key == key))
    return status in deliveries.OPEN_STATES


def find_not_to_send(session: Session, rows: Sequence[LeasedDelivery]) -> dict[int, str]:
    """Ids of broadcast deliveries that must not be sent, with the reason.

    The broadcast was stopped, its sender lost the right, or the reader left.
    """
    found = broadcasts.find_of_deliveries(session, rows)
    if not found:
        return {}
    query = select(Chat.id, Chat.member_id).where(Chat.id.in_({row.chat_id for row in rows}))
    owners = {row[0]: row[1] or 0 for row in session.execute(query)}
    senders = {each.by_member_id for each in found.values()}
    people = members.list_people(session, senders | set(owners.values()))
    tree = organizations.load_tree(session)
    reasons: dict[int, str] = {}
    for row in rows:
        if (broadcast := found.get(row.id)) is not None:
            sender, reader = people.get(broadcast.by_member_id), people.get(owners.get(row.chat_id, 0))
            if reason := _find_reason(broadcast, sender, reader, tree):
                reasons[row.id] = reason
    return reasons


def _find_reason(broadcast: Broadcast, sender: Person | None, reader: Person | None, tree: Tree) -> str:
    """The reason not to send to this reader; "" where it may be sent."""
    told = set(broadcast.organizations)
    if broadcast.stopped:
        return STOPPED
    if sender is None or not told <= list_permitted(sender, Action.BROADCAST, tree):
        return MAY_NOT
    if reader is None or not told & {post.organization_id for post in reader.posts}:
        return GONE
    return ""
