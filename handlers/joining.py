"""Joining with a code, leaving, and help."""

from handlers import words
from handlers.desk import Answers, Turn
from handlers.utterance import Answer
from models import invitations
from models.rules.access import Action


async def start(turn: Turn, code: str) -> Answers:
    """`/start CODE` in a private chat ties it to a person; without a code, what to do."""
    if turn.said.chat_kind != "private":
        return [Answer(words.join_in_private())]
    if not code:
        return help_answer(turn) if turn.person is not None else [Answer(words.JOIN_HINT)]
    outcome = await invitations.redeem(
        turn.session,
        code=code,
        channel=turn.said.channel,
        address=turn.said.chat,
        now_civil=turn.desk.now(),
    )
    if outcome is None:
        return [Answer(words.wrong_code())]
    names = [turn.register.tree.name(o) for o in outcome.organizations if o in turn.register.tree.nodes]
    return [Answer(words.welcome(outcome.name, names))]


async def leave(turn: Turn) -> Answers:
    """No more messages, at once; the chat is forgotten."""
    await invitations.release(turn.session, channel=turn.said.channel, address=turn.said.chat)
    return [Answer(words.goodbye())]


def help_answer(turn: Turn) -> Answers:
    """What this person can say."""
    reports = bool(turn.scope(Action.REPORT))
    leads = len(turn.scope(Action.STATUS)) > 1
    return [Answer(words.help_text(reports=reports, leads=leads, contact=turn.desk.contact))]
