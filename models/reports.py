"""Reports: the messages that records come from, the drafts that wait for an answer, and their wordings."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import bindparam, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from models.rows import put_in
from models.tables.records import Completion, Report, ReportRevision

RECORDED, OPEN, WITHDRAWN, REPEATED = "recorded", "open", "withdrawn", "repeated"


_OF_MESSAGE = select(Report).where(
    Report.chat_id == bindparam("chat"), Report.message_key == bindparam("message")
)


async def of_message(session: AsyncSession, chat_id: int, message_key: str) -> Report | None:
    """The report that a message of a chat became."""
    return await session.scalar(_OF_MESSAGE, {"chat": chat_id, "message": message_key})


async def by_id(session: AsyncSession, report_id: int) -> Report | None:
    """One report."""
    return await session.get(Report, report_id)


async def add(
    session: AsyncSession, *, chat_id: int, message_key: str, member_id: int, text: str, said_at: datetime
) -> Report:
    """A new report with its first wording; recorded until a question is put to it."""
    report = Report(
        chat_id=chat_id,
        message_key=message_key,
        member_id=member_id,
        status=RECORDED,
        draft=None,
        question=None,
        said_at=said_at,
    )
    session.add(report)
    await session.flush()
    wording = {"report_id": report.id, "number": 1, "text": text, "said_at": said_at}
    await put_in(session, ReportRevision, [wording])
    return report


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
    query = select(Report).where(Report.member_id == member_id, Report.status == OPEN)
    return list(await session.scalars(query.order_by(Report.id)))


async def all_waiting(session: AsyncSession, asked_before: date) -> Sequence[Report]:
    """Every open report whose question was last put before that day."""
    query = select(Report).where(Report.status == OPEN, Report.asked_on < asked_before)
    return list(await session.scalars(query.order_by(Report.id)))


async def last_recorded(session: AsyncSession, member_id: int) -> Report | None:
    """The person's newest report that stands."""
    query = select(Report).where(Report.member_id == member_id, Report.status == RECORDED)
    return await session.scalar(query.order_by(Report.id.desc()).limit(1))


async def last_of(session: AsyncSession, requirement: str, organizations: Iterable[int]) -> Report | None:
    """The newest report, whoever made it, that stands for this requirement in one of the organizations."""
    query = select(Report).join(Completion, Completion.report_id == Report.id)
    found = query.where(
        Completion.requirement == requirement,
        Completion.organization_id.in_(list(organizations)),
        Completion.superseded_at.is_(None),
    )
    return await session.scalar(found.order_by(Report.id.desc()).limit(1))


def ask(report: Report, draft: dict[str, Any], question: dict[str, Any], today: date) -> None:
    """Keep the report as 待确认 with what was understood and the question that waits."""
    report.status, report.draft, report.question, report.asked_on = OPEN, draft, question, today


def settle(report: Report, status: str) -> None:
    """Nothing waits any more; the draft is dropped."""
    report.status, report.draft, report.question = status, None, None
