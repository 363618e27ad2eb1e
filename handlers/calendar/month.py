"""The calendar in the chat: a month with its festivals and what is due, and buttons to the next one."""

import re
from datetime import date, timedelta

from handlers.calendar import texts
from handlers.core.callback_data import CALENDAR
from handlers.core.context import Answers, Turn
from handlers.core.messages import Answer, Button
from models.records import agenda
from models.rules.calendar.due_days import add_months, month_span
from models.rules.output.agenda import agenda as agenda_lines
from models.rules.people.permissions import Action

FURTHEST_YEARS = 5
_MONTH = re.compile(r"(?:(\d{4})\s*[-年/.]?\s*)?(\d{1,2})\s*月?")


async def show(turn: Turn, words: str = "") -> Answers:
    """A month (`11月`, `2027-02`; none: this one): days that matter, and what is due within one's reach."""
    return [await _month(turn, _first(words, turn.today) or turn.today.replace(day=1))]


async def pressed(turn: Turn, month: str) -> Answers:
    """Another month in the place of the one shown."""
    first = _first(month, turn.today)
    if first is None:
        return []
    answer = await _month(turn, first)
    return [Answer(answer.text, answer.buttons, edits=turn.said.message_key)]


async def _month(turn: Turn, first: date) -> Answer:
    scope = turn.scope(Action.CALENDAR)
    register = turn.register
    own = next((post.organization_id for post in turn.speaker.posts if post.organization_id in scope), None)
    shown = await agenda.of(
        turn.session,
        turn.desk.rules,
        register.ledger,
        register.of(scope),
        month_span(first.year, first.month),
        place_id=own,
    )
    lines = agenda_lines(shown.days, shown.due, turn.desk.rules, shown.names)
    title = next(iter(shown.names.values())) if len(shown.names) == 1 else turn.voice.sender
    return Answer(texts.month(title, first, lines, turn.today), (_ways_on(first, turn.today),))


def _ways_on(first: date, today: date) -> tuple[Button, ...]:
    """To the months before and after, as far as anybody looks, and back to this one."""
    months = [add_months(first, -1), add_months(first, 1)]
    if first != today.replace(day=1):
        months.insert(1, today.replace(day=1))
    return tuple(
        Button(_label(month, first, today), f"{CALENDAR}:{month:%Y-%m}")
        for month in dict.fromkeys(months)
        if abs(month.year - today.year) <= FURTHEST_YEARS
    )


def _label(month: date, shown: date, today: date) -> str:
    year = f"{month.year}年" if month.year != today.year else ""
    name = f"{year}{month.month}月"
    return f"‹ {name}" if month < shown else f"{name} ›"


def _first(words: str, today: date) -> date | None:
    """The first day of the month that is written; the next such month where no year is."""
    found = _MONTH.fullmatch(words.strip())
    if found is None or not 1 <= int(found[2]) <= 12:
        return None
    if found[1] is None:
        this = date(today.year, int(found[2]), 1)
        return this if this >= today.replace(day=1) - timedelta(days=183) else add_months(this, 12)
    year = int(found[1])
    return date(year, int(found[2]), 1) if abs(year - today.year) <= FURTHEST_YEARS else None
