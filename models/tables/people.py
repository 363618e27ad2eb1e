"""The tables of organizations, people, their roles, their chats and how they join."""

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

from models.rules.people.roles import OrganizationKind, Role
from models.tables.base import Base, Identity, Words


class Organization(Base):
    """党组织: a node of the tree. `position` is its place in the order of the roster."""

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
    """人员: only a name, which several people may share, and the row number in the roster."""

    __tablename__ = "members"

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    name: Mapped[str] = mapped_column(index=True)
    position: Mapped[int]


class Membership(Base):
    """任职: one role of a person in an organization or oversight; open until it has `valid_until`."""

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
    """A chat of a person or a branch's group; `address` is the chat network's id of it."""

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
    """加入码: a code, used once, that ties a private chat to a person.

    `expires_at` follows the machine clock.
    """

    __tablename__ = "invitations"

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"), index=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime | None]
    used_at: Mapped[datetime | None]


class WrongCode(Base):
    """A failed attempt to join, counted so that a chat cannot guess codes. `at` is machine time."""

    __tablename__ = "wrong_codes"
    __table_args__ = (Index("ix_wrong_codes_chat", "channel", "address", "at"),)

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    channel: Mapped[str]
    address: Mapped[str]
    at: Mapped[datetime]


class Petition(Base):
    """申请: a confirmation, which waits for a button: of an import, a group, a new telephone, ….

    `member_id` is the person whom it concerns (of an import or a group: who asked), `chat_id` where it was
    asked, `detail` its further values, `content` an uploaded file until it is settled. All times are
    machine times.
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
