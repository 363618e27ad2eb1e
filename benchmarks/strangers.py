"""Answers to a secretary's reports while a thousand strangers write to the bot."""

import asyncio
import statistics
import tempfile
import time
from pathlib import Path

from benchmarks import results
from benchmarks.answering import run_school
from benchmarks.network import Network
from benchmarks.processes import wait_until_sent
from benchmarks.school import FIRST_SECRETARY, format_report, run_bot, send_reports

STRANGERS, FIRST_STRANGER = 1_000, 500_000
A_SECOND, SECONDS, REPORTS = 50, 30, 25
LONGEST_S = 1.0


async def send_flood(net: Network) -> None:
    """Send one text of each stranger at once, then fifty texts a second."""
    said = [_build_message(number) for number in range(STRANGERS)]
    await net.do("batch", actions=said)
    for number in range(A_SECOND * SECONDS):
        await net.do("batch", actions=[_build_message(number % STRANGERS)])
        await asyncio.sleep(1 / A_SECOND)


def _build_message(number: int) -> tuple[str, dict[str, object]]:
    key = FIRST_STRANGER + number
    return "say", {"user_id": key, "chat_id": key, "text": f"在吗 {number}"}


async def measure_waits(folder: Path) -> tuple[list[float], int]:
    """Return the sorted seconds from report to answer, and the number of answers to strangers."""
    async with run_school(folder, "strangers") as (net, address):
        await net.people(FIRST_STRANGER, STRANGERS)
        async with run_bot(net, address):
            await send_reports(net, 1, 1)
            await wait_until_sent(net, 1)
            await net.accepted()
            flooding = asyncio.create_task(send_flood(net))
            said = []
            for number in range(REPORTS):
                await asyncio.sleep(1.1)
                said.append(time.monotonic())
                words = format_report(1 + number)
                await net.do("say", user_id=FIRST_SECRETARY, chat_id=FIRST_SECRETARY, text=words)
            await asyncio.sleep(5 * LONGEST_S)
            flooding.cancel()
            sends = (await net.do("accepted"))["sends"]
    heard = [send["at"] for send in sends if send["chat_id"] == FIRST_SECRETARY]
    missing = [float("inf")] * (REPORTS - len(heard))
    found = [at - begun for begun, at in zip(said, heard, strict=False)]
    return sorted([*found, *missing]), len(sends) - len(heard)


async def main() -> None:
    """Measure the waits."""
    with tempfile.TemporaryDirectory(prefix="qlbench") as place:
        found, answered = await measure_waits(Path(place))
    longest = found[-1]
    row = [
        f"{STRANGERS:,} at once, then {A_SECOND} a second",
        f"{statistics.median(found) * 1000:.0f} ms",
        f"{longest * 1000:.0f} ms",
        f"{answered:,}",
        results.format_goal(longest <= LONGEST_S, "p99 ≤ 1 s"),
    ]
    results.write_section(
        "strangers",
        "A secretary's reports while strangers flood the bot",
        results.format_table(["strangers", "median", "longest", "strangers answered", "goal"], [row]),
        f"{REPORTS} reports, one every 1.1 s, on SQLite, unpaced; the local server is a process of its own.",
    )


if __name__ == "__main__":
    asyncio.run(main())
