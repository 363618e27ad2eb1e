"""What all tables share: identities, UTC instants, enumerations as text, constraint names.

Rows of history are closed, never overwritten. Civil instants (`due_at`, `said_at`, `known_at`) follow the
injected clock, `lease_until` and `next_at` the machine clock in seconds (see `models.storage.database`).
"""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    DateTime,
    Dialect,
    Integer,
    MetaData,
    String,
    Text,
    TypeDecorator,
)
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.types import TypeEngine

from models.rules.deliveries import NOTHING_SAID, ReplyContext

# SQLite numbers rows by itself only where the type is exactly INTEGER.
Identity = BigInteger().with_variant(Integer(), "sqlite")


class Instant(TypeDecorator[datetime]):
    """A moment in UTC. Naive values raise ValueError; SQLite, which has no zones, stores text."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Text on SQLite, converted here: faster than SQLAlchemy's own type for it."""
        return Text() if dialect.name == "sqlite" else dialect.type_descriptor(self.impl_instance)

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        """To UTC; on SQLite as YYYY-MM-DD HH:MM:SS.ffffff."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"an instant needs a time zone: {value!r}")
        value = value.astimezone(UTC)
        return _text(value) if dialect.name == "sqlite" else value

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        """To an aware UTC value."""
        if value is None:
            return None
        found = datetime.fromisoformat(value) if dialect.name == "sqlite" else value
        return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)


def _text(value: datetime) -> str:
    """The text on SQLite; it sorts as time does."""
    return value.replace(tzinfo=None).isoformat(" ", "microseconds")


# None is SQL's NULL, not the JSON value null, so that IS NULL finds it.
OrNothing = JSON(none_as_null=True)


class Words(TypeDecorator[Any]):
    """An enumeration stored as its text, so that a database can be read without the program."""

    impl = String
    cache_ok = True

    def __init__(self, kind: type[Any], length: int = 32) -> None:
        super().__init__(length)
        self.kind = kind

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:  # noqa: ARG002
        """The text; a value that is none of the enumeration's raises ValueError."""
        return None if value is None else str(self.kind(value))

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:  # noqa: ARG002
        """The member of the enumeration."""
        return None if value is None else self.kind(value)


class ReplyContextJson(TypeDecorator[ReplyContext]):
    """A `ReplyContext` as JSON."""

    impl = OrNothing
    cache_ok = True

    def process_bind_param(self, value: ReplyContext | None, dialect: Dialect) -> Any:  # noqa: ARG002
        """To JSON; None for an empty context."""
        return None if value is None or value == NOTHING_SAID else value.to_json()

    def process_result_value(self, value: Any, dialect: Dialect) -> ReplyContext | None:  # noqa: ARG002
        """From JSON."""
        return None if value is None else ReplyContext.from_json(value)


class Base(DeclarativeBase):
    """The base of every table, with constraint names that migrations can rely on."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {datetime: Instant, dict[str, Any]: OrNothing, list[Any]: OrNothing, str: Text}
