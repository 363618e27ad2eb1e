"""Pacing: slots of one message each, which all processes share through the database.

Two rules keep the bot below its limit in any second, as Telegram counts it. Between processes, slots are
evenly spaced, and a slot that is used too late is lost. Within a process, no message leaves while a full
second's worth is in flight or was answered within the last second. The second rule holds even when the
network stalls and messages arrive together: each arrives between its departure and its answer, so all
messages of any second were in flight, or answered less than a second ago, when the last of them left.
"""

import asyncio
import time
from collections import deque
from collections.abc import Callable, Iterable

from scheduler.delivery.limits import Limits

# Seconds before its slot at which a message is prepared: normally, and at most with a slow database.
LEAD, LONGEST_LEAD = 0.02, 0.25
# A margin over the second that Telegram counts.
SECOND_WITH_MARGIN = 1.005
# So many prepared messages may wait for room in the second. With more, a new answer would wait behind them.
MOST_PREPARED = 4


class Pacer:
    """The slots that this process has reserved (`time.monotonic()`).

    `ask` is called when a message waits and no slot is left, also when its own slot was lost. Without
    `per_second` every message leaves at once.
    """

    def __init__(self, limits: Limits, ask: Callable[[], None]) -> None:
        self._ask = ask
        self._per_second = limits.per_second
        self._window = limits.second_holds
        self._slot_life = limits.slot_life
        self._slots: deque[float] = deque()
        self._answered: deque[float] = deque()
        self._on_the_way = 0
        self._at_gate = 0
        self._held = 0
        self._ask_from = 0.0
        self._lead = LEAD
        self._more = asyncio.Event()

    def room(self) -> float:
        """How many messages may be prepared now."""
        if self._per_second is None:
            return float("inf")
        now = time.monotonic()
        self._drop_late(now)
        due = sum(slot <= now + self._lead for slot in self._slots)
        return min(due - self._at_gate, MOST_PREPARED - self._held)

    def took(self, seconds: float) -> None:
        """Record how many seconds a preparation took; the next ones start that much earlier."""
        # A moving average: one slow commit does not shift all later ones.
        self._lead = min(LONGEST_LEAD, (self._lead + LEAD + seconds) / 2)

    def wanted(self, waiting: int) -> int:
        """How many slots to reserve for so many waiting messages; at most for half a second."""
        if self._per_second is None or self._held >= MOST_PREPARED or time.monotonic() < self._ask_from:
            return 0
        self._drop_late(time.monotonic())
        # In batches, since each reservation costs a write; slots too far ahead would starve other
        # processes.
        wanted = min(waiting + self._at_gate, max(1, round(self._per_second / 2)))
        return wanted - len(self._slots) if len(self._slots) * 2 <= wanted else 0

    def give(self, slots: Iterable[float]) -> None:
        """Add reserved slots, ascending; none means that other processes hold the near future."""
        before = len(self._slots)
        self._slots.extend(slots)
        if len(self._slots) == before:
            # Asking again at once would only repeat the write with the same result.
            self._ask_from = time.monotonic() + 0.25
        self._more.set()

    @property
    def crowded(self) -> bool:
        """Whether more messages wait for a slot than there are slots."""
        return self._at_gate > len(self._slots)

    def next_moment(self) -> float:
        """When `room` or `wanted` change without a call of `ask`."""
        if self._held >= MOST_PREPARED:
            return time.monotonic() + SECOND_WITH_MARGIN
        if len(self._slots) > self._at_gate:
            return self._slots[self._at_gate] - self._lead
        return self._slots[0] + self._slot_life if self._slots else self._ask_from

    async def depart(self) -> None:
        """Wait for a slot and for room in the second; then the message must leave at once.

        Each call is followed by one of `arrive`.
        """
        if self._per_second is not None:
            await self._slot()
            await self._room_in_the_second()
        self._on_the_way += 1

    def arrive(self) -> None:
        """Record that a message which departed was answered or given up."""
        self._on_the_way -= 1
        if self._per_second is not None:
            self._answered.append(time.monotonic())
            self._more.set()

    async def _slot(self) -> None:
        """Wait for a slot that is not lost while waiting for it."""
        while True:
            slot = await self._next_slot()
            await asyncio.sleep(max(0.0, slot - time.monotonic()))
            # Used late, it could come close to another process's slot; it is lost instead.
            if time.monotonic() <= slot + self._slot_life:
                return

    async def _next_slot(self) -> float:
        """Take the next slot; where none is left, ask for more and wait."""
        self._at_gate += 1
        try:
            while True:
                self._drop_late(time.monotonic())
                if self._slots:
                    return self._slots.popleft()
                self._more.clear()
                self._ask()
                await self._more.wait()
        finally:
            self._at_gate -= 1

    async def _room_in_the_second(self) -> None:
        """Wait until the last second has room for one more message."""
        self._held += 1
        try:
            await self._window_opens()
        finally:
            self._held -= 1
            # Preparation stopped at MOST_HELD and can go on now.
            if self._held == MOST_PREPARED - 1:
                self._ask()

    async def _window_opens(self) -> None:
        """Wait until fewer than a second's worth are in flight or freshly answered."""
        while True:
            now = time.monotonic()
            while self._answered and self._answered[0] <= now - SECOND_WITH_MARGIN:
                self._answered.popleft()
            if self._on_the_way + len(self._answered) < self._window:
                return
            if self._answered:
                await asyncio.sleep(self._answered[0] + SECOND_WITH_MARGIN - now)
            else:
                self._more.clear()
                await self._more.wait()

    def _drop_late(self, now: float) -> None:
        """Drop slots that nobody may use any more."""
        while self._slots and self._slots[0] < now - self._slot_life:
            self._slots.popleft()
