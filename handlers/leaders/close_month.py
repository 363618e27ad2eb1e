"""Closing a month (封账): its figures are shown, and kept when the button is pressed."""

import re
from collections import Counter
from datetime import date, datetime, timedelta
from typing import Any

from handlers.core.callback_data import CLOSE, YES, petition_rows
from handlers.core.context import Answers, Turn
from handlers.core.messages import Answer
from handlers.leaders import texts
from handlers.reading.questions.read import Question, read_question, running
from handlers.status import view
from handlers.status.texts import Item
from models.records import closings
from models.register import confirmations
from models.rules.people.permissions import Action

EARLY_DAYS = 15  # until then the month before is meant
HALF_A_YEAR = 6  # months
ALONE = re.compile(r"\s*[\d一二三四五六七八九十]{1,2}月份?\s*")  # a month without its year


async def close(turn: Turn, rest: str) -> Answers:
    """`封账11月`: the month's figures of all that the speaker leads, with a button to keep them."""
    tops = turn.register.tree.tops(turn.scope(Action.APPROVE))
    if not tops:
        return [Answer(texts.not_for_you())]
    first, over = _month(turn, rest), _month_before(turn.today)
    if first is None:
        return [Answer(texts.which_month(over))]
    if first > turn.today:
        return [Answer(texts.month_to_come(f"{first:%Y-%m}", over))]
    month = f"{first:%Y-%m}"
    rows = await _rows(turn, tops, first)
    if not any(counts for _, counts, _ in rows):
        return [Answer(texts.empty_month(month))]
    petition = await confirmations.add(
        turn.session,
        confirmations.CLOSE,
        chat_id=turn.place.id,
        member_id=turn.speaker.id,
        detail={"month": month, "tops": tops},
    )
    text = texts.close_which(month, rows, over=_last(first) < turn.today, today=turn.today)
    return [Answer(text, petition_rows(CLOSE, petition.id, "封账", "不封"))]


async def pressed(turn: Turn, petition_id: int, choice: str) -> Answers:
    """The button under the figures, of the one who asked, while they still may."""
    petition = await confirmations.waiting(turn.session, petition_id, confirmations.CLOSE, of=turn.speaker.id)
    if petition is None or petition.detail is None:
        return []
    confirmations.settle(petition, by=turn.speaker.id)
    edits = turn.said.message_key
    if choice != YES:
        return [Answer(texts.not_closed(), edits=edits)]
    return [Answer(await _keep(turn, petition.detail), edits=edits)]


async def _keep(turn: Turn, detail: dict[str, Any]) -> str:
    month, scope = str(detail["month"]), turn.scope(Action.APPROVE)
    rows = []
    for top in (each for each in detail["tops"] if each in scope):
        kept = await _figures(turn, top, date.fromisoformat(f"{month}-01"))
        await closings.close(turn.session, top, month, kept, by=turn.speaker.id, at=turn.now)
        rows.append((turn.register.tree.name(top), kept["counts"]))
    if not rows:
        return texts.not_for_you()
    return texts.closed(month, rows, turn.today)


async def _rows(turn: Turn, tops: list[int], first: date) -> list[tuple[str, dict[str, int], date | None]]:
    """Each organization with its figures, and the day on which the month was closed for it before."""
    rows = []
    for top in tops:
        before = await closings.newest(turn.session, [top], f"{first:%Y-%m}")
        day = _day(turn, before.closed_at) if before else None
        rows.append((turn.register.tree.name(top), (await _figures(turn, top, first))["counts"], day))
    return rows


async def _figures(turn: Turn, top: int, first: date) -> dict[str, Any]:
    """What is kept of a month: occurrences by state, over all, by requirement and by organization."""
    asked = Question(first, _last(first), stated_period=True)
    shown = await view.view(turn, asked, only=turn.register.tree.below(top))
    return {
        "counts": dict(Counter(item.state.value for item in shown.items)),
        "requirements": _by(shown.items, "requirement"),
        "organizations": _by(shown.items, "organization"),
    }


def _by(items: tuple[Item, ...], what: str) -> dict[str, dict[str, int]]:
    found: dict[str, Counter[str]] = {}
    for item in items:
        found.setdefault(getattr(item, what), Counter())[item.state.value] += 1
    return {name: dict(counts) for name, counts in found.items()}


def _month(turn: Turn, rest: str) -> date | None:
    """The first day of the month that is named; else of the one before, or late in a month of this one."""
    if rest.strip():
        asked = read_question(rest, now=turn.said.at, names=turn.register.asking)
        if not asked.stated_period or asked.first is None:
            return None
        return (
            _nearest(asked.first.month, turn.today) if ALONE.fullmatch(rest) else asked.first.replace(day=1)
        )
    return _month_before(turn.today) if turn.today.day <= EARLY_DAYS else running("month", turn.today)[0]


def _nearest(month: int, today: date) -> date:
    """This year's month, unless it is more than half a year ahead: in January 12月 is last year's."""
    return date(today.year - (month > today.month + HALF_A_YEAR), month, 1)


def _month_before(day: date) -> date:
    """The first day of the last month that is over."""
    return (day.replace(day=1) - timedelta(days=1)).replace(day=1)


def _last(first: date) -> date:
    return (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)


def _day(turn: Turn, moment: datetime) -> date:
    return moment.astimezone(turn.said.at.tzinfo).date()
