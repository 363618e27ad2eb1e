"""How fast the bot may send: the network's limits, and when a chat's budget is free again."""

from collections.abc import Sequence
from dataclasses import dataclass

# A little more than a minute: the network's clock and ours may differ by milliseconds.
MINUTE_SECONDS = 60.01


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits of sending, a little below Telegram's so that network delays do no harm.

    Messages: `per_second` of the bot on average and at most `second_holds` in any second, one each
    `chat_seconds` in a chat, `group_per_minute` in a group; None is no limit. A `burst` of answers to one
    person may leave before `chat_seconds` applies. A message may leave `slot_life` seconds after its slot.

    Requests: at most `in_flight` at once. `lease` and `timeout` are in seconds; a request ends well before
    the lease that covers it, and both are `upload` seconds longer with a file. A message that may have
    arrived is not repeated for `doubtful_rest` seconds, and longer each time.

    The defaults hold across several processes, of which none sees what another has in flight: `per_second`
    × (1 + `slot_life`) stays below `second_holds`.
    """

    per_second: float | None = 28.5
    second_holds: int = 30
    slot_life: float = 0.05
    chat_seconds: float | None = 1.01
    burst: int = 5
    group_per_minute: int | None = 20
    in_flight: int = 50
    doubtful_rest: float = 5.0
    lease: float = 30.0
    timeout: float = 15.0
    upload: float = 30.0

    @property
    def spacing(self) -> float:
        """Seconds between two messages of the bot."""
        return 1.0 / self.per_second if self.per_second else 0.0

    @property
    def batch(self) -> int:
        """How many rows to claim at once: about one second's worth."""
        return max(1, round(self.per_second)) if self.per_second else 4 * self.in_flight

    @property
    def paced(self) -> bool:
        """Whether chats have limits of their own."""
        return self.chat_seconds is not None or self.group_per_minute is not None

    @property
    def head_start(self) -> float:
        """Seconds before its budget is free at which a private chat may get an answer."""
        return (self.burst - 1) * (self.chat_seconds or 0.0)

    def spend(
        self, now: float, slot_at: float, recent: Sequence[float] | None, *, group: bool
    ) -> tuple[float, list[float] | None]:
        """The chat's next free moment and a group's latest messages, after one has arrived.

        `now` and `slot_at` (the free moment before) are machine seconds. The generic cell rate algorithm
        (ITU-T I.371): each message moves the free moment on by `chat_seconds`, also one that left before
        it.
        """
        next_at = max(now, slot_at) + (self.chat_seconds or 0.0)
        if not group or self.group_per_minute is None:
            return next_at, None
        latest = [*(recent or ()), now][-self.group_per_minute :]
        if len(latest) == self.group_per_minute:
            # The window is full: the next message has to wait until its oldest one is a minute old.
            next_at = max(next_at, latest[0] + MINUTE_SECONDS)
        return next_at, latest


# The only process knows all that is on its way, so that `second_holds` alone is safe: it may come nearer,
# and late slots need not be lost.
SINGLE_PROCESS = Limits(per_second=29.5, slot_life=0.5)
UNLIMITED = Limits(per_second=None, chat_seconds=None, group_per_minute=None, in_flight=100)
