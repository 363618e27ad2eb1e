"""Chats: where the bot can speak, and to whom."""

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import bindparam, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from models.storage.statements import Prepared
from models.tables.people import Chat


class Place(NamedTuple):
    """A stored chat as conversations see it."""

    id: int
    channel: str
    address: str
    kind: str
    member_id: int | None
    organization_id: int | None
    joined_at: datetime | None


PLACE = tuple(Chat.__table__.c[name] for name in Place._fields)
"""The columns of a `Place`."""


class Destination(NamedTuple):
    """Where a delivery goes, unless the chat is suspended."""

    id: int
    address: str
    kind: str
    suspended_at: datetime | None
    suspended_why: str | None


_DESTINATIONS = Prepared(
    select(*(getattr(Chat, name) for name in Destination._fields)).where(
        Chat.id.in_(bindparam("ids", expanding=True))
    ),
    Destination,
)
_FIND = select(Chat).where(Chat.channel == bindparam("channel"), Chat.address == bindparam("address"))


async def find(session: AsyncSession, *, channel: str, address: str) -> Chat | None:
    """The stored chat with this address."""
    return await session.scalar(_FIND, {"channel": channel, "address": address})


async def destinations(session: AsyncSession, ids: Collection[int]) -> list[Destination]:
    """These chats as destinations, in no order."""
    return await _DESTINATIONS.all(session, {"ids": list(ids)}) if ids else []


async def known(session: AsyncSession, *, channel: str, address: str, kind: str) -> Chat:
    """The stored chat with this address; a chat that speaks for the first time is stored."""
    chat = await find(session, channel=channel, address=address)
    if chat is None:
        chat = Chat(channel=channel, address=address, kind=kind)
        session.add(chat)
        await session.flush()
    return chat


def place_of(chat: Chat) -> Place:
    """A stored chat as a value."""
    return Place(*(getattr(chat, name) for name in Place._fields))


async def held(session: AsyncSession, place: Place) -> Place | None:
    """A stranger's chat, which nothing forgets until this transaction ends; None when that just happened."""
    same = select(*PLACE).where(Chat.id == place.id, Chat.address == place.address)
    found = (await session.execute(same.with_for_update(read=True, key_share=True))).first()
    return Place(*found) if found is not None else None


async def tie(session: AsyncSession, chat_id: int, organization_id: int | None) -> None:
    """Make a group that of an organization, or of none."""
    await session.execute(update(Chat).where(Chat.id == chat_id).values(organization_id=organization_id))
