"""People: whose a chat is, names, posts, and who can be reached."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, bindparam, select
from sqlalchemy.orm import Session

from models.register.chats import CHAT_COLUMNS, StoredChat
from models.register.organizations import VERSION
from models.rules.people.roles import Person, Post, Role
from models.rules.roster.cells import clean_text
from models.tables.people import Chat, Member, Membership

# A membership counts until it is closed, whatever its first day: a rehearsal may run before it.
OPEN = Membership.valid_until.is_(None)


@dataclass(frozen=True, slots=True)
class ReachableMember:
    """A person with an open membership and a private chat."""

    person: Person
    chat_id: int
    channel: str
    address: str
    joined_at: datetime


_ONE_ROW = select(VERSION.label("version")).subquery()
# Tables instead of classes: the objects' side of a statement costs more than SQLite needs for it, and every
# message asks this.
_CHAT, _MEMBER, _MEMBERSHIP = (kind.__table__ for kind in (Chat, Member, Membership))
_HERE = (_CHAT.c.channel == bindparam("channel")) & _CHAT.c.address.in_(
    [bindparam("sender"), bindparam("chat")]
)
_POST = tuple(_MEMBERSHIP.c[name] for name in ("id", "role", "organization_id", "oversight_id"))
_STILL_OPEN = (_MEMBERSHIP.c.member_id == _MEMBER.c.id) & _MEMBERSHIP.c.valid_until.is_(None)
_SPEAKING = (
    select(_ONE_ROW.c.version, *CHAT_COLUMNS, _MEMBER.c.name, *_POST)
    .select_from(_ONE_ROW)
    .outerjoin(_CHAT, _HERE)
    .outerjoin(_MEMBER, _MEMBER.c.id == _CHAT.c.member_id)
    .outerjoin(_MEMBERSHIP, _STILL_OPEN)
)


def find_speaker(
    session: Session, *, channel: str, sender: str, chat: str
) -> tuple[int, Person | None, StoredChat | None]:
    """The version of the register, the sender of a message, and the stored chat it came from.

    `sender` and `chat` are addresses. The sender is None in the cases that `behind` names.
    """
    where: StoredChat | None = None
    who: tuple[int, str] | None = None
    posts: dict[int, Post] = {}
    # One statement for all three answers: each message asks this first, and `_ONE_ROW` keeps the version
    # where no chat is stored.
    rows = session.execute(_SPEAKING, {"channel": channel, "sender": sender, "chat": chat}).all()
    for _, *found, name, post_id, role, organization_id, oversight_id in rows:
        place = StoredChat(*found)
        if place.address == chat:
            where = place
        joined = place.kind == "private" and place.joined_at is not None
        if place.address == sender and place.member_id is not None and joined and post_id is not None:
            posts[post_id] = Post(role, organization_id, oversight_id)
            who = place.member_id, name
    # In the order of ids, as `people` gives the posts.
    person = None if who is None else Person(*who, tuple(posts[key] for key in sorted(posts)))
    return rows[0][0], person, where


def find_by_chat(session: Session, *, channel: str, address: str) -> Person | None:
    """The person who joined with this private chat; None for strangers, groups and former ones."""
    member_id = session.scalar(
        select(Chat.member_id).where(
            Chat.channel == channel,
            Chat.address == address,
            Chat.kind == "private",
            Chat.joined_at.is_not(None),
        )
    )
    return None if member_id is None else find_person(session, member_id)


def find_person(session: Session, member_id: int) -> Person | None:
    """One person with all open posts; None where there is none left."""
    return list_people(session, [member_id]).get(member_id)


def list_people(session: Session, ids: Collection[int] | None = None) -> dict[int, Person]:
    """People with at least one open post by id, in the order of the roster; None: everybody."""
    return _load_people(session, *([] if ids is None else [Member.id.in_(ids)]))


def list_members_of(session: Session, organizations: Collection[int], *roles: Role) -> dict[int, Person]:
    """People with an open post (in one of these roles) in these organizations, in roster order."""
    query = select(Membership.member_id).where(OPEN, Membership.organization_id.in_(organizations))
    if roles:
        query = query.where(Membership.role.in_(roles))
    return _load_people(session, Member.id.in_(query))


def list_by_name(session: Session, name: str) -> dict[int, Person]:
    """Everybody of that name with an open post."""
    return _load_people(session, Member.name == clean_text(name))


def _load_people(session: Session, *conditions: ColumnElement[bool]) -> dict[int, Person]:
    """People with an open post that meet the conditions."""
    query = (
        select(Member.id, Member.name, Membership.role, Membership.organization_id, Membership.oversight_id)
        .join(Membership, Membership.member_id == Member.id)
        .where(OPEN, *conditions)
        .order_by(Member.position, Member.id, Membership.id)
    )
    called: dict[int, str] = {}
    posts: dict[int, list[Post]] = {}
    for member_id, name, role, organization_id, oversight_id in session.execute(query):
        called[member_id] = name
        posts.setdefault(member_id, []).append(Post(role, organization_id, oversight_id))
    return {found: Person(found, name, tuple(posts[found])) for found, name in called.items()}


def list_names(session: Session, ids: Collection[int]) -> dict[int, str]:
    """Names by id, also of people who left."""
    query = select(Member.id, Member.name).where(Member.id.in_(ids))
    return {row[0]: row[1] for row in session.execute(query)}


def list_reachable(session: Session, organizations: Collection[int] | None = None) -> list[ReachableMember]:
    """Everybody who can be reached: joined, not suspended, with an open post.

    In these organizations (None: in any), in the order of the roster. A person with several posts is listed
    once.
    """
    everybody = list_people(session) if organizations is None else list_members_of(session, organizations)
    query = select(Chat).where(
        Chat.kind == "private",
        Chat.member_id.is_not(None),
        Chat.joined_at.is_not(None),
        Chat.suspended_at.is_(None),
    )
    # Of several chats of one person the newest counts.
    chats = {chat.member_id: chat for chat in session.scalars(query.order_by(Chat.id))}
    return [
        ReachableMember(found, chat.id, chat.channel, chat.address, chat.joined_at)
        for found in everybody.values()
        if (chat := chats.get(found.id)) is not None and chat.joined_at is not None
    ]
