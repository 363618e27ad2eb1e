"""One text to 100,000 members by INSERT … SELECT, beside the bare statement."""

import sqlite3
import tempfile
import threading
import time
from contextlib import closing
from datetime import UTC, datetime, timedelta

import psycopg
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from benchmarks import results
from benchmarks.claiming import POSTGRES, SQLITE
from benchmarks.postgres import run_server
from benchmarks.school import create_school
from models.delivery import broadcasts
from models.storage.database import Database
from models.tables.closings import Broadcast
from models.tables.deliveries import Delivery
from models.tables.people import Chat, Organization
from models.tables.records import Audit
from scheduler.jobs.broadcasts import BroadcastProgress

MEMBERS, BRANCHES, ROUNDS = 100_000, 68, 4
NOW = datetime(2026, 9, 24, 1, 0, tzinfo=UTC)
WORDS = "中秋将至，请严守纪律，过一个廉洁的节日。" * 4
LONGEST_WAIT_S = 0.25

FILL = (
    "INSERT INTO members (name, position) SELECT '示例', 1000 + i FROM {numbers}",
    "INSERT INTO memberships (member_id, role, organization_id, valid_from)"
    " SELECT id, 'member', 2 + id % 68, '2026-01-01' FROM members WHERE position >= 1000",
    "INSERT INTO chats (channel, address, kind, member_id, joined_at)"
    " SELECT 'telegram', CAST(1000000 + id AS text), 'private', id, {due} FROM members"
    " WHERE position >= 1000",
)
BARE = """
INSERT INTO deliveries
    (key, chat_id, kind, text, due_at, expires_at, policy, status, next_at, attempts, alone, doubts)
SELECT 'bare/' || CAST(c.id AS text), c.id, 'broadcast', {words}, {due}, {due},
       'resend', 'pending', 0, 0, false, 0
FROM chats c
WHERE c.kind = 'private' AND c.joined_at IS NOT NULL AND c.suspended_at IS NULL
  AND c.member_id IN (SELECT m.member_id FROM memberships m WHERE m.valid_until IS NULL)
"""


def fill_database(database: Database) -> None:
    """Members who have all joined, in turn in the branches."""
    create_school(database, BRANCHES)
    words = SQLITE if database.sqlite else POSTGRES
    with database.begin() as session:
        for statement in FILL:
            said = text(statement.format(**words))
            session.execute(said, {"last": MEMBERS - 1} if "{numbers}" in statement else {})


def measure_bare(database: Database) -> float:
    """Seconds of the bare statement through the bare driver, with its commit."""
    due = SQLITE["due"] if database.sqlite else POSTGRES["due"]
    statement = BARE.format(words=f"'{WORDS}'", due=due)
    if database.sqlite:
        with closing(sqlite3.connect(str(database.url.database))) as driver:
            driver.execute("PRAGMA synchronous = FULL")
            driver.execute("PRAGMA foreign_keys = ON")
            begun = time.perf_counter()
            driver.execute(statement)
            driver.commit()
            return time.perf_counter() - begun
    with psycopg.connect(database.url.set(drivername="postgresql").render_as_string(False)) as connection:
        begun = time.perf_counter()
        connection.execute(statement)
        connection.commit()
        return time.perf_counter() - begun


def measure_ours(database: Database) -> float:
    """Seconds of a broadcast until everybody's delivery is there, in as many transactions as it takes."""
    progress = BroadcastProgress(database, lambda: NOW, lambda _key: [])
    with database.read() as session:
        chat = session.scalar(select(func.min(Chat.id))) or 0
        places = list(session.scalars(select(Organization.id)))
    row = Broadcast(
        chat_id=chat,
        message_key="1",
        by_member_id=1,
        organizations=places,
        everybody=True,
        total=MEMBERS,
        shown="",
        begun_at=NOW,
    )
    begun = time.perf_counter()
    with database.begin() as session:
        broadcasts.start_broadcast(session, row, WORDS, due_at=NOW, expires_at=NOW + timedelta(hours=3))
    progress.fill()
    return time.perf_counter() - begun


def save(session: Session) -> None:
    """Something small."""
    session.add(Audit(at=NOW, action="saved", subject="x"))


def write_beside(database: Database, waits: list[float], ended: threading.Event) -> None:
    """Somebody else saves something small, again and again."""
    while not ended.wait(0.005):
        begun = time.perf_counter()
        database.write(save)
        waits.append(time.perf_counter() - begun)


def measure_both(database: Database) -> tuple[float, float, float]:
    """Seconds bare, ours, and the longest wait of another writer during ours."""
    fill_database(database)
    took_bare, took_ours, waits = [], [], [0.0]
    for _ in range(ROUNDS):
        took_bare.append(measure_bare(database))
        delete_deliveries(database)
        ended = threading.Event()
        other = threading.Thread(target=write_beside, args=(database, waits, ended))
        other.start()
        took_ours.append(measure_ours(database))
        ended.set()
        other.join()
        delete_deliveries(database)
    return min(took_bare), min(took_ours), max(waits)


def delete_deliveries(database: Database) -> None:
    """Count, and forget all deliveries."""
    with database.begin() as session:
        assert session.scalar(select(func.count()).select_from(Delivery)) >= MEMBERS
        session.execute(text("DELETE FROM deliveries"))


def main() -> None:
    """Both databases."""
    rows = []
    with tempfile.TemporaryDirectory(prefix="qlbench") as folder, run_server() as address:
        for name, url in (("SQLite", f"sqlite:///{folder}/bench.db"), ("PostgreSQL", address)):
            database = Database(url)
            took_bare, took_ours, wait = measure_both(database)
            database.close()
            ratio = took_ours / took_bare
            good = results.format_goal(ratio <= 1.5, "≤ 1.5 ×")
            waited = results.format_goal(wait <= LONGEST_WAIT_S, "≤ 250 ms") if name == "SQLite" else ""
            cells = [
                f"{took_bare:.2f} s",
                f"{took_ours:.2f} s",
                f"{ratio:.2f} ×",
                good,
                f"{wait * 1000:.0f} ms",
                waited,
            ]
            rows.append([name, *cells])
    head = [
        "database",
        "bare INSERT … SELECT",
        "a broadcast",
        "ratio",
        "goal",
        "longest wait of another writer",
        "goal",
    ]
    results.write_section(
        "fanning",
        f"One text to {MEMBERS:,} members",
        results.format_table(head, rows),
        f"The best of {ROUNDS}, alternating, each with the program's settings of the connection; the longest "
        "wait of all. Somebody else writes again and again beside the broadcast, and nobody beside the bare "
        "statement. On PostgreSQL it is one statement; on SQLite one for as many members at a time as take "
        f"{broadcasts.PART_S * 1000:.0f} ms, so that others can write in between.",
    )


if __name__ == "__main__":
    main()
