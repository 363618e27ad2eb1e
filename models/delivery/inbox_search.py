"""Searches the inbox for updates that are not handled yet."""

import json
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

# A statement for each state, because partial indexes need the state as a literal.
_OF_CHAT = text("""
SELECT raw FROM inbox WHERE bot_id = :bot_id AND chat_key = :chat_key
  AND status = 'pending' AND raw LIKE '%' || :part || '%'
UNION ALL
SELECT raw FROM inbox WHERE bot_id = :bot_id AND chat_key = :chat_key
  AND status = 'leased' AND raw LIKE '%' || :part || '%'
""")


def list_unhandled(session: Session, bot_id: int, chat_key: str, *, part: str) -> list[Any]:
    """The unhandled updates of a chat whose raw text holds `part`, a pattern as LIKE takes it."""
    values = {"bot_id": bot_id, "chat_key": chat_key, "part": part}
    return [json.loads(raw) for raw in session.scalars(_OF_CHAT, values)]
