"""Reports: the messages that records come from, the drafts that wait for an answer, and their wordings."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, Table, bindparam, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from models.storage.inserts import put_in, unless_there
from models.storage.statements import Prepared, as_tuple, only
from models.tables.records import Completion, ReportRevision, StoredReport

RECORDED, OPEN, WITHDRAWN, REPEATED = "recorded", "open", "withdrawn", "repeated"


@dataclass(slots=True)
class Report:
    """One message that reports, as it is stored (see `StoredReport`)."""

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
_OF_MESSAGE = Prepared(
    _REPORTS.where(_TABLE.c.chat_id == bindparam("chat"), _TABLE.c.message_key == bindparam("message")),
    Report,
)
_ADD = unless_there(StoredReport, ["chat_id", "message_key"], ["id"], only)
_CHANGE = Prepared(
    update(_TABLE)
    .where(_TABLE.c.id == bindparam("report"))
    .values({name: bindparam(f"new_{name}") for name in ("status", "draft", "question", "asked_on")}),
    as_tuple,
)


async def of_message(session: AsyncSession, chat_id: int, message_key: str) -> Report | None:
    """The report that a message of a chat became."""
    return await _OF_MESSAGE.first(session, {"chat": chat_id, "message": message_key})


async def by_id(session: AsyncSession, report_id: int) -> Report | None:
    """One report."""
    return await _first(session, _REPORTS.where(StoredReport.id == report_id))


async def add(
    session: AsyncSession, *, chat_id: int, message_key: str, member_id: int, text: str, said_at: datetime
) -> Report | None:
    """A new report with its first wording, recorded until a question is put to it; None if it is there."""
    row = {"chat_id": chat_id, "message_key": message_key, "member_id": member_id, "status": RECORDED}
    nothing = {"draft": None, "question": None, "asked_on": None}
    values: dict[str, Any] = {**row, **nothing, "said_at": said_at}
    report_id = await _ADD.first(session, values)
    if report_id is None:
        return None
    await put_in(
        session, ReportRevision, [{"report_id": report_id, "number": 1, "text": text, "said_at": said_at}]
    )
    return Report(id=report_id, **values)


async def add_wording(session: AsyncSession, report_id: int, text: str, said_at: datetime) -> int:
    """Keep one more wording of a report; its number, from 1."""
    newest = await session.scalar(
        select(func.max(ReportRevision.number)).where(ReportRevision.report_id == report_id)
    )
    number = (newest or 0) + 1
    session.add(ReportRevision(report_id=report_id, number=number, text=text, said_at=said_at))
    await session.flush()
    return number


async def waiting(session: AsyncSession, member_id: int) -> Sequence[Report]:
    """The person's open reports (待确认), the oldest first."""
    query = _REPORTS.where(StoredReport.member_id == member_id, StoredReport.status == OPEN)
    return await _all(session, query.order_by(StoredReport.id))


async def all_waiting(session: AsyncSession, asked_before: date) -> Sequence[Report]:
    """Every open report whose question was last put before that day."""
    query = _REPORTS.where(StoredReport.status == OPEN, StoredReport.asked_on < asked_before)
    return await _all(session, query.order_by(StoredReport.id))


async def last_recorded(session: AsyncSession, member_id: int) -> Report | None:
    """The person's newest report that stands."""
    query = _REPORTS.where(StoredReport.member_id == member_id, StoredReport.status == RECORDED)
    return await _first(session, query.order_by(StoredReport.id.desc()))


async def last_of(session: AsyncSession, requirement: str, organizations: Iterable[int]) -> Report | None:
    """The newest report, whoever made it, that stands for this requirement in one of the organizations."""
    query = _REPORTS.join(Completion, Completion.report_id == StoredReport.id)
    found = query.where(
        Completion.requirement == requirement,
        Completion.organization_id.in_(list(organizations)),
        Completion.superseded_at.is_(None),
    )
    return await _first(session, found.order_by(StoredReport.id.desc()))


async def ask(
    session: AsyncSession, report: Report, draft: dict[str, Any], question: dict[str, Any], today: date
) -> None:
    """Keep the report as 待确认 with what was understood and the question that waits."""
    await _change(session, report, OPEN, draft, question, today)


async def settle(session: AsyncSession, report: Report, status: str) -> None:
    """Nothing waits any more; the draft is dropped."""
    if (report.status, report.draft, report.question) != (status, None, None):
        await _change(session, report, status, None, None, report.asked_on)


async def _change(
    session: AsyncSession,
    report: Report,
    status: str,
    draft: dict[str, Any] | None,
    question: dict[str, Any] | None,
    asked_on: date | None,
) -> None:
    report.status, report.draft, report.question, report.asked_on = status, draft, question, asked_on
    new = {"new_status": status, "new_draft": draft, "new_question": question, "new_asked_on": asked_on}
    await _CHANGE.all(session, {"report": report.id, **new})


async def _all(session: AsyncSession, query: Select[Any]) -> list[Report]:
    return [Report(*row) for row in await session.execute(query)]


async def _first(session: AsyncSession, query: Select[Any]) -> Report | None:
    found = await _all(session, query.limit(1))
    return found[0] if found else None
