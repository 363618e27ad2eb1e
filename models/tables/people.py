"""The tables of organizations, people, their roles, and how they are reached and let in."""

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
