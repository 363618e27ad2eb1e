"""The tables of what leaders do: closed months, broadcasts, and receipts of reminders."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from models.tables.base import Base, Identity


class Closing(Base):
    """封账: the figures of an organization and all below it for a month; the newest row counts.

    `figures` holds the number of occurrences of each state: over all, by requirement and by organization.
    """

    __tablename__ = "closings"
    __table_args__ = (Index("ix_closings_month", "organization_id", "month"),)

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    organization_id: Mapped[int] = mapped_column(ForeignKey("organizations.id"))
    month: Mapped[str] = mapped_column(String(7))
    figures: Mapped[dict[str, Any]]
    by_member_id: Mapped[int] = mapped_column(ForeignKey("members.id"))
    closed_at: Mapped[datetime]


class Broadcast(Base):
    """通知: one text to many people. The keys of its deliveries begin with `broadcast/ID/`.

    `organizations` are the ids of those whose people receive it: `everybody`, or only secretaries and
    clerks. `message_key` is the message that shows the progress to its sender, `shown` its current text,
    `steps` the number of its edits. Every reader whose chat id is at most `filled_to` has a delivery; with
    None all have one. Until then `text` is the text to send.
    """

    __tablename__ = "broadcasts"

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    chat_id: Mapped[int] = mapped_column(ForeignKey("chats.id"))
    message_key: Mapped[str]
    by_member_id: Mapped[int] = mapped_column(ForeignKey("members.id"))
    organizations: Mapped[list[Any]]
    everybody: Mapped[bool]
    total: Mapped[int]
    steps: Mapped[int] = mapped_column(default=0)
    shown: Mapped[str]
    stopped: Mapped[bool] = mapped_column(default=False)
    text: Mapped[str | None]
    due_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    filled_to: Mapped[int | None] = mapped_column(BigInteger)
    begun_at: Mapped[datetime]
    ended_at: Mapped[datetime | None] = mapped_column(index=True)


class Receipt(Base):
    """已阅: a reminder whose reader pressed the button. Only counts are ever shown."""

    __tablename__ = "receipts"

    delivery_id: Mapped[int] = mapped_column(ForeignKey("deliveries.id"), primary_key=True)
    at: Mapped[datetime]
