"""What is said to the bot and what it answers, without any chat network in it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from models.rules.deliveries import ReplyContext


@dataclass(frozen=True, slots=True)
class File:
    """A file that came with a message. `key` is the channel's; `content` is there once it was fetched."""

    name: str
    size: int
    key: str
    content: bytes | None = None


@dataclass(frozen=True, slots=True)
class IncomingMessage:
    """One message, edit or pressed button.

    `sender` and `chat` are addresses of the channel; `at` is the civil moment at which it was said;
    `reply_to` is the key of the message it answers; `pressed` is the data of a button; `addressed`
    is true in a private chat, and in a group for a command, a mention or a reply to the bot. Messages
    with the same `album` were sent as one; at most one of them has words, which are those of all.
    """

    sender: str
    chat: str
    text: str
    at: datetime
    message_key: str
    channel: str = "telegram"
    chat_kind: str = "private"
    reply_to: str | None = None
    edited: bool = False
    pressed: str | None = None
    addressed: bool = True
    attachment: str | None = None
    album: str | None = None
    file: File | None = None


@dataclass(frozen=True, slots=True)
class Button:
    """One button under a message; `data` is short: a kind and a few numbers."""

    label: str
    data: str


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that goes with an answer: its bytes, or in `recipe` the values it is made from when it is sent.

    Making takes time, and no transaction is open across it; the values are kept, so that a file says
    what was known when it was asked for, however often it is sent.
    """

    name: str
    content: bytes | None = None
    recipe: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class OutgoingMessage:
    """One message back: a text in our small markup (b, i, code, a, quote) and buttons in rows.

    `about` is kept with the delivery and gives meaning to a later reply; `edits` names a message of
    ours to be rewritten instead of a new one; `chat` another chat than the one that spoke. With a `file`
    the text stands under it, and nothing is rewritten. What strangers
    are told is `patient`: it waits behind the answers to known people. What `speaks_of_album` is said once
    for all messages of an album, and not at all where one of them has words.
    """

    text: str
    buttons: tuple[tuple[Button, ...], ...] = ()
    about: ReplyContext | None = None
    edits: str | None = None
    chat: str | None = None
    file: Attachment | None = None
    patient: bool = False
    speaks_of_album: bool = False
