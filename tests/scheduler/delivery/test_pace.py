"""The bot's pace: a message that has lost its slot asks for another; no second holds too many."""

import asyncio
import contextlib
import random
import time
from bisect import bisect_left
from collections.abc import Callable

import pytest

from scheduler.delivery import pacer as pace_module
from scheduler.delivery.limits import SINGLE_PROCESS, Limits
from scheduler.delivery.pacer import Pacer

MESSAGES = 600


async def test_a_message_that_has_lost_its_slot_asks_for_another() -> None:
    asked = asyncio.Event()
    pace = Pacer(Limits(per_second=10.0, second_holds=10), asked.set)
    leaving = asyncio.create_task(pace.depart())
    for slot in (-1.0, -1.0, 0.0):  # the first two are over when they come
        async with asyncio.timeout(10):
            await asked.wait()
        asked.clear()
        assert pace.wanted(0) == 1
        pace.give([time.monotonic() + slot])
    async with asyncio.timeout(10):
        await leaving


class Loop(asyncio.SelectorEventLoop):
    """An event loop whose clock goes on to the next moment when nothing else is to be done."""

    clock = 1000.0

    def time(self) -> float:
        """Seconds of that clock."""
        return self.clock

    def _run_once(self) -> None:
        if not self._ready and self._scheduled:  # type: ignore[attr-defined]
            self.clock = max(self.clock, self._scheduled[0].when())  # type: ignore[attr-defined]
        super()._run_once()  # type: ignore[misc]


class Wave:
    """Messages that leave as `sender` lets them, on a road of so many seconds there and back."""

    def __init__(self, limits: Limits, road: Callable[[], float], turn: Callable[[], float]) -> None:
        self.wake = asyncio.Event()
        self.pace, self.spacing, self.road, self.turn = (
            Pacer(limits, self.wake.set),
            limits.spacing,
            road,
            turn,
        )
        self.waiting, self.slot_at = MESSAGES, 0.0
        self.arrived: list[float] = []

    async def run(self) -> float:
        """Seconds until all have been answered."""
        clock = asyncio.get_running_loop().time
        begun = clock()
        async with asyncio.TaskGroup() as flying:
            while len(self.arrived) < MESSAGES:
                self.wake.clear()
                self._reserve(clock())
                leaving = int(min(self.waiting, max(0, self.pace.room())))
                if leaving:
                    self.waiting -= leaving
                    spent = self.turn()
                    await asyncio.sleep(spent)
                    self.pace.took(spent)
                    for _ in range(leaving):
                        flying.create_task(self._send())
                    continue
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(max(0.001, self.pace.next_moment() - clock())):
                        await self.wake.wait()
        return clock() - begun

    def _reserve(self, now: float) -> None:
        if wanted := max(0, self.pace.wanted(self.waiting)):
            first = max(now, self.slot_at)
            slots = [first + self.spacing * i for i in range(wanted) if first + self.spacing * i <= now + 1.0]
            self.slot_at = slots[-1] + self.spacing if slots else first
            self.pace.give(slots)

    async def _send(self) -> None:
        await self.pace.depart()
        await asyncio.sleep(self.road())
        self.arrived.append(asyncio.get_running_loop().time())
        await asyncio.sleep(self.road())
        self.pace.arrive()
        self.wake.set()


def run(
    monkeypatch: pytest.MonkeyPatch, limits: Limits, road: Callable[[], float], turn: Callable[[], float]
) -> tuple[float, int]:
    """Seconds that the wave takes, and the most messages that arrive within any second."""
    with asyncio.Runner(loop_factory=Loop) as runner:
        monkeypatch.setattr(pace_module.time, "monotonic", runner.get_loop().time)

        async def wave() -> tuple[float, list[float]]:
            made = Wave(limits, road, turn)
            return await made.run(), sorted(made.arrived)

        took, arrived = runner.run(wave())
        monkeypatch.undo()
    return took, max(i + 1 - bisect_left(arrived, at - 1.0 + 1e-9) for i, at in enumerate(arrived))


@pytest.mark.parametrize("seed", range(5))
def test_no_second_holds_too_many_however_the_network_and_the_machine_falter(
    monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    dice = random.Random(seed)

    def road() -> float:
        return dice.choice((0.002, 0.01, 0.05, dice.uniform(0.0, 0.9)))

    def turn() -> float:
        return dice.choice((0.002, 0.005, 0.01, dice.uniform(0.0, 0.7)))

    _, most = run(monkeypatch, SINGLE_PROCESS, road, turn)
    assert most <= SINGLE_PROCESS.second_holds


def test_alone_a_wave_takes_hardly_longer_than_the_network_allows(monkeypatch: pytest.MonkeyPatch) -> None:
    dice = random.Random(1)

    def turn() -> float:  # now and then the disk is slow
        return 0.3 if dice.random() < 0.01 else 0.005

    took, most = run(monkeypatch, SINGLE_PROCESS, lambda: 0.004, turn)
    assert most <= SINGLE_PROCESS.second_holds
    assert took <= 1.04 * MESSAGES / SINGLE_PROCESS.second_holds
