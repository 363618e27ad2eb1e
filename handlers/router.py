"""Every conversation in order: an utterance comes in, the first that fits answers it."""

from sqlalchemy.orm import Session

from handlers import callbacks
from handlers.calendar import month, preview, subscription
from handlers.core.commands import command_in
from handlers.core.context import Answers, BotContext, Request
from handlers.core.messages import IncomingMessage, OutgoingMessage
from handlers.core.throttle import patient
from handlers.leaders import approve_text, broadcast, close_month, nudge, read_receipts, waive_or_move
from handlers.people import bind_group, history, import_roster, invite, join, new_phone, texts as people_texts
from handlers.reading.questions.off_topic import of_substance
from handlers.reading.questions.read import read_question
from handlers.reading.reports.read import read_message
from handlers.reading.types import DoubtKind, Intent, Reading
from handlers.reports import (
    correct,
    leave,
    questions,
    record as report_record,
    reschedule,
    texts as report_texts,
)
from handlers.reports.save import Context
from handlers.status import query, web_link
from models.delivery import deliveries
from models.records import reports
from models.records.reports import Report
from models.register import chats, members
from models.rules.deliveries import NOTHING_SAID, ReplyContext
from models.rules.people.permissions import Action

LONGEST = 8_192  # twice what Telegram lets anybody write
OWN_HELP = ("help", "commands")
# What is answered in private, with the words after the command.
ASIDE = {
    "invite": invite.invite,
    "status": query.ask,
    "calendar": month.show,
    "preview": preview.show,
    "page": web_link.page,
    "subscribe": subscription.subscribe,
    "history": history.show,
    "close": close_month.close,
    "urge": nudge.ask,
    "broadcast": broadcast.ask,
    "receipts": read_receipts.counts,
}


def converse(request: Request) -> Answers:
    """Answer one utterance inside the caller's transaction."""
    return request.signed(_answered(request))


def _answered(request: Request) -> Answers:
    message = request.message
    person, chat = request.person, request.chat
    command, rest = command_in(message.text[:LONGEST])
    if not message.addressed:
        return []
    if command == "start":
        return patient(request, join.start(request, rest))
    if person is None or chat is None:
        return patient(request, _stranger(request))
    if message.pressed is not None:
        return callbacks.pressed(request, message.pressed)
    if len(message.text) > LONGEST:
        return request.aside([OutgoingMessage(report_texts.too_long())])
    if new_phone.asked(message.text) is not None:
        return request.aside([OutgoingMessage(people_texts.not_a_new_chat())])
    if message.file is not None and import_roster.wanted(request, message.file):
        return import_roster.received(request, message.file)
    if command == "broadcast" and not message.text.startswith("/") and not broadcast.fits(request, rest):
        command = None  # 通知 at the beginning of what somebody tells of a meeting
    if command is not None and command != "report":
        return _commanded(request, command, rest)
    return _said(request)


def _stranger(request: Request) -> Answers:
    """Somebody whom the register does not know here: in a group nothing is said."""
    if request.message.pressed or request.message.chat_kind != "private":
        return []
    rest = new_phone.asked(request.message.text)
    return [join.hint()] if rest is None else new_phone.ask(request, rest)


def wants_file(request: Request) -> bool:
    """Whether the file of this utterance is to be fetched before it is answered."""
    message = request.message
    return (
        message.chat_kind == "private"
        and message.file is not None
        and import_roster.wanted(request, message.file)
    )


def turn_of(bot_context: BotContext, session: Session, message: IncomingMessage) -> Request:
    """Who speaks where; a chat in which somebody known speaks for the first time is stored."""
    version, person, chat = members.speaking(
        session, channel=message.channel, sender=message.sender, chat=message.chat
    )
    register = bot_context.load_index(session, version)
    if chat is None and person is not None and message.addressed:
        stored = chats.known(session, channel=message.channel, address=message.chat, kind=message.chat_kind)
        chat = chats.place_of(stored)
    if chat is not None and person is None and message.chat_kind == "private":
        chat = chats.held(session, chat)
    return Request(message, bot_context, session, register, person, chat)


def _commanded(request: Request, command: str, rest: str) -> Answers:
    if command in ASIDE:
        return request.aside(ASIDE[command](request, rest))
    match command:
        case "leave":
            return request.aside(join.leave(request))
        case "withdraw":
            return request.here(correct.withdraw(request, _replied_report(request)))
        case "bind":
            return bind_group.bind(request, rest)
        case "unbind":
            return bind_group.unbind(request)
    if command not in OWN_HELP and request.message.chat_kind != "private":
        return []  # some other bot's command
    return request.aside(join.help_answer(request))


