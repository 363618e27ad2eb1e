"""A new phone: a person asks from the new account, and a secretary confirms."""

import re
import secrets
from datetime import UTC, datetime

from handlers.core.callback_data import PHONE, YES, build_confirmation_rows
from handlers.core.context import Answers, Request
from handlers.core.messages import Button, OutgoingMessage
from handlers.people import texts as words
from handlers.people.welcome import build_welcome
from models.register import chats, confirmations, failed_codes, invitations, members
from models.register.members import ReachableMember
from models.rules.people.permissions import may_admit
from models.rules.people.roles import Person
from models.tables.people import Chat, Confirmation

ASKS = re.compile(r"/?(?:我?换了?(?:手机|新?号码?|电话)了?|phone)(?:[\s,，、:：。]+(.*))?", re.DOTALL)
OPEN_HOURS = 72
MOST_WAITING = 2


def parse_request(text: str) -> str | None:
    """What follows 换手机: branch and name, or ""; None for any other text."""
    found = ASKS.fullmatch(text.strip())
    return None if found is None else (found[1] or "").strip()


def ask_new_phone(request: Request, rest: str) -> Answers:
    """A request from a stranger's chat; the answer does not reveal whether the person exists."""
    message = request.message
    channel, address = message.channel, message.chat
    if not rest:
        return [OutgoingMessage(words.HOW_TO_CHANGE_PHONE, patient=True)]
    if (
        pause := failed_codes.find_waiting_time(request.session, channel=channel, address=address)
    ) is not None:
        return [OutgoingMessage(words.format_too_many_codes(request.now + pause), patient=True)]
    failed_codes.record_failure(request.session, channel=channel, address=address)
    # The secretary compares this number on the phone, so that nobody can take over another person's chat.
    number = f"{secrets.randbelow(9000) + 1000}"
    told = [OutgoingMessage(words.format_passed_on(number), patient=True)]
    person = _find_person(request, rest)
    if person is None:
        return told
    open_ones = confirmations.list_about_member(
        request.session, confirmations.PHONE, person.id, now=datetime.now(UTC)
    )
    chat = chats.get_or_create_chat(request.session, channel=channel, address=address, kind="private")
    if len({each.chat_id for each in open_ones} - {chat.id}) >= MOST_WAITING:
        return told
    confirmation = confirmations.add_confirmation(
        request.session, confirmations.PHONE, chat_id=chat.id, member_id=person.id, hours=OPEN_HOURS
    )
    rows = build_confirmation_rows(PHONE, confirmation.id, "同意", "不是本人")
    text = words.format_new_chat_question(person.name, _format_organizations(request, person), number)
    return [*told, *(_build_question(request, row, text, rows) for row in _list_approvers(request, person))]


def answer_press(request: Request, confirmation_id: int, choice: str) -> Answers:
    """同意 or 不是本人 by somebody who may invite that person."""
    confirmation = confirmations.find_waiting(request.session, confirmation_id, confirmations.PHONE)
    if confirmation is None:
        return []
    person = members.find_person(request.session, confirmation.member_id or 0)
    if person is None or not may_admit(request.speaker, person, request.index.tree):
        return []
    confirmations.settle_confirmation(confirmation, by=request.speaker.id)
    edits = request.message.message_key
    if choice != YES:
        return [OutgoingMessage(words.format_not_approved(person.name), edits=edits)]
    return _move_chat(request, confirmation, person, edits)


def _move_chat(request: Request, confirmation: Confirmation, person: Person, edits: str) -> Answers:
    new = request.session.get_one(Chat, confirmation.chat_id)
    if new.member_id not in (None, person.id):
        return [OutgoingMessage(words.CHAT_OF_ANOTHER_PERSON, edits=edits)]
    old = [row for row in members.list_reachable(request.session) if row.person.id == person.id]
    joined = invitations.join_chat(request.session, person.id, new, request.now)
    if joined is None:
        return []
    answers = [
        OutgoingMessage(words.format_approved(person.name), edits=edits),
        build_welcome(request, joined, address=new.address),
    ]
    return [
        *answers,
        *(
            OutgoingMessage(request.signed_for(row.person, words.MOVED_TO_NEW_CHAT), chat=row.address)
            for row in old
            if row.address != new.address
        ),
    ]


def _find_person(request: Request, rest: str) -> Person | None:
    """The one person of that name, in the named organization if any; None for none or several."""
    parts = [part for part in re.split(r"[\s,，、:：。]+", rest) if part]
    places = [place for part in parts if (place := request.index.find(part)) is not None]
    name = "".join(part for part in parts if request.index.find(part) is None)
    fitting = [
        person
        for person in members.list_by_name(request.session, name).values()
        if not places or {post.organization_id for post in person.posts} & set(places)
    ]
    return fitting[0] if len(fitting) == 1 else None


def _list_approvers(request: Request, person: Person) -> list[ReachableMember]:
    """The people who may admit the person: those of the same organization, else all others."""
    tree = request.index.tree
    fit = [row for row in members.list_reachable(request.session) if may_admit(row.person, person, tree)]
    near = [row for row in fit if _has_common_post(row.person, person)]
    return near or fit


def _build_question(
    request: Request, row: ReachableMember, text: str, rows: tuple[tuple[Button, ...], ...]
) -> OutgoingMessage:
    return OutgoingMessage(request.signed_for(row.person, text), rows, chat=row.address)


def _has_common_post(approver: Person, person: Person) -> bool:
    places = {post.organization_id for post in person.posts if post.organization_id}
    return any(post.organization_id in places for post in approver.posts)


def _format_organizations(request: Request, person: Person) -> str:
    tree = request.index.tree
    ids = [post.organization_id for post in person.posts if post.organization_id is not None]
    return "、".join(tree.get_name(place) for place in dict.fromkeys(ids) if place in tree.nodes)
