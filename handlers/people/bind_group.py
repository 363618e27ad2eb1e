"""Tying a group chat to a branch: asked by its secretary, confirmed by a button of the secretary alone."""

from handlers.core.callback_data import BIND, YES, petition_rows
from handlers.core.context import Answers, Turn
from handlers.core.messages import Answer
from handlers.people import texts as words
from models.register import chats, confirmations
from models.rules.people.permissions import Action
from models.tables.records import Audit


async def bind(turn: Turn, name: str) -> Answers:
    """`/bind 理科支部` in a group. Who may not, hears so in private, and nothing of what exists."""
    if turn.said.chat_kind == "private":
        return [Answer(words.bind_in_the_group())]
    organization_id = _meant(turn, name)
    if organization_id is None:
        return turn.aside([Answer(words.may_not_bind())])
    called = turn.register.tree.name(organization_id)
    if turn.place.organization_id == organization_id:
        return [Answer(words.bound_already(called))]
    petition = await confirmations.add(
        turn.session,
        confirmations.BIND,
        chat_id=turn.place.id,
        member_id=turn.speaker.id,
        organization_id=organization_id,
    )
    return [
        Answer(
            words.asks_to_bind(called, turn.speaker.name),
            petition_rows(BIND, petition.id, "确认绑定", "不绑"),
        )
    ]


async def pressed(turn: Turn, petition_id: int, choice: str) -> Answers:
    """The button of the one who asked, in the group where it was asked, while they still may."""
    petition = await confirmations.waiting(turn.session, petition_id, confirmations.BIND, of=turn.speaker.id)
    if petition is None or petition.chat_id != turn.place.id:
        return []
    organization_id = petition.organization_id
    if organization_id is None or organization_id not in turn.scope(Action.BIND):
        return []
    confirmations.settle(petition, by=turn.speaker.id)
    edits = turn.said.message_key
    if choice != YES:
        return [Answer(words.not_bound(), edits=edits)]
    await _tie(turn, organization_id)
    return [Answer(words.bound(turn.register.tree.name(organization_id)), edits=edits)]


async def unbind(turn: Turn) -> Answers:
    """The group is no branch's any more."""
    if turn.said.chat_kind == "private":
        return [Answer(words.bind_in_the_group())]
    if turn.place.organization_id not in turn.scope(Action.BIND):
        return turn.aside([Answer(words.may_not_bind())])
    await _tie(turn, None)
    return [Answer(words.unbound())]


async def _tie(turn: Turn, organization_id: int | None) -> None:
    chat = turn.place
    await chats.tie(turn.session, chat.id, organization_id)
    turn.session.add(
        Audit(
            at=turn.now,
            by_member_id=turn.speaker.id,
            action="unbind" if organization_id is None else "bind",
            subject=f"chat:{chat.id}",
            organization_id=organization_id or chat.organization_id,
        )
    )


def _meant(turn: Turn, name: str) -> int | None:
    """The speaker's own organization of that name; without a name the only one there is."""
    scope = turn.scope(Action.BIND)
    if name:
        found = turn.register.find(name)
        return found if found in scope else None
    own = [post.organization_id for post in turn.speaker.posts if post.organization_id in scope]
    return own[0] if len(set(own)) == 1 else None
