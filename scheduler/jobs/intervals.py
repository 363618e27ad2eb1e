"""The ticks: plan and dispatch as two interval jobs, kept going when the wall clock is set back."""

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
JUMP_SECONDS = 0.5
log = logging.getLogger(__name__)


class Ticks:
    """Calls `plan` and `dispatch` again and again, neither of them twice at a time.

    `dispatch` gives how many deliveries it handled, and is called again at once while there are any.
    An interval job waits for a moment of the wall clock. When that clock is set back, the moment is
    suddenly far away: a watch compares the wall clock with the monotonic one and wakes both jobs.
    `wall` and `monotonic` are the two clocks, in seconds.
    """

    def __init__(
        self, *, wall: Callable[[], float] = time.time, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._wall, self._monotonic = wall, monotonic
        self._scheduler = AsyncIOScheduler(
            timezone=UTC,
            jobstores={"default": MemoryJobStore()},
            job_defaults={"misfire_grace_time": None, "coalesce": True},
        )
        self._running: dict[str, asyncio.Task[None]] = {}
        self._watching: asyncio.Task[None] | None = None

    def start(
        self, plan: Plan, dispatch: Dispatch, *, plan_seconds: float = 30.0, dispatch_seconds: float = 1.0
    ) -> None:
        """Begin, with one call of each at once."""
        self._add("plan", plan, plan_seconds)
        self._add("dispatch", _until_none(dispatch), dispatch_seconds)
        logging.getLogger("apscheduler").setLevel(logging.WARNING)
        self._scheduler.start()
        self._watching = asyncio.create_task(self._watch(min(dispatch_seconds, 1.0)))

    async def stop(self) -> None:
        """Call nothing any more; a plan that is being made is finished, sending goes on."""
        if self._watching is not None:
            self._watching.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._watching
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)
        if "plan" in self._running:
            await asyncio.wait([self._running["plan"]])

    def _add(self, name: str, job: Plan, seconds: float) -> None:
        """The job runs in a task of its own: APScheduler cancels what runs when it is shut down."""

        async def run() -> None:
            try:
                await job()
            except Exception:
                log.exception("%s failed; the next tick tries again", name)
            finally:
                del self._running[name]

        async def tick() -> None:
            if name not in self._running:
                self._running[name] = asyncio.create_task(run())

        self._scheduler.add_job(tick, "interval", seconds=seconds, id=name, next_run_time=datetime.now(UTC))

    def wake(self) -> None:
        """Run both jobs now."""
        for job in self._scheduler.get_jobs():
            job.modify(next_run_time=datetime.now(UTC))

    async def _watch(self, seconds: float) -> None:
        apart = self._wall() - self._monotonic()
        while True:
            await asyncio.sleep(seconds)
            before, apart = apart, self._wall() - self._monotonic()
            if apart < before - JUMP_SECONDS:
                log.warning("the clock was set back by %.1f s", before - apart)
                self.wake()


def _until_none(dispatch: Dispatch) -> Plan:
    async def all_that_is_due() -> None:
        while await dispatch():
            pass

    return all_that_is_due
