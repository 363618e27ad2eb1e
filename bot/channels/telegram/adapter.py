"""The Telegram adapter: updates become utterances, answers become deliveries, in one transaction each."""

import logging
import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession
from telegram import Bot, Chat, MenuButtonWebApp, Message, Update, WebAppInfo
from telegram.constants import ChatType
from telegram.error import TelegramError
from telegram.ext import (
    Application,
    BaseHandler,
    CallbackQueryHandler,
    ChatMemberHandler,
    ContextTypes,
    MessageHandler,
    filters,
)

from handlers.core.context import BotContext, Request
from handlers.core.messages import Attachment, File, IncomingMessage, OutgoingMessage
from handlers.router import converse, turn_of, wants_file
from models.delivery import deliveries, files
from models.register import chats

CHANNEL = "telegram"
ATTACHMENTS = ("photo", "voice", "document", "video", "audio", "sticker", "location")
GONE = ("left", "kicked")
COMMANDS = (
    ("status", "看情况：缺什么、办了什么"),
    ("calendar", "日历：哪天什么到期、什么节日"),
    ("preview", "领导：接下来要发的提醒"),
    ("close", "领导：封账，把一个月的数字留底"),
    ("urge", "领导：催办逾期的，发出前先看"),
    ("broadcast", "领导：发通知，发出前先看"),
    ("help", "能做什么"),
    ("leave", "不再接收消息"),
)
log = logging.getLogger(__name__)

Finish = Callable[[AsyncSession, Update], Awaitable[None]]


