"""Answers that are to leave at once: those of several updates are claimed together, and nobody waits."""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable, Sequence
from contextvars import Context

from models.storage.errors import first_line
from scheduler.delivery.sender import Flight

TakeUp = Callable[[Sequence[int]], Awaitable[list[asyncio.Future[None]]]]
log = logging.getLogger(__name__)


class Hurry:
    """Has `take_up` claim what was asked for, up to `batch` at once, as fast as the flight can send it."""

    def __init__(self, take_up: TakeUp, flight: Flight, batch: int) -> None:
        self._take_up, self._flight, self._batch = take_up, flight, batch
        self._asked: list[int] = []
        self._task: asyncio.Task[None] | None = None
        self._underway: set[asyncio.Future[None]] = set()

    def ask(self, ids: Sequence[int]) -> None:
        """These deliveries; one whose chat is not free soon is left to the next round."""
        self._asked += ids
        if self._task is None or self._task.done():
            # In a context of its own: an update that is handled alone ends before its answer is sent.
            self._task = asyncio.create_task(self._work(), context=Context())

    async def wait(self, patience: float) -> None:
        """Until all that was asked for is settled, at most `patience` seconds."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(patience):
                if self._task is not None:
                    await asyncio.wait([self._task])
                if self._underway:
                    await asyncio.wait(set(self._underway))

    async def _work(self) -> None:
        tried: set[int] = set()
        while self._asked:
            if self._flight.waiting > self._batch // 2:
                await self._flight.change(0.25)
                continue
            ids = self._asked[: self._batch]
            del self._asked[: len(ids)]
            await self._claim(ids)
            behind = [row for row in ids if row not in tried and not self._flight.holds(row)]
            tried.update(behind)
            if behind and not self._asked:
                await self._flight.change(0.25)
            self._asked += behind

    async def _claim(self, ids: Sequence[int]) -> None:
        try:
            for settled in await self._take_up(ids):
                self._underway.add(settled)
                settled.add_done_callback(self._underway.discard)
        except Exception as error:
            log.error("answers have to wait for the next round: %s", first_line(error))
