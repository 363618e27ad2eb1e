"""Reminders: what each person was reminded of, once each, and the delivery that contains it."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from sqlalchemy import String, cast, delete, exists, literal, or_, select, update
from sqlalchemy.orm import Session

from models.rules.types import Subject
from models.storage.inserts import insert_into
from models.tables.deliveries import Delivery, Reminder

# A statement takes this many numbers at most, on either database.
MANY = 10_000


def remember(session: Session, due: Sequence[tuple[str, int, datetime]]) -> set[str]:
    """Store reminders (key, member id, slot); returns the keys of those that are new."""
    if not due:
        return set()
    statement = (
        insert_into(session, Reminder).on_conflict_do_nothing(index_elements=["key"]).returning(Reminder.key)
    )
    rows = [{"key": key, "member_id": member, "slot": slot} for key, member, slot in due]
    return set(session.execute(statement, rows).scalars())


def known(session: Session, keys: Collection[str]) -> set[str]:
    """Those of these keys that are stored."""
    wanted, found = list(keys), set()
    for start in range(0, len(wanted), MANY):
        query = select(Reminder.key).where(Reminder.key.in_(wanted[start : start + MANY]))
        found |= set(session.scalars(query))
    return found


def link(session: Session, deliveries: Iterable[tuple[str, int]]) -> None:
    """Store which delivery (id) contains which reminder (key)."""
    rows = [{"key": key, "delivery_id": delivery} for key, delivery in deliveries]
    if rows:
        session.execute(update(Reminder), rows)


def waiting(session: Session) -> list[tuple[str, int, datetime]]:
    """(key, delivery id, slot) of the reminders whose delivery is still pending."""
    query = (
        select(Reminder.key, Delivery.id, Reminder.slot)
        .join(Delivery, Delivery.id == Reminder.delivery_id)
        .where(Delivery.status == "pending")
    )
    return [(row[0], row[1], row[2]) for row in session.execute(query)]


def naming_overdue(session: Session) -> dict[int, set[Subject]]:
    """The overdue occurrences that pending deliveries name, by delivery id."""
    naming = or_(Reminder.key.startswith("digest/"), Reminder.key.startswith("overdue/"))
    query = select(Delivery.id, Delivery.about).where(
        Delivery.status == "pending", exists().where(Reminder.delivery_id == Delivery.id, naming)
    )
    return {row[0]: set(row[1].occurrences) if row[1] else set() for row in session.execute(query)}


def take_back(session: Session, deliveries: Collection[int]) -> int:
    """Withdraw those of the deliveries that are pending; their reminders can be planned anew.

    Returns how many. A withdrawn delivery frees its key.
    """
    wanted, taken = list(deliveries), 0
    for start in range(0, len(wanted), MANY):
        statement = (
            update(Delivery)
            .where(Delivery.id.in_(wanted[start : start + MANY]), Delivery.status == "pending")
            .values(
                status="withdrawn",
                error="planned anew",
                # The row stays as history under another key; the old key can be used for the new delivery.
                key=Delivery.key + literal("#") + cast(Delivery.id, String),
            )
            .returning(Delivery.id)
        )
        gone = list(session.scalars(statement))
        session.execute(delete(Reminder).where(Reminder.delivery_id.in_(gone)))
        taken += len(gone)
    return taken
