"""Unpaced sending with claims, intents and marks on SQLite, beside bare loops."""

import asyncio
import statistics
import tempfile
import time
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime

from telegram import Bot

from benchmarks import results
from benchmarks.network import TOKEN, Network, open_bot, run_network
from bot.channels.telegram.channel import TelegramChannel
from models.delivery import deliveries
from models.rules.deliveries import DeliveryKind, NewDelivery
from models.storage import schema
from models.storage.database import Database
from models.tables.people import Chat
from scheduler.delivery.dispatcher import Dispatcher
from scheduler.delivery.limits import UNLIMITED, Limits

FIRST = 1_000_000
NOW = datetime(2026, 9, 24, tzinfo=UTC)


@asynccontextmanager
async def create_database(count: int) -> AsyncIterator[Database]:
    """Create a SQLite file with that many chats and no deliveries."""
    with tempfile.TemporaryDirectory(prefix="qlbench") as folder:
        database = Database(f"sqlite:///{folder}/bench.db")
        schema.upgrade_schema(database)
        with database.begin() as session:
            session.add_all([Chat(address=str(FIRST + i)) for i in range(count)])
        yield database
        database.close()


def add_wave(database: Database, wave: str, count: int) -> None:
    """One delivery to each chat."""
    body = "文" * 60
    rows = [
        {
            "key": f"{wave}/{i}",
            "chat_id": 1 + i,
            "kind": DeliveryKind.NOTICE,
            "text": f"{wave} {i} {body}",
            "due_at": NOW,
        }
        for i in range(count)
    ]
    with database.begin() as session:
        deliveries.enqueue_many(session, [NewDelivery(**row) for row in rows])


async def measure_dispatcher(database: Database, bot: Bot, net: Network, count: int, limits: Limits) -> float:
    """Messages a second of the dispatcher."""
    add_wave(database, f"w{time.monotonic()}", count)
    await net.accepted()
    dispatcher = Dispatcher(database, TelegramChannel(bot), now=lambda: NOW, limits=limits)
    begun = time.perf_counter()
    await dispatcher.drain()
    took = time.perf_counter() - begun
    assert await net.accepted() == count
    return count / took


async def measure_bare(bot: Bot, count: int, in_flight: int) -> float:
    """Return messages a second of a loop of `send_message`."""
    numbers = iter(range(count))

    async def worker() -> None:
        for i in numbers:
            await bot.send_message(FIRST + i, f"bare {i} " + "文" * 60)

    begun = time.perf_counter()
    await asyncio.gather(*[worker() for _ in range(in_flight)])
    return count / (time.perf_counter() - begun)


async def measure_rates(count: int, rounds: int) -> dict[str, float]:
    """Return messages a second: medians of alternating rounds, since the speed of a core varies."""
    rates: defaultdict[str, list[float]] = defaultdict(list)

    def note(name: str, rate: float) -> None:
        rates[name].append(rate)

    async with run_network() as net, create_database(count) as database, open_bot(net.root) as bot:
        await net.people(FIRST, count)
        default = Bot(TOKEN, f"{net.root}/bot")
        async with default:
            for _ in range(rounds):
                note("default 10", await measure_bare(default, count // 2, 10))
                for width in (10, 50):
                    limits = replace(UNLIMITED, in_flight=width)
                    note(f"bare {width}", await measure_bare(bot, count, width))
                    note(f"dispatcher {width}", await measure_dispatcher(database, bot, net, count, limits))
        await net.do("settings", latency=0.05)
        for _ in range(rounds):
            note("late dispatcher 100", await measure_dispatcher(database, bot, net, count, UNLIMITED))
            note("late bare 100", await measure_bare(bot, count, 100))
    return {name: statistics.median(each) for name, each in rates.items()}


async def main(count: int = 3000, rounds: int = 5) -> None:
    """Measure both tables."""
    rate = await measure_rates(count, rounds)

    def row(name: str, key: str, met: str) -> list[str]:
        ratios = [f"{rate[key] / rate[beside]:.2f} ×" for beside in ("default 10", "bare 10")]
        return [name, f"{rate[key]:,.0f}/s", *ratios, met]

    twice = results.format_goal(rate["dispatcher 50"] >= 2 * rate["default 10"], "≥ 2 × the first")
    rows = [
        row("bare loop of `bot.send_message`, default transport, 10 in flight", "default 10", ""),
        row("bare loop, our transport, 10 in flight", "bare 10", ""),
        row("bare loop, our transport, 50 in flight", "bare 50", ""),
        row("dispatcher on SQLite, 10 in flight", "dispatcher 10", ""),
        row("dispatcher on SQLite, 50 in flight", "dispatcher 50", twice),
    ]
    ratio = rate["late dispatcher 100"] / rate["late bare 100"]
    enough = results.format_goal(rate["late dispatcher 100"] >= 800, "≥ 800/s")
    late = [
        ["bare loop, our transport, 100 in flight", f"{rate['late bare 100']:,.0f}/s", "1.00 ×", ""],
        ["dispatcher, 100 in flight", f"{rate['late dispatcher 100']:,.0f}/s", f"{ratio:.2f} ×", enough],
    ]
    head = ["against a fast local server", "rate", "beside the first", "beside our transport", "goal"]
    results.write_section(
        "sending",
        "Sending unpaced, with claims, intents and marks",
        results.format_table(head, rows),
        results.format_table(["at 50 ms of latency", "rate", "ratio", "goal"], late),
        f"The median of {rounds} alternating rounds of {count:,} messages; the server is a process of its "
        "own.",
    )


if __name__ == "__main__":
    asyncio.run(main())
