"""Joining codes for people of the speaker's scope who have not joined."""

from handlers.core.context import Answers, Request
from handlers.core.messages import OutgoingMessage
from handlers.people import texts as words
from models.register import invitations, members
from models.rules.people.permissions import Action, may_admit
from models.rules.roster.cells import get_identity

MOST = 12


def show_codes(request: Request, name: str) -> Answers:
    """The codes of all who have not joined, or of one person by name, joined or not."""
    scope = request.scope(Action.INVITE)
    if not scope:
        return [OutgoingMessage(words.INVITE_NOT_ALLOWED)]
    tree = request.index.tree
    people = members.list_members_of(request.session, scope).values()
    admitted = [found for found in people if may_admit(request.speaker, found, tree)]
    wanted = [found for found in admitted if not name or get_identity(found.name) == get_identity(name)]
    if name and not wanted:
        return [OutgoingMessage(words.format_unknown_person(name))]
    everybody = invitations.list_joined_members(request.session) if not name else set()
    missing = [found.id for found in wanted if found.id not in everybody]
    shown = missing[:MOST]
    found = invitations.invite_all(
        request.session, valid_days=request.context.invitation_days, members=shown, joined_too=bool(name)
    )
    return [OutgoingMessage(words.format_codes(found, len(missing) - len(shown), request.context.bot))]
