"""Telegram's sending limits as sliding windows for the bot, each chat and each group."""

import math
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from bot.demo.telegram.errors import build_too_many_requests


@dataclass(slots=True)
class _Window:
    """At most `size` events in `seconds`."""

    size: int
    seconds: float
    times: deque[float] = field(default_factory=deque)

    def wait(self, now: float, count: int) -> float:
        """Return the seconds until `count` more events fit; 0 where they fit now."""
        while self.times and self.times[0] <= now - self.seconds:
            self.times.popleft()
        over = len(self.times) + count - self.size
        if over <= 0 or not self.times:
            return 0.0
        # That many of the oldest events have to leave the window first.
        return self.times[min(over, len(self.times)) - 1] + self.seconds - now


class Limits:
    """30 messages a second for the bot, 1 a second in a chat, 20 a minute in a group.

    Enforced when `enforced` is set; `clock` is a monotonic clock in seconds. Refused messages do not count.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self.enforced = False
        self.bot_per_second = 30
        self.chat_per_second = 1
        self.group_per_minute = 20
        self._clock = clock
        self._bot = _Window(0, 1.0)
        self._chats: dict[int, _Window] = {}
        self._groups: dict[int, _Window] = {}

    def take(self, chat_id: int, *, group: bool, count: int = 1) -> None:
        """Count `count` messages to a chat. Raises ApiError (429) with the seconds to wait."""
        if not self.enforced:
            return
        now = self._clock()
        windows = [self._bot, self._chats.setdefault(chat_id, _Window(0, 1.0))]
        self._bot.size, windows[1].size = self.bot_per_second, self.chat_per_second
        if group:
            windows.append(self._groups.setdefault(chat_id, _Window(0, 60.0)))
            windows[2].size = self.group_per_minute
        wait = max(window.wait(now, count) for window in windows)
        if wait > 0:
            raise build_too_many_requests(max(1, math.ceil(wait)))
        for window in windows:
            window.times.extend([now] * count)
