"""The tables: what is kept about organizations, people, records, conversations and deliveries.

Instants are UTC; `due_at`, `said_at` and `known_at` follow the civil clock, `lease_until` and
`next_at` the machine clock in seconds (see `models.database`). Rows of history are closed, never
overwritten: a completion by `superseded_at`, a membership by `valid_until`.
"""

from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Text,
    TypeDecorator,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from models.rules.people import OrganizationKind, Role

Identity = BigInteger().with_variant(Integer(), "sqlite")


class Instant(TypeDecorator[datetime]):
    """A moment in UTC. Naive values are refused; SQLite, which has no zones, keeps UTC as text."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """To UTC, without the zone where the database has none."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"an instant needs a time zone: {value!r}")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Back to an aware UTC value."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if dialect.name == "sqlite" else value.astimezone(UTC)


class Words(TypeDecorator[Any]):
    """An enumeration kept as its word, so that a database can be read without the program."""

    impl = String(32)
    cache_ok = True

    def __init__(self, kind: type[Any]) -> None:
        super().__init__()
        self.kind = kind

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:  # noqa: ARG002
        """The word; a text that is none of the enumeration's words raises ValueError."""
        return None if value is None else str(self.kind(value))

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:  # noqa: ARG002
        """The enumeration's member."""
        return None if value is None else self.kind(value)


class Base(DeclarativeBase):
    """Every table, with constraint names that migrations can rely on."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {datetime: Instant, dict[str, Any]: JSON, list[Any]: JSON, str: Text}


class Organization(Base):
    """党组织: a node of the tree. `position` is the register's order."""

    __tablename__ = "organizations"

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[OrganizationKind] = mapped_column(Words(OrganizationKind))
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("organizations.id"), index=True)
    aliases: Mapped[list[Any]] = mapped_column(default=list)
    has_committee: Mapped[bool] = mapped_column(default=True)
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
    position: Mapped[int]
    contact: Mapped[str | None]


class Oversight(Base):
    """督导组: a set of branches across the tree."""

    __tablename__ = "oversights"

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    position: Mapped[int]


class OversightBranch(Base):
    """One branch in one oversight."""

    __tablename__ = "oversight_branches"

    oversight_id: Mapped[int] = mapped_column(ForeignKey("oversights.id"), primary_key=True)
    organization_id: Mapped[int] = mapped_column(ForeignKey("organizations.id"), primary_key=True)


class Member(Base):
    """人员: only a name, which may be shared by several people, and the row number of the register."""

    __tablename__ = "members"

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    name: Mapped[str] = mapped_column(index=True)
    position: Mapped[int]


