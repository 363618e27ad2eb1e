"""The bot's pace: slots, one message each, shared with the other processes through the database.

Two rules together keep the bot below so many messages in any second, as Telegram counts it. Slots are
spaced evenly and lost when they are used too late, which holds between processes. And no message leaves
while a full second's worth is on its way or was answered within the last second, which holds within a
process even when the network or the machine stalls and lets messages arrive in a crowd: each arrives
between its departure and its answer, so that those of any second were all on their way, or answered
less than a second ago, when the last of them left.
"""

import asyncio
import time
from collections import deque
from collections.abc import Callable, Iterable

from scheduler.delivery.limits import Limits

LEAD, LONGEST_LEAD = 0.02, 0.25
"""Seconds before its slot at which a message may be prepared: at least, and when the database is slow."""
SECOND = 1.005
MOST_HELD = 4
"""So many may wait for the second to have room; more are not prepared, so that answers overtake them."""


class Pace:
    """The slots in hand (`time.monotonic()`); without `per_second` every message may leave at once.

    `ask` is called when a message stands at the gate and no slot is in hand, also when it has lost its own.
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
        return min(due - self._at_gate, MOST_HELD - self._held)

    def took(self, seconds: float) -> None:
        """So long the last preparation took; the next begin as much earlier, or their slots were lost."""
        self._lead = min(LONGEST_LEAD, (self._lead + LEAD + seconds) / 2)

    def wanted(self, waiting: int) -> int:
        """How many slots to reserve for so many waiting messages: for half a second at most, in batches."""
        if self._per_second is None or self._held >= MOST_HELD or time.monotonic() < self._ask_from:
            return 0
        self._drop_late(time.monotonic())
        wanted = min(waiting + self._at_gate, max(1, round(self._per_second / 2)))
        return wanted - len(self._slots) if len(self._slots) * 2 <= wanted else 0

    def give(self, slots: Iterable[float]) -> None:
        """Reserved slots, ascending; none means that other processes hold the near future."""
        before = len(self._slots)
        self._slots.extend(slots)
        if len(self._slots) == before:
            self._ask_from = time.monotonic() + 0.25
        self._more.set()

    @property
    def crowded(self) -> bool:
        """Whether messages stand at the gate without a slot for each."""
        return self._at_gate > len(self._slots)

    def next_moment(self) -> float:
        """When `room` or `wanted` may change by themselves, without `ask`."""
        if self._held >= MOST_HELD:
            return time.monotonic() + SECOND
        if len(self._slots) > self._at_gate:
            return self._slots[self._at_gate] - self._lead
        return self._slots[0] + self._slot_life if self._slots else self._ask_from

    async def depart(self) -> None:
        """Wait for this message's turn; then it must leave at once, and `arrive` when it is answered."""
        if self._per_second is not None:
            await self._slot()
            await self._room_in_the_second()
        self._on_the_way += 1

    def arrive(self) -> None:
        """A message that departed was answered, or given up."""
        self._on_the_way -= 1
        if self._per_second is not None:
            self._answered.append(time.monotonic())
            self._more.set()

    async def _slot(self) -> None:
        while True:
            slot = await self._next_slot()
            await asyncio.sleep(max(0.0, slot - time.monotonic()))
            if time.monotonic() <= slot + self._slot_life:
                return

    async def _next_slot(self) -> float:
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
        self._held += 1
        try:
            await self._window_opens()
        finally:
            self._held -= 1
            if self._held == MOST_HELD - 1:
                self._ask()

    async def _window_opens(self) -> None:
        while True:
            now = time.monotonic()
            while self._answered and self._answered[0] <= now - SECOND:
                self._answered.popleft()
            if self._on_the_way + len(self._answered) < self._window:
                return
            if self._answered:
                await asyncio.sleep(self._answered[0] + SECOND - now)
            else:
                self._more.clear()
                await self._more.wait()

    def _drop_late(self, now: float) -> None:
        while self._slots and self._slots[0] < now - self._slot_life:
            self._slots.popleft()
