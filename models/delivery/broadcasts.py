"""Broadcasts: one text to all people of some organizations; put in, stopped and counted."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    String,
    and_,
    cast,
    distinct,
    exists,
    func,
    insert,
    literal,
    select,
)
from sqlalchemy.orm import Session

from models.delivery import deliveries
from models.delivery.claims import Leased
from models.register.members import OPEN
from models.rules.deliveries import DeliveryKind, ReplyContext
from models.rules.people.roles import Role
from models.tables.base import Instant, ReplyContextJson
from models.tables.closings import Broadcast
from models.tables.deliveries import Delivery
from models.tables.people import Chat, Membership
from models.tables.records import Audit

KIND = "broadcast"
# Readers of the first part on SQLite, and the smallest and largest number of any other.
AT_ONCE, FEWEST, MOST = 2_000, 500, 50_000
# The seconds that a part should take, and by how much a part may be larger than the one before.
PART_S, GROWTH = 0.12, 4
STAFF = (Role.SECRETARY, Role.CLERK)


def reach(session: Session, organizations: Collection[int], *, everybody: bool, by: int) -> tuple[int, int]:
    """How many people a broadcast reaches, and how many have not joined; without its sender."""
    meant = _posts(organizations, everybody=everybody, by=by).with_only_columns(
        func.count(distinct(Membership.member_id))
    )
    chats = _chats(organizations, everybody=everybody, by=by).with_only_columns(func.count(Chat.id))
    reached = session.scalar(chats) or 0
    return reached, max(0, (session.scalar(meant) or 0) - reached)


def begin(
    session: Session,
    broadcast: Broadcast,
    text: str,
    *,
    due_at: datetime,
    expires_at: datetime,
) -> int:
    """Store a broadcast with the deliveries of its first readers; returns the number of readers.

    That is `broadcast.total`, the number that `reach` found: counting here would delay other writers. It is
    corrected when all deliveries are stored.
    """
    broadcast.text, broadcast.due_at, broadcast.expires_at = text, due_at, expires_at
    broadcast.filled_to = 0
    session.add(broadcast)
    session.flush()
    fill(session, broadcast)
    _note(session, broadcast, "broadcast", broadcast.begun_at, broadcast.by_member_id)
    session.flush()
    return broadcast.total


def fill(session: Session, broadcast: Broadcast, most: int | None = None) -> bool:
    """Store a delivery for each of the next readers, in one statement; True if more may follow.

    On SQLite, where others cannot write meanwhile, for `most` of them (at first AT_ONCE); on PostgreSQL for
    all.
    """
    readers = _chats(broadcast.organizations, everybody=broadcast.everybody, by=broadcast.by_member_id)
    if in_parts := session.get_bind().dialect.name == "sqlite":
        most = most or AT_ONCE
        readers = readers.order_by(Chat.id).limit(most)
    # In the order of ids, so that a part goes on where the last one ended, even in another process.
    rows = readers.where(Chat.id > broadcast.filled_to).with_only_columns(
        literal(prefix(broadcast.id)) + cast(Chat.id, String),
        Chat.id,
        literal(DeliveryKind.BROADCAST.value),
        literal(broadcast.text),
        literal(ReplyContext(broadcast_id=broadcast.id), ReplyContextJson()),
        literal(broadcast.due_at, Instant()),
        literal(broadcast.expires_at, Instant()),
    )
    columns = ["key", "chat_id", "kind", "text", "about", "due_at", "expires_at"]
    into = insert(Delivery).from_select(columns, rows)
    put: Any = session.execute(into)
    more = in_parts and put.rowcount == most
    if more:
        latest = select(Delivery.chat_id).order_by(Delivery.id.desc()).limit(1)
        broadcast.filled_to = session.scalar(latest)
    else:
        everyone = select(func.count()).where(_of(broadcast.id))
        broadcast.total = session.scalar(everyone) or 0
        broadcast.filled_to = None
        broadcast.text = None  # it is kept with what is sent, and forgotten with it
    session.flush()
    return more


def next_part(most: int, took: float) -> int:
    """The size of the next part, after one of `most` took so many seconds with its commit.

    As many readers as take PART_S, so that other writers do not wait long on any machine.
    """
    return max(FEWEST, min(MOST, GROWTH * most, int(most * PART_S / max(took, 0.001))))


def stop(session: Session, broadcast: Broadcast, *, by: int, at: datetime) -> None:
    """Stop a broadcast: withdraw what waits; what is being sent is checked once more."""
    broadcast.stopped, broadcast.filled_to, broadcast.text = True, None, None
    deliveries.withdraw(session, prefix(broadcast.id), why="stopped")
    _note(session, broadcast, "stop", at, by)
    session.flush()


def running(session: Session) -> list[int]:
    """The ids of broadcasts that have not ended."""
    return list(session.scalars(select(Broadcast.id).where(Broadcast.ended_at.is_(None))))


def kept(session: Session, broadcast_id: int) -> Broadcast | None:
    """One broadcast, locked until the transaction ends."""
    query = select(Broadcast).where(Broadcast.id == broadcast_id).with_for_update()
    found: Broadcast | None = session.scalar(query)
    return found


def of_deliveries(session: Session, rows: Sequence[Leased]) -> dict[int, Broadcast]:
    """The broadcast of each of these deliveries, by the delivery's id."""
    wanted = {
        row.id: row.about.broadcast_id for row in rows if row.about and row.about.broadcast_id is not None
    }
    if not wanted:
        return {}
    found = session.scalars(select(Broadcast).where(Broadcast.id.in_(set(wanted.values()))))
    by_id = {each.id: each for each in found}
    return {row: by_id[key] for row, key in wanted.items() if key in by_id}


def tally(session: Session, broadcast_id: int) -> dict[str, int]:
    """How many deliveries of the broadcast have each status."""
    query = select(Delivery.status, func.count()).where(_of(broadcast_id))
    return dict(session.execute(query.group_by(Delivery.status)).all())


def prefix(broadcast_id: int) -> str:
    """The beginning of the keys of its deliveries."""
    return f"{KIND}/{broadcast_id}/"


def _of(broadcast_id: int) -> ColumnElement[bool]:
    """The condition for deliveries of a broadcast."""
    first = prefix(broadcast_id)
    # A range instead of LIKE, which uses the index on either database.
    return and_(Delivery.key >= first, Delivery.key < first[:-1] + chr(ord(first[-1]) + 1))


def _note(session: Session, broadcast: Broadcast, action: str, at: datetime, by: int) -> None:
    """Write the action into the audit."""
    session.add(
        Audit(
            at=at,
            by_member_id=by,
            action=action,
            subject=f"{KIND}:{broadcast.id}",
            organization_id=broadcast.organizations[0],
            after={"people": broadcast.total},
        )
    )


def _posts(organizations: Collection[int], *, everybody: bool, by: int) -> Select[Any]:
    """The open memberships that the broadcast is for."""
    roles: list[ColumnElement[bool]] = [] if everybody else [Membership.role.in_(STAFF)]
    return select(Membership.member_id).where(
        OPEN, Membership.organization_id.in_(organizations), Membership.member_id != by, *roles
    )


def _chats(organizations: Collection[int], *, everybody: bool, by: int) -> Select[Any]:
    """The private chats of those who have joined."""
    post = _posts(organizations, everybody=everybody, by=by).where(Membership.member_id == Chat.member_id)
    return select(Chat.id).where(
        Chat.kind == "private",
        Chat.joined_at.is_not(None),
        Chat.suspended_at.is_(None),
        exists(post.correlate(Chat)),
    )
