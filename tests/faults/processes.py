"""Fault cases: several processes on one database, one of them paused, one too many, or behind a webhook."""

import asyncio
import signal
import time

from tests.faults.network import TOKEN
from tests.faults.proxy import Road, free_port
from tests.faults.size import Size
from tests.faults.tally import Tally
from tests.faults.world import World

LEASE_SECONDS = 30.0


async def several(world: World, size: Size) -> Tally:
    """Four processes share the deliveries and the inbox; one is killed, one paused beyond its leases."""
    await world.fill(size.members)
    world.wave(size.deliveries)
    await world.network.do("settings", latency=0.05)
    processes = [await world.start(wait=False) for _ in range(4)]
    await world.say(size.reports)
    await world.until(lambda: _sent(world, size.deliveries // 4))
    await world.kill(processes[0])
    processes[1].send_signal(signal.SIGSTOP)
    world.died()  # at most what it has in flight may be doubted
    await asyncio.sleep(LEASE_SECONDS + 8.0 if size.patient else 1.0)
    processes[1].send_signal(signal.SIGCONT)
    return await world.ended()


async def paused(world: World, size: Size) -> Tally:
    """One of two processes is paused for longer than its leases: at most what it had written may repeat."""
    await world.fill(size.members)
    await world.network.do("settings", latency=0.2)
    first = await world.start()
    world.wave(size.deliveries)
    await world.say(size.reports)
    await world.until(lambda: _sent(world, size.deliveries // 4))
    first.send_signal(signal.SIGSTOP)
    await asyncio.sleep(0.5)
    world.died()
    sent_before = len(await world.network.sends())
    await world.start()
    await asyncio.sleep(LEASE_SECONDS + 8.0)
    first.send_signal(signal.SIGCONT)
    tally = await world.ended()
    tally.notes.append(f"sent before the pause {sent_before}")
    tally.must(0 < sent_before < size.deliveries, "paused too early or too late")
    return tally


async def _dies(world: World, process: asyncio.subprocess.Process) -> None:
    """What it had in flight is counted at once: another process soon takes it up."""
    await process.wait()
    world.died()


async def _sent(world: World, count: int) -> bool:
    return len(await world.network.sends()) >= count


async def two_pollers(world: World, size: Size) -> Tally:
    """Of two processes one polls and the other stands by, and takes over when the first is killed."""
    await world.fill(size.members)
    world.wave(size.deliveries)
    first = await world.start()
    await world.start()
    await world.say(size.reports // 2)
    await world.settled()
    conflicts = (await world.network.do("accepted", sends=False))["codes"].get("409", 0)
    await world.kill(first)
    begun = time.monotonic()
    await world.say(size.reports - world.reports)
    tally = await world.ended()
    took = time.monotonic() - begun
    stands_by = world.log().count("standing by: another process of this bot polls")
    tally.notes.append(f"409s {conflicts}, stood by {stands_by}, taken over and done within {took:.1f} s")
    tally.must(not conflicts and stands_by, "both polled")
    return tally


async def other_program(world: World, size: Size) -> Tally:
    """Another program polls with the same token (409): this one stands by, says so, sends, and comes back."""
    await world.fill(size.members)
    world.wave(size.deliveries)
    polling = asyncio.create_task(_poll(world))
    await world.start()
    await world.say(size.reports)
    await world.until(lambda: _says(world, "standing by: another program polls"))
    polling.cancel()
    await asyncio.wait([polling])
    tally = await world.ended()
    conflicts = (await world.network.do("accepted", sends=False))["codes"].get("409", 0)
    tally.notes.append(f"409s {conflicts}")
    return tally


async def _says(world: World, words: str) -> bool:
    return words in world.log()


async def _poll(world: World) -> None:
    """A program that asks for updates all the time and confirms none of them."""
    while True:
        await world.network.call(TOKEN, "getUpdates", timeout=1)


async def second_run(world: World, size: Size) -> Tally:
    """On SQLite a second `qingli run` refuses to start; other commands work beside the first."""
    await world.fill(size.members)
    world.wave(size.deliveries)
    await world.start()
    await world.say(size.reports)
    refused, said = await world.command("run")
    others = [
        (await world.command(*words))[0]
        for words in (("status",), ("plan",), ("check",), ("backup", str(world.folder / "beside.db")))
    ]
    tally = await world.ended()
    tally.notes.append(f"the second ended with {refused}, the other commands with {others}")
    tally.must(refused == 1 and "另一个 qingli run" in said, "a second process runs")
    tally.must(not any(others), "a command does not work")
    return tally


async def webhook(world: World, size: Size) -> Tally:
    """Processes behind one address: connections are cut, one process is killed before it says 200."""
    await world.fill(size.members)
    world.wave(size.deliveries)
    several = world.address.startswith("postgresql")
    ports = [free_port() for _ in range(2 if several else 1)]
    road = Road(*(f"http://127.0.0.1:{port}" for port in ports))
    await road.open()
    address = {"QINGLI_WEBHOOK__URL": f"{road.root}/telegram"}
    if several:
        await world.start(QINGLI_WEBHOOK__PORT=str(ports[1]), **address)
    first = await world.start("after_inbox:60", QINGLI_WEBHOOK__PORT=str(ports[0]), **address)
    dying = asyncio.create_task(_dies(world, first))
    saying = asyncio.create_task(world.say(size.reports))
    for _ in range(size.crashes):
        await asyncio.sleep(0.15)
        road.cut()
    await saying
    async with asyncio.timeout(60):
        await dying
    await world.start(QINGLI_WEBHOOK__PORT=str(ports[0]), **address)
    tally = await world.ended()
    tally.notes.append(
        f"{len(ports)} processes, one killed before it said 200, connections cut {size.crashes} times"
    )
    tally.must(first.returncode == -signal.SIGKILL, "nobody was killed")
    await road.close()
    return tally
