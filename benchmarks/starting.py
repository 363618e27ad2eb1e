"""Time from the program's start to its first poll, and its memory, with 68 branches."""

import asyncio
import os
import statistics
import sys
import tempfile
import time

from benchmarks import results
from benchmarks.flooding import get_peak_memory
from benchmarks.network import TOKEN, run_network
from benchmarks.processes import wait_until_sent
from benchmarks.school import FIRST_SECRETARY, create_school, send_reports
from models.storage.database import Database

BRANCHES, MEMBERS, REPORTS, ROUNDS = 68, 2_000, 68, 5
FIRST_POLL_S, MOST_MEGABYTES = 1.5, 150
BARE = "import asyncio, sqlite3, sqlalchemy.orm, telegram, apscheduler.schedulers.asyncio, aiohttp"


def _get_environment() -> dict[str, str]:
    """Return this environment with bytecode caching on, as it is for an operator."""
    return {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}


async def start_program(root: str, address: str) -> tuple[asyncio.subprocess.Process, float]:
    """Start `qingli run` as an operator does; returns the process and its moment of start."""
    own = {
        "QINGLI_TELEGRAM__TOKEN": TOKEN,
        "QINGLI_TELEGRAM__BASE_URL": root,
        "QINGLI_DATABASE__URL": address,
    }
    begun = time.perf_counter()
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "bot.cli.main",
        "run",
        env=_get_environment() | own,
        stdout=asyncio.subprocess.DEVNULL,
    )
    return process, begun


async def measure_start(folder: str, number: int) -> tuple[float, float]:
    """Return seconds to the first poll, and peak MB once every branch has reported."""
    address = f"sqlite:///{folder}/{number}.db"
    database = Database(address)
    create_school(database, BRANCHES, MEMBERS)
    database.close()
    async with run_network() as net:
        await net.people(FIRST_SECRETARY, BRANCHES)
        process, begun = await start_program(net.root, address)
        try:
            async with asyncio.timeout(60):
                # A held poll is the first sign from outside that the program is ready.
                while not (await net.do("updates"))["held"]:  # noqa: ASYNC110
                    await asyncio.sleep(0.01)
            took = time.perf_counter() - begun
            await send_reports(net, REPORTS, BRANCHES)
            await wait_until_sent(net, REPORTS)
            return took, get_peak_memory(process.pid)
        finally:
            process.terminate()
            await process.wait()


async def measure_imports() -> float:
    """Return the seconds in which Python starts and imports the libraries."""
    begun = time.perf_counter()
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", BARE)
    await process.wait()
    return time.perf_counter() - begun


async def main() -> None:
    """Measure the median of several starts."""
    with tempfile.TemporaryDirectory(prefix="qlbench") as folder:
        seen = [(*(await measure_start(folder, number)), await measure_imports()) for number in range(ROUNDS)]
    took, megabytes, bare = (statistics.median(column) for column in zip(*seen, strict=True))
    rows = [
        ["Python and the libraries imported", f"{bare:.2f} s", "", ""],
        [
            f"`qingli run` to its first poll, {BRANCHES} branches, {MEMBERS:,} members",
            f"{took:.2f} s",
            f"{took / bare:.2f} ×",
            results.format_goal(took <= FIRST_POLL_S, f"≤ {FIRST_POLL_S} s"),
        ],
        [
            f"memory after {REPORTS} reports",
            f"{megabytes:.0f} MB",
            "",
            results.format_goal(megabytes <= MOST_MEGABYTES, f"≤ {MOST_MEGABYTES} MB"),
        ],
    ]
    results.write_section(
        "starting",
        "Start and memory",
        results.format_table(["what", "measured", "beside the imports", "goal"], rows),
        f"Median of {ROUNDS}; a database that has its schema already.",
    )


if __name__ == "__main__":
    asyncio.run(main())
