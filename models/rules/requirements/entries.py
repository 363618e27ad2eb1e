"""What is known of one activity: the value behind drafts and completions."""

from datetime import date
from typing import Any, NamedTuple

FIGURES = ("present", "expected", "absent", "observers", "online", "quantity")
TEXTS = ("topic", "place", "host")


class Entry(NamedTuple):
    """One activity; counts are persons, `quantity` lessons or hours, `period` a key.

    Everything may be unknown while a question is open; a stored completion has at least the
    requirement, the organization, the period and the day. `part` is the one of a goal's parts it is for.
    """

    requirement: str | None = None
    organization_id: int | None = None
    period: str | None = None
    held_on: date | None = None
    held_until: date | None = None
    present: int | None = None
    expected: int | None = None
    absent: int | None = None
    observers: int | None = None
    online: int | None = None
    quantity: float | None = None
    topic: str | None = None
    place: str | None = None
    host: str | None = None
    part: str | None = None

    def get_figures(self) -> tuple[float | None, ...]:
        """The numbers, in the order of FIGURES."""
        return tuple(getattr(self, name) for name in FIGURES)

    def to_json(self) -> dict[str, Any]:
        """The known fields; days as ISO strings."""
        return {
            name: value.isoformat() if isinstance(value, date) else value
            for name, value in zip(self._fields, self, strict=True)
            if value is not None
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "Entry":
        """The inverse of `to_json`; unknown keys are left out."""
        known = {name: value for name, value in data.items() if name in cls._fields}
        for name in ("held_on", "held_until"):
            if name in known:
                known[name] = date.fromisoformat(known[name])
        return cls(**known)


def apply_correction(entry: Entry, changes: dict[str, Any]) -> Entry:
    """The entry with some fields changed; of 应到, 实到 and 缺席 the third follows.

    A corrected attendance keeps 应到 and moves 缺席; a corrected 缺席 keeps 应到 and moves 实到.
    """
    changed = entry._replace(**changes)
    if changed.expected is None:
        return changed
    if "present" in changes or "expected" in changes:
        if changed.present is not None and "absent" not in changes:
            # Never negative: a contradiction is asked about elsewhere.
            return changed._replace(absent=max(changed.expected - changed.present, 0))
    elif "absent" in changes and changed.absent is not None:
        return changed._replace(present=max(changed.expected - changed.absent, 0))
    return changed


def has_contradiction(entry: Entry) -> bool:
    """Whether more were present than expected."""
    return entry.present is not None and entry.expected is not None and entry.present > entry.expected
