"""Claimed deliveries that wait for their moment, in the order in which they leave."""

from collections import deque
from collections.abc import Iterable

from models.rules.deliveries import DeliveryKind
from scheduler.delivery.outcomes import Claimed


class Queue:
    """Answers leave before waves; a row that a crash left behind leaves when nothing else is in flight."""

    def __init__(self) -> None:
        self._alone: deque[Claimed] = deque()
        self._urgent: deque[Claimed] = deque()
        self._waves: deque[Claimed] = deque()

    def __len__(self) -> int:
        return len(self._alone) + len(self._urgent) + len(self._waves)

    @property
    def next_is_alone(self) -> bool:
        """Whether the next row must be tried with nothing else in flight."""
        return bool(self._alone)

    def add(self, row: Claimed) -> None:
        """At the end of its line."""
        self._line(row).append(row)

    def restore(self, rows: Iterable[Claimed]) -> None:
        """Back to the front: they could not leave after all."""
        for row in reversed(list(rows)):
            self._line(row).appendleft(row)

    def take(self, most: int) -> list[Claimed]:
        """Take out up to `most` that leave now."""
        taken: list[Claimed] = []
        for _ in range(min(most, len(self), 1 if self._alone else most)):
            line = next(line for line in (self._alone, self._urgent, self._waves) if line)
            taken.append(line.popleft())
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
        return self._urgent if row.delivery.kind is DeliveryKind.ANSWER else self._waves
