"""Claims 100 due of 1,000,000 pending deliveries, beside the bare statement and driver."""

import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from typing import Any

import psycopg
from sqlalchemy import event, text
from sqlalchemy.orm import Session

from benchmarks import results
from benchmarks.postgres import run_server
from models.delivery import claims
from models.storage import schema
from models.storage.database import Database

PENDING, DUE, CHATS, ROUNDS = 1_000_000, 100, 10_000, 40
NOW = datetime(2026, 9, 24, 1, 0, tzinfo=UTC)

BARE_INDEX = "CREATE INDEX bare_due ON deliveries (due_at) WHERE status = 'pending'"
BARE = """
WITH due AS MATERIALIZED (
    SELECT id FROM deliveries
    WHERE status = 'pending' AND due_at <= {now}
    ORDER BY due_at LIMIT 100 {lock}
)
UPDATE deliveries SET status = 'leased', lease_by = 'me', lease_until = 5.0
WHERE id IN (SELECT id FROM due) RETURNING id
"""
CHAT_ROWS = """
INSERT INTO chats (channel, address, kind) SELECT 'telegram', CAST(i AS text), 'private' FROM {numbers}
"""
ROWS = """
INSERT INTO deliveries (key, chat_id, kind, text, due_at, policy, status, next_at, attempts, alone, doubts)
SELECT 'k' || i, 1 + i % :chats, 'notice', 'x',
       CASE WHEN i % :chats = i / :chats THEN {due} ELSE {later} END,
       'resend', 'pending', 0, 0, false, 0
FROM {numbers}
"""
SQLITE = {
    "numbers": "(WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < :last)"
    " SELECT i FROM n)",
    "due": "'2026-09-24 00:59:00.000000'",
    "later": "datetime('2026-09-24 01:00:01', '+' || (1 + i % 365) || ' days') || '.000000'",
}
POSTGRES = {
    "numbers": "generate_series(0, CAST(:last AS integer)) AS n(i)",
    "due": "timestamptz '2026-09-24 00:59:00Z'",
    "later": "timestamptz '2026-09-24 01:00:01Z' + (1 + i % 365) * interval '1 day'",
}
AGAIN = (
    "UPDATE deliveries SET status = 'pending', lease_by = NULL, lease_until = NULL WHERE status = 'leased'"
)
Claim = Callable[[], int]


def fill_database(database: Database, pending: int = PENDING, chats: int = CHATS) -> None:
    """So many pending rows, as many to each chat; of each of the first hundred chats one is due."""
    schema.upgrade_schema(database)
    words = SQLITE if database.sqlite else POSTGRES
    with database.begin() as session:
        session.execute(text(CHAT_ROWS.format(**words)), {"last": chats - 1})
        session.execute(text(ROWS.format(**words)), {"last": pending - 1, "chats": chats})
    with database.engine.connect() as connection:
        if database.sqlite:
            return
        own = connection.execution_options(isolation_level="AUTOCOMMIT")
        own.execute(text("VACUUM ANALYZE deliveries"))


def measure_claims(database: Database, claims: dict[str, Claim]) -> dict[str, float]:
    """Median milliseconds of each, alternating."""
    took: dict[str, list[float]] = {name: [] for name in claims}
    for _ in range(ROUNDS):
        for name, claim in claims.items():
            begun = time.perf_counter()
            found = claim()
            took[name].append((time.perf_counter() - begun) * 1000)
            assert found == DUE, (name, found)
            with database.begin() as session:
                session.execute(text(AGAIN))
    return {name: statistics.median(times) for name, times in took.items()}


def claim_due(session: Session) -> None:
    """The program's claim."""
    claims.claim(session, me="me", due=NOW, now=0.0, until=30.0, many=DUE)


def explain_claim(database: Database, claim: Callable[[Session], object] = claim_due) -> str:
    """How the database carries out the first statement of a claim that takes rows; the claim is undone."""
    said: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_rest: object) -> None:
        said.append((statement, parameters))

    with database.begin() as session:
        connection = session.connection()
        event.listen(connection, "before_cursor_execute", note)
        claim(session)
        statement, parameters = next(each for each in said if "UPDATE" in each[0])
        explain = "EXPLAIN QUERY PLAN " if database.sqlite else "EXPLAIN "
        rows = connection.exec_driver_sql(explain + statement, parameters).all()
        session.rollback()
    return "\n".join(str(row[-1]) for row in rows)


def is_by_index(shown: str) -> bool:
    """Whether a plan finds due deliveries by their index and scans no table."""
    whole = [line for line in shown.splitlines() if "Seq Scan on deliveries" in line or line == "SCAN d"]
    return "ix_deliveries_due" in shown and not whole


def build_own_claim(database: Database) -> Claim:
    """Build the dispatcher's claim, with its transaction."""

    def claim() -> int:
        with database.begin() as session:
            now = database.now(session)
            rows = claims.claim(session, me="me", due=NOW, now=now, until=now + 30, many=DUE)
        return len(rows)

    return claim


@contextmanager
def open_bare_claim(database: Database) -> Iterator[Claim]:
    """The bare statement through the bare driver, in a transaction too."""
    if database.sqlite:
        statement = BARE.format(now="'2026-09-24 01:00:00.000000'", lock="")
        with closing(sqlite3.connect(str(database.url.database), isolation_level=None)) as driver:
            driver.execute("PRAGMA synchronous = FULL")

            def claim() -> int:
                driver.execute("BEGIN IMMEDIATE")
                rows = driver.execute(statement).fetchall()
                driver.execute("COMMIT")
                return len(rows)

            yield claim
        return
    statement = BARE.format(now="%s", lock="FOR UPDATE SKIP LOCKED")
    with psycopg.connect(database.url.set(drivername="postgresql").render_as_string(False)) as connection:

        def claim() -> int:
            with connection.transaction():
                return len(connection.execute(statement, [NOW]).fetchall())

        yield claim


def main() -> None:
    """Both databases."""
    rows = []
    with tempfile.TemporaryDirectory(prefix="qlbench") as folder, run_server() as address:
        for name, url in (("SQLite", f"sqlite:///{folder}/bench.db"), ("PostgreSQL", address)):
            database = Database(url)
            fill_database(database)
            assert is_by_index(explain_claim(database))
            with database.begin() as session:
                session.execute(text(BARE_INDEX))
            with open_bare_claim(database) as bare_claim:
                found = measure_claims(database, {"bare": bare_claim, "ours": build_own_claim(database)})
            database.close()
            ratio = found["ours"] / found["bare"]
            met = results.format_goal(ratio <= 2, "≤ 2 ×")
            rows.append([name, f"{found['bare']:.1f} ms", f"{found['ours']:.1f} ms", f"{ratio:.2f} ×", met])
    head = ["database", "bare statement, bare driver", "`models.delivery.claims.claim`", "ratio", "goal"]
    note = (
        f"Median of {ROUNDS}, alternating, each with its transaction. Ours gives whole rows and keeps each "
        "chat's order; the bare statement has an index of its own. EXPLAIN finds what is due by its index."
    )
    results.write_section(
        "claiming", "Claiming 100 due of 1,000,000 pending", results.format_table(head, rows), note
    )


if __name__ == "__main__":
    main()
