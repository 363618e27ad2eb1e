"""Fault cases: the wall clock jumps, summer time begins and ends, and the bot was away for hours."""

import asyncio
import os
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import func, select, update

from models.tables.coordination import Heartbeat
from models.tables.deliveries import Delivery
from tests.faults.size import Size
from tests.faults.tally import Tally
from tests.faults.world import SECRETARIES, World

FAKETIME = (
    "/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1",
    "/usr/lib/aarch64-linux-gnu/faketime/libfaketime.so.1",
    "/usr/lib64/faketime/libfaketime.so.1",
    os.environ.get("LIBFAKETIME", ""),
)
MOON = datetime.fromisoformat("2026-09-24T12:00:00+08:00")
"""Three hours after everybody is reminded of 中秋."""


def faketime() -> str | None:
    """The library that sets a process's wall clock, where it is installed or LIBFAKETIME says it is."""
    return next((path for path in FAKETIME if path and Path(path).exists()), None)


async def wall_clock_jumps(world: World, size: Size) -> Tally:
    """The machine's clock, which the bot goes by, is set an hour back and two hours forward while it runs."""
    setting = world.folder / "offset"
    setting.write_text("+0\n")
    world.as_of = None
    await world.fill(size.members)
    world.wave(size.deliveries // 3)
    await world.start(
        LD_PRELOAD=faketime() or "",
        FAKETIME_TIMESTAMP_FILE=str(setting),
        FAKETIME_CACHE_DURATION="1",
        FAKETIME_DONT_FAKE_MONOTONIC="1",
        QINGLI_REMINDERS__QUIET_FROM="00:00",
        QINGLI_REMINDERS__QUIET_UNTIL="00:00",
    )
    slowest = 0.0
    for offset in ("-3600\n", "+3600\n"):
        await world.settled()
        setting.write_text(offset)
        await asyncio.sleep(1.5)  # it looks at the file once a second
        before = len(await world.network.sends())
        world.wave(size.deliveries // 3)
        slowest = max(slowest, await world.seconds_until_heard(before))
        await world.say(size.reports // 2)
    world.wave(size.deliveries - size.deliveries // 3 * 3)
    tally = await world.ended()
    tally.notes.append(f"after a jump the first message left within {slowest:.1f} s")
    tally.must(slowest <= 5.0, "too slow")
    return tally


async def summer_time(world: World, size: Size) -> Tally:
    """A reminder at 02:30, which one night leaves out (so it is 03:30) and another night has twice."""
    await world.fill(size.members)
    heard = []
    for night, days, slot in NIGHTS:
        world.as_of = datetime.fromisoformat(night)
        world.wave(size.deliveries // len(NIGHTS))
        await world.say(size.reports // len(NIGHTS))
        process = await world.start(
            QINGLI_CALENDAR__TIMEZONE="Europe/Berlin",
            QINGLI_REMINDERS__SECRETARIES_AT="02:30",
            QINGLI_REMINDERS__SECRETARIES_DAYS_BEFORE=days,
            QINGLI_PRIVACY__KEEP_MESSAGES_DAYS="3650",
            QINGLI_REMINDERS__QUIET_FROM="00:00",
            QINGLI_REMINDERS__QUIET_UNTIL="00:00",
        )
        await asyncio.sleep(15.0)
        await world.settled()
        process.terminate()
        await process.wait()
        heard.append(_reminders(world, datetime.fromisoformat(slot)))
    tally = await world.ended()
    counts = "/".join(map(str, heard))
    tally.notes.append(f"reminded so far after 03:00, 03:30, the first, the second 02:30: {counts}")
    tally.must(heard == [0, SECRETARIES, SECRETARIES, SECRETARIES], "not each once at its time")
    return tally


NIGHTS = (
    ("2026-03-29T01:59:50+01:00", "2", "2026-03-29T01:30:00+00:00"),
    ("2026-03-29T03:29:50+02:00", "2", "2026-03-29T01:30:00+00:00"),
    ("2026-10-25T02:29:50+02:00", "6", "2026-10-25T00:30:00+00:00"),
    ("2026-10-25T02:29:50+01:00", "6", "2026-10-25T00:30:00+00:00"),
)
"""When a process begins, the days before the due day, and when 02:30 is then."""


def _reminders(world: World, slot: datetime) -> int:
    """How many were sent of a slot."""
    with world.database.read() as session:
        query = select(func.count()).where(
            Delivery.kind == "reminder", Delivery.status == "sent", Delivery.due_at == slot
        )
        return session.scalar(query) or 0


async def downtime(world: World, size: Size) -> Tally:
    """Three hours away: the rest goes out, the newest first; what is too late is dropped and reported."""
    world.as_of = MOON
    await world.fill(size.deliveries, belonging=True)
    dropped = size.deliveries // 10
    for number in range(size.deliveries):
        due = MOON - timedelta(hours=3) * (number / size.deliveries)
        more = {"expires_at": due - timedelta(minutes=1)} if number % 10 == 9 else {}
        world.notices([(world.a_member(number), f"通知 {number}")], due=due, **more)
    await world.say(size.reports)
    await world.start()
    await world.until(lambda: _all_told(world, dropped))
    tally = await world.ended(lost_if=lambda row: row.status != "expired")
    texts = [send["text"] for send in await world.network.sends()]
    order = [int(text.split()[1]) for text in texts if text.startswith("通知 ")]
    half = len(order) // 2
    labelled, told = sum("迟发了" in text for text in texts), await world.told_admin(DROPPED)
    tally.notes.append(
        f"labelled late {labelled}, dropped {size.deliveries - len(order)}, told to the admin {told}"
    )
    newest_first = sum(order[:half]) / half < sum(order[half:]) / (len(order) - half)
    tally.must(newest_first, "the newest do not go first")
    tally.must(len(order) == size.deliveries - dropped and told == dropped, "dropped and not reported")
    tally.must(labelled >= size.deliveries, "late reminders do not say so")
    return tally


DROPPED = "条消息过了时限"


async def _all_told(world: World, count: int) -> bool:
    return await world.told_admin(DROPPED) == count


async def a_day_away(world: World, size: Size) -> Tally:
    """26 hours away: Telegram has dropped updates; everybody is told once, kills in between or not.

    The marks of the last time are set back, since nobody waits for a day; what was dropped is said again.
    """
    people = size.members + SECRETARIES + 1
    await world.fill(size.members, belonging=True)
    await world.say(size.reports // 2)
    first = await world.start()
    await world.settled()
    first.terminate()
    await first.wait()
    with world.database.begin() as session:
        for mark in session.scalars(select(Heartbeat)):
            session.execute(
                update(Heartbeat).where(Heartbeat.name == mark.name).values(at=mark.at - timedelta(hours=26))
            )
    await world.say(20)
    await world.network.do("updates", clear=True)
    world.reports -= 20
    world.say_again(20)
    world.wave(size.deliveries)
    for point in ("after_intent", "after_mark", "after_claim"):
        await world.dies(f"{point}:3")
    await world.say(size.reports - world.reports)
    await world.start()
    await world.until(lambda: _all_know(world, people))
    tally = await world.ended()
    told = await _silence(world)
    tally.notes.append(f"told of the silence {told} of {people}")
    tally.must(told == people, "not everybody was told")
    return tally


async def _all_know(world: World, people: int) -> bool:
    return await _silence(world) == people


async def _silence(world: World) -> int:
    """How many heard of the silence; who heard it twice without a label is counted as repeated."""
    return len({send["chat_id"] for send in await world.network.sends() if "起停了一段时间" in send["text"]})
