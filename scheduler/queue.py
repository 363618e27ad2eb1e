"""Claimed deliveries that wait for their moment, in the order in which they leave."""

from collections import deque
from collections.abc import Iterable

from scheduler.outcomes import Claimed

SLOT_LIFE = 0.05
"""Seconds after which an unused moment is lost: used late, it would crowd the next ones."""


class Queue:
    """Answers leave before waves; a row that a crash left behind leaves when nothing else is in flight.

    With `paced`, each row but those needs a slot: a moment (`time.monotonic()`) reserved for the bot.
    """

    def __init__(self, *, paced: bool) -> None:
        self._paced = paced
        self._alone: deque[Claimed] = deque()
        self._urgent: deque[Claimed] = deque()
        self._waves: deque[Claimed] = deque()
        self._slots: deque[float] = deque()

    def __len__(self) -> int:
        return len(self._alone) + len(self._urgent) + len(self._waves)

    def add(self, row: Claimed) -> None:
        """At the end of its line."""
        self._line(row).append(row)

    def restore(self, rows: Iterable[Claimed]) -> None:
        """Back to the front: they could not leave after all."""
        for row in reversed(list(rows)):
            self._line(row).appendleft(row)

    def give_slots(self, slots: Iterable[float]) -> None:
        """Moments at which one row each may leave, ascending."""
        self._slots.extend(slots)

    def slots_wanted(self, now: float, most: int) -> int:
        """How many more slots are of use, up to `most` in hand; none while the next one is still far."""
        if not self._paced:
            return 0
        self._forget_old_slots(now)
        wanted = min(len(self), most)
        return wanted - len(self._slots) if len(self._slots) * 2 <= wanted else 0

    def next_slot(self) -> float | None:
        """The next moment in hand."""
        return self._slots[0] if self._slots else None

    @property
    def next_is_alone(self) -> bool:
        """Whether the next row must be tried with nothing else in flight."""
        return bool(self._alone)

    def ready(self, now: float, room: int) -> int:
        """How many rows could leave now, of at most `room`."""
        most = min(len(self), room, 1 if self._alone else room)
        return min(most, self._ripe(now)) if self._paced else most

    def take(self, now: float, room: int) -> list[Claimed]:
        """Take those out that leave now."""
        taken: list[Claimed] = []
        for _ in range(self.ready(now, room)):
            line = next(line for line in (self._alone, self._urgent, self._waves) if line)
            taken.append(line.popleft())
            if self._paced:
                self._slots.popleft()
        return taken

    def empty(self) -> list[Claimed]:
        """Take everything out."""
        rows = [*self._alone, *self._urgent, *self._waves]
        for line in (self._alone, self._urgent, self._waves):
            line.clear()
        return rows

    def _line(self, row: Claimed) -> deque[Claimed]:
        if row.delivery.alone:
            return self._alone
        return self._urgent if row.delivery.kind == "answer" else self._waves

    def _ripe(self, now: float) -> int:
        self._forget_old_slots(now)
        return sum(slot <= now for slot in self._slots)

    def _forget_old_slots(self, now: float) -> None:
        while self._slots and self._slots[0] < now - SLOT_LIFE:
            self._slots.popleft()
