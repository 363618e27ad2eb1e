"""The Telegram channel: sends deliveries through python-telegram-bot and classifies errors."""

import contextlib
from datetime import timedelta
from typing import Any, NamedTuple

from telegram import (
    Bot,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    LinkPreviewOptions,
    Message,
    ReplyParameters,
)
from telegram.constants import MessageLimit, ParseMode
from telegram.error import (
    BadRequest,
    ChatMigrated,
    EndPointNotFound,
    Forbidden,
    InvalidToken,
    RetryAfter,
    TelegramError,
)

from bot.channels.telegram.rendering import render
from bot.channels.telegram.transport import NotSentError, OverdueError, write_by
from scheduler.channel import Capabilities, ChannelMessage, FailureKind, FileAttachment, TransportError

UNCHANGED_TEXT = "message is not modified"
LARGEST_PHOTO = 2000  # pixels: what is longer is made smaller by Telegram until nobody can read it
UPLOAD_SECONDS = 30.0
DEAD_CHAT_TEXTS = (
    "chat not found",
    "peer_id_invalid",
    "user is deactivated",
    "user not found",
    "group chat was deactivated",
    "chat was deleted",
    "bot is not a member",
    "rights to send",
    "chat_write_forbidden",
    "chat_restricted",
    "need administrator rights",
)
"""What a 400 says when it is the chat that cannot be written to, and not the message that is wrong."""


# sendMessage: all that is wanted of the answer is its number, and the bot would make a Message of it, which
# takes a quarter of the time of a send; under its own name it warns when it is asked for the raw answer.
RAW_SEND = "send_message_"


class TelegramChannel:
    """Sends letters to Telegram; a message key is the Telegram message id as text."""

    capabilities = Capabilities(
        longest_text=int(MessageLimit.MAX_TEXT_LENGTH), longest_caption=int(MessageLimit.CAPTION_LENGTH)
    )

    def __init__(self, bot: Bot) -> None:
        self._bot = bot

    async def send(self, letter: ChannelMessage) -> str:
        """Send or edit one message and return its key. Raises TransportError.

        An edit without a change counts as done; a reply to a deleted message is sent as a plain message.
        """
        # A context variable, because python-telegram-bot has no parameter that reaches the transport.
        before = write_by.set(letter.write_by)
        try:
            return await (self._send(letter) if letter.edits is None else self._edit(letter, letter.edits))
        except TelegramError as error:
            # A retried edit whose first attempt arrived is refused like this: the wanted state is reached.
            if letter.edits is not None and UNCHANGED_TEXT in error.message.lower():
                return letter.edits
            raise parse_error(error) from error
        finally:
            write_by.reset(before)

    async def _send(self, letter: ChannelMessage) -> str:
        if letter.file is not None:
            return str((await self._send_file(letter, letter.file)).message_id)
        message: Any = await self._bot.do_api_request(RAW_SEND, api_kwargs=_build_parameters(letter))
        return str(message["message_id"])

    async def _send_file(self, letter: ChannelMessage, file: FileAttachment) -> Message:
        """Send a picture within Telegram's photo limits as a photo, everything else as a document."""
        sent_with: dict[str, Any] = {
            "caption": render(letter.text),
            "parse_mode": ParseMode.HTML,
            "reply_markup": _build_keyboard(letter),
            "reply_parameters": _build_reply(letter),
            "filename": file.name,
            "write_timeout": UPLOAD_SECONDS,
        }
        if _is_photo(file.content):
            # Telegram also refuses photos by their proportions; as a document every picture is accepted.
            with contextlib.suppress(BadRequest):
                return await self._bot.send_photo(letter.address, file.content, **sent_with)
        return await self._bot.send_document(
            letter.address, file.content, disable_content_type_detection=True, **sent_with
        )

    async def _edit(self, letter: ChannelMessage, message_key: str) -> str:
        await self._bot.edit_message_text(
            render(letter.text),
            letter.address,
            int(message_key),
            parse_mode=ParseMode.HTML,
            link_preview_options=_NO_PREVIEW,
            reply_markup=_build_keyboard(letter),
        )
        return message_key


_NO_PREVIEW = LinkPreviewOptions(is_disabled=True)


