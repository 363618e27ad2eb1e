"""PostgreSQL: a connection that is lost is something to wait for, and what is half done is taken back."""

import asyncio
from datetime import UTC, datetime

import asyncpg
import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import OperationalError

from models.storage.database import Database
from models.storage.errors import database_is_away
from models.storage.inserts import put_in
from models.storage.statements import Prepared, only
from models.tables.records import Audit

AT = datetime(2026, 9, 24, tzinfo=UTC)
OTHERS = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
WHERE pid <> pg_backend_pid() AND datname = current_database()
"""
pytestmark = pytest.mark.parametrize("engine", ["postgresql"], indirect=True)


async def cut(database: Database) -> None:
    """End all connections but this one."""
    address = database.url.set(drivername="postgresql").render_as_string(hide_password=False)
    own = await asyncpg.connect(address)
    await own.execute(OTHERS)
    await own.close()
    await asyncio.sleep(0.05)


async def note(database: Database, word: str, *, by_session: bool = False, cut_off: bool = False) -> None:
    with database.begin() as session:
        values = {"at": AT, "action": "note", "subject": word}
        if by_session:
            session.add(Audit(**values))
            session.flush()
        else:
            put_in(session, Audit, [values])
        if cut_off:
            await cut(database)


async def noted(database: Database) -> list[str]:
    with database.read() as session:
        return list(session.scalars(select(Audit.subject).order_by(Audit.id)))


@pytest.mark.parametrize("by_session", [True, False])
async def test_a_connection_lost_before_the_commit_is_waited_for(
    database: Database, by_session: bool
) -> None:
    with pytest.raises(Exception, match="clos") as raised:
        await note(database, "一", by_session=by_session, cut_off=True)
    assert database_is_away(raised.value)
    await note(database, "二", by_session=by_session)
    assert await noted(database) == ["二"]


async def test_connections_lost_while_nobody_used_them_are_not_noticed(database: Database) -> None:
    await asyncio.gather(*[note(database, "一") for _ in range(5)])
    await cut(database)
    await asyncio.gather(*[note(database, "二") for _ in range(5)])
    assert len(await noted(database)) == 10


async def test_a_statement_from_before_the_schema_changed_is_tried_again(database: Database) -> None:
    looked = Prepared(select(func.max(Audit.by_member_id)), only)
    with database.begin() as session:
        await looked.all(session)
        session.execute(text("CREATE TABLE other (n integer)"))
    other = Prepared(text("SELECT n FROM other").columns(Audit.__table__.c.id), only)
    with database.begin() as session:
        assert await other.all(session) == []
    with database.begin() as session:
        session.execute(text("ALTER TABLE other ALTER n TYPE bigint"))

    async def look() -> None:
        with database.begin() as session:
            assert await other.all(session) == []

    with pytest.raises(OperationalError) as raised:
        await look()
    assert database_is_away(raised.value)
    await look()


async def test_who_is_cancelled_leaves_nothing_and_no_open_transaction(database: Database) -> None:
    begun = asyncio.Event()

    async def write() -> None:
        with database.begin() as session:
            put_in(session, Audit, [{"at": AT, "action": "note", "subject": "一"}])
            begun.set()
            Prepared(text("SELECT pg_sleep(10)").columns(Audit.__table__.c.id), only).all(session)

    writing = asyncio.create_task(write())
    await begun.wait()
    writing.cancel()
    await asyncio.wait([writing])
    assert writing.cancelled()
    await note(database, "二")
    assert await noted(database) == ["二"]
    with database.read() as session:
        idle = text("SELECT count(*) FROM pg_stat_activity WHERE state LIKE 'idle in transaction%'")
        assert session.scalar(idle) == 0
