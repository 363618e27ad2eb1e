"""The table of visits to the page: who has a link to it, and who has it open."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from models.tables.base import Base, Identity


class Visit(Base):
    """访问: a one-time link that was given in a chat, and from `opened_at` on the session it became.

    `digest` is the SHA-256 of the secret in the link, then of the one in the cookie; neither secret is
    kept. `asked` is the question with which the page opens. Machine times.
    """

    __tablename__ = "visits"

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"))
    chat_id: Mapped[int] = mapped_column(ForeignKey("chats.id"), index=True)
    asked: Mapped[dict[str, Any] | None]
    opened_at: Mapped[datetime | None]
    expires_at: Mapped[datetime]
