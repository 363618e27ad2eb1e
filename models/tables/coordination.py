"""The tables that coordinate processes: inbox, leases, budgets, heartbeats, incidents."""

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
    """A raw update, stored before it is acknowledged. `received_at` follows the machine clock.

    `digest` tells a repeated update from a new one with a reused number, since numbers may start again.
    `stranger` is true for a chat that belonged to no known person or organization: its updates wait behind
    those of known ones. `attempts` counts failures of the handler, `crashes` counts ends of the process
    while this update alone was handled; `alone` puts the row in quarantine.
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
    """The holder of a task that only one process may do: `poll:<bot id>`, `plan`.

    `until` is a machine second.
    """

    __tablename__ = "leases"

    name: Mapped[str] = mapped_column(primary_key=True)
    holder: Mapped[str]
    until: Mapped[float]


class Budget(Base):
    """When the bot (`bot`) or a chat (`chat:<id>`) may send again; all processes share it.

    In machine seconds: `slot_at` is the next free moment, `blocked_until` is what the network asked for,
    `recent` are the latest messages to a group, `refused_at` and `refused_chat` are the latest refusal for
    sending too fast.
    """

    __tablename__ = "budgets"

    name: Mapped[str] = mapped_column(primary_key=True)
    slot_at: Mapped[float] = mapped_column(default=0.0)
    blocked_until: Mapped[float] = mapped_column(default=0.0)
    recent: Mapped[list[Any] | None]
    refused_at: Mapped[float] = mapped_column(default=0.0)
    refused_chat: Mapped[int | None] = mapped_column(BigInteger)


class Mark(Base):
    """When something last happened, by the machine clock: `heard:<bot id>`, `planned`."""

    __tablename__ = "marks"

    name: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[datetime]


class Incident(Base):
    """What an admin has to know, noted in the transaction in which it happened and sent once.

    `kind` is one of `models.delivery.incidents.Kind`, `detail` holds its values; both moments follow the
    machine clock.
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
