"""Deletes by age: raw messages, chats that belong to nobody, used confirmations."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Text, cast, delete, exists, literal, select, update
from sqlalchemy.orm import Session

from models.delivery import files
from models.delivery.deliveries import OPEN
from models.privacy import web_sessions
from models.register import confirmations, failed_codes
from models.rules.deliveries import DeliveryKind
from models.status import saved_questions
from models.tables.closings import Receipt
from models.tables.coordination import Inbox, Incident
from models.tables.deliveries import Delivery, StoredFile
from models.tables.people import Chat, Petition, WrongCode
from models.tables.records import LeaveRequest, ReportRevision, StoredReport

FINAL = files.OVER
HANDLED = ("done", "ignored", "set aside")
USED_PETITIONS = timedelta(days=1)
SENT_FILES = timedelta(days=1)
NOBODY = "gone/"


def sweep(session: Session, *, civil: datetime, machine: datetime, keep_days: int) -> None:
    """Delete what is older than `keep_days`; records, their figures and their reporters stay.

    The inbox, the texts of reports and sent texts go (rows of deliveries stay, as counts), as do saved
    questions; a file goes a day after it was sent. `civil` is the clock of what people wrote, `machine`
    that of what arrived.
    """
    kept = timedelta(days=keep_days)
    said_before = civil - kept
    session.execute(delete(Inbox).where(Inbox.received_at < machine - kept, Inbox.status.in_(HANDLED)))
    session.execute(
        update(ReportRevision)
        .where(ReportRevision.said_at < said_before, ReportRevision.text != "")
        .values(text="")
    )
    session.execute(
        update(StoredReport)
        .where(StoredReport.said_at < said_before, StoredReport.status == "open")
        .values(status="withdrawn", draft=None, question=None)
    )
    session.execute(delete(LeaveRequest).where(LeaveRequest.asked_at < said_before))
    saved_questions.drop(session, before=said_before)
    session.execute(delete(Receipt).where(Receipt.at < said_before))
    empty_deliveries(session, Delivery.due_at < said_before)
    files.drop_sent(session, before=civil - SENT_FILES)
    confirmations.sweep(session, before=machine - USED_PETITIONS)
    session.execute(delete(Incident).where(Incident.told_at < machine - kept))
    web_sessions.sweep(session, before=machine)
    session.execute(delete(WrongCode).where(WrongCode.at < machine - failed_codes.WINDOW))
    # Only a statement that begins when the lock is held sees all that was answered there before.
    free = select(Chat.id).where(_nobodys()).with_for_update(skip_locked=True)
    held = list(session.scalars(free))
    forget_chats(session, Chat.id.in_(held), _nobodys())


def empty_deliveries(session: Session, *which: ColumnElement[bool]) -> None:
    """Remove texts, buttons and files of deliveries that are final."""
    gone = (Delivery.status.in_(FINAL), *which)
    carrying = select(Delivery.file_id).where(Delivery.file_id.is_not(None), *gone)
    files = list(session.scalars(carrying))
    emptied = update(Delivery).where(Delivery.text != "", *gone)
    session.execute(emptied.values(text="", buttons=None, file_id=None))
    if files:
        session.execute(update(Delivery).where(Delivery.file_id.in_(files), *gone).values(file_id=None))
        # A file may belong to several deliveries.
        used = exists().where(Delivery.file_id == StoredFile.id)
        session.execute(delete(StoredFile).where(StoredFile.id.in_(files), ~used))


def forget_chats(session: Session, *which: ColumnElement[bool]) -> None:
    """Remove the address of these chats, also from the keys of what was sent there."""
    chats = list(session.scalars(select(Chat.id).where(*which)))
    if not chats:
        return
    session.execute(
        update(Delivery)
        .where(Delivery.chat_id.in_(chats), Delivery.kind.in_((DeliveryKind.ANSWER, DeliveryKind.PATIENT)))
        # Keys of answers contain the address of the chat; the id keeps them unique.
        .values(key=literal(NOBODY) + cast(Delivery.id, Text), text="", buttons=None)
    )
    session.execute(
        update(Chat)
        .where(Chat.id.in_(chats))
        .values(address=literal(NOBODY) + cast(Chat.id, Text), member_id=None, joined_at=None)
    )


def _nobodys() -> ColumnElement[bool]:
    """Private chats of strangers and of people who left, with nothing on its way to them."""
    on_its_way = exists().where(Delivery.chat_id == Chat.id, Delivery.status.in_(OPEN))
    asked = exists().where(Petition.chat_id == Chat.id, confirmations.OPEN)
    known = Chat.address.startswith(NOBODY)
    return Chat.member_id.is_(None) & (Chat.kind == "private") & ~known & ~on_its_way & ~asked
