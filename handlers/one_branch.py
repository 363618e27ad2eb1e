"""One organization in the chat: its states, changes and records, in pages that a phone can show."""

from collections.abc import Sequence

from handlers import afterwards, status_buttons, status_words, viewing
from handlers.buttons import status_button
from handlers.desk import Turn
from handlers.status_buttons import BRANCH, LIST, SHEET
from handlers.status_pages import PAGE_LINES, SPARE_LINES, page
from handlers.status_words import Item
from handlers.utterance import Answer
from handlers.viewing import View
from models import leave_requests
from models.rules.access import Action
from models.rules.wording import short_day
from models.status import Subject, subject_of

MOST_SHEETS = 6


async def detail(turn: Turn, shown: View, inquiry: int, number: int, place: int) -> Answer:
    """One organization: its states, who asked for leave, and its records with topic, counts and reporter."""
    rows = await viewing.held(turn, shown)
    away = await leave_requests.names(turn.session, shown.ids)
    entries = status_words.branch_detail(
        shown.items,
        [held for _, held in rows],
        turn.today,
        away=_away(turn, away, shown.items),
        standing=await afterwards.standing(turn, shown),
    )
    remarks = await afterwards.remarks(turn, shown)
    lines, more = page(entries, number, lines=PAGE_LINES - max(0, len(remarks) - SPARE_LINES))
    name = turn.register.tree.name(place)
    when = status_words.range_name(shown.first, shown.last, shown.today)
    heading = status_words.head(f"{name} · {when}", shown.today)
    sheets = [
        status_button(f"{short_day(row.held_on)}{held.requirement}记录表", inquiry, SHEET, row.id)
        for row, held in rows[-MOST_SHEETS:]
    ]
    buttons = (
        *status_buttons.in_rows(sheets, 2),
        (status_button("返回", inquiry, LIST), *status_buttons.files(inquiry, place)),
        *status_buttons.paging(inquiry, BRANCH, number, place, more=more),
        *([status_buttons.altering(place, inquiry)] if place in turn.scope(Action.APPROVE) else []),
        *status_buttons.whole(inquiry, **viewing.narrowed_by(turn, shown)),
    )
    text = "\n".join([heading, *(lines or ["这段时间没有应办事项，也没有记录。"]), *remarks])
    return Answer(text, buttons, {"inquiry": inquiry})


def _away(
    turn: Turn, away: dict[Subject, list[str]], items: Sequence[Item]
) -> list[tuple[str, int, list[str]]]:
    """Who asked for leave from what is still to come: what, how many, and names for who reports there."""
    reports_here = turn.scope(Action.REPORT)
    return [
        (item.requirement, len(names), names if item.occurrence.organization_id in reports_here else [])
        for item in items
        if item.state in status_words.COMING and (names := away.get(subject_of(item.occurrence), []))
    ]
