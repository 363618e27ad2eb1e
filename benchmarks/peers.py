"""Beside other schedulers on one PostgreSQL: enqueueing 100,000 items, claiming, idling.

They are installed into a temporary environment at run time and are no part of the program, so that
this measurement needs a package index.
"""

import asyncio
import json
import subprocess
import sys
import tempfile
import time
from datetime import timedelta
from pathlib import Path

import psycopg
from sqlalchemy import text

from benchmarks import results
from benchmarks.claiming import CHAT_ROWS, DUE, NOW, POSTGRES
from benchmarks.postgres import run_server
from models.delivery import claims, deliveries
from models.rules.deliveries import DeliveryKind, NewDelivery
from models.storage import schema
from models.storage.database import Database
from scheduler.delivery.dispatcher import Dispatcher
from scheduler.delivery.limits import UNLIMITED

PEERS = ("APScheduler", "procrastinate", "pgqueuer")
PACKAGES = ("apscheduler<4", "sqlalchemy<2.2", "procrastinate", "pgqueuer", "asyncpg", "psycopg[binary,pool]")
ITEMS, AT_ONCE, IDLE_S = 100_000, 500, 5.0


def create_environment(folder: Path) -> str:
    """Install the other schedulers; returns the path of their Python."""
    subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
    python = str(folder / "bin" / "python")
    subprocess.run([python, "-m", "pip", "install", "--quiet", *PACKAGES], check=True)
    return python


async def measure_ours(address: str, items: int) -> dict[str, float]:
    """Measure the planner's enqueueing, the dispatcher's claim, and its idle polling."""
    database = Database(address)
    schema.upgrade_schema(database)
    with database.begin() as session:
        session.execute(text(CHAT_ROWS.format(**POSTGRES)), {"last": items - 1})
    begun = time.perf_counter()
    for start in range(0, items, AT_ONCE):
        rows = [
            {"key": f"k{i}", "chat_id": 1 + i, "kind": DeliveryKind.NOTICE, "text": "x",
             "due_at": NOW if i < DUE else NOW + timedelta(days=30)}
            for i in range(start, min(start + AT_ONCE, items))
        ]  # fmt: skip
        with database.begin() as session:
            deliveries.enqueue_many(session, [NewDelivery(**row) for row in rows])
    enqueued = time.perf_counter() - begun
    begun = time.perf_counter()
    with database.begin() as session:
        now = database.now(session)
        found = claims.claim(session, me="me", due=NOW, now=now, until=now + 3600, many=DUE)
    claimed = time.perf_counter() - begun
    assert len(found) == DUE
    with database.begin() as session:
        session.execute(text("UPDATE deliveries SET status = 'sent' WHERE status = 'leased'"))
    dispatcher = Dispatcher(database, NoChannel(), now=lambda: NOW, limits=UNLIMITED)
    before, ends = time.process_time(), time.monotonic() + IDLE_S
    while time.monotonic() < ends:
        await dispatcher.run_once()
        await asyncio.sleep(1.0)
    idle = (time.process_time() - before) / IDLE_S
    database.close()
    return {"enqueue": enqueued, "claim": claimed, "idle": idle}


class NoChannel:
    """A channel that must not be used."""

    async def send(self, letter: object) -> str:
        """Fail."""
        raise AssertionError(letter)


async def main(items: int) -> None:
    """Measure each scheduler on a database of its own."""
    with tempfile.TemporaryDirectory(prefix="qlpeers") as folder, run_server() as address:
        python = create_environment(Path(folder))
        control = psycopg.connect(address, autocommit=True)
        found = {"ours": await measure_ours(address, items)}
        names = {"ours": "`models.delivery.deliveries`, `models.delivery.claims`"}
        for name in PEERS:
            control.execute(f'CREATE DATABASE "{name.lower()}"')
            words = [
                python,
                "-m",
                "benchmarks.peers_process",
                name,
                address.replace("/bench", f"/{name.lower()}"),
            ]
            said = subprocess.run([*words, str(items)], capture_output=True, text=True, check=False)  # noqa: ASYNC221
            assert said.returncode == 0, said.stderr[-2000:]
            found[name] = json.loads(said.stdout.splitlines()[-1])
            names[name] = f"{name} {found[name].pop('version')}"
        control.close()
    mine = found["ours"]
    rows = [
        [
            names[name],
            f"{each['enqueue']:.1f} s ({each['enqueue'] / mine['enqueue']:.1f} ×)",
            f"{each['claim'] * 1000:.0f} ms ({each['claim'] / mine['claim']:.1f} ×)",
            f"{each['idle'] * 100:.1f} %",
        ]
        for name, each in found.items()
    ]
    results.write_section(
        "peers",
        f"Beside other schedulers: {items:,} items on one PostgreSQL",
        results.format_table(["", "put in", f"{DUE} due claimed", "of a core while nothing is due"], rows),
        "Each in its own way: ours in parts of 500 as the planner does, procrastinate and pgqueuer in "
        "batches of 1,000, APScheduler one by one, since its job store takes no more in a "
        "transaction. procrastinate claims one at a time; APScheduler reads what is due and removes it.",
    )


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else ITEMS))
