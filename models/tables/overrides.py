"""The tables of what is entered beside the rules: events, settings, days, semesters, feeds.

Rows are history: the newest of a subject counts, and one that was withdrawn has `withdrawn_at`.
"""

from datetime import date, datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.rules.calendar.periods import PeriodKind
from models.tables.base import Base, Identity, Words


class StoredEvent(Base):
    """节点事件: an appointment, an election, a banquet season; the occurrences are computed from it."""

    __tablename__ = "key_events"

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    kind: Mapped[str]
    day: Mapped[date]
    organization_id: Mapped[int] = mapped_column(ForeignKey("organizations.id"), index=True)
    about: Mapped[str | None]
    by_member_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"))
    made_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]


class StoredSetting(Base):
    """How an organization, or every one (no id), deviates from one requirement from a day on.

    `due` is text in the syntax of `parse_due`; `reason` is usually the number of a notice.
    """

    __tablename__ = "requirement_settings"

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    requirement: Mapped[str] = mapped_column(index=True)
    organization_id: Mapped[int | None] = mapped_column(ForeignKey("organizations.id"))
    due: Mapped[str | None]
    period: Mapped[PeriodKind | None] = mapped_column(Words(PeriodKind))
    exempt: Mapped[bool] = mapped_column(default=False)
    valid_from: Mapped[date]
    valid_until: Mapped[date | None]
    reason: Mapped[str | None]
    by_member_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"))
    made_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]


class DayOverride(Base):
    """A day on which an organization, or every one (no id), works or is off against the rule."""

    __tablename__ = "day_overrides"

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    organization_id: Mapped[int | None] = mapped_column(ForeignKey("organizations.id"))
    day: Mapped[date]
    works: Mapped[bool]
    reason: Mapped[str | None]
    by_member_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"))
    made_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]


class SemesterDates(Base):
    """First and last day of a semester (`2026-S1`) of an organization, or of every one (no id)."""

    __tablename__ = "semester_dates"

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    organization_id: Mapped[int | None] = mapped_column(ForeignKey("organizations.id"))
    semester: Mapped[str]
    first_day: Mapped[date]
    last_day: Mapped[date]
    by_member_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"))
    made_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]


class Feed(Base):
    """日历订阅: the secret token in the address of an organization's calendar feed."""

    __tablename__ = "feeds"
    __table_args__ = (UniqueConstraint("token"),)

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    organization_id: Mapped[int] = mapped_column(ForeignKey("organizations.id"), index=True)
    token: Mapped[str]
    made_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
