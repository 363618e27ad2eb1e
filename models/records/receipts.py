"""Receipts (已阅): one for each reminder, shown only as counts."""

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.register.members import OPEN
from models.storage.inserts import insert_into
from models.tables.closings import Receipt
from models.tables.deliveries import Delivery
from models.tables.people import Chat, Membership


class Wave(NamedTuple):
    """The reminders of one moment: how many were sent, and how many have a receipt."""

    at: datetime
    sent: int
    read: int


def note(session: Session, delivery_id: int, *, at: datetime) -> bool:
    """Note that this was read; False when it was noted before."""
    statement = insert_into(session, Receipt).on_conflict_do_nothing(index_elements=["delivery_id"])
    values = {"delivery_id": delivery_id, "at": at}
    return session.scalar(statement.returning(Receipt.delivery_id), values) is not None


def waves(session: Session, organizations: Collection[int], since: datetime, *, many: int) -> list[Wave]:
    """The latest moments with reminders to people of these organizations that have a receipt."""
    # By membership, not by what the reminder names: the leader sees the people of the organization.
    belong = select(Membership.member_id).where(OPEN, Membership.organization_id.in_(organizations))
    read = func.count(Receipt.delivery_id)
    query = (
        select(Delivery.due_at, func.count(Delivery.id), read)
        .join(Chat, Chat.id == Delivery.chat_id)
        .outerjoin(Receipt, Receipt.delivery_id == Delivery.id)
        .where(
            Delivery.kind == "reminder",
            Delivery.status == "sent",
            Delivery.due_at >= since,
            Chat.member_id.in_(belong),
        )
        .group_by(Delivery.due_at)
        .having(read > 0)
        .order_by(Delivery.due_at.desc())
        .limit(many)
    )
    return [Wave(*row) for row in session.execute(query)]
