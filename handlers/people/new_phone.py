"""A new telephone: who has a new account asks in it, the secretary lets them in by a button."""

import re
import secrets
from datetime import UTC, datetime

from handlers.core.callback_data import PHONE, YES, petition_rows
from handlers.core.context import Answers, Turn
from handlers.core.messages import Answer, Button
from handlers.people import texts as words
from handlers.people.welcome import welcome
from models.register import chats, confirmations, failed_codes, invitations, members
from models.register.members import Joined
from models.rules.people.permissions import may_admit
from models.rules.people.roles import Person
from models.tables.people import Chat, Petition

ASKS = re.compile(r"/?(?:我?换了?(?:手机|新?号码?|电话)了?|phone)(?:[\s,，、:：。]+(.*))?", re.DOTALL)
OPEN_HOURS = 72
MOST_WAITING = 2


def asked(text: str) -> str | None:
    """What follows 换手机: a branch and a name, perhaps nothing; None for any other words."""
    found = ASKS.fullmatch(text.strip())
    return None if found is None else (found[1] or "").strip()


async def ask(turn: Turn, rest: str) -> Answers:
    """From a chat that nobody is known in. The answer is the same whoever exists."""
    said = turn.said
    channel, address = said.channel, said.chat
    if not rest:
        return [Answer(words.say_who(), patient=True)]
    if (pause := await failed_codes.wait(turn.session, channel=channel, address=address)) is not None:
        return [Answer(words.too_many_codes(turn.now + pause), patient=True)]
    await failed_codes.note(turn.session, channel=channel, address=address)
    number = f"{secrets.randbelow(9000) + 1000}"
    told = [Answer(words.passed_on(number), patient=True)]
    person = await _meant(turn, rest)
    if person is None:
        return told
    open_ones = await confirmations.about(turn.session, confirmations.PHONE, person.id, now=datetime.now(UTC))
    chat = await chats.known(turn.session, channel=channel, address=address, kind="private")
    if len({each.chat_id for each in open_ones} - {chat.id}) >= MOST_WAITING:
        return told
    petition = await confirmations.add(
        turn.session, confirmations.PHONE, chat_id=chat.id, member_id=person.id, hours=OPEN_HOURS
    )
    rows = petition_rows(PHONE, petition.id, "同意", "不是本人")
    text = words.asks_for_new_chat(person.name, _places(turn, person), number)
    return [*told, *(_asked_of(turn, row, text, rows) for row in await _approvers(turn, person))]


async def pressed(turn: Turn, petition_id: int, choice: str) -> Answers:
    """同意 or 不是本人 by somebody who may invite that person."""
    petition = await confirmations.waiting(turn.session, petition_id, confirmations.PHONE)
    if petition is None:
        return []
    person = await members.person(turn.session, petition.member_id or 0)
    if person is None or not may_admit(turn.speaker, person, turn.register.tree):
        return []
    confirmations.settle(petition, by=turn.speaker.id)
    edits = turn.said.message_key
    if choice != YES:
        return [Answer(words.not_approved(person.name), edits=edits)]
    return await _let_in(turn, petition, person, edits)


async def _let_in(turn: Turn, petition: Petition, person: Person, edits: str) -> Answers:
    new = await turn.session.get_one(Chat, petition.chat_id)
    if new.member_id not in (None, person.id):
        return [Answer(words.already_somebody(), edits=edits)]
    old = [row for row in await members.joined(turn.session) if row.person.id == person.id]
    joined = await invitations.settle_in(turn.session, person.id, new, turn.now)
    if joined is None:
        return []
    answers = [Answer(words.approved(person.name), edits=edits), welcome(turn, joined, address=new.address)]
    return [
        *answers,
        *(
            Answer(turn.signed_for(row.person, words.moved_away()), chat=row.address)
            for row in old
            if row.address != new.address
        ),
    ]


async def _meant(turn: Turn, rest: str) -> Person | None:
    """The one person of that name (in that organization); None for nobody and for several."""
    parts = [part for part in re.split(r"[\s,，、:：。]+", rest) if part]
    places = [place for part in parts if (place := turn.register.find(part)) is not None]
    name = "".join(part for part in parts if turn.register.find(part) is None)
    fitting = [
        person
        for person in (await members.named(turn.session, name)).values()
        if not places or {post.organization_id for post in person.posts} & set(places)
    ]
    return fitting[0] if len(fitting) == 1 else None


async def _approvers(turn: Turn, person: Person) -> list[Joined]:
    """Those who may let the person in: the secretaries, or without any the admins."""
    tree = turn.register.tree
    fit = [row for row in await members.joined(turn.session) if may_admit(row.person, person, tree)]
    near = [row for row in fit if _own_post(row.person, person)]
    return near or fit


def _asked_of(turn: Turn, row: Joined, text: str, rows: tuple[tuple[Button, ...], ...]) -> Answer:
    return Answer(turn.signed_for(row.person, text), rows, chat=row.address)


def _own_post(approver: Person, person: Person) -> bool:
    places = {post.organization_id for post in person.posts if post.organization_id}
    return any(post.organization_id in places for post in approver.posts)


def _places(turn: Turn, person: Person) -> str:
    tree = turn.register.tree
    ids = [post.organization_id for post in person.posts if post.organization_id is not None]
    return "、".join(tree.name(place) for place in dict.fromkeys(ids) if place in tree.nodes)
