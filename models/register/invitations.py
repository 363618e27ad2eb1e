"""Invitations: single-use codes that tie a private chat to a person."""

import secrets
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import ColumnElement, Select, or_, select, update
from sqlalchemy.orm import Session

from models.register.members import OPEN, people, person
from models.register.organizations import names, oversight_names
from models.register.roster import lock
from models.rules.people.roles import ROLE_NAMES, Person
from models.tables.deliveries import Delivery
from models.tables.people import Chat, Invitation, Membership
from models.tables.records import Audit

ALPHABET = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"  # nothing that looks like 0, 1 or each other
LENGTH = 10
VALID_DAYS = 30


@dataclass(frozen=True, slots=True)
class Invited:
    """One person's code, with names of the person, roles and organizations as people write them."""

    name: str
    role: str
    organization: str
    code: str
    expires_at: datetime | None


@dataclass(frozen=True, slots=True)
class Redeemed:
    """A person who has joined: the ids of the organizations, and the chat that is theirs now."""

    person: Person
    organizations: tuple[int, ...]
    chat_id: int

    @property
    def name(self) -> str:
        """The person's name."""
        return self.person.name


def invite_all(
    session: Session,
    *,
    now: datetime | None = None,
    valid_days: int = VALID_DAYS,
    members: Collection[int] | None = None,
    joined_too: bool = False,
) -> list[Invited]:
    """Codes for everybody (or these members) with a post who has not joined, in roster order.

    An open code stays valid. `now` is the machine time (None: the wall clock). `joined_too` also invites
    people who have a chat already, for a new telephone.
    """
    # Two invitations at once would create two codes for one person.
    lock(session)
    now = now or datetime.now(UTC)
    everybody = people(session, members)
    joined = set() if joined_too else joined_members(session)
    waiting = [found for found in everybody.values() if found.id not in joined]
    query = select(Invitation).where(*_open(now)).order_by(Invitation.id)
    open_ones = {row.member_id: row for row in session.scalars(query)}
    for found in waiting:
        if found.id not in open_ones:
            expires_at = now + timedelta(days=valid_days)
            row = Invitation(code=new_code(), member_id=found.id, created_at=now, expires_at=expires_at)
            session.add(row)
            open_ones[found.id] = row
    session.flush()
    places = names(session), oversight_names(session)
    return [_invited(found, open_ones[found.id], *places) for found in waiting]


def redeem(
    session: Session,
    *,
    code: str,
    channel: str,
    address: str,
    now_civil: datetime,
    now_machine: datetime | None = None,
) -> Redeemed | None:
    """Tie this private chat to the person of the code; the person's former chat is released.

    None for any code that is not valid, whatever the reason. The chat that used a code may send it again.
    `now_civil` becomes the day of joining; codes expire by `now_machine` (None: the wall clock).
    """
    now = now_machine or datetime.now(UTC)
    plain = plain_code(code)
    # One statement checks and uses the code, so that two chats cannot both use it.
    member_id = session.scalar(
        update(Invitation)
        .where(Invitation.code == plain, *_open(now), Invitation.member_id.in_(_with_a_post()))
        .values(used_at=now)
        .returning(Invitation.member_id)
    )
    chat = session.scalar(select(Chat).where(Chat.channel == channel, Chat.address == address))
    if member_id is None:
        used_by = session.scalar(
            select(Invitation.member_id).where(Invitation.code == plain, Invitation.used_at.is_not(None))
        )
        if used_by is None or chat is None or chat.member_id != used_by:
            return None
        # The same code again, since the answer may have been lost on the way.
        return _redeemed(session, used_by, chat)
    return settle_in(session, member_id, chat or Chat(channel=channel, address=address), now_civil)


