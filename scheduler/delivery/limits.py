"""How fast may be sent: the network's limits, and when a chat's next message is due."""

from collections.abc import Sequence
from dataclasses import dataclass

MINUTE = 60.01


@dataclass(frozen=True, slots=True)
class Limits:
    """What may be sent, a little below what Telegram allows so that delays on the way do no harm.

    `per_second` messages a bot on average and `second_holds` in any second, one each `chat_seconds` a
    chat, `group_per_minute` a group; None is no limit. Answers to one person may come in a `burst` of so
    many before they wait for `chat_seconds`. A message may be `slot_life` seconds late for its
    slot. `in_flight` requests at once; `lease` and `timeout` in seconds: a request ends well before the
    lease that covers it, and both are `upload` longer where a file goes with it. A message that may have
    arrived is not repeated for `doubtful_rest` seconds, and longer each time.

    As they stand the limits hold between several processes, of which none sees what another has on its
    way: `per_second` × (1 + `slot_life`) stays below `second_holds`.
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
        """Rows to claim at once: about a second's worth."""
        return max(1, round(self.per_second)) if self.per_second else 4 * self.in_flight

    @property
    def paced(self) -> bool:
        """Whether chats have limits of their own."""
        return self.chat_seconds is not None or self.group_per_minute is not None

    @property
    def head_start(self) -> float:
        """Seconds before a chat's budget is free at which an answer to one person may leave."""
        return (self.burst - 1) * (self.chat_seconds or 0.0)

    def spend(
        self, now: float, slot_at: float, recent: Sequence[float] | None, *, group: bool
    ) -> tuple[float, list[float] | None]:
        """A message has arrived by now: when the chat's budget is free again, and a group's last ones.

        `slot_at` is when it was free before. The generic cell rate algorithm (ITU-T I.371): each message
        moves that moment on by `chat_seconds`, also when it left before it.
        """
        next_at = max(now, slot_at) + (self.chat_seconds or 0.0)
        if not group or self.group_per_minute is None:
            return next_at, None
        latest = [*(recent or ()), now][-self.group_per_minute :]
        if len(latest) == self.group_per_minute:
            next_at = max(next_at, latest[0] + MINUTE)
        return next_at, latest


# The only process knows all that is on its way, so that `second_holds` alone is safe: it may come nearer,
# and late slots need not be lost.
ALONE = Limits(per_second=29.5, slot_life=0.5)
UNLIMITED = Limits(per_second=None, chat_seconds=None, group_per_minute=None, in_flight=100)
