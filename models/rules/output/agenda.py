"""A calendar to read: the days that matter and what is due, a line a day and subject."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from models.rules.calendar.observances import ObservanceDay
from models.rules.requirements.rulebook import Rulebook
from models.rules.requirements.types import Strength
from models.rules.types import Occurrence


@dataclass(frozen=True, slots=True)
class Line:
    """One observance, or one requirement due on a day in `places` (names, register's order).

    `remind_on` is the day of the members' reminder. `provisional`: the reminder, or the due day, rests
    on days off that are not published. `usual`: 一般. `period` is a key.
    """

    day: date
    name: str
    places: tuple[str, ...] = ()
    period: str = ""
    remind_on: date | None = None
    provisional: bool = False
    usual: bool = False
    waived: bool = False


def create_agenda(
    days: Iterable[ObservanceDay], due: Iterable[Occurrence], rules: Rulebook, names: Mapping[int, str]
) -> list[Line]:
    """The lines by day: what matters first, then what is due in the order given, places joined."""
    lines = [
        Line(day.date, day.observance.name, remind_on=day.remind_on, provisional=day.provisional)
        for day in days
    ]
    return sorted([*lines, *_list_due_lines(due, rules, names)], key=lambda line: line.day)


def group_by_month(lines: Iterable[Line]) -> Iterator[tuple[date, list[Line]]]:
    """The first day of each month that has lines, with them."""
    for first, found in groupby(lines, key=lambda line: line.day.replace(day=1)):
        yield first, list(found)


def _list_due_lines(due: Iterable[Occurrence], rules: Rulebook, names: Mapping[int, str]) -> Iterator[Line]:
    together: dict[tuple[object, ...], list[Occurrence]] = {}
    for row in due:
        together.setdefault((row.due_on, row.requirement, row.period, row.waived), []).append(row)
    for rows in together.values():
        first = rows[0]
        rule = rules.find_version(first.requirement, first.opens_on)
        yield Line(
            first.due_on,
            rule.name,
            tuple(names[row.organization_id] for row in rows),
            first.period,
            provisional=any(row.provisional for row in rows),
            usual=rule.strength is Strength.USUAL,
            waived=first.waived,
        )
