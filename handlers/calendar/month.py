"""The calendar in the chat: one month with its festivals and due days."""

import re
from datetime import date, timedelta

from handlers.calendar import texts
from handlers.core.callback_data import CALENDAR
from handlers.core.context import Answers, Request
from handlers.core.messages import Button, OutgoingMessage
from models.records import agenda
from models.rules.calendar.due_days import add_months, get_month_span
from models.rules.output.agenda import create_agenda as agenda_lines
from models.rules.people.permissions import Action

FURTHEST_YEARS = 5
_MONTH = re.compile(r"(?:(\d{4})\s*[-年/.]?\s*)?(\d{1,2})\s*月?")


def show_month(request: Request, words: str = "") -> Answers:
    """A month (`11月`, `2027-02`, none: this one) with what is due in the speaker's scope."""
    return [_build_month(request, _parse_month(words, request.today) or request.today.replace(day=1))]


def answer_press(request: Request, month: str) -> Answers:
    """A button to another month: edit the message."""
    first = _parse_month(month, request.today)
    if first is None:
        return []
    answer = _build_month(request, first)
    return [OutgoingMessage(answer.text, answer.buttons, edits=request.message.message_key)]


def _build_month(request: Request, first: date) -> OutgoingMessage:
    scope = request.scope(Action.CALENDAR)
    register = request.index
    own = next(
        (post.organization_id for post in request.speaker.posts if post.organization_id in scope), None
    )
    shown = agenda.build_agenda(
        request.session,
        request.context.rules,
        register.ledger,
        register.facts_of(scope),
        get_month_span(first.year, first.month),
        place_id=own,
    )
    lines = agenda_lines(shown.days, shown.due, request.context.rules, shown.names)
    title = next(iter(shown.names.values())) if len(shown.names) == 1 else request.voice.sender
    return OutgoingMessage(
        texts.format_month(title, first, lines, request.today), (_build_buttons(first, request.today),)
    )


def _build_buttons(first: date, today: date) -> tuple[Button, ...]:
    """Buttons to the month before, this month and the month after, up to FURTHEST_YEARS away."""
    months = [add_months(first, -1), add_months(first, 1)]
    if first != today.replace(day=1):
        months.insert(1, today.replace(day=1))
    return tuple(
        Button(_format_label(month, first, today), f"{CALENDAR}:{month:%Y-%m}")
        for month in dict.fromkeys(months)
        if abs(month.year - today.year) <= FURTHEST_YEARS
    )


def _format_label(month: date, shown: date, today: date) -> str:
    year = f"{month.year}年" if month.year != today.year else ""
    name = f"{year}{month.month}月"
    return f"‹ {name}" if month < shown else f"{name} ›"


def _parse_month(words: str, today: date) -> date | None:
    """The first day of the written month; without a year the next, or up to half a year back."""
    found = _MONTH.fullmatch(words.strip())
    if found is None or not 1 <= int(found[2]) <= 12:
        return None
    if found[1] is None:
        this = date(today.year, int(found[2]), 1)
        return this if this >= today.replace(day=1) - timedelta(days=183) else add_months(this, 12)
    year = int(found[1])
    return date(year, int(found[2]), 1) if abs(year - today.year) <= FURTHEST_YEARS else None