class _ErrorRule(NamedTuple):
    """What errors of these types mean when their message contains one of these texts, or any text."""

    name: str
    types: tuple[type[TelegramError], ...]
    texts: tuple[str, ...]
    failure: FailureKind
    retry_after: float = 0.0

    def applies(self, error: TelegramError) -> bool:
        """Whether the error is of one of the types and contains one of the texts."""
        said = error.message.lower()
        return isinstance(error, self.types) and any(text in said for text in self.texts)


_ANY_TEXT = ("",)
# The first rule that applies decides. OverdueError is a NotSentError, and a BadRequest about the chat must
# not be taken for one about the message.
_ERROR_RULES = (
    # The deadline passed before a connection was free.
    _ErrorRule("deadline passed", (OverdueError,), _ANY_TEXT, FailureKind.OVERDUE),
    # "ClientConnectorError: Cannot connect to host api.telegram.org:443"
    _ErrorRule("not sent", (NotSentError,), _ANY_TEXT, FailureKind.NOT_SENT),
    # "Forbidden: bot was blocked by the user"
    _ErrorRule("bot shut out", (Forbidden,), _ANY_TEXT, FailureKind.DEAD_CHAT),
    # "Unauthorized"
    _ErrorRule("token refused", (InvalidToken, EndPointNotFound), _ANY_TEXT, FailureKind.UNAUTHORIZED),
    # "Bad Request: chat not found"
    _ErrorRule("chat gone", (BadRequest,), DEAD_CHAT_TEXTS, FailureKind.DEAD_CHAT),
    # "Bad Request: can't parse entities"
    _ErrorRule("message refused", (BadRequest,), _ANY_TEXT, FailureKind.DEAD_MESSAGE),
    # A 429 of a proxy, without the seconds to wait.
    _ErrorRule("limit reached", (TelegramError,), ("too many requests",), FailureKind.TOO_FAST, 1.0),
    # "Request Entity Too Large"
    _ErrorRule("body too large", (TelegramError,), ("too large", "too long"), FailureKind.DEAD_MESSAGE),
)


def parse_error(error: TelegramError) -> TransportError:
    """Classify an error of the Bot API as a failure of the delivery.

    An error that no rule covers, such as a 500, is uncertain: the message may have been sent.
    """
    why = error.message
    if isinstance(error, RetryAfter):
        return TransportError(FailureKind.TOO_FAST, why, retry_after=_get_seconds(error))
    if isinstance(error, ChatMigrated):
        return TransportError(FailureKind.MIGRATED, why, moved_to=str(error.new_chat_id))
    for rule in _ERROR_RULES:
        if rule.applies(error):
            return TransportError(rule.failure, why, retry_after=rule.retry_after)
    return TransportError(FailureKind.UNCERTAIN, why)


def _get_seconds(error: RetryAfter) -> float:
    """Return retry_after in seconds; it is a timedelta when PTB_TIMEDELTA is set."""
    wait: int | timedelta = error.retry_after
    return wait.total_seconds() if isinstance(wait, timedelta) else float(wait)


def _build_parameters(letter: ChannelMessage) -> dict[str, Any]:
    """Return the sendMessage parameters of a text letter."""
    asked: dict[str, Any] = {
        "chat_id": letter.address,
        "text": render(letter.text),
        "parse_mode": ParseMode.HTML,
        "link_preview_options": {"is_disabled": True},
    }
    if letter.buttons:
        rows = [[{"text": label, "callback_data": data} for label, data in row] for row in letter.buttons]
        asked["reply_markup"] = {"inline_keyboard": rows}
    if letter.reply_to is not None:
        message_id = int(letter.reply_to)
        asked["reply_parameters"] = {"message_id": message_id, "allow_sending_without_reply": True}
    return asked


def _build_reply(letter: ChannelMessage) -> ReplyParameters | None:
    if letter.reply_to is None:
        return None
    return ReplyParameters(int(letter.reply_to), allow_sending_without_reply=True)


def _is_photo(content: bytes) -> bool:
    """Whether the content is a PNG that Telegram shows without scaling it down."""
    if content[:8] != b"\x89PNG\r\n\x1a\n":
        return False
    return max(int.from_bytes(content[16:20], "big"), int.from_bytes(content[20:24], "big")) <= LARGEST_PHOTO


def _build_keyboard(letter: ChannelMessage) -> InlineKeyboardMarkup | None:
    if not letter.buttons:
        return None
    return InlineKeyboardMarkup(
        [[InlineKeyboardButton(label, callback_data=data) for label, data in row] for row in letter.buttons]
    )
