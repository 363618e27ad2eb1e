"""Fault cases: a backup while the bot runs, brought back into either engine, killed in the middle of both."""

import asyncio
import shutil
import time
from pathlib import Path

from bot.app.backup import read_manifest
from models.storage import copy as storage_copy
from models.storage.database import Database
from tests.faults.runner import Postgres
from tests.faults.size import Size
from tests.faults.tally import Tally
from tests.faults.world import World


async def backup_and_restore(world: World, size: Size, server: Postgres) -> Tally:
    """`qingli backup` under load and `qingli restore`, each killed several times before it may finish."""
    await world.fill(size.members)
    world.wave(size.deliveries)
    await world.network.do("settings", latency=0.05)
    await world.start()
    await world.say(size.reports)
    file = world.folder / "backup.db"
    killed = await _killed(world, ("backup", str(file)), world.address)
    partial = file.exists() and not await _equal_to_itself(file, world.folder)
    done, said = await world.command("backup", str(file))
    tally = await world.ended()
    tally.must(not partial and not done, f"the backup: {said}")
    made = read_manifest(file)
    left = [path.name for path in world.folder.glob("backup.db*")]
    tally.must(left == ["backup.db"], f"left behind: {left}")
    equal = 0
    for address in (f"sqlite:///{world.folder}/other.db", server.new()):
        killed += await _killed(world, ("restore", str(file)), address)
        done, said = await world.command("restore", str(file), QINGLI_DATABASE__URL=address)
        tally.must(not done or "已经有内容" in said, f"the restore: {said}")
        database = Database(address)
        with storage_copy.open_snapshot(database) as connection:
            found = storage_copy.compute_digests(connection)
        database.close()
        # Restoring adds one line to the audit and doubts what waited; everything else is equal.
        same = {name for name in found if found[name] == made.contents[name]}
        equal += same >= set(found) - {"audit", "deliveries"}
        tally.must(all(found[name].rows - made.contents[name].rows == (name == "audit") for name in found),
                   "rows differ")  # fmt: skip
    tally.notes.append(f"killed {killed} times, {made.rows} rows, equal on {equal} of 2 engines")
    tally.must(equal == 2, "a restored table differs")
    return tally


async def _killed(world: World, words: tuple[str, ...], address: str) -> int:
    """kill -9 a command at several moments of its run; gives how often it was not done yet."""
    count = 0
    for part in (0.5, 0.7, 0.85):
        process = await world.begin(*words, QINGLI_DATABASE__URL=address)
        await asyncio.sleep(COMMAND_SECONDS * part)
        if process.returncode is None:
            process.kill()
            count += 1
        await process.communicate()
    return count


COMMAND_SECONDS = 1.6
"""About how long a command takes with a thousand deliveries."""


async def _equal_to_itself(file: Path, folder: Path) -> bool:
    """Whether a backup that is there under its name is whole."""
    made = read_manifest(file)
    copy = folder / f"copy{time.monotonic_ns()}.db"
    await asyncio.to_thread(shutil.copyfile, file, copy)
    database = Database(f"sqlite:///{copy}")
    with storage_copy.open_snapshot(database) as connection:
        found = storage_copy.compute_digests(connection)
    database.close()
    return found == made.contents
