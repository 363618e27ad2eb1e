"""Broadcasts: one text to all people of some organizations, as rows of one statement; stopped, counted."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, String, cast, distinct, func, insert, literal, select
from sqlalchemy.ext.asyncio import AsyncSession

from models import deliveries
from models.members import OPEN
from models.rules.people import Role
from models.tables.base import Instant
from models.tables.deliveries import Delivery
from models.tables.leading import Broadcast
from models.tables.people import Chat, Membership
from models.tables.records import Audit

KIND = "broadcast"
STAFF = (Role.SECRETARY, Role.CLERK)


async def reach(
    session: AsyncSession, organizations: Collection[int], *, everybody: bool, by: int
) -> tuple[int, int]:
    """How many people would be reached, and how many have not joined; the sender is not counted."""
    meant = _posts(organizations, everybody=everybody, by=by).with_only_columns(
        func.count(distinct(Membership.member_id))
    )
    chats = _chats(organizations, everybody=everybody, by=by).with_only_columns(func.count(Chat.id))
    reached = await session.scalar(chats) or 0
    return reached, max(0, (await session.scalar(meant) or 0) - reached)


async def begin(
    session: AsyncSession,
    broadcast: Broadcast,
    text: str,
    *,
    due_at: datetime,
    expires_at: datetime,
) -> int:
    """Put the broadcast and a delivery for each of its readers in; gives how many."""
    session.add(broadcast)
    await session.flush()
    readers = _chats(broadcast.organizations, everybody=broadcast.everybody, by=broadcast.by_member_id)
    rows = readers.with_only_columns(
        literal(prefix(broadcast.id)) + cast(Chat.id, String),
        Chat.id,
        literal(KIND),
        literal(text),
        literal(due_at, Instant()),
        literal(expires_at, Instant()),
    )
    columns = ["key", "chat_id", "kind", "text", "due_at", "expires_at"]
    await session.execute(insert(Delivery).from_select(columns, rows))
    counts = await tally(session, broadcast.id)
    broadcast.total = sum(counts.values())
    _note(session, broadcast, "broadcast", broadcast.begun_at, broadcast.by_member_id)
    await session.flush()
    return broadcast.total


async def stop(session: AsyncSession, broadcast: Broadcast, *, by: int, at: datetime) -> None:
    """Send nothing more of it: what waits is withdrawn, what is just leaving is asked about once more."""
    broadcast.stopped = True
    await deliveries.withdraw(session, prefix(broadcast.id), why="stopped")
    _note(session, broadcast, "stop", at, by)
    await session.flush()


async def running(session: AsyncSession) -> list[int]:
    """The ids of broadcasts that have not ended."""
    return list(await session.scalars(select(Broadcast.id).where(Broadcast.ended_at.is_(None))))


async def kept(session: AsyncSession, broadcast_id: int) -> Broadcast | None:
    """One broadcast, kept from others until the transaction ends."""
    query = select(Broadcast).where(Broadcast.id == broadcast_id).with_for_update()
    found: Broadcast | None = await session.scalar(query)
    return found


async def of_deliveries(session: AsyncSession, rows: Sequence[Delivery]) -> dict[int, Broadcast]:
    """The broadcast of each of these deliveries, by the delivery's id."""
    wanted = {row.id: int(row.key.split("/")[1]) for row in rows if row.kind == KIND}
    if not wanted:
        return {}
    found = await session.scalars(select(Broadcast).where(Broadcast.id.in_(set(wanted.values()))))
    by_id = {each.id: each for each in found}
    return {row: by_id[key] for row, key in wanted.items() if key in by_id}


async def tally(session: AsyncSession, broadcast_id: int) -> dict[str, int]:
    """How many of its deliveries there are in each status."""
    first = prefix(broadcast_id)
    query = select(Delivery.status, func.count()).where(
        Delivery.key >= first, Delivery.key < first[:-1] + chr(ord(first[-1]) + 1)
    )
    return dict((await session.execute(query.group_by(Delivery.status))).all())


def prefix(broadcast_id: int) -> str:
    """How the keys of its deliveries begin."""
    return f"{KIND}/{broadcast_id}/"


def _note(session: AsyncSession, broadcast: Broadcast, action: str, at: datetime, by: int) -> None:
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
    roles: list[ColumnElement[bool]] = [] if everybody else [Membership.role.in_(STAFF)]
    return select(Membership.member_id).where(
        OPEN, Membership.organization_id.in_(organizations), Membership.member_id != by, *roles
    )


def _chats(organizations: Collection[int], *, everybody: bool, by: int) -> Select[Any]:
    """The private chats of those who have joined."""
    return select(Chat.id).where(
        Chat.kind == "private",
        Chat.joined_at.is_not(None),
        Chat.suspended_at.is_(None),
        Chat.member_id.in_(_posts(organizations, everybody=everybody, by=by)),
    )
