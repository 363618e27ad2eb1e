"""The calendar in the chat: the days that matter and what is due in the weeks ahead."""

from datetime import date, timedelta

from handlers import words
from handlers.desk import Answers, Turn
from handlers.utterance import Answer
from models.rules.access import Action
from models.rules.facts import Occurrence
from models.rules.observances import ObservanceDay
from models.status import changes

AHEAD = timedelta(days=60)
MOST_ORGANIZATIONS = 3


async def show(turn: Turn) -> Answers:
    """What lies ahead for the speaker: festivals for everybody, due days of the own few organizations."""
    first, last = turn.today, turn.today + AHEAD
    rules = turn.desk.rules
    scope = turn.scope(Action.CALENDAR)
    own = turn.register.of(scope) if len(scope) <= MOST_ORGANIZATIONS else []
    due = rules.due(
        own,
        first,
        last,
        ledger=turn.register.ledger,
        changes=await changes(turn.session, {facts.id for facts in own}),
    )
    days = rules.days(first, last)
    entries = [*(_festival(day) for day in days), *(_due(turn, row, len(own) > 1) for row in due)]
    return [Answer(words.calendar(turn.sender(), sorted(entries), turn.today))]


def _festival(day: ObservanceDay) -> tuple[date, str]:
    return day.date, day.observance.name


def _due(turn: Turn, row: Occurrence, named: bool) -> tuple[date, str]:
    where = f"{turn.register.tree.name(row.organization_id)} " if named else ""
    free = "（免办）" if row.waived else ""
    return row.due_on, f"{where}{turn.desk.rules.name(row.requirement)}{free}"
