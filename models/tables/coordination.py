"""The tables that processes share the work by: the inbox, leases of tasks, budgets of sending."""

from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    Index,
    String,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from models.tables.base import Base, Identity


class Inbox(Base):
    """A raw update as it came, kept before it is acknowledged. `received_at` follows the machine's clock.

    `digest` tells a repeated update from a new one that bears an old number: numbers may start again.
    `stranger` marks what came from a chat that was nobody's then: it waits behind what known people say.
    `attempts` counts how often its handler failed, `crashes` how often the process ended while it alone
    was handled; `alone` marks a row that a crash left behind.
    """

    __tablename__ = "inbox"
    __table_args__ = (
        UniqueConstraint("bot_id", "update_id", "digest"),
        Index("ix_inbox_pending", "bot_id", "stranger", "id", sqlite_where=text("status = 'pending'"),
              postgresql_where=text("status = 'pending'")),
        Index("ix_inbox_held", "bot_id", "chat_key",
              sqlite_where=text("status = 'leased' OR (status = 'pending' AND alone)"),
              postgresql_where=text("status = 'leased' OR (status = 'pending' AND alone)")),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    bot_id: Mapped[int] = mapped_column(BigInteger)
    update_id: Mapped[int] = mapped_column(BigInteger)
    digest: Mapped[str] = mapped_column(String(32))
    chat_key: Mapped[str]
    stranger: Mapped[bool] = mapped_column(default=False)
    raw: Mapped[str]
    received_at: Mapped[datetime]
    status: Mapped[str] = mapped_column(String(16), default="pending")
    attempts: Mapped[int] = mapped_column(default=0)
    alone: Mapped[bool] = mapped_column(default=False)
    crashes: Mapped[int] = mapped_column(default=0)
    lease_by: Mapped[str | None]
    lease_until: Mapped[float | None]
    error: Mapped[str | None]


class Lease(Base):
    """Who holds a task that only one process may do: `poll:<bot id>`, `plan`. Until a machine second."""

    __tablename__ = "leases"

    name: Mapped[str] = mapped_column(primary_key=True)
    holder: Mapped[str]
    until: Mapped[float]


class Budget(Base):
    """When the bot (`bot`), or one chat of it (`chat:<id>`), may send again: shared by all processes.

    Machine seconds: `slot_at` is the next free moment, `blocked_until` what the network asked for,
    `recent` the last messages to a group, `refused_at` and `refused_chat` the last refusal for haste.
    """

    __tablename__ = "budgets"

    name: Mapped[str] = mapped_column(primary_key=True)
    slot_at: Mapped[float] = mapped_column(default=0.0)
    blocked_until: Mapped[float] = mapped_column(default=0.0)
    recent: Mapped[list[Any] | None]
    refused_at: Mapped[float] = mapped_column(default=0.0)
    refused_chat: Mapped[int | None] = mapped_column(BigInteger)


class Mark(Base):
    """When something was last so, by the machine's clock: `heard:<bot id>`, `planned`."""

    __tablename__ = "marks"

    name: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[datetime]


class Incident(Base):
    """What an admin has to know of, noted in the transaction in which it happened; told once.

    `kind` is one of `models.delivery.incidents.Kind`, `detail` its values; both moments are the machine's.
    """

    __tablename__ = "incidents"
    __table_args__ = (
        Index("ix_incidents_untold", "id", sqlite_where=text("told_at IS NULL"),
              postgresql_where=text("told_at IS NULL")),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    at: Mapped[datetime]
    kind: Mapped[str] = mapped_column(String(16))
    detail: Mapped[dict[str, Any]]
    told_at: Mapped[datetime | None]
