"""Sending unpaced: the dispatcher with claims, intents and marks on SQLite, beside bare loops."""

import asyncio
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime

from telegram import Bot

from benchmarks.network import TOKEN, Network, network, our_bot
from bot.telegram_channel import TelegramChannel
from models import deliveries, schema
from models.database import Database
from models.tables.people import Chat
from scheduler.dispatcher import Dispatcher
from scheduler.limits import UNLIMITED, Limits

FIRST = 1_000_000
NOW = datetime(2026, 9, 24, tzinfo=UTC)


@asynccontextmanager
async def filled(count: int) -> AsyncIterator[Database]:
    """An SQLite file with so many chats, and nothing to send."""
    with tempfile.TemporaryDirectory(prefix="qlbench") as folder:
        database = Database(f"sqlite:///{folder}/bench.db")
        await schema.upgrade(database)
        async with database.begin() as session:
            session.add_all([Chat(address=str(FIRST + i)) for i in range(count)])
        yield database
        await database.close()


async def put(database: Database, wave: str, count: int) -> None:
    """One delivery to each chat."""
    body = "文" * 60
    rows = [
        {"key": f"{wave}/{i}", "chat_id": 1 + i, "kind": "wave", "text": f"{wave} {i} {body}", "due_at": NOW}
        for i in range(count)
    ]
    async with database.begin() as session:
        await deliveries.enqueue_many(session, rows)


async def ours(database: Database, bot: Bot, net: Network, count: int, limits: Limits) -> float:
    """Messages a second of the dispatcher."""
    await put(database, f"w{time.monotonic()}", count)
    await net.accepted()
    dispatcher = Dispatcher(database, TelegramChannel(bot), now=lambda: NOW, limits=limits)
    begun = time.perf_counter()
    await dispatcher.drain()
    took = time.perf_counter() - begun
    assert await net.accepted() == count
    return count / took


async def bare(bot: Bot, count: int, in_flight: int) -> float:
    """Messages a second of a loop of `send_message` and nothing else."""
    numbers = iter(range(count))

    async def worker() -> None:
        for i in numbers:
            await bot.send_message(FIRST + i, f"bare {i} " + "文" * 60)

    begun = time.perf_counter()
    await asyncio.gather(*[worker() for _ in range(in_flight)])
    return count / (time.perf_counter() - begun)


async def main(count: int = 3000, rounds: int = 3) -> dict[str, float]:
    """The best of the rounds, which alternate."""
    best: dict[str, float] = {}

    def note(name: str, rate: float) -> None:
        best[name] = max(best.get(name, 0.0), rate)

    async with network() as net, filled(count) as database, our_bot(net.root) as bot:
        await net.people(FIRST, count)
        default = Bot(TOKEN, f"{net.root}/bot")
        async with default:
            for _ in range(rounds):
                note("bare, default transport, 10 in flight", await bare(default, count // 2, 10))
                note("bare, our transport, 10 in flight", await bare(bot, count, 10))
                note("bare, our transport, 50 in flight", await bare(bot, count, 50))
                for width in (10, 50):
                    limits = replace(UNLIMITED, in_flight=width)
                    note(f"dispatcher, {width} in flight", await ours(database, bot, net, count, limits))
        await net.do("settings", latency=0.05)
        for width in (50, 100, 150):
            limits = replace(UNLIMITED, in_flight=width)
            note(f"dispatcher, 50 ms, {width} in flight", await ours(database, bot, net, count, limits))
        note("bare, our transport, 50 ms, 100 in flight", await bare(bot, count, 100))
    return best


if __name__ == "__main__":
    for name, rate in asyncio.run(main()).items():
        print(f"{name:44} {rate:8.0f}/s")
