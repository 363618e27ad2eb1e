"""Binding a group chat to a branch, by its secretary and after confirmation."""

from handlers.core.callback_data import BIND, YES, build_confirmation_rows
from handlers.core.context import Answers, Request
from handlers.core.messages import OutgoingMessage
from handlers.people import texts as words
from models.register import chats, confirmations
from models.rules.people.permissions import Action
from models.tables.records import Audit


def ask_bind(request: Request, name: str) -> Answers:
    """`/bind 理科支部` in a group: ask for confirmation.

    Without the right, the refusal goes to the private chat and is the same for an unknown branch.
    """
    if request.message.chat_kind == "private":
        return [OutgoingMessage(words.BIND_IN_GROUP)]
    organization_id = _find_organization(request, name)
    if organization_id is None:
        return request.aside([OutgoingMessage(words.BIND_NOT_ALLOWED)])
    called = request.index.tree.get_name(organization_id)
    if request.place.organization_id == organization_id:
        return [OutgoingMessage(words.format_bound_already(called))]
    confirmation = confirmations.add_confirmation(
        request.session,
        confirmations.BIND,
        chat_id=request.place.id,
        member_id=request.speaker.id,
        organization_id=organization_id,
    )
    return [
        OutgoingMessage(
            words.format_bind_question(called, request.speaker.name),
            build_confirmation_rows(BIND, confirmation.id, "确认绑定", "不绑"),
        )
    ]


def answer_press(request: Request, confirmation_id: int, choice: str) -> Answers:
    """The button of the one who asked, in the group where it was asked, while they still may."""
    confirmation = confirmations.find_waiting(
        request.session, confirmation_id, confirmations.BIND, of=request.speaker.id
    )
    if confirmation is None or confirmation.chat_id != request.place.id:
        return []
    organization_id = confirmation.organization_id
    if organization_id is None or organization_id not in request.scope(Action.BIND):
        return []
    confirmations.settle_confirmation(confirmation, by=request.speaker.id)
    edits = request.message.message_key
    if choice != YES:
        return [OutgoingMessage(words.NOT_BOUND, edits=edits)]
    _store_binding(request, organization_id)
    return [OutgoingMessage(words.format_bound(request.index.tree.get_name(organization_id)), edits=edits)]


def release_group(request: Request, _rest: str = "") -> Answers:
    """Release the group from its branch."""
    if request.message.chat_kind == "private":
        return [OutgoingMessage(words.BIND_IN_GROUP)]
    if request.place.organization_id not in request.scope(Action.BIND):
        return request.aside([OutgoingMessage(words.BIND_NOT_ALLOWED)])
    _store_binding(request, None)
    return [OutgoingMessage(words.UNBOUND)]


def _store_binding(request: Request, organization_id: int | None) -> None:
    chat = request.place
    chats.set_organization(request.session, chat.id, organization_id)
    request.session.add(
        Audit(
            at=request.now,
            by_member_id=request.speaker.id,
            action="unbind" if organization_id is None else "bind",
            subject=f"chat:{chat.id}",
            organization_id=organization_id or chat.organization_id,
        )
    )


def _find_organization(request: Request, name: str) -> int | None:
    """The speaker's organization of that name; without a name, the only one they have a post in."""
    scope = request.scope(Action.BIND)
    if name:
        found = request.index.find(name)
        return found if found in scope else None
    own = [post.organization_id for post in request.speaker.posts if post.organization_id in scope]
    return own[0] if len(set(own)) == 1 else None
