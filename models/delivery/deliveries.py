"""Deliveries: put in, withdrawn, looked up and decided."""

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

# After so many doubts a delivery is uncertain: repeating it further would only annoy its reader.
MOST_DOUBTS = 5
_INSERT = InsertUnlessPresent(Delivery, key=["key"], returning=["key", "id"])
CHAT_ID = Chat.__table__.c.id
OPEN_STATES = ("pending", "leased", "sending")


def enqueue(session: Session, new: NewDelivery) -> int | None:
    """Store one delivery; returns its id, or None where its key exists."""
    return enqueue_many(session, [new]).get(new.key)


def enqueue_many(session: Session, many: Iterable[NewDelivery]) -> dict[str, int]:
    """Store deliveries; returns the ids by key of those whose key is new."""
    rows = _INSERT.execute(session, [new._asdict() for new in many])
    return dict(cast(list[tuple[str, int]], rows))


def withdraw(session: Session, prefix: str, *, why: str = "withdrawn") -> int:
    """Withdraw pending deliveries whose key begins with `prefix`; returns how many."""
    statement = (
        update(Delivery)
        .where(Delivery.status == "pending", *_has_prefix(prefix))
        .values(status="withdrawn", error=why)
        .returning(Delivery.id)
    )
    return len(session.scalars(statement).all())


def has_any(session: Session, prefix: str) -> bool:
    """Whether there is a delivery, in whatever state, whose key begins with `prefix`."""
    return session.scalar(select(Delivery.id).where(*_has_prefix(prefix)).limit(1)) is not None


def find_by_message(session: Session, chat_id: int, message_key: str) -> Delivery | None:
    """The delivery that became this message, the newest if an edit of it was one too."""
    found: Delivery | None = session.scalar(
        select(Delivery)
        .where(Delivery.chat_id == chat_id, Delivery.message_key == message_key)
        .order_by(Delivery.id.desc())
        .limit(1)
    )
    return found


def count_patient_answers(session: Session, chat_id: int, *, since: datetime) -> tuple[int, datetime | None]:
    """How many answers a stranger had in this chat after a civil moment, and when the first."""
    query = select(func.count(), func.min(Delivery.due_at)).where(
        Delivery.chat_id == chat_id, Delivery.kind == DeliveryKind.PATIENT, Delivery.due_at > since
    )
    count, first = session.execute(query).one()
    return count, first


def count_by_status(session: Session) -> dict[str, int]:
    """How many deliveries have each status; `doubtful` counts those perhaps sent twice."""
    rows = session.execute(select(Delivery.status, func.count()).group_by(Delivery.status))
    found = dict(rows.all())
    found["doubtful"] = session.scalar(select(func.count()).where(Delivery.doubts > 0)) or 0
    return found


_UNDECIDED = (
    Delivery.status == "uncertain",
    (Delivery.policy == UncertainPolicy.ASK)
    | ((Delivery.doubts > MOST_DOUBTS) & (Delivery.policy != UncertainPolicy.SKIP)),
)


def list_uncertain(session: Session, ids: Sequence[int] | None = None) -> list[Delivery]:
    """Uncertain deliveries (among `ids`) that wait for an admin's decision, oldest first."""
    statement = select(Delivery).where(*_UNDECIDED)
    if ids is not None:
        statement = statement.where(Delivery.id.in_(ids))
    return list(session.scalars(statement.order_by(Delivery.id)))


def decide_uncertain(session: Session, delivery_id: int, *, resend: bool) -> bool:
    """Store an admin's decision on an uncertain delivery; False where none waits for one.

    `resend` sends it again with a label; otherwise it stays as it is.
    """
    values: dict[str, Any] = {"status": "pending", "next_at": 0.0, "lease_by": None}
    values = values if resend else {"policy": UncertainPolicy.SKIP, "error": "left as it is"}
    statement = (
        update(Delivery)
        .where(Delivery.id == delivery_id, *_UNDECIDED)
        .values(**values)
        .returning(Delivery.id)
    )
    return session.scalar(statement) is not None


def suspend_chat(session: Session, chat_id: int, *, why: str, at: datetime) -> None:
    """Send nothing more to a chat; what waits for it becomes dead."""
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


def resume_chat(session: Session, chat_id: int) -> None:
    """Send to a chat again: `/start`, or the bot is back in the group."""
    session.execute(update(Chat).where(Chat.id == chat_id).values(suspended_at=None, suspended_why=None))


def migrate_chat(session: Session, chat_id: int, address: str) -> None:
    """Give a group that became a supergroup its new address; a chat there is merged into it.

    A supergroup numbers its messages anew: the keys of the old messages mean nothing there.
    """
    chat = session.get_one(Chat, chat_id)
    if chat.address == address:
        return
    # Otherwise a new message with an old number would be taken for an old one.
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
        for column in _list_chat_columns():
            moved = update(column.table).where(column == other.id).values({column.name: chat_id})
            session.execute(moved)
        session.delete(other)
        session.flush()
    chat.address = address
    chat.kind = "supergroup"
    session.flush()


def _list_chat_columns() -> list[Column[Any]]:
    """The columns of all tables that refer to a chat."""
    columns = (column for table in Base.metadata.sorted_tables for column in table.columns)
    return [column for column in columns if any(key.column is CHAT_ID for key in column.foreign_keys)]


def _has_prefix(prefix: str) -> tuple[ColumnElement[bool], ...]:
    """The condition for keys with this prefix, as a range that uses the index."""
    if not prefix:
        raise ValueError("an empty prefix would take everything back")
    after = prefix[:-1] + chr(ord(prefix[-1]) + 1)
    return Delivery.key >= prefix, Delivery.key < after
