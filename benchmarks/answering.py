"""Reports taken in, read, recorded and answered, beside a bare echo; how long an answer takes; a flood."""

import asyncio
import statistics
import tempfile
import time
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from benchmarks.network import Network, network
from benchmarks.processes import until_sent
from benchmarks.school import FIRST_SECRETARY, bot, found, report, say_reports
from models import inbox
from models.database import Database

BRANCHES, REPORTS, ROUNDS = 200, 1_500, 3
STEADY_S, A_SECOND, GAP = 10, 100, 0.01
FLOOD, MOST_MEGABYTES = 20_000, 150


@asynccontextmanager
async def school(folder: Path, name: str) -> AsyncIterator[tuple[Network, str]]:
    """A network, and the address of an SQLite database with branches whose secretaries all know the bot."""
    address = f"sqlite:///{folder / name}.db"
    database = Database(address)
    await found(database, BRANCHES)
    await database.close()
    async with network() as net:
        await net.people(FIRST_SECRETARY, BRANCHES)
        yield net, address


async def rate(folder: Path, module: str, number: int) -> float:
    """Answers a second to reports that all wait already."""
    async with school(folder, f"{module}{number}") as (net, address), bot(net, address, module=module):
        await say_reports(net, BRANCHES, BRANCHES)
        await until_sent(net, BRANCHES)
        await net.accepted()
        begun = time.perf_counter()
        await say_reports(net, REPORTS, BRANCHES, first=BRANCHES)
        await until_sent(net, REPORTS)
        return REPORTS / (time.perf_counter() - begun)


async def waits(folder: Path) -> list[float]:
    """Seconds from saying to hearing, of 100 reports a second."""
    said: dict[int, list[float]] = defaultdict(list)
    async with school(folder, "steady") as (net, address), bot(net, address):
        await say_reports(net, BRANCHES, BRANCHES)
        await until_sent(net, BRANCHES)
        await net.accepted()
        begun = time.monotonic()
        for number in range(STEADY_S * A_SECOND):
            key = FIRST_SECRETARY + number % BRANCHES
            await asyncio.sleep(max(0.0, begun + number * GAP - time.monotonic()))
            text = report(1 + number // BRANCHES)
            said[key].append(time.monotonic())
            await net.do("say", user_id=key, chat_id=key, text=text)
        await until_sent(net, STEADY_S * A_SECOND)
        heard = (await net.do("accepted"))["sends"]
    found_waits = []
    for send in heard:
        found_waits.append(send["at"] - said[send["chat_id"]].pop(0))
    return sorted(found_waits)


def memory(number: int) -> float:
    """The most megabytes a process has had so far."""
    for line in Path(f"/proc/{number}/status").read_text().splitlines():
        if line.startswith("VmHWM"):
            return int(line.split()[1]) / 1024
    raise LookupError(number)


async def flood(folder: Path) -> tuple[float, float, float, int]:
    """Updates a second, megabytes before and at most, and the most that waited in the inbox."""
    async with school(folder, "flood") as (net, address), bot(net, address) as process:
        await say_reports(net, BRANCHES, BRANCHES)
        await until_sent(net, BRANCHES)
        before, most = memory(process.pid), 0
        begun = time.perf_counter()
        actions = [
            ("say", {"user_id": key, "chat_id": key, "text": "收到"})
            for key in (FIRST_SECRETARY + number % BRANCHES for number in range(FLOOD))
        ]
        for start in range(0, FLOOD, 4000):
            await net.do("batch", actions=actions[start : start + 4000])
        database = Database(address)
        async with asyncio.timeout(150):
            while (waiting := await open_updates(database)) or (await net.do("updates"))["pending"]:
                most = max(most, waiting)
                await asyncio.sleep(0.25)
        took = time.perf_counter() - begun
        await database.close()
        return FLOOD / took, before, memory(process.pid), most


async def open_updates(database: Database) -> int:
    """How many updates are stored and not handled."""
    async with database.read() as session:
        found_counts = await inbox.counts(session)
    return found_counts.get("pending", 0) + found_counts.get("leased", 0)


async def main() -> None:
    """All three."""
    with tempfile.TemporaryDirectory(prefix="qlbench") as place:
        folder = Path(place)
        ours, bare = [], []
        for number in range(1):
            bare.append(await rate(folder, "echo_process", number))
            ours.append(await rate(folder, "bot_process", number))
            print(bare, ours)
        seen = await waits(folder)
        print(statistics.median(seen), seen[int(len(seen) * 0.99)], seen[-1])
        print(await flood(folder))


if __name__ == "__main__":
    asyncio.run(main())
