"""Reports: the messages that completions come from, their drafts and their revisions."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, Table, bindparam, func, select, update
from sqlalchemy.orm import Session

from models.storage.inserts import InsertUnlessPresent, insert_rows
from models.tables.records import Completion, ReportRevision, StoredReport

RECORDED, OPEN, WITHDRAWN, REPEATED = "recorded", "open", "withdrawn", "repeated"


@dataclass(slots=True)
class Report:
    """One stored message that reports (see `StoredReport`)."""

    id: int
    chat_id: int
    message_key: str
    member_id: int
    status: str
    draft: dict[str, Any] | None
    question: dict[str, Any] | None
    asked_on: date | None
    said_at: datetime


_TABLE: Table = StoredReport.__table__  # type: ignore[assignment]
_COLUMNS = [_TABLE.c[each.name] for each in fields(Report)]
_REPORTS = select(*_COLUMNS)
_OF_MESSAGE = _REPORTS.where(
    _TABLE.c.chat_id == bindparam("chat"), _TABLE.c.message_key == bindparam("message")
)
# Telegram may deliver a message twice; the unique constraint makes it one report.
_ADD = InsertUnlessPresent(StoredReport, key=["chat_id", "message_key"], returning=["id"])
_CHANGE = (
    update(_TABLE)
    .where(_TABLE.c.id == bindparam("report"))
    .values({name: bindparam(f"new_{name}") for name in ("status", "draft", "question", "asked_on")})
)


def of_message(session: Session, chat_id: int, message_key: str) -> Report | None:
    """The report of a chat's message, if it is one."""
    row = session.execute(_OF_MESSAGE, {"chat": chat_id, "message": message_key}).first()
    return None if row is None else Report(*row)


def by_id(session: Session, report_id: int) -> Report | None:
    """One report."""
    return _first(session, _REPORTS.where(StoredReport.id == report_id))


def add(
    session: Session, *, chat_id: int, message_key: str, member_id: int, text: str, said_at: datetime
) -> Report | None:
    """Create a report with its first revision, as recorded; None where the message has one."""
    row = {"chat_id": chat_id, "message_key": message_key, "member_id": member_id, "status": RECORDED}
    nothing = {"draft": None, "question": None, "asked_on": None}
    values: dict[str, Any] = {**row, **nothing, "said_at": said_at}
    added = _ADD.execute(session, [values])
    if not added:
        return None
    report_id: int = added[0][0]
    insert_rows(
        session, ReportRevision, [{"report_id": report_id, "number": 1, "text": text, "said_at": said_at}]
    )
    return Report(id=report_id, **values)


def add_wording(session: Session, report_id: int, text: str, said_at: datetime) -> int:
    """Add a revision to a report; returns its number, from 1."""
    newest = session.scalar(
        select(func.max(ReportRevision.number)).where(ReportRevision.report_id == report_id)
    )
    number = (newest or 0) + 1
    session.add(ReportRevision(report_id=report_id, number=number, text=text, said_at=said_at))
    session.flush()
    return number


def waiting(session: Session, member_id: int) -> Sequence[Report]:
    """The person's open reports (待确认), the oldest first."""
    query = _REPORTS.where(StoredReport.member_id == member_id, StoredReport.status == OPEN)
    return _all(session, query.order_by(StoredReport.id))


def all_waiting(session: Session, asked_before: date) -> Sequence[Report]:
    """Every open report whose question was last asked before that day."""
    query = _REPORTS.where(StoredReport.status == OPEN, StoredReport.asked_on < asked_before)
    return _all(session, query.order_by(StoredReport.id))


def last_recorded(session: Session, member_id: int) -> Report | None:
    """The person's latest recorded report."""
    query = _REPORTS.where(StoredReport.member_id == member_id, StoredReport.status == RECORDED)
    return _first(session, query.order_by(StoredReport.id.desc()))


def last_of(session: Session, requirement: str, organizations: Iterable[int]) -> Report | None:
    """The latest report with a current completion of the requirement in these organizations."""
    query = _REPORTS.join(Completion, Completion.report_id == StoredReport.id)
    found = query.where(
        Completion.requirement == requirement,
        Completion.organization_id.in_(list(organizations)),
        Completion.superseded_at.is_(None),
    )
    return _first(session, found.order_by(StoredReport.id.desc()))


def ask(
    session: Session, report: Report, draft: dict[str, Any], question: dict[str, Any], today: date
) -> None:
    """Open the report (待确认): store what was understood and the question that waits."""
    _change(session, report, OPEN, draft, question, today)


def settle(session: Session, report: Report, status: str) -> None:
    """Close the report's question with this status; the draft is deleted."""
    if (report.status, report.draft, report.question) != (status, None, None):
        _change(session, report, status, None, None, report.asked_on)


def _change(
    session: Session,
    report: Report,
    status: str,
    draft: dict[str, Any] | None,
    question: dict[str, Any] | None,
    asked_on: date | None,
) -> None:
    """Set the columns that change, in the row and in the value."""
    report.status, report.draft, report.question, report.asked_on = status, draft, question, asked_on
    new = {"new_status": status, "new_draft": draft, "new_question": question, "new_asked_on": asked_on}
    session.execute(_CHANGE, {"report": report.id, **new})


def _all(session: Session, query: Select[Any]) -> list[Report]:
    """The reports of a query."""
    return [Report(*row) for row in session.execute(query)]


def _first(session: Session, query: Select[Any]) -> Report | None:
    """The first report of a query."""
    found = _all(session, query.limit(1))
    return found[0] if found else None
