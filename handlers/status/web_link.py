"""The way from the chat to the page: a link that opens once, with the question that was asked."""

from datetime import UTC, datetime

from handlers.core.context import Answers, Turn
from handlers.core.messages import Answer
from handlers.reading.questions.read import Question, read_question
from handlers.reports import texts as report_texts
from handlers.status import filters as asked_of, web_texts
from models.privacy import web_sessions
from models.register import chats
from models.rules.people.permissions import Action


async def page(turn: Turn, text: str = "") -> Answers:
    """`/page`, or 网页: the page, opening with what the words ask for."""
    asked = None
    if text:
        asked = read_question(text, now=turn.said.at, names=turn.register.asking)
    return await offer(turn, asked)


async def offer(turn: Turn, asked: Question | None) -> Answers:
    """A link for the speaker alone, in private; sessions follow the machine's clock."""
    if not turn.scope(Action.STATUS):
        return turn.aside([Answer(report_texts.JOIN_HINT)])
    own = await chats.find(turn.session, channel=turn.said.channel, address=turn.said.sender)
    if turn.desk.page_address is None or own is None:
        return turn.aside([Answer(web_texts.no_page())])
    kept = asked_of.to_json(asked) if asked is not None else None
    token = await web_sessions.link(turn.session, turn.speaker.id, own.id, kept, at=datetime.now(UTC))
    minutes = int(web_sessions.LINK_LASTS.total_seconds() // 60)
    return turn.aside([Answer(web_texts.link(turn.desk.page_address(token), minutes))])
