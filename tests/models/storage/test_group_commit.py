"""Writers on SQLite share commits, and nothing else: not a mistake, not a cancellation."""

import asyncio
import contextlib
import gc
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import event, select, text
from sqlalchemy.exc import IntegrityError, OperationalError

from models.storage import schema, sqlite
from models.storage.database import Database
from models.storage.inserts import put_in
from models.storage.statements import DRIVER
from models.tables.records import Audit

NOW = datetime(2026, 9, 24, tzinfo=UTC)


@pytest.fixture
async def file(tmp_path: Path) -> AsyncIterator[Database]:
    made = Database(f"sqlite:///{tmp_path / 'qingli.db'}")
    schema.upgrade(made)
    yield made
    await made.close()


async def note(database: Database, word: str, *, then: str = "", go_on: asyncio.Event | None = None) -> None:
    with database.begin() as session:
        session.add(Audit(at=NOW, action="note", subject=word))
        session.flush()
        if go_on is not None:
            await go_on.wait()
        if then == "raise":
            raise LookupError(word)
        if then:
            session.execute(text(then))


async def noted(database: Database) -> list[str]:
    other = Database(str(database.url))
    with other.read() as session:
        words = list(session.scalars(select(Audit.subject).order_by(Audit.id)))
    await other.close()
    return words


async def test_writers_that_wait_for_each_other_are_committed_together(
    file: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    commits: list[sqlite.Connection] = []
    end = sqlite.Connection.commit_all

    async def counted(connection: sqlite.Connection) -> None:
        commits.append(connection)
        await end(connection)

    monkeypatch.setattr(sqlite.Connection, "commit_all", counted)
    await asyncio.gather(*[note(file, str(number)) for number in range(20)])
    assert await noted(file) == [str(number) for number in range(20)]
    assert len(commits) <= 2


async def test_nobody_goes_on_before_the_commit(file: Database) -> None:
    go_on = asyncio.Event()
    first, second = asyncio.create_task(note(file, "一")), asyncio.create_task(note(file, "二", go_on=go_on))
    await asyncio.sleep(0.1)
    assert not first.done()
    assert await noted(file) == []
    go_on.set()
    await asyncio.gather(first, second)
    assert await noted(file) == ["一", "二"]


async def test_a_mistake_takes_back_only_its_own_work(file: Database) -> None:
    writers = [note(file, "一"), note(file, "二", then="raise"), note(file, "三")]
    results = await asyncio.gather(*writers, return_exceptions=True)
    assert [type(result) for result in results] == [type(None), LookupError, type(None)]
    assert await noted(file) == ["一", "三"]


async def test_a_cancelled_writer_leaves_nothing_and_holds_nobody_up(file: Database) -> None:
    never = asyncio.Event()
    first, stuck = asyncio.create_task(note(file, "一")), asyncio.create_task(note(file, "二", go_on=never))
    last = asyncio.create_task(note(file, "三"))
    await asyncio.sleep(0.1)
    stuck.cancel()
    await asyncio.gather(first, last)
    assert await noted(file) == ["一", "三"]


async def test_only_who_is_cancelled_within_a_long_statement_hears_of_a_cancellation(file: Database) -> None:
    begun = asyncio.Event()
    long = (
        "INSERT INTO audit (id, subject) WITH RECURSIVE c (x) AS"
        " (SELECT 1 UNION ALL SELECT x + 1 FROM c WHERE x < 400000) SELECT x, x FROM c WHERE x < 0"
    )

    def hear(_connection: object, _cursor: object, statement: str, *_others: object) -> None:
        if statement == long:
            begun.set()

    event.listen(file.engine.sync_engine, "before_cursor_execute", hear)
    first, cancelled = asyncio.create_task(note(file, "一")), asyncio.create_task(note(file, "二", then=long))
    last = asyncio.create_task(note(file, "三"))
    await begun.wait()
    cancelled.cancel()
    results = await asyncio.gather(first, cancelled, last, return_exceptions=True)
    assert [type(result) for result in results] == [OperationalError, asyncio.CancelledError, type(None)]
    assert await noted(file) == ["三"]


async def test_when_the_whole_transaction_is_lost_all_its_writers_are_told(file: Database) -> None:
    writers = [note(file, "一"), note(file, "二", then="ROLLBACK"), note(file, "三")]
    results = await asyncio.gather(*writers, return_exceptions=True)
    assert isinstance(results[0], OperationalError)
    assert isinstance(results[1], OperationalError)
    assert results[2] is None
    assert await noted(file) == ["三"]
    await note(file, "四")
    assert await noted(file) == ["三", "四"]


async def test_a_commit_that_fails_is_an_error_for_everybody(file: Database) -> None:
    nobody = "INSERT INTO audit (action, subject, at, by_member_id) VALUES ('note', '二', '2026-09-24', 77)"
    later = note(file, "一", then="PRAGMA defer_foreign_keys = ON")
    results = await asyncio.gather(later, note(file, "二", then=nobody), return_exceptions=True)
    assert [type(result) for result in results] == [IntegrityError, IntegrityError]
    assert await noted(file) == []
    await note(file, "三")
    assert await noted(file) == ["三"]


async def test_closing_waits_for_those_who_are_at_work(file: Database) -> None:
    async def write(word: str) -> None:
        with file.begin() as session:
            for part in "甲乙丙":
                put_in(session, Audit, [{"at": NOW, "action": "note", "subject": word + part}])
                await asyncio.sleep(0.005)

    writing = [asyncio.create_task(write("一")), asyncio.create_task(write("二"))]
    await asyncio.sleep(0.005)
    await file.close()
    await asyncio.gather(*writing)
    assert await noted(file) == ["一甲", "一乙", "一丙", "二甲", "二乙", "二丙"]


COUNTING = (
    "WITH RECURSIVE c (x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c LIMIT 300000) SELECT count(*) FROM c"
)


@pytest.mark.parametrize(
    "long",
    [f"SELECT {sqlite.LONG} * FROM ({COUNTING})", f"UPDATE {sqlite.LONG} audit SET subject = ({COUNTING})"],  # noqa: S608
    ids=["select", "update"],
)
async def test_who_is_cancelled_within_a_long_statement_leaves_no_lock(file: Database, long: str) -> None:
    await note(file, "一")
    gc.disable()  # a statement that is left over may stay long
    try:
        cancelled = asyncio.create_task(note(file, "二", then=long))
        await asyncio.sleep(0.05)
        cancelled.cancel()
        await asyncio.wait([cancelled])
        async with asyncio.timeout(4):
            await note(file, "三")
    finally:
        gc.enable()
    assert await noted(file) == ["一", "三"]


async def test_nothing_is_kept_after_sqlite_took_the_transaction_back(file: Database) -> None:
    async def write() -> None:
        with file.begin() as session:
            line = session.info[DRIVER]
            [(pages,)] = line.run("PRAGMA page_count")
            line.run(f"PRAGMA max_page_count = {pages}")
            with contextlib.suppress(OperationalError):
                for _ in range(400):
                    put_in(session, Audit, [{"at": NOW, "action": "note", "subject": "x" * 3000}])
            line.run("PRAGMA max_page_count = 1000000")
            put_in(session, Audit, [{"at": NOW, "action": "note", "subject": "afterwards"}])

    with pytest.raises(OperationalError):
        await write()
    assert await noted(file) == []
    await note(file, "一")
    assert await noted(file) == ["一"]
