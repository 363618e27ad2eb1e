"""PostgreSQL: a connection that is lost is something to wait for, and what is half done is taken back."""

import asyncio
from datetime import UTC, datetime

import psycopg
import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from models.storage.database import Database
from models.storage.errors import is_database_away
from models.storage.inserts import insert_rows
from models.tables.records import Audit

AT = datetime(2026, 9, 24, tzinfo=UTC)
OTHERS = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
WHERE pid <> pg_backend_pid() AND datname = current_database()
"""
pytestmark = pytest.mark.parametrize("engine", ["postgresql"], indirect=True)


def cut_all(database: Database) -> None:
    """End all connections but this one."""
    address = database.url.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(address, autocommit=True) as own:
        own.execute(OTHERS)


def note(session: Session, word: str, *, cut: Database | None = None) -> None:
    insert_rows(session, Audit, [{"at": AT, "action": "note", "subject": word}])
    if cut is not None:
        cut_all(cut)


def list_notes(session: Session) -> list[str]:
    return list(session.scalars(select(Audit.subject).order_by(Audit.id)))


async def test_a_connection_lost_before_the_commit_is_waited_for(database: Database) -> None:
    with pytest.raises(Exception, match="clos|terminat") as raised:
        await database.run(note, "一", cut=database)
    assert is_database_away(raised.value)
    await database.run(note, "二")
    assert await database.fetch(list_notes) == ["二"]


async def test_after_connections_were_lost_unused_every_transaction_succeeds_within_two_tries(
    database: Database,
) -> None:
    await asyncio.gather(*[database.run(note, "一") for _ in range(5)])
    cut_all(database)
    results = await asyncio.gather(*[database.run(note, "二") for _ in range(5)], return_exceptions=True)
    lost = [result for result in results if isinstance(result, BaseException)]
    assert all(is_database_away(error) for error in lost)
    await asyncio.gather(*[database.run(note, "二") for _ in lost])
    assert len(await database.fetch(list_notes)) == 10


async def test_a_statement_from_before_the_schema_changed_is_right_at_once(database: Database) -> None:
    count = text("SELECT n FROM other")

    def look(session: Session) -> list[int]:
        return list(session.scalars(count))

    def make(session: Session) -> None:
        session.execute(text("CREATE TABLE other (n integer)"))

    await database.run(make)
    for _ in range(8):  # so often that the driver prepares it
        assert await database.run(look) == []
    await database.run(lambda session: session.execute(text("ALTER TABLE other ALTER n TYPE bigint")))
    first, second = [await asyncio.gather(database.run(look), return_exceptions=True) for _ in range(2)]
    assert second == [[]]
    assert first == [[]] or is_database_away(first[0])


async def test_who_is_cancelled_leaves_no_open_transaction(database: Database) -> None:
    writing = asyncio.create_task(database.run(lambda session: session.execute(text("SELECT pg_sleep(0.3)"))))
    await asyncio.sleep(0.1)
    writing.cancel()
    await asyncio.wait([writing])
    assert writing.cancelled()
    await database.run(note, "二")
    assert await database.fetch(list_notes) == ["二"]
    database.close()  # waits for the transaction that nobody waits for any more
    idle = text("SELECT count(*) FROM pg_stat_activity WHERE state LIKE 'idle in transaction%'")
    other = Database(database.url.render_as_string(hide_password=False))
    with other.read() as session:
        assert session.scalar(idle) == 0
    other.close()
