"""A flood of 20,000 updates: rate of intake, size of the inbox, and memory."""

import asyncio
import tempfile
import time
from pathlib import Path

from benchmarks import results
from benchmarks.answering import BRANCHES, run_school
from benchmarks.processes import wait_until_sent
from benchmarks.school import FIRST_SECRETARY, run_bot, send_reports
from bot.channels.telegram.polling import MOST_OPEN_UPDATES
from models.delivery import inbox
from models.storage.database import Database

FLOOD, MOST_GROWTH_MB = 20_000, 50


def get_peak_memory(number: int) -> float:
    """Return the peak resident memory of a process in MB."""
    for line in Path(f"/proc/{number}/status").read_text().splitlines():
        if line.startswith("VmHWM"):
            return int(line.split()[1]) / 1024
    raise LookupError(number)


async def measure_flood(folder: Path) -> tuple[float, float, float, int]:
    """Return updates a second, MB before and at peak, and the largest size of the inbox."""
    async with run_school(folder, "flood") as (net, address), run_bot(net, address) as process:
        await send_reports(net, BRANCHES, BRANCHES)
        await wait_until_sent(net, BRANCHES)
        before, most = get_peak_memory(process.pid), 0
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
            while (waiting := count_open_updates(database)) or (await net.do("updates"))["pending"]:
                most = max(most, waiting)
                await asyncio.sleep(0.25)
        took = time.perf_counter() - begun
        database.close()
        return FLOOD / took, before, get_peak_memory(process.pid), most


def count_open_updates(database: Database) -> int:
    """How many updates are stored and not handled."""
    with database.read() as session:
        found_counts = inbox.count_by_status(session)
    return found_counts.get("pending", 0) + found_counts.get("leased", 0)


async def main() -> None:
    """Measure one flood until its last update is handled."""
    with tempfile.TemporaryDirectory(prefix="qlbench") as place:
        rate, before, most, waiting = await measure_flood(Path(place))
    bounded = most - before <= MOST_GROWTH_MB and waiting <= MOST_OPEN_UPDATES + 200
    row = [
        f"{rate:.0f}/s",
        f"{before:.0f} MB",
        f"{most:.0f} MB",
        f"{waiting:,}",
        results.format_goal(
            bounded, f"≤ {MOST_GROWTH_MB} MB more, ≤ {MOST_OPEN_UPDATES:,} + two polls waiting"
        ),
    ]
    head = ["stored, read and marked", "memory before", "at most", "in the inbox at most", "goal"]
    results.write_section(
        "flooding",
        f"A flood of {FLOOD:,} updates",
        results.format_table(head, [row]),
        "All are there at once; nothing is fetched while the inbox is full: the rest waits at Telegram.",
    )


if __name__ == "__main__":
    asyncio.run(main())
