"""The table of web sessions: links to the page, and sessions that were opened with them."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from models.tables.base import Base, Identity


class Visit(Base):
    """访问: a one-time link that was sent to a chat, and from `opened_at` on its session.

    `digest` is the SHA-256 of the secret in the link, later of that in the cookie; no secret is stored.
    `asked` is the question with which the page opens. All times are machine times.
    """

    __tablename__ = "visits"

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"))
    chat_id: Mapped[int] = mapped_column(ForeignKey("chats.id"), index=True)
    asked: Mapped[dict[str, Any] | None]
    opened_at: Mapped[datetime | None]
    expires_at: Mapped[datetime]
