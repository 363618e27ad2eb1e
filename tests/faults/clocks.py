"""Fault cases: the wall clock jumps, and the bot was away for hours."""

import asyncio
from datetime import timedelta
from pathlib import Path

from tests.faults.size import Size
from tests.faults.tally import Tally
from tests.faults.world import NOON, World

FAKETIME = (
    "/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1",
    "/usr/lib/aarch64-linux-gnu/faketime/libfaketime.so.1",
    "/usr/lib64/faketime/libfaketime.so.1",
)


def faketime() -> str | None:
    """The library that sets a process's wall clock, where it is installed."""
    return next((path for path in FAKETIME if Path(path).exists()), None)


async def wall_clock_jumps(world: World, size: Size) -> Tally:
    """The machine's clock is set an hour back and two hours forward while the bot runs."""
    setting = world.folder / "offset"
    setting.write_text("+0\n")
    await world.fill(size.members)
    await world.wave(size.deliveries // 3)
    await world.start(
        LD_PRELOAD=faketime() or "",
        FAKETIME_TIMESTAMP_FILE=str(setting),
        FAKETIME_NO_CACHE="1",
        FAKETIME_DONT_FAKE_MONOTONIC="1",
    )
    slowest = 0.0
    for offset in ("-3600\n", "+3600\n"):
        await asyncio.sleep(1.5)
        setting.write_text(offset)
        await asyncio.sleep(0.2)
        await world.wave(size.deliveries // 3)
        await world.say(size.reports // 2)
        slowest = max(slowest, await world.seconds_until_heard())
    finished = await world.settled()
    tally = await world.tally()
    tally.notes.append(f"after a jump the first message left within {slowest:.1f} s")
    if slowest > 5.0 or not finished:
        tally.lost += 1
    return tally


async def downtime(world: World, size: Size) -> Tally:
    """Three hours away: what is too late is dropped and counted, the rest goes out, the newest first."""
    await world.fill(size.members)
    minutes = 180.0
    dropped = 0
    for number in range(size.deliveries):
        due = NOON - timedelta(minutes=minutes * number / size.deliveries)
        late = number % 10 == 9
        dropped += late
        more = {"expires_at": due + timedelta(minutes=-1)} if late else {}
        await world.notices([(world.a_member(number), f"通知 {number}")], due=due, **more)
    await world.start()
    finished = await world.settled()
    tally = await world.tally(lost_if=lambda row: row.status != "expired")
    order = [int(send["text"].split()[1]) for send in await world.network.sends()]
    half = len(order) // 2
    newest_first = sum(order[:half]) / half < sum(order[half:]) / (len(order) - half)
    tally.notes.append(f"dropped as too late {size.deliveries - len(order)}, newest first {newest_first}")
    if size.deliveries - len(order) != dropped or not newest_first or not finished:
        tally.lost += 1
    return tally
