"""The tables of what is sent: reminders, saved questions, files and deliveries."""

from datetime import datetime
from typing import Any

from sqlalchemy import (
    ForeignKey,
    Index,
    String,
    Text,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from models.rules.deliveries import DeliveryKind, ReplyContext, UncertainPolicy
from models.tables.base import Base, Identity, ReplyContextJson, Words


class Reminder(Base):
    """提醒: one reminder of one person. The key makes it happen once; it contains no movable date."""

    __tablename__ = "reminders"

    key: Mapped[str] = mapped_column(primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"))
    delivery_id: Mapped[int | None] = mapped_column(ForeignKey("deliveries.id"), index=True)
    slot: Mapped[datetime]


class Inquiry(Base):
    """A question that was answered; buttons under the answer and short questions refer to it."""

    __tablename__ = "inquiries"
    __table_args__ = (Index("ix_inquiries_last", "chat_id", "member_id", "id"),)

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    chat_id: Mapped[int] = mapped_column(ForeignKey("chats.id"))
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"))
    question: Mapped[dict[str, Any]]
    asked_at: Mapped[datetime]


class StoredFile(Base):
    """A file of a delivery: its bytes, or in `recipe` the values from which it is rendered."""

    __tablename__ = "files"

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    name: Mapped[str]
    content: Mapped[bytes | None]
    recipe: Mapped[dict[str, Any] | None]
    made_at: Mapped[datetime]


class Delivery(Base):
    """投递: one message to one chat; its states are in `models.delivery.claims` and `transitions`.

    `about` is what it speaks of (see `ReplyContext`). `doubts` counts how often it may have been sent
    without a confirmation. `alone` puts the row in quarantine; `attempts` counts the crashes of the process
    while nothing else was in flight.
    """

    __tablename__ = "deliveries"
    __table_args__ = (
        Index("ix_deliveries_due", "due_at", sqlite_where=text("status = 'pending' AND NOT alone"),
              postgresql_where=text("status = 'pending' AND NOT alone")),
        Index("ix_deliveries_urgent", "due_at",
              sqlite_where=text("status = 'pending' AND kind = 'answer' AND NOT alone"),
              postgresql_where=text("status = 'pending' AND kind = 'answer' AND NOT alone")),
        Index("ix_deliveries_order", "chat_id", "due_at", "id", sqlite_where=text("status = 'pending'"),
              postgresql_where=text("status = 'pending'")),
        Index("ix_deliveries_flying", "chat_id", sqlite_where=text("status IN ('leased', 'sending')"),
              postgresql_where=text("status IN ('leased', 'sending')")),
        Index("ix_deliveries_alone", "attempts", "id", sqlite_where=text("status = 'pending' AND alone"),
              postgresql_where=text("status = 'pending' AND alone")),
        Index("ix_deliveries_message", "chat_id", "message_key",
              sqlite_where=text("message_key IS NOT NULL"),
              postgresql_where=text("message_key IS NOT NULL")),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    key: Mapped[str] = mapped_column(Text().with_variant(Text(collation="C"), "postgresql"), unique=True)
    chat_id: Mapped[int] = mapped_column(ForeignKey("chats.id"))
    kind: Mapped[DeliveryKind] = mapped_column(Words(DeliveryKind, 16))
    text: Mapped[str]
    buttons: Mapped[list[Any] | None]
    reply_to: Mapped[str | None]
    edits: Mapped[str | None]
    file_id: Mapped[int | None] = mapped_column(ForeignKey("files.id"))
    about: Mapped[ReplyContext | None] = mapped_column(ReplyContextJson)
    due_at: Mapped[datetime]
    expires_at: Mapped[datetime | None]
    policy: Mapped[UncertainPolicy] = mapped_column(Words(UncertainPolicy, 8), default=UncertainPolicy.USUAL)
    status: Mapped[str] = mapped_column(String(16), default="pending")
    lease_by: Mapped[str | None]
    lease_until: Mapped[float | None]
    next_at: Mapped[float] = mapped_column(default=0.0)
    attempts: Mapped[int] = mapped_column(default=0)
    alone: Mapped[bool] = mapped_column(default=False)
    doubts: Mapped[int] = mapped_column(default=0)
    message_key: Mapped[str | None]
    sent_at: Mapped[datetime | None]
    error: Mapped[str | None]
