"""Processes on one database know which of them are alive, and share what only one may do."""

import asyncio
import subprocess
import sys

import pytest
from sqlalchemy import text

from models.delivery import leases
from models.delivery.presence import GRACE, get_presence
from models.storage.database import Database
from models.storage.single_instance import InUseError, hold_single_instance
from scheduler.jobs.leader import RENEWED_AFTER, Leadership


async def dead(here: Database, holder: str) -> bool:
    with here.begin() as session:
        return get_presence(here).list_dead(session, [holder]) == [holder]


async def test_a_process_that_has_ended_is_known_to_be_dead(database: Database, address: str) -> None:
    clock = [100.0]
    get_presence(database).monotonic = lambda: clock[0]
    other = Database(address)
    holder = get_presence(other).create_lease_name()
    assert not await dead(other, holder)
    if database.sqlite:
        assert await dead(database, holder)
    else:
        await locks(database, 2)
        assert not await dead(database, holder)
    other.close()
    await dead(database, holder)
    clock[0] += GRACE
    assert await dead(database, holder)


async def locks(database: Database, count: int) -> None:
    """Until so many processes hold the lock that shows them alive; the first call takes our own."""
    async with asyncio.timeout(20):
        while True:
            with database.begin() as session:
                get_presence(database).list_dead(session, [])
                held = session.scalar(
                    text("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND classid = 7411904"
                         " AND granted AND database = (SELECT oid FROM pg_database"
                         " WHERE datname = current_database())")
                )  # fmt: skip
            if held == count:
                return
            await asyncio.sleep(0.01)


async def test_a_lease_belongs_to_one_until_it_ends_or_its_holder_is_dead(database: Database) -> None:
    with database.begin() as session:
        assert leases.take_lease(session, "poll", "one", now=0.0, seconds=10.0)
        assert not leases.take_lease(session, "poll", "other", now=5.0, seconds=10.0)
        assert leases.take_lease(session, "poll", "one", now=5.0, seconds=10.0)
        assert not leases.take_lease(session, "poll", "other", now=14.0, seconds=10.0)
        assert leases.take_lease(session, "poll", "other", now=15.1, seconds=10.0)
        assert leases.find_holder(session, "poll", now=16.0) == "other"
        assert leases.take_lease(session, "poll", "one", now=16.0, seconds=10.0, dead=["other"])
        leases.release_lease(session, "poll", "other")
        assert leases.find_holder(session, "poll", now=16.0) == "one"
        leases.release_lease(session, "poll", "one")
        assert leases.find_holder(session, "poll", now=16.0) is None


async def test_one_of_two_processes_plans_and_the_other_takes_over(database: Database, address: str) -> None:
    other = Database(address)
    clock = [100.0]
    first, second = (Leadership(place, monotonic=lambda: clock[0]) for place in (database, other))
    assert first.mine()
    assert second.mine() == database.sqlite  # nobody else runs on a SQLite file
    first.give_back()
    clock[0] += 1.0
    assert second.mine()
    clock[0] += RENEWED_AFTER
    assert first.mine() == database.sqlite
    other.close()


HOLD = """
import sys
from models.storage.database import Database
from models.storage.single_instance import hold_single_instance
with hold_single_instance(Database(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_a_second_run_on_one_file_is_refused_until_the_first_is_killed(address: str) -> None:
    first = subprocess.Popen(
        [sys.executable, "-c", HOLD, address], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert first.stdout is not None
    assert first.stdout.readline() == b"held\n"
    second = Database(address)
    try:
        if second.sqlite:
            with pytest.raises(InUseError), hold_single_instance(second):
                pass
        first.kill()
        first.wait()
        with hold_single_instance(second):
            pass
    finally:
        first.kill()
        first.communicate()
