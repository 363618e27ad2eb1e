"""The table of texts that leaders have to approve, each version with its verdict."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.rules.people.approval import Verdict
from models.tables.base import Base, Identity, Words


class TextReview(Base):
    """审定: one version of a text for one occasion, put to the leader of an organization.

    `mark` is the review mark that its buttons carry. `own` is true for a text that a leader wrote instead
    of the pack's. `name` and `day` are those of the observance; `goes_at` is when its members receive it.
    """

    __tablename__ = "text_reviews"
    __table_args__ = (UniqueConstraint("mark"),)

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    mark: Mapped[str] = mapped_column(String(16))
    observance: Mapped[str]
    name: Mapped[str]
    occasion: Mapped[str]
    organization_id: Mapped[int] = mapped_column(ForeignKey("organizations.id"), index=True)
    version: Mapped[str] = mapped_column(String(16))
    text: Mapped[str]
    theme: Mapped[str]
    day: Mapped[date]
    own: Mapped[bool] = mapped_column(default=False)
    goes_at: Mapped[datetime]
    asked_at: Mapped[datetime]
    verdict: Mapped[Verdict | None] = mapped_column(Words(Verdict))
    decided_at: Mapped[datetime | None]
    by_member_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"))
