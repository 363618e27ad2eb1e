"""The SQLite driver runs short statements in place and leaves the loop to others while it waits."""

import asyncio
import sqlite3
import threading
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import column, table, text, update

from models.storage import sqlite
from models.storage.database import Database


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    found = Database(f"sqlite:///{tmp_path / 'x.db'}")
    with found.begin() as session:
        session.execute(text("CREATE TABLE t (id INTEGER PRIMARY KEY, word TEXT)"))
    yield found
    await found.close()


@pytest.fixture
def in_place(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The statements that were run in the event loop's own thread, as they come."""
    loop, seen = threading.get_ident(), list[str]()
    connect = sqlite3.connect

    def traced(*args: Any, **options: Any) -> sqlite3.Connection:
        connection = connect(*args, **options)

        def hear(said: str) -> None:
            if threading.get_ident() == loop:
                seen.append(said)

        connection.set_trace_callback(hear)
        return connection

    monkeypatch.setattr(sqlite.sqlite3, "connect", traced)
    return seen


async def test_short_statements_take_no_turn_through_the_thread_and_long_ones_do(
    in_place: list[str], database: Database
) -> None:
    in_place.clear()
    with database.begin() as session:
        session.execute(text("INSERT INTO t (word) VALUES ('a')"))
        session.execute(text("INSERT INTO t (word) SELECT word FROM t"))
        assert session.scalar(text("SELECT count(*) FROM t")) == 2
        session.execute(text("UPDATE t SET word = 'b'"))
        session.execute(update(table("t", column("word"))).prefix_with(sqlite.LONG).values(word="c"))
        session.execute(text("DELETE FROM t"))
    words = {said.split()[0] for said in in_place}
    assert {"SELECT", "UPDATE", "SAVEPOINT"} <= words
    assert not {"COMMIT", "DELETE"} & words
    assert [said for said in in_place if said.startswith("INSERT")] == ["INSERT INTO t (word) VALUES ('a')"]
    assert [said for said in in_place if said.startswith("UPDATE")] == ["UPDATE t SET word = 'b'"]


async def test_between_very_many_short_statements_others_have_their_turn(database: Database) -> None:
    turns = 0

    async def others() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    waiting = asyncio.create_task(others())
    with database.read() as session:
        session.scalar(text("SELECT count(*) FROM t"))
        before = turns
        for _ in range(4 * sqlite.IN_A_ROW):
            session.scalar(text("SELECT count(*) FROM t"))
        assert turns - before >= 3
    waiting.cancel()


async def test_while_another_process_writes_the_loop_goes_on(database: Database) -> None:
    other = sqlite3.connect(str(database.url.database), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")

    async def write() -> None:
        with database.begin() as session:
            session.execute(text("INSERT INTO t (word) VALUES ('a')"))

    writing = asyncio.create_task(write())
    with database.read() as session:
        assert session.scalar(text("SELECT count(*) FROM t")) == 0
    assert not writing.done()
    other.execute("COMMIT")
    other.close()
    await writing
