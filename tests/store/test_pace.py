"""The bot's pace: a message that has lost its slot asks for another."""

import asyncio
import time

from scheduler.pace import Pace


async def test_a_message_that_has_lost_its_slot_asks_for_another() -> None:
    asked = asyncio.Event()
    pace = Pace(10.0, 10, asked.set)
    leaving = asyncio.create_task(pace.depart())
    for slot in (-1.0, -1.0, 0.0):  # the first two are over when they come
        async with asyncio.timeout(10):
            await asked.wait()
        asked.clear()
        assert pace.wanted(0) == 1
        pace.give([time.monotonic() + slot])
    async with asyncio.timeout(10):
        await leaving
