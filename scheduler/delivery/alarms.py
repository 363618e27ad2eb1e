"""Alarms: moments at which chats that have to wait are free, each of which wakes the dispatcher."""

import asyncio
import math
from collections.abc import Callable

APART = 0.05


class Alarms:
    """Calls `wake` at the moments that were set; moments less than `APART` seconds apart share an alarm.

    Each moment is kept, not only the next: a row that was put back is not claimed before its own moment,
    so that no other claim would set it again.
    """

    def __init__(self, wake: Callable[[], None]) -> None:
        self._wake = wake
        self._set: dict[int, asyncio.TimerHandle] = {}

    def set_in(self, seconds: float) -> None:
        """Wake after so many seconds, at most `APART` later."""
        loop = asyncio.get_running_loop()
        moment = math.ceil((loop.time() + seconds) / APART)
        if moment not in self._set:
            self._set[moment] = loop.call_at(moment * APART, self._ring, moment)

    def cancel(self) -> None:
        """Wake at none of them any more."""
        for alarm in self._set.values():
            alarm.cancel()
        self._set.clear()

    def _ring(self, moment: int) -> None:
        del self._set[moment]
        self._wake()
