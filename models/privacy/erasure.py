"""Erases one person: name and addresses are removed everywhere, figures and counts stay."""

import json
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import delete, or_, select, update
from sqlalchemy.orm import Session

from models.delivery import files
from models.privacy import retention
from models.register.confirmations import BROADCAST, IMPORT, OPEN as OPEN_PETITION
from models.register.members import OPEN as OPEN_POST
from models.register.organizations import REGISTER
from models.rules.roster.cells import clean_text
from models.tables.approvals import TextReview
from models.tables.closings import Receipt
from models.tables.coordination import Inbox
from models.tables.deliveries import Delivery, Inquiry, StoredFile
from models.tables.people import Chat, Confirmation, Invitation, Member, Membership, Organization
from models.tables.records import (
    Audit,
    Completion,
    LeaveRequest,
    OccurrenceChange,
    ReportRevision,
    StoredReport,
)

ERASED_NAME = "（已删除）"
Scrub = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Namesakes:
    """The ids of all people of one name, and the longer names that contain it."""

    ids: tuple[int, ...]
    longer: tuple[str, ...]


def find_namesakes(session: Session, name: str) -> Namesakes:
    """Find everybody of this name, including people who left."""
    wanted = clean_text(name)
    rows = session.execute(select(Member.id, Member.name).order_by(Member.position, Member.id)).all()
    return Namesakes(
        tuple(row[0] for row in rows if row[1] == wanted),
        tuple(
            sorted({row[1] for row in rows if wanted in row[1] and row[1] != wanted}, key=len, reverse=True)
        ),
    )


def erase_member(session: Session, member_id: int, *, today: date, at: datetime) -> bool:
    """Erase this person; False where a namesake stays, so that texts with the name were kept.

    The row stays without a name, since records refer to it; roles end `today`.
    """
    member = session.get_one(Member, member_id)
    known = find_namesakes(session, member.name)
    # A text does not say which of two namesakes it means: it is kept for the one who stays.
    alone = len(known.ids) == 1
    scrub = _build_scrubber(member.name, known.longer)
    chats = _list_own_chats(session, member_id)
    _empty_messages(session, member_id, chats)
    if alone:
        _scrub_mentions(session, scrub, member.name)
    member.name = ERASED_NAME
    for table in (Invitation, LeaveRequest, Inquiry):
        session.execute(delete(table).where(table.member_id == member_id))
    session.execute(
        delete(Confirmation).where(or_(Confirmation.member_id == member_id, Confirmation.chat_id.in_(chats)))
    )
    session.execute(
        update(Membership).where(Membership.member_id == member_id, OPEN_POST).values(valid_until=today)
    )
    retention.erase_chats(session, Chat.id.in_(chats))
    session.add(Audit(at=at, action="forget", subject=REGISTER))
    session.flush()
    return alone


def _list_own_chats(session: Session, member_id: int) -> dict[int, str]:
    """Addresses of the person's chats by id, including former ones that belong to nobody now."""
    reported_from = select(StoredReport.chat_id).where(StoredReport.member_id == member_id)
    query = select(Chat.id, Chat.address).where(
        Chat.kind == "private",
        or_(
            Chat.member_id == member_id,
            Chat.member_id.is_(None) & Chat.id.in_(reported_from),
        ),
    )
    return {row[0]: row[1] for row in session.execute(query)}


