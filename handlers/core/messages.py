"""Incoming and outgoing messages, independent of the chat network."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from models.rules.deliveries import ReplyContext


@dataclass(frozen=True, slots=True)
class File:
    """A file in an incoming message.

    `size` is in bytes, `key` the channel's identifier; `content` is None until the file is fetched.
    """

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
    """One button under a message; `data` is at most 64 bytes: a kind and a few numbers."""

    label: str
    data: str


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file in an answer: its bytes, or a `recipe` from which it is rendered when it is sent.

    Rendering takes seconds and must not happen inside a transaction. The values are stored with the
    delivery, so that a second attempt sends the same figures.
    """

    name: str
    content: bytes | None = None
    recipe: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class OutgoingMessage:
    """One message to send: a text in the bot's markup (b, i, code, a, blockquote) and buttons.

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
