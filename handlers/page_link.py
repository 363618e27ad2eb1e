"""The way from the chat to the page: a link that opens once, with the question that was asked."""

from datetime import UTC, datetime

from handlers import asked as asked_of
from handlers import page_words, words
from handlers.desk import Answers, Turn
from handlers.reading.question import Question, read_question
from handlers.utterance import Answer
from models import chats, visits
from models.rules.access import Action


async def page(turn: Turn, text: str = "") -> Answers:
    """`/page`, or 网页: the page, opening with what the words ask for."""
    asked = None
    if text:
        asked = read_question(text, now=turn.said.at, names=turn.register.asking)
    return await offer(turn, asked)


async def offer(turn: Turn, asked: Question | None) -> Answers:
    """A link for the speaker alone, in private; sessions follow the machine's clock."""
    if not turn.scope(Action.STATUS):
        return turn.aside([Answer(words.JOIN_HINT)])
    own = await chats.find(turn.session, channel=turn.said.channel, address=turn.said.sender)
    if turn.desk.page_address is None or own is None:
        return turn.aside([Answer(page_words.no_page())])
    kept = asked_of.to_json(asked) if asked is not None else None
    token = await visits.link(turn.session, turn.speaker.id, own.id, kept, at=datetime.now(UTC))
    minutes = int(visits.LINK_LASTS.total_seconds() // 60)
    return turn.aside([Answer(page_words.link(turn.desk.page_address(token), minutes))])