def _said(request: Request) -> Answers:
    """Free words: an edit, an answer to an open question, or something new by its intent."""
    message = request.message
    if not message.text.strip():
        return request.aside([OutgoingMessage(report_texts.no_text())] if message.attachment else [])
    about = _about(request)
    if about.reword_mark is not None:
        return request.aside(approve_text.reworded(request, about.reword_mark))
    if (altered := waive_or_move.answered(request, about)) is not None:
        return request.aside(altered)
    context = Context(about.occurrences)
    # A bare day after 改到哪天 is the answer to it.
    text = f"推迟到{message.text}" if about.reschedules else message.text
    reading = read_message(text, now=message.at, names=request.index.names, replying_to=context.requirement)
    if message.edited:
        return request.here(report_record.edited(request, reading, context) or [])
    if (answers := _continued(request, reading, about)) is not None:
        return request.here(answers)
    return _by_intent(request, reading, context)


def _by_intent(request: Request, reading: Reading, context: Context) -> Answers:
    if reading.intent in (Intent.QUERY, Intent.OTHER) and _is_for_people(request):
        return request.aside([OutgoingMessage(people_texts.ask_somebody())])
    match reading.intent:
        case Intent.RECORD:
            return request.here(report_record.report(request, reading, context))
        case Intent.CORRECT:
            return request.here(correct.correct(request, reading, _replied_report(request)))
        case Intent.WITHDRAW:
            return request.here(correct.withdraw(request, _replied_report(request)))
        case Intent.RESCHEDULE | Intent.ANNOUNCE:
            return request.here(reschedule.reschedule(request, reading, context))
        case Intent.LEAVE:
            return request.aside(leave.ask_for_leave(request, reading))
        case Intent.QUERY:
            return request.aside(query.ask(request, request.message.text))
        case Intent.ACKNOWLEDGE:
            return []
    return request.aside(_other(request))


def _other(request: Request) -> Answers:
    """A few words that ask for the status, or something that cannot be read."""
    if (answers := query.go_on(request)) is not None:
        return answers
    if request.scope(Action.REPORT):
        return [OutgoingMessage(report_texts.unreadable(query.example(request)))]
    return [OutgoingMessage(report_texts.not_understood())]


def _is_for_people(request: Request) -> bool:
    """A question of substance, which goes to the contact of the organization."""
    asked = read_question(request.message.text, now=request.message.at, names=request.index.names)
    return of_substance(request.message.text, asked)


def _continued(request: Request, reading: Reading, about: ReplyContext) -> Answers | None:
    """The message as an answer to a question or as a correction asked for; None when it is neither."""
    row = _row(request, about)
    if row is not None and about.corrects:
        return correct.correct(request, _read_as_correction(request), row)
    if row is not None and row.status == reports.OPEN:
        return questions.answered(request, row) or questions.repeat(request, row)
    if reading.intent in (Intent.RECORD, Intent.CORRECT, Intent.OTHER) and not _names_activity(reading):
        for waiting in reversed(reports.waiting(request.session, request.speaker.id)):
            if (answers := questions.answered(request, waiting)) is not None:
                return answers
    return None


def _names_activity(reading: Reading) -> bool:
    """Whether the message speaks of an activity of its own, be it one that nobody knows."""
    return any(
        record.requirement or any(doubt.kind is DoubtKind.UNKNOWN_ACTIVITY for doubt in record.doubts)
        for record in reading.records
    )


def _row(request: Request, about: ReplyContext) -> Report | None:
    """The report that a message replied to is about, if it is the speaker's to speak of."""
    if about.report_id is None:
        return None
    row = reports.by_id(request.session, about.report_id)
    return (
        row
        if row is not None and (row.member_id == request.speaker.id or row.status != reports.OPEN)
        else None
    )


def _about(request: Request) -> ReplyContext:
    """What the message replied to spoke of."""
    if request.message.reply_to is None:
        return NOTHING_SAID
    row = deliveries.by_message(request.session, request.place.id, request.message.reply_to)
    return row.about or NOTHING_SAID if row is not None else NOTHING_SAID


def _replied_report(request: Request) -> Report | None:
    return _row(request, _about(request))


def _read_as_correction(request: Request) -> Reading:
    read = read_message(request.message.text, now=request.message.at, names=request.index.names)
    if read.records:
        return read
    return read_message(
        request.message.text, now=request.message.at, names=request.index.names, replying_to="主题党日"
    )
