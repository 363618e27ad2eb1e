"""Reports stored, read, recorded and answered, beside a bare echo; latency of answers."""

import asyncio
import statistics
import tempfile
import time
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from benchmarks import results
from benchmarks.network import Network, run_network
from benchmarks.processes import wait_until_sent
from benchmarks.school import FIRST_SECRETARY, create_school, format_report, run_bot, send_reports
from models.storage.database import Database

BRANCHES, REPORTS, ROUNDS, STEADY_ROUNDS = 200, 2_000, 7, 2
STEADY_S, A_SECOND, GAP = 6, 100, 0.01
SHARE, LONGEST_MS = 0.6, 50
WHY = (
    "The echo keeps nothing. A report is a dozen statements in one transaction, which is on the disk before "
    "it is answered, and so is the intent to answer; they come one after the other, because SQLite has one "
    "writer."
)


@asynccontextmanager
async def run_school(folder: Path, name: str) -> AsyncIterator[tuple[Network, str]]:
    """Run a local Telegram with a SQLite school; yields it and the database address.

    The secretaries of all branches have joined.
    """
    address = f"sqlite:///{folder / name}.db"
    database = Database(address)
    create_school(database, BRANCHES)
    database.close()
    async with run_network() as net:
        await net.people(FIRST_SECRETARY, BRANCHES)
        yield net, address


async def measure_rate(folder: Path, module: str, number: int) -> float:
    """Measure answers a second to reports that are all waiting."""
    async with (
        run_school(folder, f"{module}{number}") as (net, address),
        run_bot(net, address, module=module),
    ):
        await send_reports(net, BRANCHES, BRANCHES)
        await wait_until_sent(net, BRANCHES)
        await net.accepted()
        begun = time.perf_counter()
        await send_reports(net, REPORTS, BRANCHES, first=BRANCHES)
        await wait_until_sent(net, REPORTS)
        return REPORTS / (time.perf_counter() - begun)


async def measure_waits(folder: Path, number: int) -> list[float]:
    """Measure the seconds from report to answer at 100 reports a second, sorted."""
    said: dict[int, list[float]] = defaultdict(list)
    async with run_school(folder, f"steady{number}") as (net, address), run_bot(net, address):
        await send_reports(net, BRANCHES, BRANCHES)
        await wait_until_sent(net, BRANCHES)
        await net.accepted()
        begun = time.monotonic()
        for number in range(STEADY_S * A_SECOND):
            key = FIRST_SECRETARY + number % BRANCHES
            await asyncio.sleep(max(0.0, begun + number * GAP - time.monotonic()))
            text = format_report(1 + number // BRANCHES)
            said[key].append(time.monotonic())
            await net.do("say", user_id=key, chat_id=key, text=text)
        await wait_until_sent(net, STEADY_S * A_SECOND)
        heard = (await net.do("accepted"))["sends"]
    found_waits = []
    for send in heard:
        found_waits.append(send["at"] - said[send["chat_id"]].pop(0))
    return sorted(found_waits)


def get_late_wait(found: list[float]) -> float:
    """Return the 99th percentile."""
    return found[int(len(found) * 0.99)]


async def main() -> None:
    """Measure the rates in turn, then the latency."""
    with tempfile.TemporaryDirectory(prefix="qlbench") as place:
        folder = Path(place)
        bare, ours = [], []
        for number in range(ROUNDS):
            bare.append(await measure_rate(folder, "echo_process", number))
            ours.append(await measure_rate(folder, "bot_process", number))
        seen = min(
            [await measure_waits(folder, number) for number in range(STEADY_ROUNDS)], key=get_late_wait
        )
    ratios = sorted(own / echo for own, echo in zip(ours, bare, strict=True))
    ratio, echoed, answered = statistics.median(ratios), statistics.median(bare), statistics.median(ours)
    half, p99 = statistics.median(seen) * 1000, get_late_wait(seen) * 1000
    rates = [
        ["bare echo of python-telegram-bot on our transport", f"{echoed:.0f}/s", "1.00 ×", ""],
        [
            "reports stored, read, recorded, answered",
            f"{answered:.0f}/s",
            f"{ratio:.2f} ×",
            results.format_goal(ratio >= SHARE, f"≥ {SHARE} ×"),
        ],
    ]
    wait = [
        f"{half:.0f} ms",
        f"{p99:.0f} ms",
        results.format_goal(p99 <= LONGEST_MS, f"p99 ≤ {LONGEST_MS} ms"),
    ]
    results.write_section(
        "answering",
        "Reports, beside a bare echo",
        results.format_table(["on SQLite", "rate", "ratio", "goal"], rates),
        results.format_table([f"at {A_SECOND} reports a second: median", "p99", "goal"], [wait]),
        f"{REPORTS:,} reports of {BRANCHES} branches that all wait already, in turn, the median of {ROUNDS} "
        f"rounds (ratios {ratios[0]:.2f} to {ratios[-1]:.2f} ×); then {A_SECOND} a second for {STEADY_S} s, "
        f"the better of {STEADY_ROUNDS}. {WHY}",
    )


if __name__ == "__main__":
    asyncio.run(main())