class Membership(Base):
    """任职: one role of one person in one organization or oversight; open while `valid_until` is empty."""

    __tablename__ = "memberships"
    __table_args__ = (
        Index("ix_memberships_open", "member_id", sqlite_where=text("valid_until IS NULL"),
              postgresql_where=text("valid_until IS NULL")),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"))
    role: Mapped[Role] = mapped_column(Words(Role))
    organization_id: Mapped[int | None] = mapped_column(ForeignKey("organizations.id"), index=True)
    oversight_id: Mapped[int | None] = mapped_column(ForeignKey("oversights.id"), index=True)
    valid_from: Mapped[date]
    valid_until: Mapped[date | None]


class Chat(Base):
    """Where somebody, or a branch's group, can be reached. `address` is the channel's own id of the chat."""

    __tablename__ = "chats"
    __table_args__ = (UniqueConstraint("channel", "address"),)

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    channel: Mapped[str] = mapped_column(default="telegram")
    address: Mapped[str]
    kind: Mapped[str] = mapped_column(default="private")
    member_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"), index=True)
    organization_id: Mapped[int | None] = mapped_column(ForeignKey("organizations.id"), index=True)
    joined_at: Mapped[datetime | None]
    suspended_at: Mapped[datetime | None]
    suspended_why: Mapped[str | None]


class Invitation(Base):
    """A single-use code that ties a private chat to a person. `expires_at` follows the machine's clock."""

    __tablename__ = "invitations"

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"), index=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime | None]
    used_at: Mapped[datetime | None]


class WrongCode(Base):
    """One joining code that helped nobody, so that a chat cannot go on guessing. `at` is machine time."""

    __tablename__ = "wrong_codes"
    __table_args__ = (Index("ix_wrong_codes_chat", "channel", "address", "at"),)

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    channel: Mapped[str]
    address: Mapped[str]
    at: Mapped[datetime]


class Petition(Base):
    """申请: what is done only after a button was pressed: an import, a group to bind, a new telephone.

    `member_id` is whom it is about (an import's or binding's sender), `chat_id` where it was asked,
    `detail` what it needs besides, `content` an uploaded file until it is settled. Machine times.
    """

    __tablename__ = "petitions"
    __table_args__ = (
        Index("ix_petitions_open", "kind", sqlite_where=text("settled_at IS NULL"),
              postgresql_where=text("settled_at IS NULL")),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    kind: Mapped[str] = mapped_column(String(16))
    member_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"))
    chat_id: Mapped[int] = mapped_column(ForeignKey("chats.id"))
    organization_id: Mapped[int | None] = mapped_column(ForeignKey("organizations.id"))
    detail: Mapped[dict[str, Any] | None]
    content: Mapped[bytes | None]
    asked_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    settled_at: Mapped[datetime | None]
    settled_by: Mapped[int | None] = mapped_column(ForeignKey("members.id"))


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
    """请假: somebody will not be at a coming occurrence. The reason is not kept."""

    __tablename__ = "leave_requests"
    __table_args__ = (UniqueConstraint("requirement", "organization_id", "period", "member_id"),)

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    requirement: Mapped[str]
    organization_id: Mapped[int] = mapped_column(ForeignKey("organizations.id"))
    period: Mapped[str]
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"), index=True)
    asked_at: Mapped[datetime]


class Report(Base):
    """报告: one message of one sender. `status` is recorded, open (待确认) or withdrawn.

    An open report keeps what was understood in `draft` and the question that waits in `question`;
    `asked_on` is the day on which it was asked last.
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
    """Every wording of a report: the message, its edits and the corrections, numbered from 1."""

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


class Reminder(Base):
    """提醒: that one person was to be told one thing. The key is the "once"; it holds no movable date."""

    __tablename__ = "reminders"

    key: Mapped[str] = mapped_column(primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"))
    delivery_id: Mapped[int | None] = mapped_column(ForeignKey("deliveries.id"), index=True)
    slot: Mapped[datetime]


class Inquiry(Base):
    """问: what somebody asked, so that the buttons under the answer and a short question go on from it."""

    __tablename__ = "inquiries"
    __table_args__ = (Index("ix_inquiries_last", "chat_id", "member_id", "id"),)

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    chat_id: Mapped[int] = mapped_column(ForeignKey("chats.id"))
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"))
    question: Mapped[dict[str, Any]]
    asked_at: Mapped[datetime]


class StoredFile(Base):
    """A file that goes with a delivery: its bytes, or in `recipe` the values from which it is made anew."""

    __tablename__ = "files"

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    name: Mapped[str]
    content: Mapped[bytes | None]
    recipe: Mapped[dict[str, Any] | None]
    made_at: Mapped[datetime]


class Delivery(Base):
    """投递: one message to one chat; the row that is claimed, sent and marked (see `models.sending`).

    `about` names what a reminder speaks of, so that a reply to it needs no further words:
    `{"occurrences": [[requirement, organization_id, period], ...]}` or `{"report": id}`.
    `doubts` counts how often it may have been sent without our knowing; `alone` marks a row that a
    crash left behind, `attempts` counts the crashes of the process while nothing else was in flight.
    """

    __tablename__ = "deliveries"
    __table_args__ = (
        Index("ix_deliveries_due", "due_at", sqlite_where=text("status = 'pending'"),
              postgresql_where=text("status = 'pending'")),
        Index("ix_deliveries_urgent", "due_at", sqlite_where=text("status = 'pending' AND kind = 'answer'"),
              postgresql_where=text("status = 'pending' AND kind = 'answer'")),
        Index("ix_deliveries_order", "chat_id", "due_at", "id", sqlite_where=text("status = 'pending'"),
              postgresql_where=text("status = 'pending'")),
        Index("ix_deliveries_flying", "chat_id", sqlite_where=text("status IN ('leased', 'sending')"),
              postgresql_where=text("status IN ('leased', 'sending')")),
        Index("ix_deliveries_alone", "attempts", "id", sqlite_where=text("status = 'pending' AND alone"),
              postgresql_where=text("status = 'pending' AND alone")),
        Index("ix_deliveries_message", "chat_id", "message_key"),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    key: Mapped[str] = mapped_column(Text().with_variant(Text(collation="C"), "postgresql"), unique=True)
    chat_id: Mapped[int] = mapped_column(ForeignKey("chats.id"))
    kind: Mapped[str] = mapped_column(String(16))
    text: Mapped[str]
    buttons: Mapped[list[Any] | None]
    reply_to: Mapped[str | None]
    edits: Mapped[str | None]
    file_id: Mapped[int | None] = mapped_column(ForeignKey("files.id"))
    about: Mapped[dict[str, Any] | None]
    due_at: Mapped[datetime]
    expires_at: Mapped[datetime | None]
    policy: Mapped[str] = mapped_column(String(8), default="resend")
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


class Inbox(Base):
    """A raw update as it came, kept before it is acknowledged. `received_at` follows the machine's clock.

    `digest` tells a repeated update from a new one that bears an old number: numbers may start again.
    `attempts` counts how often its handler failed, `crashes` how often the process ended while it alone
    was handled; `alone` marks a row that a crash left behind.
    """

    __tablename__ = "inbox"
    __table_args__ = (
        UniqueConstraint("bot_id", "update_id", "digest"),
        Index("ix_inbox_pending", "bot_id", "id", sqlite_where=text("status = 'pending'"),
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


class Audit(Base):
    """Append-only: who changed what, when, from what to what; `organization_id` is whose affair it is."""

    __tablename__ = "audit"

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    at: Mapped[datetime]
    by_member_id: Mapped[int | None] = mapped_column(ForeignKey("members.id"))
    action: Mapped[str] = mapped_column(String(32))
    subject: Mapped[str] = mapped_column(index=True)
    organization_id: Mapped[int | None] = mapped_column(ForeignKey("organizations.id"), index=True)
    before: Mapped[dict[str, Any] | None]
    after: Mapped[dict[str, Any] | None]
