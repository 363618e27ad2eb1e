"""Claimed deliveries that are not in flight yet, in the order in which they leave."""

from collections import deque
from collections.abc import Iterable

from models.rules.deliveries import DeliveryKind
from scheduler.delivery.outcomes import ClaimedDelivery


class DeliveryQueue:
    """Answers leave before waves; quarantined rows leave first, one at a time."""

    def __init__(self) -> None:
        self._alone: deque[ClaimedDelivery] = deque()
        self._urgent: deque[ClaimedDelivery] = deque()
        self._waves: deque[ClaimedDelivery] = deque()

    def __len__(self) -> int:
        return len(self._alone) + len(self._urgent) + len(self._waves)

    @property
    def next_is_alone(self) -> bool:
        """Whether the next row is in quarantine and needs an empty flight."""
        return bool(self._alone)

    def add(self, row: ClaimedDelivery) -> None:
        """Append a row to its line."""
        self._line(row).append(row)

    def restore(self, rows: Iterable[ClaimedDelivery]) -> None:
        """Put rows that could not leave back to the front, in their order."""
        # `appendleft` reverses: the first row has to be put back last.
        for row in reversed(list(rows)):
            self._line(row).appendleft(row)

    def take(self, most: int) -> list[ClaimedDelivery]:
        """Remove and return up to `most` rows that leave now."""
        taken: list[ClaimedDelivery] = []
        # One quarantined row at a time; the others stay until its outcome is known.
        for _ in range(min(most, len(self), 1 if self._alone else most)):
            line = next(line for line in (self._alone, self._urgent, self._waves) if line)
            taken.append(line.popleft())
        return taken

    def empty(self) -> list[ClaimedDelivery]:
        """Remove and return all rows."""
        rows = [*self._alone, *self._urgent, *self._waves]
        for line in (self._alone, self._urgent, self._waves):
            line.clear()
        return rows

    def _line(self, row: ClaimedDelivery) -> deque[ClaimedDelivery]:
        """The line of a row: quarantine, answers or waves."""
        if row.delivery.alone:
            return self._alone
        return self._urgent if row.delivery.kind is DeliveryKind.ANSWER else self._waves
