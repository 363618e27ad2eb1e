"""The tables of what leaders do: closed months."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from models.tables.base import Base, Identity


class Closing(Base):
    """封账: a month's figures of an organization and all under it, as they stood; the newest row counts.

    `figures` holds the number of occurrences of each state, over all, by requirement and by organization.
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
    """通知: a text on its way to many. Its deliveries' keys begin with `broadcast/ID/`.

    `organizations` are ids of those whose people are told, `everybody` or only secretaries and clerks.
    `message_key` is the message that shows its sender how far it has come, `shown` what it says by its
    `steps`th edit. Everybody whose chat's id is at most `filled_to` has a delivery, with None all have;
    until then `text` is what they are told.
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
    """已阅: that a reminder was read, as its reader said by a button. Only counts are ever shown."""

    __tablename__ = "receipts"

    delivery_id: Mapped[int] = mapped_column(ForeignKey("deliveries.id"), primary_key=True)
    at: Mapped[datetime]
