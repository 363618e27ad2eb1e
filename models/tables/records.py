"""The tables of what was reported: reports, completions, changes, leave, and the audit."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    ForeignKey,
    Index,
    String,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from models.tables.base import Base, Identity


class OccurrenceChange(Base):
    """变更: one occurrence moved to a day or waived; the newest row of an occurrence counts."""

    __tablename__ = "occurrence_changes"
    __table_args__ = (Index("ix_occurrence_changes_occurrence", "requirement", "organization_id", "period"),)

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    requirement: Mapped[str]
    organization_id: Mapped[int] = mapped_column(ForeignKey("organizations.id"))
    period: Mapped[str]
    moved_to: Mapped[date | None]
    waived: Mapped[bool] = mapped_column(default=False)
    reason: Mapped[str | None]
    by_member_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"))
    made_at: Mapped[datetime]


class LeaveRequest(Base):
    """请假: a person who will be absent from a coming occurrence. The reason is not stored."""

    __tablename__ = "leave_requests"
    __table_args__ = (UniqueConstraint("requirement", "organization_id", "period", "member_id"),)

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    requirement: Mapped[str]
    organization_id: Mapped[int] = mapped_column(ForeignKey("organizations.id"))
    period: Mapped[str]
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"), index=True)
    asked_at: Mapped[datetime]


class StoredReport(Base):
    """报告: one message of one sender. `status` is recorded, open (待确认) or withdrawn.

    An open report keeps what was understood in `draft` and the waiting question in `question`; `asked_on`
    is the day on which it was last asked.
    """

    __tablename__ = "reports"
    __table_args__ = (
        UniqueConstraint("chat_id", "message_key"),
        Index("ix_reports_open", "member_id", sqlite_where=text("status = 'open'"),
              postgresql_where=text("status = 'open'")),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    chat_id: Mapped[int] = mapped_column(ForeignKey("chats.id"))
    message_key: Mapped[str]
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"), index=True)
    status: Mapped[str] = mapped_column(String(16))
    draft: Mapped[dict[str, Any] | None]
    question: Mapped[dict[str, Any] | None]
    asked_on: Mapped[date | None]
    said_at: Mapped[datetime]


class ReportRevision(Base):
    """Every version of a report: the message, its edits and the corrections, numbered from 1."""

    __tablename__ = "report_revisions"
    __table_args__ = (UniqueConstraint("report_id", "number"),)

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    report_id: Mapped[int] = mapped_column(ForeignKey("reports.id"))
    number: Mapped[int]
    text: Mapped[str]
    said_at: Mapped[datetime]


class Completion(Base):
    """完成记录: one activity of one organization for one period. Superseded rows are its history."""

    __tablename__ = "completions"
    __table_args__ = (
        Index("ix_completions_status", "requirement", "period", "organization_id",
              sqlite_where=text("superseded_at IS NULL"), postgresql_where=text("superseded_at IS NULL")),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    report_id: Mapped[int | None] = mapped_column(ForeignKey("reports.id"), index=True)
    entry: Mapped[int] = mapped_column(default=0)
    revision: Mapped[int] = mapped_column(default=1)
    requirement: Mapped[str]
    organization_id: Mapped[int] = mapped_column(ForeignKey("organizations.id"), index=True)
    period: Mapped[str]
    part: Mapped[str | None]
    held_on: Mapped[date]
    held_until: Mapped[date | None]
    present: Mapped[int | None]
    expected: Mapped[int | None]
    absent: Mapped[int | None]
    observers: Mapped[int | None]
    online: Mapped[int | None]
    quantity: Mapped[float | None]
    topic: Mapped[str | None]
    place: Mapped[str | None]
    host: Mapped[str | None]
    reporter_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"))
    known_at: Mapped[datetime]
    superseded_at: Mapped[datetime | None]


class Audit(Base):
    """Who changed what, when, from what to what; rows are only added.

    `organization_id` is the organization whose matter it is.
    """

    __tablename__ = "audit"
    __table_args__ = (Index("ix_audit_subject", "subject", "id"),)

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    at: Mapped[datetime]
    by_member_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"))
    action: Mapped[str] = mapped_column(String(32))
    subject: Mapped[str]
    organization_id: Mapped[int | None] = mapped_column(ForeignKey("organizations.id"), index=True)
    before: Mapped[dict[str, Any] | None]
    after: Mapped[dict[str, Any] | None]
