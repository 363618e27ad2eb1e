"""Deliveries: what is to be said to which chat, put in, withdrawn and looked up."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Column, ColumnElement, func, literal, select, update
from sqlalchemy.orm import Session

from models.rules.deliveries import DeliveryKind, NewDelivery, UncertainPolicy
from models.storage.inserts import InsertUnlessPresent
from models.tables.all import Base
from models.tables.deliveries import Delivery
from models.tables.people import Chat
from models.tables.records import StoredReport

MOST_DOUBTS = 5
_INSERT = InsertUnlessPresent(Delivery, key=["key"], returning=["key", "id"])
CHAT_ID = Chat.__table__.c.id
OPEN = ("pending", "leased", "sending")


def enqueue(session: Session, new: NewDelivery) -> int | None:
    """Put one delivery in; gives its id, or None when its key is there already."""
    return enqueue_many(session, [new]).get(new.key)


def enqueue_many(session: Session, many: Iterable[NewDelivery]) -> dict[str, int]:
    """Put many in; gives the ids of those whose key was new."""
    rows = _INSERT.execute(session, [new._asdict() for new in many])
    return dict(cast(list[tuple[str, int]], rows))


def withdraw(session: Session, prefix: str, *, why: str = "withdrawn") -> int:
    """Take back what is still pending and whose key begins with `prefix`; gives how many."""
    statement = (
        update(Delivery)
        .where(Delivery.status == "pending", *_begins(prefix))
        .values(status="withdrawn", error=why)
        .returning(Delivery.id)
    )
    return len(session.scalars(statement).all())


def has_any(session: Session, prefix: str) -> bool:
    """Whether there is a delivery, in whatever state, whose key begins with `prefix`."""
    return session.scalar(select(Delivery.id).where(*_begins(prefix)).limit(1)) is not None


def by_message(session: Session, chat_id: int, message_key: str) -> Delivery | None:
    """The delivery that became this message, the newest if an edit of it was one too."""
    found: Delivery | None = session.scalar(
        select(Delivery)
        .where(Delivery.chat_id == chat_id, Delivery.message_key == message_key)
        .order_by(Delivery.id.desc())
        .limit(1)
    )
    return found


def told(session: Session, chat_id: int, *, since: datetime) -> tuple[int, datetime | None]:
    """How many answers a stranger has had in this chat since a civil moment, and when the first of them."""
    query = select(func.count(), func.min(Delivery.due_at)).where(
        Delivery.chat_id == chat_id, Delivery.kind == DeliveryKind.PATIENT, Delivery.due_at > since
    )
    count, first = session.execute(query).one()
    return count, first


def counts(session: Session) -> dict[str, int]:
    """How many deliveries there are in each status, and under `doubtful` how many may have gone out twice."""
    rows = session.execute(select(Delivery.status, func.count()).group_by(Delivery.status))
    found = dict(rows.all())
    found["doubtful"] = session.scalar(select(func.count()).where(Delivery.doubts > 0)) or 0
    return found


_UNDECIDED = (
    Delivery.status == "uncertain",
    (Delivery.policy == UncertainPolicy.ASK)
    | ((Delivery.doubts > MOST_DOUBTS) & (Delivery.policy != UncertainPolicy.SKIP)),
)


def uncertain(session: Session, ids: Sequence[int] | None = None) -> list[Delivery]:
    """What may or may not have been sent and waits for an admin's decision (of `ids`), oldest first."""
    statement = select(Delivery).where(*_UNDECIDED)
    if ids is not None:
        statement = statement.where(Delivery.id.in_(ids))
    return list(session.scalars(statement.order_by(Delivery.id)))


def decide(session: Session, delivery_id: int, *, resend: bool) -> bool:
    """An admin decides on an uncertain one: send again (labelled), or let it be; False when none is open."""
    values: dict[str, Any] = {"status": "pending", "next_at": 0.0, "lease_by": None}
    values = values if resend else {"policy": UncertainPolicy.SKIP, "error": "left as it is"}
    statement = (
        update(Delivery)
        .where(Delivery.id == delivery_id, *_UNDECIDED)
        .values(**values)
        .returning(Delivery.id)
    )
    return session.scalar(statement) is not None


def suspend(session: Session, chat_id: int, *, why: str, at: datetime) -> None:
    """Send nothing more to a chat; what waits for it is dead."""
    session.execute(
        update(Chat)
        .where(Chat.id == chat_id, Chat.suspended_at.is_(None))
        .values(suspended_at=at, suspended_why=why)
    )
    session.execute(
        update(Delivery)
        .where(Delivery.chat_id == chat_id, Delivery.status == "pending")
        .values(status="dead", error=why)
    )


def revive(session: Session, chat_id: int) -> None:
    """Somebody is back: `/start`, or the bot is in the group again."""
    session.execute(update(Chat).where(Chat.id == chat_id).values(suspended_at=None, suspended_why=None))


def migrate(session: Session, chat_id: int, address: str) -> None:
    """A group has become a supergroup with a new address. What was kept under it already is joined to it.

    A supergroup numbers its messages anew: the keys of the old ones mean nothing there.
    """
    chat = session.get_one(Chat, chat_id)
    if chat.address == address:
        return
    session.execute(update(Delivery).where(Delivery.chat_id == chat_id).values(message_key=None))
    session.execute(
        update(StoredReport)
        .where(StoredReport.chat_id == chat_id)
        .values(message_key=literal(f"{chat.address}/") + StoredReport.message_key)
    )
    other = session.scalar(
        select(Chat).where(Chat.channel == chat.channel, Chat.address == address, Chat.id != chat_id)
    )
    if other is not None:
        for column in _naming_chats():
            moved = update(column.table).where(column == other.id).values({column.name: chat_id})
            session.execute(moved)
        session.delete(other)
        session.flush()
    chat.address = address
    chat.kind = "supergroup"
    session.flush()


def _naming_chats() -> list[Column[Any]]:
    """The columns of all tables that name a chat."""
    columns = (column for table in Base.metadata.sorted_tables for column in table.columns)
    return [column for column in columns if any(key.column is CHAT_ID for key in column.foreign_keys)]


def _begins(prefix: str) -> tuple[ColumnElement[bool], ...]:
    if not prefix:
        raise ValueError("an empty prefix would take everything back")
    after = prefix[:-1] + chr(ord(prefix[-1]) + 1)
    return Delivery.key >= prefix, Delivery.key < after
