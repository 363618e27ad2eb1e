"""Fault cases: the database is restarted, away, locked or full."""

import asyncio
import contextlib
import signal
import sqlite3

from sqlalchemy import select

from models.tables.deliveries import Delivery
from tests.faults.runner import Postgres
from tests.faults.size import Size
from tests.faults.tally import Tally
from tests.faults.world import World

BUSY_SECONDS = 5.0
LEASE_SECONDS = 30.0


async def postgres_restarts(world: World, size: Size, server: Postgres) -> Tally:
    """Fast and immediate restarts under load, and an absence longer than the leases."""
    await world.fill(size.members)
    world.wave(size.deliveries // 2)
    await world.network.do("settings", latency=0.05)
    await world.start()
    await world.say(size.reports // 2)
    for how in (signal.SIGINT, signal.SIGQUIT):
        await asyncio.sleep(0.4)
        await server.stop(how)
        await server.start()
    world.database.engine.dispose()
    world.wave(size.deliveries - size.deliveries // 2)
    await world.say(size.reports - world.reports)
    await asyncio.sleep(0.4)
    await server.stop(signal.SIGQUIT)
    await asyncio.sleep(LEASE_SECONDS + 5 if size.patient else 1.0)
    await server.start()
    world.database.engine.dispose()
    return await world.ended()


async def sqlite_is_locked(world: World, size: Size) -> Tally:
    """Somebody else holds the write lock for longer than the busy timeout."""
    await world.fill(size.members)
    world.wave(size.deliveries)
    await world.network.do("settings", latency=0.05)
    await world.start()
    await world.say(size.reports)
    await asyncio.sleep(0.2)
    with contextlib.closing(sqlite3.connect(world.file(), isolation_level=None)) as other:
        other.execute("PRAGMA busy_timeout = 10000")
        other.execute("BEGIN IMMEDIATE")
        await asyncio.sleep(BUSY_SECONDS + 2.0)
        other.execute("ROLLBACK")
    return await world.ended()


async def disk_is_full(world: World, size: Size) -> Tally:
    """The disk fills up twice: nothing leaves without a written intent; it goes on by itself, or is killed.

    A full disk takes writes for as long as there is room inside the log file that SQLite has already.
    """
    await world.fill(size.members)
    await world.network.do("settings", latency=0.2)
    while_full = unwritten = 0
    for killed in (False, True):
        world.wave(size.deliveries // 2)
        process = await world.start()
        await asyncio.sleep(0.2)
        with (world.disk() / "filler").open("wb", buffering=0) as file, contextlib.suppress(OSError):
            while True:
                file.write(b"\0" * 4096)
        await world.say(size.reports // 2)
        await asyncio.sleep(1.5)
        before = len(await world.network.sends())
        await asyncio.sleep(3.0)
        while_full += len(await world.network.sends()) - before
        unwritten += await _without_intent(world)
        if killed:
            await world.kill(process)
        (world.disk() / "filler").unlink()
        if killed:
            await world.start()
        await world.settled()
        if not killed:
            process.terminate()
            await process.wait()
    tally = await world.ended()
    tally.notes.append(f"sent while full {while_full}, without a written intent {unwritten}")
    tally.must(not unwritten, "something was sent that could not be written down")
    return tally


async def _without_intent(world: World) -> int:
    """How many notices have arrived of which the database does not know that they may have left."""
    heard = [send["text"] for send in await world.network.sends() if send["text"].startswith("通知 ")]
    with world.database.read() as session:
        known = set(session.scalars(select(Delivery.text).where(Delivery.status.in_(("sending", "sent")))))
    return len(set(heard) - known)
