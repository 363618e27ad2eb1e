"""The ticks go on whatever the jobs and the wall clock do."""

import asyncio
import logging

import pytest

from scheduler.jobs.intervals import IntervalJobs


class Job:
    """Counts its calls; `gives` is what each of them gives in turn, an exception is raised."""

    def __init__(self, *gives: int | Exception) -> None:
        self.gives = list(gives)
        self.calls = 0
        self.called = asyncio.Event()

    async def __call__(self) -> int:
        self.calls += 1
        self.called.set()
        result = self.gives.pop(0) if self.gives else 0
        if isinstance(result, Exception):
            raise result
        return result

    async def again(self, within: float = 2.0) -> None:
        self.called.clear()
        async with asyncio.timeout(within):
            await self.called.wait()


async def test_both_jobs_are_called_at_once_and_again_and_again() -> None:
    ticks, plan, dispatch = IntervalJobs(), Job(), Job()
    ticks.start(plan, dispatch, plan_seconds=0.1, dispatch_seconds=0.05)
    for _ in range(3):
        await asyncio.gather(plan.again(), dispatch.again())
    await ticks.stop()


async def test_dispatch_is_called_while_it_finds_something() -> None:
    ticks, plan, dispatch = IntervalJobs(), Job(), Job(29, 29, 2)
    ticks.start(plan, dispatch, plan_seconds=60, dispatch_seconds=60)
    async with asyncio.timeout(10):
        while dispatch.gives or dispatch.calls < 4:
            await dispatch.again()
    await ticks.stop()
    assert dispatch.calls == 4


async def test_a_job_that_fails_is_called_again(caplog: pytest.LogCaptureFixture) -> None:
    ticks, plan, dispatch = IntervalJobs(), Job(ValueError("broken")), Job()
    with caplog.at_level(logging.ERROR):
        ticks.start(plan, dispatch, plan_seconds=0.05, dispatch_seconds=60)
        await plan.again()
        await plan.again()
    await ticks.stop()
    assert "plan failed" in caplog.text


async def test_no_job_runs_twice_at_a_time_and_stopping_lets_a_plan_finish() -> None:
    running = most = finished = 0
    may_end = asyncio.Event()

    async def slow() -> None:
        nonlocal running, most, finished
        running += 1
        most = max(most, running)
        await may_end.wait()
        running -= 1
        finished += 1

    other = Job()
    ticks = IntervalJobs()
    ticks.start(slow, other, plan_seconds=0.05, dispatch_seconds=0.05)
    for _ in range(8):
        await other.again()
    assert (running, finished) == (1, 0)
    stopping = asyncio.create_task(ticks.stop())
    may_end.set()
    await stopping
    assert (most, running, finished) == (1, 0, 1)


async def test_a_wall_clock_that_is_set_back_wakes_the_jobs() -> None:
    now = 1_000_000.0
    ticks = IntervalJobs(wall=lambda: now, monotonic=lambda: 0.0)
    plan, dispatch = Job(), Job()
    ticks.start(plan, dispatch, plan_seconds=3600, dispatch_seconds=3600)
    await asyncio.gather(plan.again(), dispatch.again())
    now -= 3600
    await asyncio.gather(plan.again(3), dispatch.again(3))
    await ticks.stop()