def _empty_messages(session: Session, member_id: int, chats: dict[int, str]) -> None:
    """Empty what the person wrote and what was sent to them."""
    reports = select(StoredReport.id).where(StoredReport.member_id == member_id)
    session.execute(update(ReportRevision).where(ReportRevision.report_id.in_(reports)).values(text=""))
    session.execute(
        update(StoredReport)
        .where(StoredReport.member_id == member_id, StoredReport.status == "open")
        .values(status="withdrawn", draft=None, question=None)
    )
    for address in chats.values():
        # The address may also stand inside the update, as the id of a sender or of a chat. The two ends
        # keep 12 from matching 123.
        own = (Inbox.chat_key == address, *(Inbox.raw.contains(f'"id":{address}{end}') for end in ",}"))
        session.execute(update(Inbox).where(or_(*own)).values(raw="{}", chat_key="", error=None))
        session.execute(
            update(Inbox).where(Inbox.raw == "{}", Inbox.status == "pending").values(status="ignored")
        )
    theirs = select(Delivery.id).where(Delivery.chat_id.in_(chats))
    session.execute(delete(Receipt).where(Receipt.delivery_id.in_(theirs)))
    waiting = (Delivery.chat_id.in_(chats), Delivery.status == "pending")
    session.execute(update(Delivery).where(*waiting).values(status="withdrawn", error="left"))
    retention.empty_deliveries(session, Delivery.chat_id.in_(chats))


def _scrub_mentions(session: Session, scrub: Scrub, name: str) -> None:
    """Replace the name in texts of others, records, drafts, the audit and contacts."""
    columns = (
        *(ReportRevision.text, Delivery.text, TextReview.text),
        *(Completion.topic, Completion.place, Completion.host, OccurrenceChange.reason),
    )
    for column in columns:
        table = column.class_
        query = select(table).where(column.contains(name, autoescape=True))
        for row in session.scalars(query):
            setattr(row, column.key, scrub(getattr(row, column.key)))
    named = Organization.contact.contains(name, autoescape=True)
    session.execute(update(Organization).where(named).values(contact=None))
    for row in session.scalars(select(StoredReport).where(StoredReport.draft.is_not(None))):
        row.draft, row.question = _scrub_value(row.draft, scrub), _scrub_value(row.question, scrub)
    _scrub_audit(session, scrub)
    _scrub_files(session, scrub)
    # Raw updates are JSON with \u escapes, so that the name has to be searched for as JSON writes it.
    raw = select(Inbox).where(Inbox.raw.contains(json.dumps(name)[1:-1], autoescape=True))
    for message in session.scalars(raw):
        message.raw = json.dumps(_scrub_value(json.loads(message.raw), scrub), separators=(",", ":"))
    session.execute(update(Inbox).where(Inbox.error.contains(name, autoescape=True)).values(error=None))
    # An uploaded register or a text that waits for its button may name anybody.
    session.execute(delete(Confirmation).where(Confirmation.kind.in_((IMPORT, BROADCAST)), OPEN_PETITION))
    session.flush()


def _scrub_audit(session: Session, scrub: Scrub) -> None:
    """Replace the name in the JSON of the audit."""
    for row in session.scalars(select(Audit)):
        before, after = _scrub_value(row.before, scrub), _scrub_value(row.after, scrub)
        if (before, after) != (row.before, row.after):
            row.before, row.after = before, after


def _scrub_files(session: Session, scrub: Scrub) -> None:
    """Delete sent files and replace the name in recipes and saved questions."""
    files.delete_sent(session, before=None)
    for row in session.scalars(select(StoredFile)):
        row.name, row.recipe = scrub(row.name), _scrub_value(row.recipe, scrub)
    for asked in session.scalars(select(Inquiry)):
        asked.question = _scrub_value(asked.question, scrub)


def _build_scrubber(name: str, longer: Iterable[str]) -> Scrub:
    """A function that replaces the name in a text, but not inside a longer name."""
    # Longer names first: the first alternative that matches counts.
    pattern = re.compile("|".join(map(re.escape, (*longer, name))))
    return lambda text: pattern.sub(lambda found: ERASED_NAME if found[0] == name else found[0], text)


def _scrub_value(value: Any, scrub: Scrub) -> Any:
    """The value with every text in it scrubbed, at any depth."""
    match value:
        case str():
            return scrub(value)
        case dict():
            return {key: _scrub_value(each, scrub) for key, each in value.items()}
        case list():
            return [_scrub_value(each, scrub) for each in value]
    return value