class Adapter:
    """Handles one update at a time for the conversations.

    `finish` marks the update as handled inside the same transaction, `send_now` sends the answers
    after the commit. An update that comes again does nothing new: answers are keyed by its number.
    """

    def __init__(
        self, bot_context: BotContext, *, finish: Finish, send_now: Callable[[Sequence[int]], Awaitable[None]]
    ) -> None:
        self.bot_context = bot_context
        self._finish = finish
        self._send_now = send_now

    def handlers(self) -> list[BaseHandler[Update, ContextTypes.DEFAULT_TYPE, None]]:
        """What is registered with the Application, in this order, once."""
        return [
            CallbackQueryHandler(self.on_button),
            ChatMemberHandler(self.on_membership, ChatMemberHandler.MY_CHAT_MEMBER),
            MessageHandler(filters.StatusUpdate.MIGRATE, self.on_migration),
            MessageHandler(filters.UpdateType.MESSAGE | filters.UpdateType.EDITED_MESSAGE, self.on_message),
        ]

    async def on_message(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """A message or an edited one."""
        message = update.effective_message
        if message is None or update.effective_user is None or update.effective_user.is_bot:
            await self._nothing(update)
            return
        self.bot_context.bot = context.bot.username
        said = said_in(message, context.bot.username, self._civil(message, update))
        if said.file is not None and await self._wants(said):
            said = replace(said, file=await fetched(context.bot, said.file))
        await self._answer(update, said, message.chat)

    async def on_button(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:  # noqa: ARG002
        """A pressed button; its little clock is stopped after the commit, which may fail harmlessly."""
        query = update.callback_query
        message = query.message if query else None
        if query is None or message is None or query.data is None:
            await self._nothing(update)
            return
        said = IncomingMessage(
            sender=str(query.from_user.id),
            chat=str(message.chat.id),
            chat_kind=_kind(message.chat),
            text="",
            at=self.bot_context.now(),
            message_key=str(message.message_id),
            pressed=query.data,
        )
        answered = await self._answer(update, said, message.chat)
        try:
            await query.answer(None if answered else "这个按钮已经用过或不是给您的。")
        except TelegramError:
            return

    async def on_membership(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:  # noqa: ARG002
        """The bot was blocked, put out of a group, or let in again."""
        change = update.my_chat_member
        async with self.bot_context.database.begin() as session:
            if change is not None:
                chat = await chats.find(session, channel=CHANNEL, address=str(change.chat.id))
                if chat is not None and change.new_chat_member.status in GONE:
                    await deliveries.suspend(session, chat.id, why="left", at=self.bot_context.now())
                elif chat is not None:
                    await deliveries.revive(session, chat.id)
            await self._finish(session, update)

    async def on_migration(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:  # noqa: ARG002
        """A group became a supergroup: its address changes everywhere."""
        message = update.effective_message
        async with self.bot_context.database.begin() as session:
            if message is not None and message.migrate_to_chat_id is not None:
                chat = await chats.find(session, channel=CHANNEL, address=str(message.chat_id))
                if chat is not None:
                    await deliveries.migrate(session, chat.id, str(message.migrate_to_chat_id))
            await self._finish(session, update)

    async def _wants(self, said: IncomingMessage) -> bool:
        """Whether the file has to be fetched, which is done before any transaction is open."""
        async with self.bot_context.database.read() as session:
            return wants_file(await turn_of(self.bot_context, session, said))

    async def _answer(self, update: Update, said: IncomingMessage, chat: Chat) -> bool:
        async with self.bot_context.database.begin() as session:
            turn = await turn_of(self.bot_context, session, said)
            answers = await converse(turn)
            key = f"answer/{said.chat}/{update.update_id}/{said.message_key}"
            ids = [
                await self._put(turn, f"{key}/{number}", answer, chat)
                for number, answer in enumerate(answers)
            ]
            await self._finish(session, update)
        await self._send_now([key for key in ids if key is not None])
        return bool(answers)

    async def _put(self, turn: Request, key: str, answer: OutgoingMessage, chat: Chat) -> int | None:
        session, said = turn.session, turn.message
        address = answer.chat or said.chat
        kind = _kind(chat) if address == said.chat else "private"
        place = turn.chat if address == said.chat else None
        chat_id = (place or await chats.known(session, channel=CHANNEL, address=address, kind=kind)).id
        edits = answer.edits if answer.file is None else None
        return await deliveries.enqueue(
            session,
            key=key,
            chat_id=chat_id,
            kind=deliveries.PATIENT if answer.patient else deliveries.ANSWER,
            text=answer.text,
            buttons=[[[button.label, button.data] for button in line] for line in answer.buttons] or None,
            about=answer.about,
            reply_to=said.message_key if kind != "private" and not edits else None,
            edits=edits,
            due_at=turn.now,
            file_id=await self._kept(turn, answer.file),
        )

    async def _kept(self, turn: Request, file: Attachment | None) -> int | None:
        if file is None:
            return None
        return await files.put(turn.session, file.name, content=file.content, recipe=file.recipe, at=turn.now)

    async def _nothing(self, update: Update) -> None:
        async with self.bot_context.database.begin() as session:
            await self._finish(session, update)

    def _civil(self, message: Message, update: Update) -> datetime:
        """A message's own moment on the civil clock: civil now − (machine now − the message's date)."""
        date = message.edit_date if update.edited_message is not None and message.edit_date else message.date
        return self.bot_context.now() - max(datetime.now(UTC) - date, timedelta(0))


def said_in(message: Message, bot_username: str, at: datetime) -> IncomingMessage:
    """A Telegram message as an utterance said at that civil moment."""
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
        file=_file_in(message),
    )


def _file_in(message: Message) -> File | None:
    document = message.document
    if document is None:
        return None
    return File(document.file_name or "", document.file_size or 0, document.file_id)


async def fetched(bot: Bot, file: File) -> File:
    """The file with its content; without it where it cannot be had."""
    try:
        found = await bot.get_file(file.key)
        return replace(file, content=bytes(await found.download_as_bytearray()))
    except TelegramError as error:
        log.warning("a file cannot be fetched: %s", type(error).__name__)
        return file


async def offer_commands(application: Application) -> None:  # type: ignore[type-arg]
    """Put the commands into Telegram's menu; a server that does not know how is no reason to stop."""
    try:
        await application.bot.set_my_commands(COMMANDS)
    except TelegramError as error:
        log.info("the command menu could not be set: %s", error.message)


async def offer_page(application: Application, address: str) -> None:  # type: ignore[type-arg]
    """Put the page behind the button beside the text field, as a Mini App."""
    button = MenuButtonWebApp("看板", WebAppInfo(address))
    try:
        await application.bot.set_chat_menu_button(menu_button=button)
    except TelegramError as error:
        log.info("the menu button could not be set: %s", error.message)


def register(application: Application, adapter: Adapter) -> None:  # type: ignore[type-arg]
    """Register the conversations with the Application."""
    for handler in adapter.handlers():
        application.add_handler(handler)


def _kind(chat: Chat) -> str:
    return "private" if chat.type == ChatType.PRIVATE else str(chat.type)
