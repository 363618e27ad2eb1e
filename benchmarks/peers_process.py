"""Measures one of the other schedulers, in the environment of `benchmarks.peers`.

Arguments: NAME URL ITEMS. Prints a JSON object: the seconds of enqueueing the items, the seconds of
claiming a hundred due ones, and the share of a core that an idle worker uses.
"""

import asyncio
import json
import sys
import time
import uuid
from datetime import UTC, datetime, timedelta
from importlib.metadata import version
from typing import Any

DUE, AT_ONCE, IDLE_S = 100, 1_000, 5.0
FUTURE = timedelta(days=30)


async def measure_procrastinate(url: str, items: int) -> dict[str, Any]:
    """Measure procrastinate: enqueues in batches, fetches one job at a time."""
    from procrastinate import App, PsycopgConnector

    app = App(connector=PsycopgConnector(conninfo=url))

    @app.task(name="say")
    def say(number: int) -> None:
        """Nothing: what is measured is the way to it."""

    async with app.open_async():
        await app.schema_manager.apply_schema_async()
        later = datetime.now(UTC) + FUTURE
        begun = time.perf_counter()
        await say.batch_defer_async(*[{"number": i} for i in range(DUE)])
        for start in range(DUE, items, AT_ONCE):
            rows = [{"number": i} for i in range(start, min(start + AT_ONCE, items))]
            await say.configure(schedule_at=later).batch_defer_async(*rows)
        enqueued = time.perf_counter() - begun
        worker = await app.job_manager.register_worker()
        begun = time.perf_counter()
        jobs = [await app.job_manager.fetch_job(queues=None, worker_id=worker) for _ in range(DUE)]
        claimed = time.perf_counter() - begun
        assert all(jobs)
        return {
            "enqueue": enqueued,
            "claim": claimed,
            "idle": await measure_idle(app.run_worker_async(wait=True)),
        }


async def measure_pgqueuer(url: str, items: int) -> dict[str, Any]:
    """Measure pgqueuer: enqueues and dequeues in batches."""
    import asyncpg
    from pgqueuer import QueueManager
    from pgqueuer.db import AsyncpgDriver
    from pgqueuer.queries import EntrypointExecutionParameter, Queries

    connection = await asyncpg.connect(url)
    queries = Queries(AsyncpgDriver(connection))
    await queries.install()
    begun = time.perf_counter()
    await queries.enqueue(["say"] * DUE, [None] * DUE, [0] * DUE)
    for start in range(DUE, items, AT_ONCE):
        many = min(AT_ONCE, items - start)
        await queries.enqueue(["say"] * many, [None] * many, [0] * many, [FUTURE] * many)
    enqueued = time.perf_counter() - begun
    begun = time.perf_counter()
    jobs = await queries.dequeue(
        DUE, {"say": EntrypointExecutionParameter(0)}, uuid.uuid4(), None, timedelta(seconds=30)
    )
    claimed = time.perf_counter() - begun
    assert len(jobs) == DUE, len(jobs)
    manager = QueueManager(queries)

    @manager.entrypoint("say")
    async def say(_job: Any) -> None:
        """Nothing."""

    return {"enqueue": enqueued, "claim": claimed, "idle": await measure_idle(manager.run())}


def do_nothing(number: int) -> None:
    """Do nothing, as a job of APScheduler."""


async def measure_apscheduler(url: str, items: int) -> dict[str, Any]:
    """Measure APScheduler's SQLAlchemy job store: one job at a time."""
    from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore
    from apscheduler.schedulers.asyncio import AsyncIOScheduler

    store = SQLAlchemyJobStore(url.replace("postgresql://", "postgresql+psycopg://"))
    scheduler = AsyncIOScheduler(jobstores={"default": store}, timezone=UTC)
    scheduler.start(paused=True)
    now = datetime.now(UTC)
    begun = time.perf_counter()
    for number in range(items):
        at = now - timedelta(minutes=1) if number < DUE else now + FUTURE
        scheduler.add_job(f"{__name__}:said", "date", run_date=at, args=[number], misfire_grace_time=None)
    enqueued = time.perf_counter() - begun
    begun = time.perf_counter()
    jobs = store.get_due_jobs(datetime.now(UTC))
    for job in jobs:
        store.remove_job(job.id)
    claimed = time.perf_counter() - begun
    assert len(jobs) == DUE, len(jobs)
    scheduler.resume()
    return {"enqueue": enqueued, "claim": claimed, "idle": await measure_idle(asyncio.sleep(IDLE_S))}


async def measure_idle(worker: Any) -> float:
    """Return the share of a core that a worker uses while nothing is due."""
    begun = time.process_time()
    try:
        async with asyncio.timeout(IDLE_S):
            await worker
    except TimeoutError:
        pass
    return (time.process_time() - begun) / IDLE_S


if __name__ == "__main__":
    name, url, items = sys.argv[1], sys.argv[2], int(sys.argv[3])
    work = {
        "procrastinate": measure_procrastinate,
        "pgqueuer": measure_pgqueuer,
        "APScheduler": measure_apscheduler,
    }[name]
    print(json.dumps(asyncio.run(work(url, items)) | {"version": version(name)}))
