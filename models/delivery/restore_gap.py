"""After a restore: what the former bot may have sent between the backup and the restore."""

from datetime import datetime

from sqlalchemy import Connection, insert, select, update
from sqlalchemy.orm import Session

from models.delivery.deliveries import OPEN
from models.tables.deliveries import Delivery
from models.tables.records import Audit

ACTION = "restored"


def note(connection: Connection, *, made_at: datetime, at: datetime) -> None:
    """Record a restore, and doubt what was waiting; both moments follow the machine clock."""
    words = {"made_at": made_at.isoformat(), "restored_at": at.isoformat()}
    connection.execute(insert(Audit).values(at=at, action=ACTION, subject="database", after=words))
    connection.execute(
        update(Delivery)
        # Without the doubt everybody would get the messages of that time again, unlabelled.
        .where(Delivery.status.in_(OPEN), Delivery.due_at <= at)
        .values(doubts=Delivery.doubts + 1)
    )


def gap(session: Session) -> tuple[datetime, datetime] | None:
    """From the latest restored backup to its restore; None where there was none.

    A delivery that is planned now and was due in between may have been sent already.
    """
    found = session.scalar(
        select(Audit.after).where(Audit.action == ACTION).order_by(Audit.id.desc()).limit(1)
    )
    if found is None:
        return None
    return datetime.fromisoformat(found["made_at"]), datetime.fromisoformat(found["restored_at"])
