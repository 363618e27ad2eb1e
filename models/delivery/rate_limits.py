"""Budgets: when the bot and each chat may send the next message; shared by all processes.

All times are machine seconds (`Database.now`). The bot's messages are spaced one by one, not let through in
bursts: Telegram counts them over any second, and a bucket that refills while it is emptied lets nearly
twice its size pass.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import bindparam, select, text
from sqlalchemy.orm import Session

from models.tables.coordination import Budget

BOT = "bot"
TWO_CHATS_WITHIN = 1.0

# The update that changes nothing locks the row, so that two processes cannot reserve the same slot.
_LOCK_BOT = text("INSERT INTO budgets (name, slot_at, blocked_until, refused_at) VALUES ('bot', 0, 0, 0)"
                 " ON CONFLICT (name) DO UPDATE SET name = excluded.name"
                 " RETURNING slot_at, blocked_until, refused_at, refused_chat")  # fmt: skip
_SPEND_BOT = text("UPDATE budgets SET slot_at = :slot_at WHERE name = 'bot'")
_SPEND_CHAT = text(
    "INSERT INTO budgets (name, slot_at, blocked_until, recent, refused_at)"
    " VALUES (:name, :slot_at, 0, :recent, 0)"
    " ON CONFLICT (name) DO UPDATE SET slot_at = excluded.slot_at, recent = excluded.recent"
).bindparams(bindparam("recent", type_=Budget.__table__.c.recent.type))
_BLOCK = text(
    "INSERT INTO budgets (name, slot_at, blocked_until, refused_at) VALUES (:name, 0, :until, 0)"
    " ON CONFLICT (name) DO UPDATE SET blocked_until = excluded.blocked_until"
)
_REFUSED = text("UPDATE budgets SET refused_at = :now, refused_chat = :chat_id WHERE name = 'bot'")
_BUDGETS = Budget.__table__.c
_BLOCKED = select(_BUDGETS.blocked_until).where(_BUDGETS.name == BOT)
_FORGET = text(
    "UPDATE budgets SET slot_at = 0, blocked_until = 0, refused_at = 0, recent = NULL"
    " WHERE slot_at > :latest OR blocked_until > :latest OR refused_at > :latest"
)


def chat_name(chat_id: int) -> str:
    """The name of a chat's budget; `chat_id` is `chats.id`."""
    return f"chat:{chat_id}"


def bot_blocked_until(session: Session) -> float:
    """The machine second until which the network refuses the bot; 0 where it does not."""
    return float(session.scalar(_BLOCKED) or 0.0)


def bot_slots(session: Session, count: int, *, spacing: float, now: float, horizon: float) -> list[float]:
    """Reserve up to `count` slots, `spacing` seconds apart, none after `now + horizon`.

    Empty where other processes hold the near future, or while the bot is blocked.
    """
    row = session.execute(_LOCK_BOT).one()
    first = max(now, row.slot_at, row.blocked_until)
    slots = [first + spacing * i for i in range(count) if first + spacing * i <= now + horizon]
    if slots:
        session.execute(_SPEND_BOT, {"slot_at": slots[-1] + spacing})
    return slots


def chats(session: Session, chat_ids: Iterable[int]) -> dict[int, Budget]:
    """The budgets of these chats by chat id, as far as they exist."""
    names = {chat_name(chat_id): chat_id for chat_id in chat_ids}
    if not names:
        return {}
    found = session.scalars(select(Budget).where(Budget.name.in_(names)))
    return {names[row.name]: row for row in found}


def spend(session: Session, rows: Mapping[int, tuple[float, list[float] | None]]) -> None:
    """Store the next free moments of chats, and for groups those of their latest messages."""
    values: list[dict[str, Any]] = [
        {"name": chat_name(chat_id), "slot_at": slot_at, "recent": recent}
        # Sorted: two transactions that lock the same rows in different orders would deadlock.
        for chat_id, (slot_at, recent) in sorted(rows.items())
    ]
    if values:
        session.execute(_SPEND_CHAT, values)


def refuse(session: Session, chat_id: int, *, until: float, now: float) -> bool:
    """Store a refusal for sending too fast; True where the whole bot has to wait.

    Two different chats refused within a second mean the bot, not the chats.
    """
    bot = session.execute(_LOCK_BOT).one()
    session.execute(_BLOCK, {"name": chat_name(chat_id), "until": until})
    whole = bot.refused_chat not in (None, chat_id) and now - bot.refused_at <= TWO_CHATS_WITHIN
    if whole:
        session.execute(_BLOCK, {"name": BOT, "until": max(until, bot.blocked_until)})
    session.execute(_REFUSED, {"now": now, "chat_id": chat_id})
    return whole


def block_bot(session: Session, *, until: float) -> None:
    """Let nothing leave the bot before a machine second."""
    session.execute(_BLOCK, {"name": BOT, "until": until})


def forget(session: Session, *, latest: float) -> None:
    """Reset moments after `latest`: they are of a machine clock that has started again."""
    session.execute(_FORGET, {"latest": latest})
