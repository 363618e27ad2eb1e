"""Writers on SQLite share commits, and nothing else: not a mistake, not a lost transaction."""

import asyncio
import contextlib
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import event, select, text
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm import Session

from models.storage import schema
from models.storage.database import Database
from models.storage.inserts import insert_rows
from models.tables.records import Audit

NOW = datetime(2026, 9, 24, tzinfo=UTC)


@pytest.fixture
def file(tmp_path: Path) -> Iterator[Database]:
    made = Database(f"sqlite:///{tmp_path / 'qingli.db'}")
    schema.upgrade_schema(made)
    yield made
    made.close()


def note(session: Session, word: str, *, then: str = "", after: threading.Event | None = None) -> None:
    """Write a word; then wait, raise or run one more statement."""
    session.add(Audit(at=NOW, action="note", subject=word))
    session.flush()
    if after is not None:
        assert after.wait(10)
    if then == "raise":
        raise LookupError(word)
    if then:
        session.execute(text(then))


def list_notes(database: Database) -> list[str]:
    """What a restart would find."""
    other = Database(str(database.url))
    with other.read() as session:
        words = list(session.scalars(select(Audit.subject).order_by(Audit.id)))
    other.close()
    return words


async def test_writers_that_wait_for_each_other_are_committed_together(file: Database) -> None:
    commits: list[object] = []
    event.listen(file.engine, "commit", commits.append)
    held = threading.Event()
    first = asyncio.create_task(file.run(note, "0", after=held))
    others = [asyncio.create_task(file.run(note, str(number))) for number in range(1, 20)]
    await asyncio.sleep(0.05)
    held.set()
    await asyncio.gather(first, *others)
    assert list_notes(file) == [str(number) for number in range(20)]
    assert len(commits) <= 3


async def test_nobody_goes_on_before_the_commit(file: Database) -> None:
    blocked, go_on = threading.Event(), threading.Event()
    stopper = asyncio.create_task(file.run(note, "零", after=blocked))
    await asyncio.sleep(0.05)
    first = asyncio.create_task(file.run(note, "一"))
    second = asyncio.create_task(file.run(note, "二", after=go_on))
    await asyncio.sleep(0.05)
    blocked.set()
    await stopper
    await asyncio.sleep(0.1)
    assert not first.done()
    assert list_notes(file) == ["零"]
    go_on.set()
    await asyncio.gather(first, second)
    assert list_notes(file) == ["零", "一", "二"]


async def test_a_mistake_takes_back_only_its_own_work(file: Database) -> None:
    writers = [file.run(note, "一"), file.run(note, "二", then="raise"), file.run(note, "三")]
    results = await asyncio.gather(*writers, return_exceptions=True)
    assert [type(result) for result in results] == [type(None), LookupError, type(None)]
    assert list_notes(file) == ["一", "三"]


async def test_a_violated_constraint_takes_back_only_its_own_work(file: Database) -> None:
    twice = "INSERT INTO audit (id, action, subject, at) SELECT id, action, subject, at FROM audit"
    writers = [file.run(note, "一"), file.run(note, "二", then=twice), file.run(note, "三")]
    results = await asyncio.gather(*writers, return_exceptions=True)
    assert [type(result) for result in results] == [type(None), IntegrityError, type(None)]
    assert list_notes(file) == ["一", "三"]


async def test_who_is_cancelled_before_the_turn_writes_nothing_and_holds_nobody_up(file: Database) -> None:
    go_on = threading.Event()
    first = asyncio.create_task(file.run(note, "一", after=go_on))
    await asyncio.sleep(0.05)
    second, last = asyncio.create_task(file.run(note, "二")), asyncio.create_task(file.run(note, "三"))
    await asyncio.sleep(0.05)
    second.cancel()
    await asyncio.wait([second])
    go_on.set()
    await asyncio.gather(first, last)
    assert list_notes(file) == ["一", "三"]


async def test_when_the_whole_transaction_is_lost_all_its_writers_are_told(file: Database) -> None:
    blocked = threading.Event()
    stopper = asyncio.create_task(file.run(note, "零", after=blocked))
    await asyncio.sleep(0.05)
    writers = [
        asyncio.create_task(file.run(note, word, then=then))
        for word, then in (("一", ""), ("二", "ROLLBACK"))
    ]
    await asyncio.sleep(0.05)
    blocked.set()
    results = await asyncio.gather(stopper, *writers, return_exceptions=True)
    assert results[0] is None
    assert [type(result) for result in results[1:]] == [OperationalError, OperationalError]
    assert list_notes(file) == ["零"]
    await file.run(note, "四")
    assert list_notes(file) == ["零", "四"]


async def test_a_commit_that_fails_is_an_error_for_everybody(file: Database) -> None:
    nobody = "INSERT INTO audit (action, subject, at, by_member_id) VALUES ('note', '二', '2026-09-24', 77)"

    def later(session: Session) -> None:
        session.execute(text("PRAGMA defer_foreign_keys = ON"))
        session.execute(text(nobody))

    with pytest.raises(IntegrityError):
        await file.run(later)
    assert list_notes(file) == []
    await file.run(note, "三")
    assert list_notes(file) == ["三"]


async def test_closing_waits_for_those_who_are_at_work(file: Database) -> None:
    go_on = threading.Event()
    writing = [file.submit(note, "一", after=go_on), file.submit(note, "二")]
    closing = asyncio.create_task(asyncio.to_thread(file.close))
    await asyncio.sleep(0.05)
    assert not closing.done()
    go_on.set()
    await closing
    assert all(future.done() for future in writing)
    assert list_notes(file) == ["一", "二"]


async def test_a_transaction_in_another_thread_takes_its_turn_between_the_groups(file: Database) -> None:
    await file.run(note, "一")
    with file.begin() as session:
        waiting = file.submit(note, "三")
        note(session, "二")
        assert not waiting.done()
    await asyncio.wrap_future(waiting)
    assert list_notes(file) == ["一", "二", "三"]


async def test_a_slow_statement_leaves_the_event_loop_alone(file: Database) -> None:
    counting = text(
        "WITH RECURSIVE c (x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c LIMIT 2000000)"
        " SELECT count(*) FROM c"
    )
    reading = asyncio.create_task(file.fetch(lambda session: session.scalar(counting)))
    turns = 0
    while not reading.done():
        await asyncio.sleep(0.001)
        turns += 1
    assert await reading == 2_000_000
    assert turns > 20


async def test_nothing_is_kept_after_sqlite_took_the_transaction_back(file: Database) -> None:
    def fill(session: Session) -> None:
        pages = session.scalar(text("PRAGMA page_count"))
        session.execute(text(f"PRAGMA max_page_count = {pages}"))
        with contextlib.suppress(OperationalError):
            for _ in range(400):
                insert_rows(session, Audit, [{"at": NOW, "action": "note", "subject": "x" * 3000}])
        session.execute(text("PRAGMA max_page_count = 1000000"))
        insert_rows(session, Audit, [{"at": NOW, "action": "note", "subject": "afterwards"}])

    with pytest.raises(OperationalError):
        await file.run(fill)
    assert list_notes(file) == []
    await file.run(note, "一")
    assert list_notes(file) == ["一"]
