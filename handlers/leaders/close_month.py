"""Closing a month (封账): show its figures and store them after confirmation."""

import re
from collections import Counter, defaultdict
from datetime import date, datetime, timedelta
from typing import Any

from handlers.core.callback_data import CLOSE, YES, build_confirmation_rows
from handlers.core.context import Answers, Request
from handlers.core.messages import OutgoingMessage
from handlers.leaders import texts
from handlers.reading.questions.read import Question, get_current_period, read_question
from handlers.status import view
from models.records import closings
from models.register import confirmations
from models.rules.people.permissions import Action

EARLY_DAYS = 15  # up to this day, 封账 without a month closes the month before
HALF_A_YEAR = 6  # months
ALONE = re.compile(r"\s*[\d一二三四五六七八九十]{1,2}月份?\s*")  # a month without its year


def ask_close(request: Request, rest: str) -> Answers:
    """`封账11月`: show the month's figures of all organizations that the speaker leads, and ask."""
    tops = request.index.tree.list_tops(request.scope(Action.APPROVE))
    if not tops:
        return [OutgoingMessage(texts.LEADERS_ONLY)]
    first, over = _find_month(request, rest), _get_month_before(request.today)
    if first is None:
        return [OutgoingMessage(texts.format_which_month(over))]
    if first > request.today:
        return [OutgoingMessage(texts.format_month_to_come(f"{first:%Y-%m}", over))]
    month = f"{first:%Y-%m}"
    rows = _list_figures(request, tops, first)
    if not any(counts for _, counts, _ in rows):
        return [OutgoingMessage(texts.format_empty_month(month))]
    confirmation = confirmations.add_confirmation(
        request.session,
        confirmations.CLOSE,
        chat_id=request.place.id,
        member_id=request.speaker.id,
        detail={"month": month, "tops": tops},
    )
    text = texts.format_close_question(
        month, rows, over=_get_last_day(first) < request.today, today=request.today
    )
    return [OutgoingMessage(text, build_confirmation_rows(CLOSE, confirmation.id, "封账", "不封"))]


def answer_press(request: Request, confirmation_id: int, choice: str) -> Answers:
    """The button under the figures, of the one who asked, while they still may."""
    confirmation = confirmations.find_waiting(
        request.session, confirmation_id, confirmations.CLOSE, of=request.speaker.id
    )
    if confirmation is None or confirmation.detail is None:
        return []
    confirmations.settle_confirmation(confirmation, by=request.speaker.id)
    edits = request.message.message_key
    if choice != YES:
        return [OutgoingMessage(texts.NOT_CLOSED, edits=edits)]
    return [OutgoingMessage(_close_month(request, confirmation.detail), edits=edits)]


def _close_month(request: Request, detail: dict[str, Any]) -> str:
    # Rights may have changed since the question: only organizations still led are closed.
    month, scope = str(detail["month"]), request.scope(Action.APPROVE)
    rows = []
    for top in (each for each in detail["tops"] if each in scope):
        kept = _count_figures(request, top, date.fromisoformat(f"{month}-01"))
        closings.close_month(request.session, top, month, kept, by=request.speaker.id, at=request.now)
        rows.append((request.index.tree.get_name(top), kept["counts"]))
    if not rows:
        return texts.LEADERS_ONLY
    return texts.format_closed(month, rows, request.today)


def _list_figures(
    request: Request, tops: list[int], first: date
) -> list[tuple[str, dict[str, int], date | None]]:
    """Each organization with its counts by state and the day of an earlier closing."""
    rows = []
    for top in tops:
        before = closings.find_newest(request.session, [top], f"{first:%Y-%m}")
        day = _to_civil_day(request, before.closed_at) if before else None
        rows.append((request.index.tree.get_name(top), _count_figures(request, top, first)["counts"], day))
    return rows


def _count_figures(request: Request, top: int, first: date) -> dict[str, Any]:
    """The counts by state that a closing stores: in all, by requirement and by organization."""
    asked = Question(first, _get_last_day(first), stated_period=True)
    shown = view.build_view(request, asked, only=request.index.tree.list_below(top))
    requirements: dict[str, Counter[str]] = defaultdict(Counter)
    organizations: dict[str, Counter[str]] = {facts.name: Counter() for facts in shown.owing}
    names = {facts.id: facts.name for facts in shown.owing}
    for block in sorted(shown.blocks, key=lambda block: block.order):
        name = request.context.rules.get_name(block.occurrence.requirement)
        requirements[name][block.state.value] += len(block.organizations)
        for place in block.organizations:
            organizations[names[place]][block.state.value] += 1
    return {
        "counts": {state.value: count for state, count in shown.counts.items()},
        "requirements": {name: dict(counts) for name, counts in requirements.items()},
        "organizations": {name: dict(counts) for name, counts in organizations.items()},
    }


def _find_month(request: Request, rest: str) -> date | None:
    """The first day of the named month; without one, of last month or after EARLY_DAYS of this."""
    if rest.strip():
        asked = read_question(rest, now=request.message.at, names=request.index.question_names)
        if not asked.stated_period or asked.first is None:
            return None
        return (
            _find_nearest(asked.first.month, request.today)
            if ALONE.fullmatch(rest)
            else asked.first.replace(day=1)
        )
    return (
        _get_month_before(request.today)
        if request.today.day <= EARLY_DAYS
        else get_current_period("month", request.today)[0]
    )


def _find_nearest(month: int, today: date) -> date:
    """The month of this year, or of last year if more than half a year ahead (12月 in January)."""
    return date(today.year - (month > today.month + HALF_A_YEAR), month, 1)


def _get_month_before(day: date) -> date:
    """The first day of the month before."""
    return (day.replace(day=1) - timedelta(days=1)).replace(day=1)


def _get_last_day(first: date) -> date:
    return (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)


def _to_civil_day(request: Request, moment: datetime) -> date:
    return moment.astimezone(request.message.at.tzinfo).date()
