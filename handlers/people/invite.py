"""Joining codes for the secretary: whom of the own branch is still missing, and the codes to pass on."""

from handlers.core.context import Answers, Turn
from handlers.core.messages import Answer
from handlers.people import texts as words
from models.register import invitations, members
from models.rules.people.permissions import Action, may_admit
from models.rules.roster.cells import identity

MOST = 12


async def invite(turn: Turn, name: str) -> Answers:
    """The codes of those who have not joined, or of one person by name (a new one for a new telephone)."""
    scope = turn.scope(Action.INVITE)
    if not scope:
        return [Answer(words.may_not_invite())]
    tree = turn.register.tree
    people = (await members.members_of(turn.session, scope)).values()
    admitted = [found for found in people if may_admit(turn.speaker, found, tree)]
    wanted = [found for found in admitted if not name or identity(found.name) == identity(name)]
    if name and not wanted:
        return [Answer(words.nobody_of_yours(name))]
    everybody = await invitations.joined_members(turn.session) if not name else set()
    missing = [found.id for found in wanted if found.id not in everybody]
    shown = missing[:MOST]
    found = await invitations.invite_all(
        turn.session, valid_days=turn.desk.invitation_days, members=shown, joined_too=bool(name)
    )
    return [Answer(words.codes(found, len(missing) - len(shown), turn.desk.bot))]
