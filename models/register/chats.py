"""Chats: where the bot can send, and whose they are."""

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

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


# The columns of a `Place`.
PLACE = tuple(Chat.__table__.c[name] for name in Place._fields)


class Destination(NamedTuple):
    """Where a delivery goes, unless the chat is suspended."""

    id: int
    address: str
    kind: str
    suspended_at: datetime | None
    suspended_why: str | None


_DESTINATIONS = select(*(Chat.__table__.c[name] for name in Destination._fields)).where(
    Chat.__table__.c.id.in_(bindparam("ids", expanding=True))
)
_FIND = select(Chat).where(Chat.channel == bindparam("channel"), Chat.address == bindparam("address"))


def find(session: Session, *, channel: str, address: str) -> Chat | None:
    """The stored chat with this address."""
    return session.scalar(_FIND, {"channel": channel, "address": address})


def destinations(session: Session, ids: Collection[int]) -> list[Destination]:
    """The chats with these ids as destinations, in no order."""
    if not ids:
        return []
    return [Destination(*row) for row in session.execute(_DESTINATIONS, {"ids": list(ids)})]


def known(session: Session, *, channel: str, address: str, kind: str) -> Chat:
    """The chat with this address; it is stored at its first message."""
    chat = find(session, channel=channel, address=address)
    if chat is None:
        chat = Chat(channel=channel, address=address, kind=kind)
        session.add(chat)
        session.flush()
    return chat


def place_of(chat: Chat) -> Place:
    """The value of a stored chat."""
    return Place(*(getattr(chat, name) for name in Place._fields))


def held(session: Session, place: Place) -> Place | None:
    """Lock a stranger's chat against deletion until the transaction ends; None where it is gone."""
    same = select(*PLACE).where(Chat.id == place.id, Chat.address == place.address)
    # A share lock on the key: several messages of one chat do not wait for each other.
    found = session.execute(same.with_for_update(read=True, key_share=True)).first()
    return Place(*found) if found is not None else None


def tie(session: Session, chat_id: int, organization_id: int | None) -> None:
    """Make a group that of an organization, or of none."""
    session.execute(update(Chat).where(Chat.id == chat_id).values(organization_id=organization_id))
