"""A group that becomes a supergroup takes along all that is kept under it."""

from datetime import UTC, datetime

from sqlalchemy import select

from models.delivery import deliveries
from models.records import reports
from models.register import confirmations
from models.status import saved_questions
from models.storage.database import Database
from models.tables.closings import Broadcast
from models.tables.deliveries import Delivery, Inquiry
from models.tables.people import Chat, Confirmation, Member
from models.tables.records import StoredReport
from models.tables.web_sessions import WebSession

THEN = datetime(2026, 9, 1, 2, tzinfo=UTC)
REFERRING = (Broadcast, Delivery, Inquiry, Confirmation, StoredReport, WebSession)


def fill(session, chat_id: int, member_id: int) -> None:  # type: ignore[no-untyped-def]
    """One row of each table that names a chat, the messages with number 5."""
    at = {"chat_id": chat_id, "member_id": member_id}
    reports.add_report(session, message_key="5", text="x", said_at=THEN, **at)
    saved_questions.put(session, {}, at=THEN, **at)
    confirmations.add_confirmation(session, confirmations.BIND, now=THEN, **at)
    session.add_all(
        [
            WebSession(digest=f"d{chat_id}", expires_at=THEN, **at),
            Broadcast(
                chat_id=chat_id, message_key="5", by_member_id=member_id, organizations=[], everybody=True,
                total=1, shown="x", begun_at=THEN, due_at=THEN, expires_at=THEN,
            ),
        ]
    )  # fmt: skip
    session.add(
        Delivery(key=f"k{chat_id}", chat_id=chat_id, kind="answer", text="x", due_at=THEN, message_key="5")
    )
    session.flush()


def test_every_table_that_names_the_chat_is_joined_to_the_one_that_stays(database: Database) -> None:
    with database.begin() as session:
        person = Member(name="某人", position=1)
        old, new = Chat(address="-55", kind="group"), Chat(address="-10055", kind="supergroup")
        session.add_all([person, old, new])
        session.flush()
        for chat in (old, new):
            fill(session, chat.id, person.id)
        for _ in range(2):  # told by the update and by the refusal of a message
            deliveries.migrate_chat(session, old.id, "-10055")
    with database.read() as session:
        assert [(row.id, row.address) for row in session.scalars(select(Chat))] == [(old.id, "-10055")]
        for table in REFERRING:
            assert set(session.scalars(select(table.chat_id))) == {old.id}
        found = deliveries.find_by_message(session, old.id, "5")
        assert found is not None
        assert found.key == f"k{new.id}"
        assert set(session.scalars(select(StoredReport.message_key))) == {"-55/5", "5"}
