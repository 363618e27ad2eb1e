"""Values of a read message: its intent, its records, and the doubts about them."""

from collections.abc import Iterable
from datetime import date
from enum import StrEnum
from typing import NamedTuple

MOST_ASSUMED = 4


class Intent(StrEnum):
    """What the sender wants with a message."""

    RECORD = "record"
    CORRECT = "correct"
    WITHDRAW = "withdraw"
    RESCHEDULE = "reschedule"
    ANNOUNCE = "announce"
    LEAVE = "leave"
    QUERY = "query"
    ACKNOWLEDGE = "acknowledge"
    OTHER = "other"


class DoubtKind(StrEnum):
    """Why a field is asked for or shown as assumed."""

    TODAY = "today"  # no day is stated: today is assumed
    MISSING = "missing"  # not stated, and nothing can be assumed
    INFERRED = "inferred"  # follows from other numbers
    IMPOSSIBLE_DATE = "impossible_date"  # 2月30日
    FUTURE_DATE = "future_date"  # reported as done on a day to come
    WEEKDAY = "weekday"  # 11月6日（周四） of a Friday
    VAGUE_DATE = "vague_date"  # 近日, 上周: not a single day
    FESTIVAL = "festival"  # only a festival's name: its day is assumed
    MIDNIGHT = "midnight"  # 今晚, written after midnight
    OLD_DATE = "old_date"  # the day lies most of a year back, without a year in the text
    MORE_PRESENT_THAN_EXPECTED = "more_present_than_expected"
    SUM = "sum"  # the stated numbers do not add up
    APPROXIMATE = "approximate"  # 40余名
    EVERYBODY = "everybody"  # 全体党员: a phrase, not a count
    BARE_NUMBERS = "bare_numbers"  # 8/9: which is which, or a date
    UNKNOWN_ACTIVITY = "unknown_activity"
    GUESSED_ACTIVITY = "guessed_activity"  # inferred from what was done


class Doubt(NamedTuple):
    """Why `field` is asked for or shown as assumed; `text` is what raised it in the message."""

    field: str
    kind: DoubtKind
    text: str = ""


class Event(NamedTuple):
    """One record of a message.

    `branch` is the register's name when it is known, else as written; `period` is a key such as
    `2026-10`, only where the text names one; counts are persons, `quantity` lessons or hours. `ask`
    names the fields of this event that must be asked for, `assumed` those that were inferred.
    """

    requirement: str | None = None
    branch: str | None = None
    held_on: date | None = None
    held_until: date | None = None
    period: str | None = None
    present: int | None = None
    expected: int | None = None
    absent: int | None = None
    observers: int | None = None
    online: int | None = None
    quantity: float | None = None
    topic: str | None = None
    place: str | None = None
    host: str | None = None
    ask: tuple[str, ...] = ()
    assumed: tuple[str, ...] = ()
    doubts: tuple[Doubt, ...] = ()


class Reading(NamedTuple):
    """The intent of one message and its records in the order of the text."""

    intent: Intent
    records: tuple[Event, ...] = ()

    @property
    def ask(self) -> tuple[str, ...]:
        """The fields over all records that must be asked for before anything is saved."""
        return list_distinct(field for record in self.records for field in record.ask)

    @property
    def assumed(self) -> tuple[str, ...]:
        """The inferred fields over all records, at most MOST_ASSUMED: more would not be read."""
        return list_distinct(field for record in self.records for field in record.assumed)[:MOST_ASSUMED]


def list_distinct(values: Iterable[str]) -> tuple[str, ...]:
    """The values in their order, each once."""
    return tuple(dict.fromkeys(values))
