"""Heartbeats: when something last happened, by the machine clock; they show a long absence."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.storage.inserts import insert_into
from models.tables.coordination import Mark

PLANNED = "planned"


def heard(bot_id: int) -> str:
    """The name of the heartbeat of a bot's updates."""
    return f"heard:{bot_id}"


def last(session: Session, name: str) -> datetime | None:
    """The moment of a heartbeat; None where it was never set."""
    found: datetime | None = session.scalar(select(Mark.at).where(Mark.name == name))
    return found


def put(session: Session, name: str, at: datetime, *, before: datetime | None) -> bool:
    """Set a mark that `last` gave as `before`; False when somebody else has set it since."""
    statement = insert_into(session, Mark).values(name=name, at=at)
    statement = statement.on_conflict_do_update(
        # Compare and set: of several processes only one sees the absence and reports it.
        index_elements=["name"],
        set_={"at": statement.excluded.at},
        where=Mark.at == before,
    )
    return session.scalar(statement.returning(Mark.name)) is not None
