"""Fault cases: the bot process is killed, at random and at each named point."""

import asyncio

from tests.faults.crash_points import NAMES
from tests.faults.size import Size
from tests.faults.tally import Tally
from tests.faults.world import World


async def at_each_point(world: World, size: Size) -> Tally:
    """kill -9 at every named point, with work to do each time; in the small form at three of them."""
    points = NAMES if size.patient else NAMES[1::3]
    await world.fill(size.members)
    world.wave(size.deliveries - len(points))
    missed = []
    for number, point in enumerate(points):
        await world.say(size.reports // (len(points) + 1))
        if number:  # something that is due right away, whatever waits alone
            world.notices([(world.a_member(number), f"另一通知 {number}")])
        times = 1 if point in ("after_fetch", "after_inbox") else 1 + number % 3
        if not await world.dies(f"{point}:{times}"):
            missed.append(point)
    world.notices([(world.a_member(0), "另一通知 0")])
    await world.say(size.reports - world.reports)
    await world.start()
    tally = await world.ended()
    tally.must(not missed, f"never came to {'、'.join(missed)}")
    return tally


async def after_the_claim(world: World, size: Size) -> Tally:
    """kill -9 right after a claim, many times in a row: no innocent row dies."""
    await world.fill(size.members)
    world.wave(size.deliveries)
    await world.say(size.reports)
    killed = sum([await world.dies("after_claim") for _ in range(size.crashes)])
    await world.start()
    tally = await world.ended()
    tally.notes.append(f"killed {killed} times, dead rows {tally.dead}")
    tally.must(killed == size.crashes, "not killed each time")
    tally.must(not tally.dead, "innocent rows died")
    return tally


async def at_random(world: World, size: Size) -> Tally:
    """kill -9 at random moments under load."""
    await world.fill(size.members)
    rounds = size.crashes
    world.wave(size.deliveries)
    for number in range(rounds):
        await world.say(size.reports * (number + 1) // rounds - world.reports)
        process = await world.start(wait=True)
        await asyncio.sleep(world.random.uniform(0.0, 0.5))
        await world.kill(process)
    await world.start()
    tally = await world.ended()
    tally.notes.append(f"killed {rounds} times")
    return tally


async def poison(world: World, size: Size) -> Tally:
    """A message that kills the process is isolated; nothing dies with it."""
    await world.fill(size.members)
    world.wave(size.deliveries)
    await world.say(size.reports)
    world.notices([(world.a_member(0), "POISON")])
    deaths = 0
    while deaths < 12:
        process = await world.start(FAULTS_POISON="1")
        waiting = asyncio.create_task(process.wait())
        settling = asyncio.create_task(world.settled())
        await asyncio.wait({waiting, settling}, return_when=asyncio.FIRST_COMPLETED)
        if settling.done():
            waiting.cancel()
            break
        settling.cancel()
        world.died()
        deaths += 1
    tally = await world.ended(lost_if=lambda row: row.text != "POISON")
    tally.notes.append(f"it killed {deaths} times, dead rows {tally.dead}")
    tally.must(tally.dead == 1, "not the poison alone is dead")
    return tally
