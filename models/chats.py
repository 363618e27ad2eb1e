"""Chats: where the bot can speak, and to whom."""

from sqlalchemy import bindparam, select
from sqlalchemy.ext.asyncio import AsyncSession

from models.tables.people import Chat

_FIND = select(Chat).where(Chat.channel == bindparam("channel"), Chat.address == bindparam("address"))


async def find(session: AsyncSession, *, channel: str, address: str) -> Chat | None:
    """The stored chat with this address."""
    return await session.scalar(_FIND, {"channel": channel, "address": address})


async def known(session: AsyncSession, *, channel: str, address: str, kind: str) -> Chat:
    """The stored chat with this address; a chat that speaks for the first time is stored."""
    chat = await find(session, channel=channel, address=address)
    if chat is None:
        chat = Chat(channel=channel, address=address, kind=kind)
        session.add(chat)
        await session.flush()
    return chat


async def held(session: AsyncSession, chat: Chat) -> Chat | None:
    """A stranger's chat, which nothing forgets until this transaction ends; None when that just happened."""
    same = select(Chat).where(Chat.id == chat.id, Chat.address == chat.address)
    lock = same.with_for_update(read=True, key_share=True)
    found: Chat | None = await session.scalar(lock.execution_options(populate_existing=True))
    return found
