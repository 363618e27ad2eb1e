"""The Telegram adapter: turns updates into incoming messages and answers into deliveries."""

import contextlib
import logging
import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from sqlalchemy.orm import Session
from telegram import (
    Bot,
    CallbackQuery,
    Chat,
    ChatMemberUpdated,
    MenuButtonWebApp,
    Message,
    Update,
    WebAppInfo,
)
from telegram.constants import ChatType
from telegram.error import TelegramError

from bot.channels.telegram import albums
from handlers.core.context import BotContext, Request
from handlers.core.messages import Attachment, File, IncomingMessage, OutgoingMessage
from handlers.router import ROUTES, converse, create_request, wants_file
from models.delivery import deliveries, files, inbox
from models.register import chats
from models.rules.deliveries import DeliveryKind, NewDelivery

CHANNEL = "telegram"
ATTACHMENTS = ("photo", "voice", "document", "video", "audio", "sticker", "location")
GONE_STATUSES = ("left", "kicked")
log = logging.getLogger(__name__)

SendNow = Callable[[Sequence[int]], Awaitable[None]]


class Adapter:
    """Handles one update at a time for the conversations.

    The effects of an update, its mark in the inbox and the answers are one transaction; `send_now` sends the
    answers after the commit. A repeated update changes nothing, because answers are keyed by its number.
    """

    def __init__(self, bot_context: BotContext, bot: Bot, *, bot_id: int, send_now: SendNow) -> None:
        self.bot_context = bot_context
        self._bot, self._bot_id, self._send_now = bot, bot_id, send_now

    async def handle(self, raw: dict[str, object]) -> bool:
        """Handle one raw update; False where its kind is unknown, and then it stays unmarked.

        Raises AlreadyHandledError, and whatever the database raises; then nothing of it is stored.
        """
        update = Update.de_json(raw, self._bot)
        if update.callback_query is not None:
            await self._on_button(update, update.callback_query)
        elif update.my_chat_member is not None:
            await self.bot_context.database.run(self._change_membership, update, update.my_chat_member)
        elif (message := update.message or update.edited_message) is not None:
            if message.migrate_to_chat_id is not None or message.migrate_from_chat_id is not None:
                await self.bot_context.database.run(self._migrate, update, message)
            else:
                await self._on_message(update, message)
        else:
            return False
        return True

    async def _on_message(self, update: Update, message: Message) -> None:
        if message.from_user is None or message.from_user.is_bot:
            await self.bot_context.database.run(self._mark, update)
            return
        self.bot_context.bot = self._bot.username
        said = parse_message(message, self._bot.username, self._civil(message, update))
        if said.file is not None and await self.bot_context.database.fetch(self._wants_file, said):
            said = replace(said, file=await fetch_file(self._bot, said.file))
        await self._answer(update, said, message.chat)

    async def _on_button(self, update: Update, query: CallbackQuery) -> None:
        """Handle a pressed button; its progress indicator is stopped after the commit and may fail."""
        message = query.message
        if message is None or query.data is None:
            await self.bot_context.database.run(self._mark, update)
            return
        said = IncomingMessage(
            sender=str(query.from_user.id),
            chat=str(message.chat.id),
            chat_kind=_get_chat_kind(message.chat),
            text="",
            at=self.bot_context.now(),
            message_key=str(message.message_id),
            pressed=query.data,
        )
        answered = await self._answer(update, said, message.chat)
        with contextlib.suppress(TelegramError):
            await query.answer(None if answered else "这个按钮已经用过或不是给您的。")

    def _change_membership(self, session: Session, update: Update, change: ChatMemberUpdated) -> None:
        """Suspend the deliveries of a chat that the bot has lost, or resume them when it is back."""
        chat = chats.find_chat(session, channel=CHANNEL, address=str(change.chat.id))
        if chat is not None and change.new_chat_member.status in GONE_STATUSES:
            deliveries.suspend_chat(session, chat.id, why="left", at=self.bot_context.now())
        elif chat is not None:
            deliveries.resume_chat(session, chat.id)
        self._mark(session, update)

    def _migrate(self, session: Session, update: Update, message: Message) -> None:
        """Change the address of a group that became a supergroup."""
        chat = chats.find_chat(session, channel=CHANNEL, address=str(message.chat_id))
        if chat is not None and message.migrate_to_chat_id is not None:
            deliveries.migrate_chat(session, chat.id, str(message.migrate_to_chat_id))
        self._mark(session, update)

    def _wants_file(self, session: Session, said: IncomingMessage) -> bool:
        """Whether the file has to be fetched, which is done before any transaction is open."""
        return wants_file(create_request(self.bot_context, session, said))

    async def _answer(self, update: Update, said: IncomingMessage, chat: Chat) -> bool:
        """Answer in one transaction and send after the commit; True where anything was answered."""
        ids = await self.bot_context.database.run(self._converse, update, said, chat)
        await self._send_now([key for key in ids if key is not None])
        return bool(ids)

    def _converse(
        self, session: Session, update: Update, said: IncomingMessage, chat: Chat
    ) -> list[int | None]:
        """The deliveries of the answers; None for one that is there already or leaves later."""
        request = create_request(self.bot_context, session, said)
        answers = albums.choose_answers(session, self._bot_id, said, converse(request))
        ids = [
            self._put(request, albums.create_key(said, update.update_id, number, answer), answer, chat)
            for number, answer in enumerate(answers)
        ]
        self._mark(session, update)
        return ids

    def _put(self, request: Request, key: str, answer: OutgoingMessage, chat: Chat) -> int | None:
        session, said = request.session, request.message
        address = answer.chat or said.chat
        kind = _get_chat_kind(chat) if address == said.chat else "private"
        place = request.chat if address == said.chat else None
        chat_id = (place or chats.get_or_create_chat(session, channel=CHANNEL, address=address, kind=kind)).id
        edits = answer.edits if answer.file is None else None
        wait = albums.find_wait(said, answer)
        new = NewDelivery(
            key=key,
            chat_id=chat_id,
            kind=DeliveryKind.PATIENT if answer.patient else DeliveryKind.ANSWER,
            text=answer.text,
            buttons=[[[button.label, button.data] for button in line] for line in answer.buttons] or None,
            about=answer.about,
            reply_to=said.message_key if kind != "private" and not edits else None,
            edits=edits,
            due_at=request.now + wait,
            file_id=_store_file(request, answer.file),
        )
        stored = deliveries.enqueue(session, new)
        return None if wait else stored

    def _mark(self, session: Session, update: Update) -> None:
        inbox.mark_handled(session, self._bot_id, update.update_id)

    def _civil(self, message: Message, update: Update) -> datetime:
        """Return a message's moment on the civil clock: civil now − (machine now − message date)."""
        date = message.edit_date if update.edited_message is not None and message.edit_date else message.date
        return self.bot_context.now() - max(datetime.now(UTC) - date, timedelta(0))


