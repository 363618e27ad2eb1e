"""Heartbeats: when something last happened, by the machine clock; they show a long absence."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

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
    """Set a heartbeat that `last` gave as `before`; False where another process set it since."""
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    statement = insert(Mark).values(name=name, at=at)
    statement = statement.on_conflict_do_update(
        # Compare and set: of several processes only one sees the absence and reports it.
        index_elements=["name"],
        set_={"at": statement.excluded.at},
        where=Mark.at == before,
    )
    return session.scalar(statement.returning(Mark.name)) is not None
