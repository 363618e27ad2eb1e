"""Runs fault cases, each on an empty database of an engine and a network of its own."""

import asyncio
import os
import signal
import subprocess
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

from models.storage import schema
from models.storage.database import Database
from tests import postgres
from tests.faults.network import Network
from tests.faults.size import Size
from tests.faults.tally import Tally
from tests.faults.world import World

Case = Callable[[World, Size], Awaitable[Tally]]


class Postgres(postgres.Postgres):
    """A server that cases may restart."""

    def __init__(self) -> None:
        super().__init__()
        self._count = 0

    def new(self) -> str:
        """The address of one more empty database."""
        self._count += 1
        self.run(f"CREATE DATABASE case_{self._count};")
        return self.address(f"case_{self._count}")

    async def stop(self, how: signal.Signals) -> None:
        """SIGINT is PostgreSQL's fast shutdown, SIGQUIT the immediate one."""
        number = self.server.get_pid()
        os.kill(number, how)
        async with asyncio.timeout(30):
            while _runs(number):  # noqa: ASYNC110
                await asyncio.sleep(0.05)

    async def start(self) -> None:
        """Bring it back; it recovers by itself."""
        await asyncio.to_thread(self.server.ensure_postgres_running)


@asynccontextmanager
async def world(address: str | None, disk_megabytes: int = 0) -> AsyncIterator[World]:
    """An empty world on the PostgreSQL database of this address, or on a new SQLite file."""
    with tempfile.TemporaryDirectory(prefix="qlfault") as folder, small_disk(folder, disk_megabytes):
        address = address or f"sqlite:///{folder}/qingli.db"
        database = Database(address)
        schema.upgrade_schema(database)
        database.close()
        async with Network() as network:
            made = World(network, address, Path(folder))
            try:
                yield made
            finally:
                await made.close()


@contextmanager
def small_disk(folder: str, megabytes: int) -> Iterator[None]:
    """A file system of so many megabytes at `folder`, which needs root; none for 0."""
    if not megabytes:
        yield
        return
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", folder], check=True)
    try:
        yield
    finally:
        subprocess.run(["umount", "-l", folder], check=False)


async def run(case: Case, size: Size, address: str | None, disk_megabytes: int = 0) -> Tally:
    """One case to its end."""
    begun = time.monotonic()
    async with world(address, disk_megabytes) as made:
        tally = await case(made, size)
        tally.seconds = time.monotonic() - begun
        await made.stop()
    return tally


def _runs(number: int) -> bool:
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return False
    return Path(f"/proc/{number}/stat").read_text().split()[2] != "Z"
