"""Open questions of reports: answers by button or text, and the question repeated."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from handlers.core.context import Answers, BotContext, Request
from handlers.core.messages import IncomingMessage, OutgoingMessage
from handlers.reading.reports.read import read_message
from handlers.reading.types import Event
from handlers.reports import draft, texts
from handlers.reports.draft import Piece, Question
from handlers.reports.save import NotAllowedError, ask_or_store, build_question_message
from models.records import reports
from models.records.reports import Report
from models.register import members
from models.register.chats import to_stored_chat
from models.rules.deliveries import NOTHING_SAID
from models.tables.people import Chat
from scheduler.planning.open_questions import AskedAgain


def answer_press(request: Request, report_id: int, number: int, choice: str) -> Answers:
    """A button under a question; no answer for another person's report or an earlier question."""
    row = reports.find_report(request.session, report_id)
    if row is None or row.member_id != request.speaker.id or row.question is None:
        return []
    if row.question["number"] != number:
        return []
    if choice == "x":
        reports.close_question(request.session, row, reports.WITHDRAWN)
        return [OutgoingMessage(texts.REPORT_DROPPED, edits=request.message.message_key)]
    asked, pieces = Question.from_json(row.question), _load_pieces(row)
    options = {str(index): option for index, option in enumerate(asked.options)}
    if (option := options.get(choice)) is None:
        return []
    pieces[asked.piece] = draft.choose_option(pieces[asked.piece], asked.field, option.sets)
    return ask_or_store(request, row, pieces, NOTHING_SAID)


def answer_text(request: Request, row: Report) -> Answers | None:
    """A text after a question or in reply to it; None where it does not answer the question."""
    if row.question is None:
        return None
    asked, pieces = Question.from_json(row.question), _load_pieces(row)
    piece = _match_label(asked, pieces[asked.piece], request.message.text) or _read_answer(
        request, asked, pieces[asked.piece]
    )
    if piece is None:
        return None
    reports.add_revision(request.session, row.id, request.message.text, request.message.at)
    pieces[asked.piece] = piece
    try:
        return ask_or_store(request, row, pieces, NOTHING_SAID)
    except NotAllowedError as refused:
        return [OutgoingMessage(texts.format_not_allowed(refused.organization))]


def repeat_question(request: Request, row: Report) -> Answers:
    """Repeat the open question of a report."""
    if row.question is None:
        return []
    answer = build_question_message(request, row, _load_pieces(row), Question.from_json(row.question))
    return [OutgoingMessage(texts.format_repeated(answer.text), answer.buttons, answer.about)]


def show_oldest_question(request: Request) -> Answers:
    """Repeat the oldest open question of the speaker."""
    rows = reports.list_open(request.session, request.speaker.id)
    return repeat_question(request, rows[0]) if rows else []


def _load_pieces(row: Report) -> list[Piece]:
    return [Piece.from_json(data) for data in (row.draft or {"pieces": []})["pieces"]]


def _match_label(asked: Question, piece: Piece, text: str) -> Piece | None:
    message = text.strip().rstrip("。.！!")
    for option in asked.options:
        if message and (message == option.label or message in option.label.split()):
            return draft.choose_option(piece, asked.field, option.sets)
    return None


def _read_answer(request: Request, asked: Question, piece: Piece) -> Piece | None:
    if asked.field == "again":
        return None
    reading = read_message(
        request.message.text,
        now=request.message.at,
        names=request.index.names,
        replying_to=piece.entry.requirement or "主题党日",
    )
    event = _get_single(reading.records)
    if event is None:
        return None
    match asked.field:
        case "requirement":
            return _choose_requirement(request, piece)
        case "organization_id":
            return _choose_organization(request, piece, event.branch)
    merged = draft.merge_event(piece, event)
    return merged if merged != piece else None


def _choose_requirement(request: Request, piece: Piece) -> Piece | None:
    # Read without `replying_to`: only an activity that the answer itself names counts.
    reading = read_message(request.message.text, now=request.message.at, names=request.index.names)
    event = _get_single(reading.records)
    if event is None or event.requirement is None:
        return None
    return draft.choose_option(piece, "requirement", {"requirement": event.requirement})


def _choose_organization(request: Request, piece: Piece, branch: str | None) -> Piece | None:
    organization_id = request.index.find(branch or request.message.text.strip())
    if not organization_id:
        return None
    return draft.choose_option(piece, "organization_id", {"organization_id": organization_id})


def _get_single(records: Sequence[Event]) -> Event | None:
    return records[0] if len(records) == 1 else None


def repeat_next_morning(
    bot_context: BotContext, session: Session, row: Report, now: datetime
) -> AskedAgain | None:
    """The open question of a report as it is repeated the next morning; None where none is open."""
    person = members.find_person(session, row.member_id)
    chat = session.get(Chat, row.chat_id)
    if person is None or chat is None or row.question is None:
        return None
    message = IncomingMessage(
        sender=chat.address, chat=chat.address, text="", at=now, message_key=row.message_key
    )
    request = Request(
        message, bot_context, session, bot_context.load_index(session), person, to_stored_chat(chat)
    )
    answer = build_question_message(request, row, _load_pieces(row), Question.from_json(row.question))
    buttons = [[[button.label, button.data] for button in line] for line in answer.buttons]
    return AskedAgain(request.signed_for(person, texts.format_repeated_next_day(answer.text)), buttons)
