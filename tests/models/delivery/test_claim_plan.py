"""A claim finds what is due by an index, however much is pending and whatever the database believes of it."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import text, update
from sqlalchemy.orm import Session

from benchmarks.claiming import claim_due, explain_claim, fill_database, is_by_index
from models.delivery import inbox
from models.storage.database import Database
from models.tables.coordination import Inbox
from models.tables.deliveries import Delivery

NOW = datetime(2026, 9, 24, 1, tzinfo=UTC)


def test_a_claim_reads_no_table_from_end_to_end(database: Database) -> None:
    fill_database(database, pending=20_000, chats=200)
    assert is_by_index(shown := explain_claim(database)), shown


def test_a_claim_without_its_index_reads_the_whole_table(database: Database) -> None:
    fill_database(database, pending=20_000, chats=200)
    with database.begin() as session:
        session.execute(text("DROP INDEX ix_deliveries_due"))
    assert not is_by_index(explain_claim(database))


def claim_updates(session: Session) -> None:
    inbox.claim(session, 1, me="me", until=30.0, many=100)


@pytest.mark.parametrize("claim", [claim_due, claim_updates])
def test_a_claim_uses_its_index_when_the_database_believes_nothing_is_pending(
    database: Database, claim
) -> None:
    fill_database(database, pending=2_000, chats=200)
    updates = [{"update_id": number, "message": {"chat": {"id": number % 200}}} for number in range(2_000)]
    with database.begin() as session:
        inbox.add_updates(session, 1, updates, at=NOW)
    set_all(database, "done")
    if not database.sqlite:  # whose figures are now of an hour in which nothing waited
        with database.engine.connect() as connection:
            own = connection.execution_options(isolation_level="AUTOCOMMIT")
            own.execute(text("VACUUM ANALYZE"))
    set_all(database, "pending")
    shown = explain_claim(database, claim)
    assert "Anti Join" not in shown, shown
    assert "SCAN o" not in shown, shown


def set_all(database: Database, status: str) -> None:
    with database.begin() as session:
        for table in (Delivery, Inbox):
            session.execute(update(table).values(status=status))
