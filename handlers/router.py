"""Every conversation in order: an utterance comes in, the first that fits answers it."""

from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from handlers import callbacks
from handlers.calendar import month, preview, subscription
from handlers.core.commands import command_in
from handlers.core.context import Answers, Desk, Turn
from handlers.core.messages import Answer, Utterance
from handlers.core.throttle import patient
from handlers.leaders import approve_text, broadcast, close_month, nudge, read_receipts, waive_or_move
from handlers.people import bind_group, history, import_roster, invite, join, new_phone, texts as people_texts
from handlers.reading.questions.advice import of_substance
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


async def converse(turn: Turn) -> Answers:
    """Answer one utterance inside the caller's transaction."""
    return turn.signed(await _answered(turn))


async def _answered(turn: Turn) -> Answers:
    said = turn.said
    person, chat = turn.person, turn.chat
    command, rest = command_in(said.text[:LONGEST])
    if not said.addressed:
        return []
    if command == "start":
        return await patient(turn, await join.start(turn, rest))
    if person is None or chat is None:
        return await patient(turn, await _stranger(turn))
    if said.pressed is not None:
        return await callbacks.pressed(turn, said.pressed)
    if len(said.text) > LONGEST:
        return turn.aside([Answer(report_texts.too_long())])
    if new_phone.asked(said.text) is not None:
        return turn.aside([Answer(people_texts.not_a_new_chat())])
    if said.file is not None and import_roster.wanted(turn, said.file):
        return await import_roster.received(turn, said.file)
    if command == "broadcast" and not said.text.startswith("/") and not broadcast.fits(turn, rest):
        command = None  # 通知 at the beginning of what somebody tells of a meeting
    if command is not None and command != "report":
        return await _commanded(turn, command, rest)
    return await _said(turn)


async def _stranger(turn: Turn) -> Answers:
    """Somebody whom the register does not know here: in a group nothing is said."""
    if turn.said.pressed or turn.said.chat_kind != "private":
        return []
    rest = new_phone.asked(turn.said.text)
    return [join.hint()] if rest is None else await new_phone.ask(turn, rest)


def wants_file(turn: Turn) -> bool:
    """Whether the file of this utterance is to be fetched before it is answered."""
    said = turn.said
    return said.chat_kind == "private" and said.file is not None and import_roster.wanted(turn, said.file)


async def turn_of(desk: Desk, session: AsyncSession, said: Utterance) -> Turn:
    """Who speaks where; a chat in which somebody known speaks for the first time is stored."""
    version, person, chat = await members.speaking(
        session, channel=said.channel, sender=said.sender, chat=said.chat
    )
    register = await desk.register(session, version)
    if chat is None and person is not None and said.addressed:
        stored = await chats.known(session, channel=said.channel, address=said.chat, kind=said.chat_kind)
        chat = chats.place_of(stored)
    if chat is not None and person is None and said.chat_kind == "private":
        chat = await chats.held(session, chat)
    return Turn(said, desk, session, register, person, chat)


async def _commanded(turn: Turn, command: str, rest: str) -> Answers:
    if command in ASIDE:
        return turn.aside(await ASIDE[command](turn, rest))
    match command:
        case "leave":
            return turn.aside(await join.leave(turn))
        case "withdraw":
            return turn.here(await correct.withdraw(turn, await _replied_report(turn)))
        case "bind":
            return await bind_group.bind(turn, rest)
        case "unbind":
            return await bind_group.unbind(turn)
    if command not in OWN_HELP and turn.said.chat_kind != "private":
        return []  # some other bot's command
    return turn.aside(join.help_answer(turn))


async def _said(turn: Turn) -> Answers:
    """Free words: an edit, an answer to an open question, or something new by its intent."""
    said = turn.said
    if not said.text.strip():
        return turn.aside([Answer(report_texts.no_text())] if said.attachment else [])
    about = await _about(turn)
    if isinstance(mark := about.get("reword"), str):
        return turn.aside(await approve_text.reworded(turn, mark))
    if (altered := await waive_or_move.answered(turn, about)) is not None:
        return turn.aside(altered)
    context = Context(tuple((row[0], row[1], row[2]) for row in about.get("occurrences", ())))
    # A bare day after 改到哪天 is the answer to it.
    text = f"推迟到{said.text}" if about.get("reschedule") else said.text
    reading = read_message(text, now=said.at, names=turn.register.names, replying_to=context.requirement)
    if said.edited:
        return turn.here(await report_record.edited(turn, reading, context) or [])
    if (answers := await _continued(turn, reading, about)) is not None:
        return turn.here(answers)
    return await _by_intent(turn, reading, context)


