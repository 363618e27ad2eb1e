"""Intervals: planning and dispatching as two interval jobs that survive a clock set back."""

import asyncio
import contextlib
import logging
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

from apscheduler.jobstores.memory import MemoryJobStore
from apscheduler.schedulers.asyncio import AsyncIOScheduler

Plan = Callable[[], Awaitable[object]]
Dispatch = Callable[[], Awaitable[int]]
# Smaller steps are ordinary corrections by NTP.
JUMP_SECONDS = 0.5
log = logging.getLogger(__name__)


class IntervalJobs:
    """Calls `plan` and `dispatch` at intervals, neither of them twice at a time.

    `dispatch` returns how many deliveries it handled and is called again at once while that is not 0.
    `wall` and `monotonic` are the two clocks, in seconds. An interval job waits for a moment of the wall
    clock; when that clock is set back, the moment is suddenly far away. A watch compares the two clocks and
    wakes both jobs then.
    """

    def __init__(
        self, *, wall: Callable[[], float] = time.time, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._wall, self._monotonic = wall, monotonic
        self._scheduler = AsyncIOScheduler(
            timezone=UTC,
            jobstores={"default": MemoryJobStore()},
            # A late call is made all the same (no misfire limit), and several late ones once (coalesce).
            job_defaults={"misfire_grace_time": None, "coalesce": True},
        )
        self._running: dict[str, asyncio.Task[None]] = {}
        self._watching: asyncio.Task[None] | None = None

    def start(
        self, plan: Plan, dispatch: Dispatch, *, plan_seconds: float = 30.0, dispatch_seconds: float = 1.0
    ) -> None:
        """Start both jobs, each with a first call at once."""
        self._add("plan", plan, plan_seconds)
        self._add("dispatch", _repeat_until_none(dispatch), dispatch_seconds)
        logging.getLogger("apscheduler").setLevel(logging.WARNING)
        self._scheduler.start()
        self._watching = asyncio.create_task(self._watch(min(dispatch_seconds, 1.0)))

    async def stop(self) -> None:
        """Start no further calls; waits for a plan in progress, not for sending."""
        if self._watching is not None:
            self._watching.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._watching
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)
        if "plan" in self._running:
            await asyncio.wait([self._running["plan"]])

    def _add(self, name: str, job: Plan, seconds: float) -> None:
        """Add a job that runs in a task of its own: APScheduler cancels its jobs at shutdown."""

        async def run() -> None:
            try:
                await job()
            except Exception:
                log.exception("%s failed; the next tick tries again", name)
            finally:
                del self._running[name]

        async def tick() -> None:
            # A call that takes longer than its interval is not started a second time.
            if name not in self._running:
                self._running[name] = asyncio.create_task(run())

        self._scheduler.add_job(tick, "interval", seconds=seconds, id=name, next_run_time=datetime.now(UTC))

    def wake(self) -> None:
        """Run both jobs now."""
        for job in self._scheduler.get_jobs():
            job.modify(next_run_time=datetime.now(UTC))

    async def _watch(self, seconds: float) -> None:
        """Wake the jobs whenever the wall clock was set back."""
        apart = self._wall() - self._monotonic()
        while True:
            await asyncio.sleep(seconds)
            before, apart = apart, self._wall() - self._monotonic()
            if apart < before - JUMP_SECONDS:
                log.warning("the clock was set back by %.1f s", before - apart)
                self.wake()


def _repeat_until_none(dispatch: Dispatch) -> Plan:
    """A job that dispatches until nothing is due."""

    async def all_that_is_due() -> None:
        while await dispatch():
            pass

    return all_that_is_due