def _store_file(request: Request, file: Attachment | None) -> int | None:
    if file is None:
        return None
    return files.add_file(
        request.session, file.name, content=file.content, recipe=file.recipe, at=request.now
    )


def parse_message(message: Message, bot_username: str, at: datetime) -> IncomingMessage:
    """Convert a Telegram message, sent at that civil moment, to an incoming message."""
    written = message.text or message.caption or ""
    text = re.sub(rf"@{re.escape(bot_username)}\b", " ", written, flags=re.IGNORECASE).strip()
    private = message.chat.type == ChatType.PRIVATE
    reply = message.reply_to_message
    to_bot = reply is not None and reply.from_user is not None and reply.from_user.username == bot_username
    mentioned = text != written.strip()
    command = text.startswith("/") and "@" not in text.split(maxsplit=1)[0]  # else it is another bot's
    user = message.from_user
    return IncomingMessage(
        sender=str(user.id if user else message.chat.id),
        chat=str(message.chat.id),
        chat_kind="private" if private else "group",
        text=text,
        at=at,
        message_key=str(message.message_id),
        reply_to=str(reply.message_id) if reply is not None else None,
        edited=message.edit_date is not None,
        addressed=private or to_bot or mentioned or command,
        attachment=next((name for name in ATTACHMENTS if getattr(message, name, None)), None),
        album=message.media_group_id,
        file=_find_file(message),
    )


def _find_file(message: Message) -> File | None:
    document = message.document
    if document is None:
        return None
    return File(document.file_name or "", document.file_size or 0, document.file_id)


async def fetch_file(bot: Bot, file: File) -> File:
    """Return the file with its content, or without it where Telegram does not supply it."""
    try:
        found = await bot.get_file(file.key)
        return replace(file, content=bytes(await found.download_as_bytearray()))
    except TelegramError as error:
        log.warning("a file cannot be fetched: %s", type(error).__name__)
        return file


async def set_commands(bot: Bot) -> None:
    """Set the commands in Telegram's menu; a refusal is logged and ignored."""
    try:
        await bot.set_my_commands(ROUTES.menu)
    except TelegramError as error:
        log.info("the command menu could not be set: %s", error.message)


async def set_page_button(bot: Bot, address: str) -> None:
    """Set the menu button beside the text field to open the page as a Mini App."""
    button = MenuButtonWebApp("看板", WebAppInfo(address))
    try:
        await bot.set_chat_menu_button(menu_button=button)
    except TelegramError as error:
        log.info("the menu button could not be set: %s", error.message)


def _get_chat_kind(chat: Chat) -> str:
    return "private" if chat.type == ChatType.PRIVATE else str(chat.type)