async def _by_intent(turn: Turn, reading: Reading, context: Context) -> Answers:
    if reading.intent in (Intent.QUERY, Intent.OTHER) and _is_for_people(turn):
        return turn.aside([Answer(people_texts.ask_somebody())])
    match reading.intent:
        case Intent.RECORD:
            return turn.here(await report_record.report(turn, reading, context))
        case Intent.CORRECT:
            return turn.here(await correct.correct(turn, reading, await _replied_report(turn)))
        case Intent.WITHDRAW:
            return turn.here(await correct.withdraw(turn, await _replied_report(turn)))
        case Intent.RESCHEDULE | Intent.ANNOUNCE:
            return turn.here(await reschedule.reschedule(turn, reading, context))
        case Intent.LEAVE:
            return turn.aside(await leave.ask_for_leave(turn, reading))
        case Intent.QUERY:
            return turn.aside(await query.ask(turn, turn.said.text))
        case Intent.ACKNOWLEDGE:
            return []
    return turn.aside(await _other(turn))


async def _other(turn: Turn) -> Answers:
    """A few words that ask for the status, or something that cannot be read."""
    if (answers := await query.go_on(turn)) is not None:
        return answers
    if turn.scope(Action.REPORT):
        return [Answer(report_texts.unreadable(await query.example(turn)))]
    return [Answer(report_texts.not_understood())]


def _is_for_people(turn: Turn) -> bool:
    """A question of substance, which goes to the contact of the organization."""
    asked = read_question(turn.said.text, now=turn.said.at, names=turn.register.names)
    return of_substance(turn.said.text, asked)


async def _continued(turn: Turn, reading: Reading, about: dict[str, Any]) -> Answers | None:
    """The message as an answer to a question or as a correction asked for; None when it is neither."""
    row = await _row(turn, about)
    if row is not None and about.get("fix"):
        return await correct.correct(turn, _read_as_correction(turn), row)
    if row is not None and row.status == reports.OPEN:
        return await questions.answered(turn, row) or questions.repeat(turn, row)
    if reading.intent in (Intent.RECORD, Intent.CORRECT, Intent.OTHER) and not _names_activity(reading):
        for waiting in reversed(await reports.waiting(turn.session, turn.speaker.id)):
            if (answers := await questions.answered(turn, waiting)) is not None:
                return answers
    return None


def _names_activity(reading: Reading) -> bool:
    """Whether the message speaks of an activity of its own, be it one that nobody knows."""
    return any(
        record.requirement or any(doubt.kind is DoubtKind.UNKNOWN_ACTIVITY for doubt in record.doubts)
        for record in reading.records
    )


async def _row(turn: Turn, about: dict[str, Any]) -> Report | None:
    """The report that a message replied to is about, if it is the speaker's to speak of."""
    report_id = about.get("report")
    if not isinstance(report_id, int):
        return None
    row = await reports.by_id(turn.session, report_id)
    return (
        row if row is not None and (row.member_id == turn.speaker.id or row.status != reports.OPEN) else None
    )


async def _about(turn: Turn) -> dict[str, Any]:
    """What the message replied to spoke of."""
    if turn.said.reply_to is None:
        return {}
    row = await deliveries.by_message(turn.session, turn.place.id, turn.said.reply_to)
    return row.about or {} if row is not None else {}


async def _replied_report(turn: Turn) -> Report | None:
    return await _row(turn, await _about(turn))


def _read_as_correction(turn: Turn) -> Reading:
    read = read_message(turn.said.text, now=turn.said.at, names=turn.register.names)
    if read.records:
        return read
    return read_message(turn.said.text, now=turn.said.at, names=turn.register.names, replying_to="主题党日")
