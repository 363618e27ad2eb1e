"""A flood of 20,000 updates: rate of intake, size of the inbox, and memory."""

import asyncio
import tempfile
import time
from pathlib import Path

from benchmarks import results
from benchmarks.answering import BRANCHES, school
from benchmarks.processes import until_sent
from benchmarks.school import FIRST_SECRETARY, bot, say_reports
from bot.channels.telegram.polling import MOST_WAITING
from models.delivery import inbox
from models.storage.database import Database

FLOOD, MOST_GROWTH_MB = 20_000, 50


def memory(number: int) -> float:
    """Return the peak resident memory of a process in MB."""
    for line in Path(f"/proc/{number}/status").read_text().splitlines():
        if line.startswith("VmHWM"):
            return int(line.split()[1]) / 1024
    raise LookupError(number)


async def flood(folder: Path) -> tuple[float, float, float, int]:
    """Return updates a second, MB before and at peak, and the largest size of the inbox."""
    async with school(folder, "flood") as (net, address), bot(net, address) as process:
        await say_reports(net, BRANCHES, BRANCHES)
        await until_sent(net, BRANCHES)
        before, most = memory(process.pid), 0
        begun = time.perf_counter()
        actions = [
            ("say", {"user_id": key, "chat_id": key, "text": "收到"})
            for key in (FIRST_SECRETARY + number % BRANCHES for number in range(FLOOD))
        ]
        # In parts, so that no request exceeds the body limit of the control interface.
        for start in range(0, FLOOD, 4000):
            await net.do("batch", actions=actions[start : start + 4000])
        database = Database(address)
        async with asyncio.timeout(600):
            while (waiting := open_updates(database)) or (await net.do("updates"))["pending"]:
                most = max(most, waiting)
                await asyncio.sleep(0.25)
        took = time.perf_counter() - begun
        database.close()
        return FLOOD / took, before, memory(process.pid), most


def open_updates(database: Database) -> int:
    """How many updates are stored and not handled."""
    with database.read() as session:
        found_counts = inbox.counts(session)
    return found_counts.get("pending", 0) + found_counts.get("leased", 0)


async def main() -> None:
    """Measure one flood until its last update is handled."""
    with tempfile.TemporaryDirectory(prefix="qlbench") as place:
        rate, before, most, waiting = await flood(Path(place))
    bounded = most - before <= MOST_GROWTH_MB and waiting <= MOST_WAITING + 200
    row = [
        f"{rate:.0f}/s",
        f"{before:.0f} MB",
        f"{most:.0f} MB",
        f"{waiting:,}",
        results.goal(bounded, f"≤ {MOST_GROWTH_MB} MB more, ≤ {MOST_WAITING:,} + two polls waiting"),
    ]
    head = ["stored, read and marked", "memory before", "at most", "in the inbox at most", "goal"]
    results.write(
        "flooding",
        f"A flood of {FLOOD:,} updates",
        results.table(head, [row]),
        "All are there at once; nothing is fetched while the inbox is full: the rest waits at Telegram.",
    )


if __name__ == "__main__":
    asyncio.run(main())
