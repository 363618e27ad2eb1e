"""The one-time link from the chat to the web page."""

from datetime import UTC, datetime

from handlers.core.context import Answers, Request
from handlers.core.messages import OutgoingMessage
from handlers.reading.questions.read import Question, read_question
from handlers.reports import texts as report_texts
from handlers.status import filters as asked_of, web_texts
from models.privacy import web_sessions
from models.register import chats
from models.rules.people.permissions import Action


def show_page_link(request: Request, text: str = "") -> Answers:
    """`/page` or 网页: a link to the page, which opens with the question of the text."""
    asked = None
    if text:
        asked = read_question(text, now=request.message.at, names=request.index.question_names)
    return offer_link(request, asked)


def offer_link(request: Request, asked: Question | None) -> Answers:
    """A link for the speaker, in private; it expires by the machine clock, not the civil clock."""
    if not request.scope(Action.STATUS):
        return request.aside([OutgoingMessage(report_texts.JOIN_HINT)])
    own = chats.find_chat(request.session, channel=request.message.channel, address=request.message.sender)
    if request.context.page_address is None or own is None:
        return request.aside([OutgoingMessage(web_texts.format_no_page())])
    kept = asked_of.to_json(asked) if asked is not None else None
    token = web_sessions.create_link(request.session, request.speaker.id, own.id, kept, at=datetime.now(UTC))
    minutes = int(web_sessions.LINK_LASTS.total_seconds() // 60)
    return request.aside(
        [OutgoingMessage(web_texts.format_link(request.context.page_address(token), minutes))]
    )
