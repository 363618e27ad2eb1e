"""Telegram as a channel for deliveries: sends through python-telegram-bot and sorts its errors."""

from datetime import timedelta

from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, LinkPreviewOptions, ReplyParameters
from telegram.constants import ParseMode
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Forbidden,
    InvalidToken,
    RetryAfter,
    TelegramError,
)

from bot.transport import NotSentError, OverdueError, write_by
from scheduler.channel import Failure, Letter, TransportError

UNCHANGED = "message is not modified"
GONE = (
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


class TelegramChannel:
    """Sends letters to Telegram; keys of messages are its message ids as text."""

    def __init__(self, bot: Bot) -> None:
        self._bot = bot

    async def send(self, letter: Letter) -> str:
        """Send or rewrite one message. Raises TransportError.

        A rewriting that changes nothing counts as done; a reply to a message that is gone is sent without it.
        """
        before = write_by.set(letter.write_by)
        try:
            return await (self._send(letter) if letter.edits is None else self._edit(letter, letter.edits))
        except TelegramError as error:
            if letter.edits is not None and UNCHANGED in error.message.lower():
                return letter.edits
            raise sort(error) from error
        finally:
            write_by.reset(before)

    async def _send(self, letter: Letter) -> str:
        reply = letter.reply_to
        message = await self._bot.send_message(
            letter.address,
            letter.text,
            parse_mode=ParseMode.HTML,
            link_preview_options=_NO_PREVIEW,
            reply_markup=_keyboard(letter),
            reply_parameters=ReplyParameters(int(reply), allow_sending_without_reply=True) if reply else None,
        )
        return str(message.message_id)

    async def _edit(self, letter: Letter, message_key: str) -> str:
        await self._bot.edit_message_text(
            letter.text,
            letter.address,
            int(message_key),
            parse_mode=ParseMode.HTML,
            link_preview_options=_NO_PREVIEW,
            reply_markup=_keyboard(letter),
        )
        return message_key


_NO_PREVIEW = LinkPreviewOptions(is_disabled=True)


def sort(error: TelegramError) -> TransportError:
    """What an error of the Bot API means for the message."""
    why = error.message
    said = why.lower()
    match error:
        case RetryAfter():
            return TransportError(Failure.TOO_FAST, why, retry_after=_seconds(error))
        case ChatMigrated():
            return TransportError(Failure.MIGRATED, why, moved_to=str(error.new_chat_id))
        case OverdueError():
            return TransportError(Failure.OVERDUE, why)
        case NotSentError():
            return TransportError(Failure.NOT_SENT, why)
        case Forbidden():
            return TransportError(Failure.DEAD_CHAT, why)
        case InvalidToken():
            return TransportError(Failure.UNAUTHORIZED, why)
        case BadRequest():
            dead_chat = any(words in said for words in GONE)
            return TransportError(Failure.DEAD_CHAT if dead_chat else Failure.DEAD_MESSAGE, why)
    if "too many requests" in said:
        return TransportError(Failure.TOO_FAST, why, retry_after=1.0)
    if "too large" in said or "too long" in said:
        return TransportError(Failure.DEAD_MESSAGE, why)
    return TransportError(Failure.UNCERTAIN, why)


def _seconds(error: RetryAfter) -> float:
    """Both forms of retry_after: seconds, and with PTB_TIMEDELTA a timedelta."""
    wait: int | timedelta = error.retry_after
    return wait.total_seconds() if isinstance(wait, timedelta) else float(wait)


def _keyboard(letter: Letter) -> InlineKeyboardMarkup | None:
    if not letter.buttons:
        return None
    return InlineKeyboardMarkup(
        [[InlineKeyboardButton(label, callback_data=data) for label, data in row] for row in letter.buttons]
    )
