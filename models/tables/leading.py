"""The tables of what leaders do: closed months."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String
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