def settle_in(session: Session, member_id: int, chat: Chat, now_civil: datetime) -> Redeemed | None:
    """Make this private chat the person's only one; None for somebody without a post.

    The person whose chat it was gets nothing more in it; pending deliveries of the person move to it.
    """
    # Pending deliveries are about the former owner and must not reach the new one.
    if chat.id is not None and chat.member_id not in (None, member_id):
        _take_back(session, chat.id)
    chat.kind, chat.member_id, chat.joined_at = "private", member_id, now_civil
    chat.suspended_at = chat.suspended_why = None
    session.add(chat)
    session.flush()
    _move(session, member_id, chat)
    session.add(Audit(at=now_civil, by_member_id=member_id, action="join", subject=f"member:{member_id}"))
    session.flush()
    return _redeemed(session, member_id, chat)


def release(session: Session, *, channel: str, address: str, at: datetime | None = None) -> bool:
    """Untie this private chat and withdraw what waits for it; False for a stranger's chat."""
    chat = session.scalar(
        select(Chat).where(Chat.channel == channel, Chat.address == address, Chat.member_id.is_not(None))
    )
    if chat is None:
        return False
    left = f"member:{chat.member_id}"
    at = at or datetime.now(UTC)
    session.add(Audit(at=at, by_member_id=chat.member_id, action="leave", subject=left))
    chat.member_id = chat.joined_at = None
    session.flush()
    _take_back(session, chat.id)
    return True


def new_code() -> str:
    """A new code; 31 letters in 10 places are about 50 bits."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def plain_code(code: str) -> str:
    """The code as it is stored, from any way of typing it: case, width, spaces, hyphens."""
    # NFKC turns the full-width letters of Chinese keyboards into ASCII.
    typed = unicodedata.normalize("NFKC", code).upper()
    return "".join(letter for letter in typed if letter.isalnum())


def _open(now: datetime) -> tuple[ColumnElement[bool], ...]:
    """The conditions of a code that can be used."""
    unexpired = or_(Invitation.expires_at.is_(None), Invitation.expires_at > now)
    return Invitation.used_at.is_(None), unexpired


def _with_a_post() -> Select[int]:
    """The members with an open membership."""
    return select(Membership.member_id).where(OPEN)


def joined_members(session: Session) -> set[int]:
    """The ids of all members who have a private chat with the bot."""
    query = select(Chat.member_id).where(
        Chat.kind == "private", Chat.member_id.is_not(None), Chat.joined_at.is_not(None)
    )
    return {found for found in session.scalars(query) if found is not None}


def _take_back(session: Session, chat_id: int) -> None:
    """Withdraw what waits for a chat."""
    session.execute(
        update(Delivery)
        .where(Delivery.chat_id == chat_id, Delivery.status == "pending")
        .values(status="withdrawn", error="left")
    )


def _move(session: Session, member_id: int, chat: Chat) -> None:
    """Release the person's other chats; what waits for them moves to this one."""
    others = list(
        session.scalars(
            update(Chat)
            .where(Chat.member_id == member_id, Chat.kind == "private", Chat.id != chat.id)
            .values(member_id=None, joined_at=None)
            .returning(Chat.id)
        )
    )
    if others:
        session.execute(
            update(Delivery)
            .where(Delivery.chat_id.in_(others), Delivery.status == "pending")
            .values(chat_id=chat.id)
        )


def _redeemed(session: Session, member_id: int, chat: Chat) -> Redeemed | None:
    """The result of joining; None for somebody without a post."""
    found = person(session, member_id)
    if found is None:
        return None
    places = (post.organization_id for post in found.posts if post.organization_id is not None)
    return Redeemed(found, tuple(dict.fromkeys(places)), chat.id)


def _invited(
    found: Person, row: Invitation, organizations: dict[int, str], oversights: dict[int, str]
) -> Invited:
    """The line of the sheet of invitations."""
    roles = dict.fromkeys(ROLE_NAMES[post.role] for post in found.posts)
    places = dict.fromkeys(
        organizations[post.organization_id] if post.organization_id else oversights[post.oversight_id or 0]
        for post in found.posts
    )
    return Invited(found.name, "、".join(roles), "、".join(places), row.code, row.expires_at)
