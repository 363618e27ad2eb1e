"""Joining with a code, leaving, and help."""

from handlers.core.context import Answers, Turn
from handlers.core.messages import Answer
from handlers.people import help_texts, texts
from handlers.people.welcome import welcome
from handlers.reports import texts as report_texts
from models.register import failed_codes, invitations
from models.rules.people.permissions import Action
from models.tables.people import Chat


async def start(turn: Turn, code: str) -> Answers:
    """`/start CODE` in a private chat ties it to a person; without a code, what to do."""
    if turn.said.chat_kind != "private":
        return [Answer(report_texts.join_in_private())]
    if not code:
        return await _without_code(turn)
    channel, address = turn.said.channel, turn.said.chat
    if (pause := await failed_codes.wait(turn.session, channel=channel, address=address)) is not None:
        return [Answer(texts.too_many_codes(turn.now + pause), patient=True)]
    outcome = await invitations.redeem(
        turn.session, code=code, channel=channel, address=address, now_civil=turn.now
    )
    if outcome is None:
        await failed_codes.note(turn.session, channel=channel, address=address)
        return [Answer(report_texts.wrong_code(), patient=True)]
    return [welcome(turn, outcome)]


def hint() -> Answer:
    """How to join, for somebody whom nobody knows."""
    return Answer(report_texts.JOIN_HINT, patient=True)


async def _without_code(turn: Turn) -> Answers:
    """A chat that the register names joins now; others hear how to."""
    if turn.person is not None:
        return help_answer(turn)
    chat = turn.chat
    if chat is None or chat.member_id is None or chat.joined_at is not None or chat.kind != "private":
        return [hint()]
    stored = await turn.session.get_one(Chat, chat.id)
    outcome = await invitations.settle_in(turn.session, chat.member_id, stored, turn.now)
    return [hint()] if outcome is None else [welcome(turn, outcome)]


async def leave(turn: Turn) -> Answers:
    """No more messages, at once; the chat is forgotten."""
    said = turn.said
    await invitations.release(turn.session, channel=said.channel, address=said.sender, at=turn.now)
    return [Answer(report_texts.goodbye())]


def help_answer(turn: Turn) -> Answers:
    """What this person can say."""
    desk = turn.desk
    text = help_texts.help_text(
        {action for action in Action if turn.scope(action)},
        several=len(turn.scope(Action.STATUS)) > 1,
        page=desk.page_address is not None,
        feed=desk.feed_address is not None,
        approval=desk.rules.approval.enabled,
    )
    return [Answer(text)]
