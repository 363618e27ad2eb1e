"""Replies: the context of the message replied to, and reports that a reply continues."""

from handlers.core.context import Answers, Request
from handlers.reading.reports.read import read_message
from handlers.reading.types import DoubtKind, Intent, Reading
from handlers.reports import correct, questions
from models.delivery import deliveries
from models.records import reports
from models.records.reports import Report
from models.rules.deliveries import NOTHING_SAID, ReplyContext

CAN_CONTINUE = (Intent.RECORD, Intent.CORRECT, Intent.OTHER)


def find_context(request: Request) -> ReplyContext:
    """What the message replied to is about; NOTHING_SAID where the message is no reply."""
    if request.message.reply_to is None:
        return NOTHING_SAID
    row = deliveries.find_by_message(request.session, request.place.id, request.message.reply_to)
    return (row.about if row is not None else None) or NOTHING_SAID


def find_report(request: Request) -> Report | None:
    """The report that the message replies to, if the speaker may refer to it."""
    return find_report_in(request, find_context(request))


def find_report_in(request: Request, replied: ReplyContext) -> Report | None:
    """The report of this context; None for another person's report that is still open."""
    if replied.report_id is None:
        return None
    row = reports.find_report(request.session, replied.report_id)
    if row is None or (row.status == reports.OPEN and row.member_id != request.speaker.id):
        return None
    return row


def continue_report(request: Request, reading: Reading, replied: ReplyContext) -> Answers | None:
    """Answer a message that answers an open question or gives a correction; None for any other."""
    row = find_report_in(request, replied)
    if row is not None and replied.corrects:
        return correct.correct_report(request, _read_as_correction(request), row)
    if row is not None and row.status == reports.OPEN:
        return questions.answer_text(request, row) or questions.repeat_question(request, row)
    if reading.intent in CAN_CONTINUE and not _names_activity(reading):
        for waiting in reversed(reports.list_open(request.session, request.speaker.id)):
            if (answers := questions.answer_text(request, waiting)) is not None:
                return answers
    return None


def _names_activity(reading: Reading) -> bool:
    """Whether the message names an activity, known or unknown: then it is a new report."""
    return any(
        record.requirement or any(doubt.kind is DoubtKind.UNKNOWN_ACTIVITY for doubt in record.doubts)
        for record in reading.records
    )


def _read_as_correction(request: Request) -> Reading:
    message, names = request.message, request.index.names
    read = read_message(message.text, now=message.at, names=names)
    # Figures alone are no report by themselves; as a reply they are.
    return (
        read
        if read.records
        else read_message(message.text, now=message.at, names=names, replying_to="主题党日")
    )
