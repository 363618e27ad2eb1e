"""One, two and four processes on one PostgreSQL and one token, at 50 ms of latency."""

import asyncio
import statistics
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime

import psycopg
from sqlalchemy import func, select

from benchmarks import results
from benchmarks.network import Network, run_network
from benchmarks.postgres import run_server
from benchmarks.school import FIRST_MEMBER, FIRST_SECRETARY, create_school, run_bot, send_reports
from models.delivery import deliveries
from models.rules.deliveries import DeliveryKind, NewDelivery
from models.storage.database import Database
from models.tables.people import Chat
from models.tables.records import StoredReport

MEMBERS, WAVE, REPORTS, BRANCHES, PACED = 1_500, 6_000, 1_500, 60, 450
WARM, ROUNDS, PROCESSES = 900, 5, (1, 2, 4)
DUE = datetime(2026, 11, 20, 1, 55, tzinfo=UTC)
LATENCY = 0.05


def add_notices(database: Database, count: int) -> None:
    """So many notices to the members in turn."""
    with database.begin() as session:
        chats = list(session.scalars(select(Chat.id).where(Chat.address >= str(FIRST_MEMBER))))
        chats = sorted(chats)[-MEMBERS:]
        rows = [
            {
                "key": f"w/{i}",
                "chat_id": chats[i % MEMBERS],
                "kind": DeliveryKind.NOTICE,
                "text": f"通知 {i}",
                "due_at": DUE,
            }
            for i in range(count)
        ]
        deliveries.enqueue_many(session, [NewDelivery(**row) for row in rows])


@asynccontextmanager
async def run_bots(net: Network, address: str, processes: int, *, paced: bool = False) -> AsyncIterator[None]:
    """Run several bots at once."""
    async with AsyncExitStack() as stack:
        starting = [stack.enter_async_context(run_bot(net, address, paced=paced)) for _ in range(processes)]
        for each in starting:
            await each
        yield


async def wait_until_sent(net: Network, count: int, within: float = 120.0) -> float:
    """Wait until that many messages were accepted; returns the seconds."""
    begun = time.perf_counter()
    async with asyncio.timeout(within):
        while (await net.do("accepted", sends=False))["sent"] < count:  # noqa: ASYNC110
            await asyncio.sleep(0.05)
    return time.perf_counter() - begun


async def measure_unpaced(address: str, processes: int) -> tuple[float, float]:
    """Return notices and answered reports a second; checks that each was sent once."""
    database = Database(address)
    async with run_network() as net:
        await net.people(FIRST_MEMBER, MEMBERS)
        await net.people(FIRST_SECRETARY, BRANCHES)
        create_school(database, BRANCHES, MEMBERS)
        await net.do("settings", latency=LATENCY)
        async with run_bots(net, address, processes):
            await asyncio.sleep(2.0)
            await net.do("accepted", sends=False, clear=True)
            add_notices(database, WAVE)
            sent_in = await wait_until_sent(net, WAVE)
            # Caches and connections are warm before the measured part begins.
            await send_reports(net, WARM, BRANCHES)
            await wait_until_sent(net, WAVE + WARM)
            await send_reports(net, REPORTS, BRANCHES, first=WARM)
            answered_in = await wait_until_sent(net, WAVE + WARM + REPORTS)
            await asyncio.sleep(0.5)
        sends = (await net.do("accepted"))["sends"]
    times = Counter((send["chat_id"], send["text"]) for send in sends if send["text"].startswith("通知"))
    assert len(times) == WAVE
    assert max(times.values()) == 1, "a notice came twice"
    with database.read() as session:
        assert session.scalar(select(func.count()).select_from(StoredReport)) == WARM + REPORTS
    database.close()
    return WAVE / sent_in, REPORTS / answered_in


async def measure_paced(address: str, processes: int) -> tuple[float, int]:
    """Return messages a second of several paced processes, and the refusals (429)."""
    database = Database(address)
    async with run_network() as net:
        await net.people(FIRST_MEMBER, MEMBERS)
        create_school(database, BRANCHES, MEMBERS)
        await net.do("settings", latency=LATENCY, limits=True)
        async with run_bots(net, address, processes, paced=True):
            await asyncio.sleep(1.0)
            add_notices(database, PACED)
            await wait_until_sent(net, PACED)
        heard = await net.do("accepted")
    at = [send["at"] for send in heard["sends"]]
    database.close()
    return (PACED - 1) / (at[-1] - at[0]), heard["codes"].get("429", 0)


def _build_row(
    processes: int, rates: list[tuple[float, float]], alone: list[tuple[float, float]]
) -> list[str]:
    """Format medians, and the medians of the ratios to one process in the same round."""
    row, beside = [str(processes)], []
    for kind in range(2):
        beside.append(statistics.median(own[kind] / one[kind] for own, one in zip(rates, alone, strict=True)))
        row += [f"{statistics.median(rate[kind] for rate in rates):,.0f}/s", f"{beside[-1]:.2f} ×"]
    return [*row, results.format_goal(min(beside) >= 0.95, "not falling") if processes > 1 else ""]


async def main() -> None:
    """Measure each number of processes on a database of its own."""
    rates: list[list[tuple[float, float]]] = []
    with run_server() as address:
        control = psycopg.connect(address, autocommit=True)
        for turn in range(ROUNDS):
            rates.append([])
            for processes in PROCESSES:
                name = f"p{processes}_{turn}"
                control.execute(f"CREATE DATABASE {name}")
                rates[-1].append(await measure_unpaced(address.replace("/bench", f"/{name}"), processes))
                control.execute(f"DROP DATABASE {name}")
        control.execute("CREATE DATABASE paced")
        rate, refused = await measure_paced(address.replace("/bench", "/paced"), 4)
        control.close()
    rows = [_build_row(processes, [turn[at] for turn in rates], [turn[0] for turn in rates])
            for at, processes in enumerate(PROCESSES)]  # fmt: skip
    head = ["processes", "notices sent", "beside one", "reports recorded and answered", "beside one", "goal"]
    met = results.format_goal(refused == 0 and rate <= 30, "≤ 30/s, no refusal")
    results.write_section(
        "processes",
        "Processes on one PostgreSQL and one token, 50 ms of latency",
        results.format_table(head, rows),
        f"{WAVE:,} notices to {MEMBERS:,} members, then {REPORTS:,} reports of {BRANCHES} branches, in turn, "
        f"the median of {ROUNDS} rounds; every notice came once, every report is recorded once. The network, "
        "the server and all processes share the cores.",
        results.format_table(
            ["at Telegram's limits", "rate", "refused (429)", "goal"],
            [["4 processes together", f"{rate:.1f}/s", str(refused), met]],
        ),
    )


if __name__ == "__main__":
    asyncio.run(main())
