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

    `sender` and `chat` are addresses of the channel; `at` is the civil moment of the message;
    `reply_to` is the key of the message that it replies to; `pressed` is the data of a button; `addressed`
    is true in a private chat, and in a group for a command, a mention or a reply to the bot.
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

    `about` is stored with the delivery and says what a reply to it refers to. `edits` is the key of a
    message of the bot to edit instead of sending a new one; `chat` is the address of another chat than
    that of the incoming message. With a `file` the text is its caption, and nothing is edited. Answers to
    strangers are `patient`: they are sent after the answers to known people.
    """

    text: str
    buttons: tuple[tuple[Button, ...], ...] = ()
    about: ReplyContext | None = None
    edits: str | None = None
    chat: str | None = None
    file: Attachment | None = None
    patient: bool = False
