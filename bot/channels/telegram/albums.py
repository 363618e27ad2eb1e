"""Albums: pictures sent as one come as one update each, of which at most one has the caption of all.

What is said of an album as a whole waits for `PATIENCE`, because the caption may come last, and is taken
back when it comes. All of it is decided from stored rows: the answers to an album have keys that begin
alike, so that another process, or this one after a restart, decides the same.
"""

from datetime import timedelta
from typing import Any

from sqlalchemy.orm import Session

from handlers.core.context import Answers
from handlers.core.messages import IncomingMessage, OutgoingMessage
from models.delivery import deliveries, inbox_search

PATIENCE = timedelta(seconds=2)
"""For how long the caption is waited for: Telegram passes on the pictures of an album within a second."""


def choose_answers(session: Session, bot_id: int, said: IncomingMessage, answers: Answers) -> Answers:
    """What of the answers to a message is to be said, given what the rest of its album has been told."""
    if said.album is None:
        return answers
    if said.text.strip():
        deliveries.withdraw(session, _begin_whole(said), why="another picture of the album has words")
        return answers
    if not any(answer.speaks_of_album for answer in answers):
        return answers
    answered = deliveries.has_any(session, _begin(said)) or _words_wait(session, bot_id, said)
    return [answer for answer in answers if not (answered and answer.speaks_of_album)]


def create_key(said: IncomingMessage, update_id: int, number: int, answer: OutgoingMessage) -> str:
    """The key of an answer's delivery: an update is answered once, and an album as a whole once."""
    if said.album is not None and answer.speaks_of_album:
        return f"{_begin_whole(said)}{number}"
    return f"{_begin(said)}{update_id}/{said.message_key}/{number}"


def find_wait(said: IncomingMessage, answer: OutgoingMessage) -> timedelta:
    """How long an answer waits before it leaves; mostly not at all."""
    return PATIENCE if said.album is not None and answer.speaks_of_album else timedelta(0)


def _begin(said: IncomingMessage) -> str:
    return f"answer/{said.chat}/" if said.album is None else f"answer/{said.chat}/album/{said.album}/"


def _begin_whole(said: IncomingMessage) -> str:
    return f"{_begin(said)}whole/"


def _words_wait(session: Session, bot_id: int, said: IncomingMessage) -> bool:
    """Whether the picture with the caption has come and is not handled yet."""
    part = f'"media_group_id":"{said.album}"'
    waiting = inbox_search.list_unhandled(session, bot_id, said.chat, part=part)
    return any(_has_words(update.get("message"), said.album) for update in waiting)


def _has_words(message: Any, album: str | None) -> bool:
    """Whether a raw message is of the album and has a caption; a quoted message has one of its own."""
    return (
        isinstance(message, dict)
        and message.get("media_group_id") == album
        and bool(str(message.get("caption") or "").strip())
    )
