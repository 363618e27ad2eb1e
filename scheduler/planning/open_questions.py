"""Open questions, put once more the next morning."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from models.delivery import deliveries
from models.records import reports
from models.records.reports import Report
from models.rules.deliveries import DeliveryKind, NewDelivery, ReplyContext
from scheduler.send_times import SendTimes
from scheduler.types import OpenQuestion, PlannedReminder


@dataclass(frozen=True, slots=True)
class AskedAgain:
    """An open question as it is put once more."""

    text: str
    buttons: list[list[list[str]]]


AskAgain = Callable[[Session, Report, datetime], AskedAgain | None]


def create_questions(
    session: Session,
    new: Iterable[PlannedReminder],
    *,
    ask_again: AskAgain,
    times: SendTimes,
    now: datetime,
) -> int:
    """Create one delivery for each question that is still open; returns how many."""
    created = 0
    for reminder in new:
        question = reminder.subject
        if not isinstance(question, OpenQuestion):
            continue
        report = reports.find_report(session, question.report_id)
        asked = ask_again(session, report, now) if report is not None else None
        if report is None or asked is None:
            continue
        delivery = NewDelivery(
            key=f"reminder/{reminder.key}",
            chat_id=question.chat_id,
            kind=DeliveryKind.REMINDER,
            text=asked.text,
            buttons=asked.buttons,
            about=ReplyContext(report_id=report.id),
            due_at=reminder.slot,
            expires_at=reminder.slot + times.max_lateness,
        )
        deliveries.enqueue(session, delivery)
        created += 1
    return created
