"""A backup is complete or not there, and comes back into either engine."""

import asyncio
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.app.backup import BackupError, create_backup, read_manifest, restore_backup
from models.delivery import deliveries
from models.rules.deliveries import DeliveryKind, NewDelivery
from models.rules.people.roles import OrganizationKind
from models.storage import copy as storage_copy, schema
from models.storage.copy import NotEmptyError, NotEqualError
from models.storage.database import Database
from models.tables.deliveries import Delivery
from models.tables.people import Chat, Organization
from models.tables.records import Audit
from scheduler.delivery.outcomes import REPEAT_LABEL
from tests.network import Post


@pytest.fixture(params=["to sqlite", "to postgresql"])
def other(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of an empty database without even a schema, on each engine in turn."""
    yield from _empty(request, tmp_path, sqlite=request.param == "to sqlite")


@pytest.fixture
def twin(request: pytest.FixtureRequest, tmp_path: Path, database: Database) -> Iterator[str]:
    """The address of an empty database on the same engine."""
    yield from _empty(request, tmp_path, sqlite=database.sqlite)


def _empty(request: pytest.FixtureRequest, folder: Path, *, sqlite: bool) -> Iterator[str]:
    if sqlite:
        yield f"sqlite:///{folder / 'other.db'}"
        return
    server = request.getfixturevalue("postgres")
    server.run("DROP DATABASE IF EXISTS other WITH (FORCE);")
    server.run("CREATE DATABASE other;")
    yield server.address("other")
    server.run("DROP DATABASE other WITH (FORCE);")


def fill(database: Database, rows: int) -> None:
    """Things of many types, and a branch that was put in before what it belongs to."""
    now = datetime(2026, 9, 24, 1, 0, 0, 123456, tzinfo=UTC)
    with database.begin() as session:
        parts = {"kind": OrganizationKind.BRANCH, "aliases": ["一支", "理科"], "starts_on": now.date()}
        branch = Organization(name="一支部", position=2, **parts)
        session.add(branch)
        session.flush()
        committee = Organization(
            name="示例党委", position=1, **(parts | {"kind": OrganizationKind.COMMITTEE})
        )
        session.add(committee)
        session.flush()
        branch.parent_id = committee.id
        chat = Chat(address="1000", organization_id=branch.id)
        session.add_all(
            [chat, Audit(at=now, action="set", subject="x", before=None, after={"甲": [1, None]})]
        )
        session.flush()
        due = now + timedelta(days=3650)
        deliveries.enqueue_many(
            session,
            [
                NewDelivery(
                    key=f"k{i}", chat_id=chat.id, kind=DeliveryKind.NOTICE, text="文" * 50, due_at=due
                )
                for i in range(rows)
            ],
        )


def left_in(folder: Path) -> list[str]:
    return [path.name for path in folder.glob("backup.db*")]


def count(database: Database) -> int:
    with database.read() as session:
        return session.scalar(select(func.count()).select_from(Delivery)) or 0


def test_a_backup_comes_back_equal_and_the_program_goes_on_there(
    database: Database, other: str, tmp_path: Path
) -> None:
    fill(database, 1200)
    file = tmp_path / "backup.db"
    made = create_backup(database, file)
    assert made.contents["deliveries"].rows == 1200
    assert left_in(tmp_path) == ["backup.db"]
    target = Database(other)
    assert restore_backup(target, file) == made
    with target.begin() as session:
        assert (
            deliveries.enqueue(
                session,
                NewDelivery(
                    key="new", chat_id=1, kind=DeliveryKind.NOTICE, text="x", due_at=datetime.now(UTC)
                ),
            )
            == 1201
        )
        [branch] = session.scalars(select(Organization).where(Organization.name == "一支部"))
        assert branch.parent_id is not None
        assert branch.aliases == ["一支", "理科"]
    with pytest.raises(NotEmptyError):
        restore_backup(target, file)
    assert count(target) == 1201
    target.close()


async def test_a_backup_shows_one_moment_while_others_write(database: Database, tmp_path: Path) -> None:
    fill(database, 3000)
    written = 0
    first, done = asyncio.Event(), asyncio.Event()

    def write_pair(session: Session) -> None:
        session.add(Audit(at=datetime.now(UTC), action="pair", subject=str(written)))
        session.add(Chat(address=f"pair{written}"))

    async def write() -> None:
        nonlocal written
        while not done.is_set():
            await database.run(write_pair)
            written += 1
            first.set()

    writer = asyncio.create_task(write())
    await first.wait()
    before = written
    file = tmp_path / "backup.db"
    await asyncio.to_thread(create_backup, database, file)
    meanwhile = written - before
    done.set()
    await writer
    with closing(sqlite3.connect(file)) as copy:
        [(chats,)] = copy.execute("SELECT count(*) FROM chats WHERE address LIKE 'pair%'")
        [(pairs,)] = copy.execute("SELECT count(*) FROM audit WHERE action = 'pair'")
    assert chats == pairs > 0
    assert meanwhile > 0


async def test_what_may_have_been_sent_since_the_backup_says_so(
    post: Post, other: str, tmp_path: Path
) -> None:
    chats = post.people(2)
    post.now = datetime.now(UTC)
    post.put(chats[0], "waited when the backup was made")
    file = tmp_path / "backup.db"
    create_backup(post.database, file)
    await post.dispatcher().drain()
    target = Database(other)
    restore_backup(target, file)
    post.database = target
    with target.begin() as session:
        for chat, key, days in [(chats[1], "planned again", 0.0), (chats[0], "due later", -1.0)]:
            deliveries.enqueue(
                session, NewDelivery(key=key, chat_id=chat, kind=DeliveryKind.NOTICE, text=key,
                due_at=read_manifest(file).made_at - timedelta(days=days),
            ))  # fmt: skip
    await post.dispatcher().drain()
    post.now += timedelta(days=2)
    await post.dispatcher().drain()
    texts = [text for _, text in post.heard()]
    assert sorted(texts[1:]) == sorted(
        [REPEAT_LABEL + "waited when the backup was made", REPEAT_LABEL + "planned again", "due later"]
    )
    target.close()


def test_no_other_file_is_overwritten_or_restored(database: Database, tmp_path: Path) -> None:
    letter = tmp_path / "letter.txt"
    letter.write_text("不是备份")
    for attempt in (create_backup, restore_backup):
        with pytest.raises(BackupError):
            attempt(database, letter)
    with pytest.raises(BackupError):
        restore_backup(database, tmp_path / "missing.db")
    assert letter.read_text() == "不是备份"


def test_a_backup_that_was_changed_is_refused_and_nothing_of_it_stays(
    database: Database, other: str, tmp_path: Path
) -> None:
    fill(database, 10)
    file = tmp_path / "backup.db"
    create_backup(database, file)
    with closing(sqlite3.connect(file, isolation_level=None)) as copy:
        copy.execute("UPDATE deliveries SET text = 'changed' WHERE id = 5")
    target = Database(other)
    with pytest.raises(NotEqualError):
        restore_backup(target, file)
    assert count(target) == 0
    target.close()


def killed(words: tuple[str, str], address: str, folder: Path, when: str) -> int:
    """Begin the command, and kill -9 as soon as a file of this pattern is there and not empty."""
    process = subprocess.Popen(
        [sys.executable, "-m", "bot.cli.main", *words],
        env=os.environ | {"QINGLI_DATABASE__URL": address, "TMPDIR": str(folder)},
        stdout=subprocess.DEVNULL,
    )
    while process.poll() is None and not any(path.stat().st_size for path in folder.glob(when)):
        time.sleep(0.001)
    process.kill()
    process.communicate()
    return process.returncode


async def test_killed_in_the_middle_nothing_is_half_done(
    database: Database, twin: str, tmp_path: Path
) -> None:
    fill(database, 3000)
    file, whole = tmp_path / "backup.db", tmp_path / "whole.db"
    made = create_backup(database, whole)
    target = Database(twin)
    schema.upgrade_schema(target)
    address = database.url.render_as_string(hide_password=False)
    ends = [
        await asyncio.to_thread(killed, words, where, tmp_path, when)
        for words, where, when in (
            (("backup", str(file)), address, "backup.db.*.part"),
            (("restore", str(whole)), twin, "qingli-restore-*/backup.db"),
        )
    ]
    assert ends == [-signal.SIGKILL] * 2
    assert not file.exists()
    assert count(target) == 0
    create_backup(database, file)
    assert left_in(tmp_path) == ["backup.db"]
    restore_backup(target, file)
    with storage_copy.open_snapshot(target) as connection:
        assert storage_copy.compute_digests(connection)["deliveries"] == made.contents["deliveries"]
    target.close()
