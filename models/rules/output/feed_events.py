"""What a calendar shows elsewhere: due days and days that matter as events with stable ids."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from uuid import NAMESPACE_URL, uuid5

from models.rules.calendar.observances import ObservanceDay
from models.rules.output.icalendar import DayEvent
from models.rules.output.zh_text import format_full_day, format_period
from models.rules.requirements.rulebook import Rulebook
from models.rules.requirements.types import Strength
from models.rules.types import Change, Occurrence

PROVISIONAL = "放假安排未公布，按规则预计"


def create_feed_events(
    days: Iterable[ObservanceDay],
    due: Sequence[Occurrence],
    rules: Rulebook,
    names: Mapping[int, str],
    changes: Iterable[Change] = (),
) -> list[DayEvent]:
    """The events of a calendar, by day; an event keeps its id when it moves."""
    revisions = {(each.requirement, each.organization_id, each.period): each.id for each in changes}
    found = [*_list_observance_events(days), *_list_due_events(due, rules, names, revisions)]
    return sorted(found, key=lambda event: (event.day, event.uid))


def _list_observance_events(days: Iterable[ObservanceDay]) -> Iterator[DayEvent]:
    seen: dict[str, int] = {}
    for day in days:
        event = f"e{day.event.id}" if day.event else str(day.date.year)
        subject = f"observance/{day.observance.key}/{event}"
        # A civil year can hold a lunar day twice; the second one gets a number.
        seen[subject] = seen.get(subject, 0) + 1
        number = f"/{seen[subject]}" if seen[subject] > 1 else ""
        lines = [day.observance.theme]
        if day.remind_on is not None:
            lines.append(f"提醒：{format_full_day(day.remind_on, day.date)}")
        if day.provisional:
            lines.append(PROVISIONAL)
        yield DayEvent(
            _create_uid(subject + number), day.date, day.observance.name, "\n".join(filter(None, lines))
        )


def _list_due_events(
    due: Sequence[Occurrence],
    rules: Rulebook,
    names: Mapping[int, str],
    revisions: Mapping[tuple[str, int, str], int],
) -> Iterator[DayEvent]:
    several = len({row.organization_id for row in due}) > 1
    for row in due:
        rule = rules.find_version(row.requirement, row.opens_on)
        usual = "（一般）" if rule.strength is Strength.USUAL else ""
        where = f" · {names[row.organization_id]}" if several else ""
        lines = [f"{format_period(row.period)}应办{usual}", rule.frequency, PROVISIONAL * row.provisional]
        yield DayEvent(
            _create_uid(f"occurrence/{row.requirement}/{row.organization_id}/{row.period}"),
            row.due_on,
            f"{rule.name}{where}",
            "\n".join(filter(None, lines)),
            # Clients take a changed event only when its SEQUENCE has grown; ids of changes only grow.
            sequence=revisions.get((row.requirement, row.organization_id, row.period), 0),
            tentative=row.provisional,
            cancelled=row.waived,
        )


def _create_uid(subject: str) -> str:
    return f"{uuid5(NAMESPACE_URL, f'qingli:{subject}')}@qingli"
