"""Files of deliveries: stored as bytes, or as the recipe from which they are rendered."""

from datetime import datetime
from typing import Any

from sqlalchemy import delete, select, true, update
from sqlalchemy.orm import Session

from models.tables.deliveries import Delivery, StoredFile

# Final: nothing sends such a delivery again.
OVER = ("sent", "dead", "expired", "withdrawn")


def put(
    session: Session,
    name: str,
    *,
    content: bytes | None = None,
    recipe: dict[str, Any] | None = None,
    at: datetime,
) -> int:
    """Store a file to send; returns its id. Exactly one of `content` and `recipe` is given."""
    if (content is None) == (recipe is None):
        raise ValueError("a file is either its content or what to make")
    row = StoredFile(name=name, content=content, recipe=recipe, made_at=at)
    session.add(row)
    session.flush()
    return row.id


def get(session: Session, file_id: int) -> StoredFile | None:
    """One file."""
    return session.get(StoredFile, file_id)


def drop_sent(session: Session, *, before: datetime | None) -> int:
    """Delete files older than this (None: any age) whose deliveries are final; returns how many."""
    old = select(StoredFile.id).where(StoredFile.made_at < before if before is not None else true())
    waiting = select(Delivery.file_id).where(Delivery.file_id.in_(old), Delivery.status.not_in(OVER))
    gone = session.scalars(old.where(StoredFile.id.not_in(waiting))).all()
    if not gone:
        return 0
    session.execute(update(Delivery).where(Delivery.file_id.in_(gone)).values(file_id=None))
    session.execute(delete(StoredFile).where(StoredFile.id.in_(gone)))
    return len(gone)
