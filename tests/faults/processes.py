"""Fault cases: several processes on one PostgreSQL database, one of them paused or one too many."""

import asyncio
import signal
import time

from tests.faults.size import Size
from tests.faults.tally import Tally
from tests.faults.world import World

LEASE_SECONDS = 30.0


async def several(world: World, size: Size) -> Tally:
    """Four processes share the deliveries and the inbox; one is killed and one is paused for a moment."""
    await world.fill(size.members)
    await world.wave(size.deliveries)
    await world.network.do("settings", latency=0.05)
    processes = [await world.start(wait=False) for _ in range(4)]
    await world.say(size.reports)
    await asyncio.sleep(2.5)
    await world.kill(processes[0])
    processes[1].send_signal(signal.SIGSTOP)
    await asyncio.sleep(1.0)
    processes[1].send_signal(signal.SIGCONT)
    finished = await world.settled()
    tally = await world.tally()
    tally.notes += [] if finished else ["not finished"]
    return tally


async def paused(world: World, size: Size) -> Tally:
    """One of two processes is paused for longer than its leases: at most what it had written may repeat."""
    await world.fill(size.members)
    await world.network.do("settings", latency=0.2)
    first = await world.start()
    await world.wave(size.deliveries)
    await world.say(size.reports)
    await asyncio.sleep(1.2)
    first.send_signal(signal.SIGSTOP)
    sent_before = len(await world.network.sends())
    second = await world.start()
    await asyncio.sleep(LEASE_SECONDS + 8.0)
    first.send_signal(signal.SIGCONT)
    finished = await world.settled()
    tally = await world.tally()
    tally.notes.append(f"sent before the pause {sent_before}, processes {first.pid != second.pid and 2}")
    tally.notes += [] if finished else ["not finished"]
    return tally


async def two_pollers(world: World, size: Size) -> Tally:
    """Of two processes one polls and the other stands by, and takes over when the first is killed."""
    await world.fill(size.members)
    first = await world.start()
    await world.start()
    await world.say(size.reports // 2)
    await world.settled()
    conflicts = (await world.network.do("accepted", sends=False))["codes"].get("409", 0)
    await world.kill(first)
    begun = time.monotonic()
    await world.say(size.reports - world.reports)
    finished = await world.settled()
    took = time.monotonic() - begun
    tally = await world.tally()
    stands_by = (world.folder / "bot.log").read_text().count("standing by")
    tally.notes.append(f"409s {conflicts}, stood by {stands_by}, taken over within {took:.1f} s")
    if conflicts or not stands_by:
        tally.twice += 1
    tally.notes += [] if finished else ["not finished"]
    return tally
