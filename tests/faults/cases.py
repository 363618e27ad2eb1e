"""The fault matrix: every case, on which engine, and which of them belong to the small form."""

import os
from collections.abc import Callable
from dataclasses import dataclass

from tests.faults import backups, clocks, crashes, processes, refusals, stores, updates
from tests.faults.runner import Case, Postgres
from tests.faults.size import Size
from tests.faults.tally import Tally
from tests.faults.world import World

BOTH = ("sqlite", "postgresql")
SQLITE, POSTGRES = BOTH[:1], BOTH[1:]


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the matrix. `group` is its number there; `needs` says why it cannot run here, if so."""

    group: int
    name: str
    case: Case
    engines: tuple[str, ...] = BOTH
    small: tuple[str, ...] = ()
    disk_megabytes: int = 0
    needs: Callable[[], str] = lambda: ""


def matrix(server: Postgres) -> list[Entry]:
    """All cases, in the order of the table; 9 and 10 are the backup and the webhook."""

    async def restarts(world: World, size: Size) -> Tally:
        return await stores.postgres_restarts(world, size, server)

    async def copies(world: World, size: Size) -> Tally:
        return await backups.backup_and_restore(world, size, server)

    return [
        Entry(1, "killed at each named point", crashes.at_each_point, small=SQLITE),
        Entry(1, "killed after the claim, in a row", crashes.after_the_claim),
        Entry(1, "killed at random", crashes.at_random),
        Entry(2, "resets, 5xx, slow, timeouts", refusals.failing_server),
        Entry(2, "refused, no connection", refusals.unreachable),
        Entry(3, "429 longer than the lease, busy groups", refusals.too_fast),
        Entry(4, "dead chats, and back", refusals.dead_chats),
        Entry(4, "migrated groups, a refused message", refusals.migration),
        Entry(4, "a message kills the process", crashes.poison),
        Entry(5, "PostgreSQL restarted and away", restarts, POSTGRES, small=POSTGRES),
        Entry(5, "SQLite locked", stores.sqlite_is_locked, SQLITE),
        Entry(5, "disk full", stores.disk_is_full, SQLITE, disk_megabytes=12, needs=_mount),
        Entry(6, "four processes, one killed, one paused", processes.several, POSTGRES),
        Entry(6, "two processes, one paused", processes.paused, POSTGRES),
        Entry(6, "two pollers", processes.two_pollers, POSTGRES),
        Entry(6, "another program polls", processes.other_program),
        Entry(6, "a second run on SQLite", processes.second_run, SQLITE),
        Entry(7, "wall clock jumps", clocks.wall_clock_jumps, needs=_faketime),
        Entry(7, "summer time begins and ends", clocks.summer_time),
        Entry(7, "three hours away", clocks.downtime),
        Entry(7, "26 hours away", clocks.a_day_away),
        Entry(8, "repeated, out of order, malformed", updates.disorder, small=SQLITE),
        Entry(9, "backup and restore, killed", copies),
        Entry(10, "webhook cut, killed before 200", processes.webhook),
    ]


def _mount() -> str:
    return "" if os.geteuid() == 0 else "root, for a small file system"


def _faketime() -> str:
    return "" if clocks.faketime() else "libfaketime"
