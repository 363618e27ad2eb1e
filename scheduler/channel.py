"""What a chat network provides for sending, and the ways in which sending fails."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol


class FailureKind(StrEnum):
    """Why a message was not confirmed as sent."""

    NOT_SENT = "not sent"
    """It certainly did not leave; the network or its server cannot be reached."""
    OVERDUE = "overdue"
    """It did not leave in time, while everything else was fine."""
    UNCERTAIN = "uncertain"
    """The request left and no answer came back."""
    TOO_FAST = "too fast"
    """Refused for haste: wait `retry_after` seconds."""
    DEAD_CHAT = "dead chat"
    """Nothing can be sent to this chat any more."""
    DEAD_MESSAGE = "dead message"
    """This message is refused, others are not."""
    MIGRATED = "migrated"
    """The chat has a new address, `moved_to`."""
    UNAUTHORIZED = "unauthorized"
    """The network does not know the bot: its token is wrong or was withdrawn."""


class TransportError(Exception):
    """A message was not confirmed as sent; `kind` says why.

    `retry_after` is in seconds and set for `TOO_FAST`, `moved_to` is an address and set for `MIGRATED`.
    """

    def __init__(self, kind: FailureKind, why: str, *, retry_after: float = 0.0, moved_to: str = "") -> None:
        super().__init__(why)
        self.kind = kind
        self.why = why
        self.retry_after = retry_after
        self.moved_to = moved_to


@dataclass(frozen=True, slots=True)
class FileAttachment:
    """A file that is sent with a message."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class ChannelMessage:
    """One message to send, or with `edits` the new text of one that was sent.

    `text` is in our small markup (b, i, code, a, quote), which the channel renders. `buttons` are rows of
    `[label, data]`; `file` goes with a new message only.
    Nothing may be written to the network after `write_by` (`time.monotonic()`): by then somebody else
    may have taken the delivery over.
    """

    address: str
    text: str
    buttons: list[Any] | None
    reply_to: str | None
    edits: str | None
    write_by: float
    file: FileAttachment | None = None


class Edits(StrEnum):
    """When a message of ours can be given other words."""

    ALWAYS = "always"
    JUST_PRESSED = "just pressed"
    NEVER = "never"


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a network takes, by which messages are made.

    `longest_text` and `longest_caption` are characters as the reader sees them; `buttons` is how many a
    message may carry, None for any number; `quotes`: whether a message can name the one it answers.
    """

    longest_text: int
    longest_caption: int
    buttons: int | None = None
    edits: Edits = Edits.ALWAYS
    quotes: bool = True


CAUTIOUS = Capabilities(longest_text=4_000, longest_caption=1_000)
"""Where no network is connected, as for a preview at the command line."""


class Channel(Protocol):
    """A chat network that can send."""

    @property
    def capabilities(self) -> Capabilities:
        """What it takes."""
        ...

    async def send(self, letter: ChannelMessage) -> str:
        """Send one message; returns the network's key of it. Raises only TransportError."""
        ...
