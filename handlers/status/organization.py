"""The status of one organization: states, changes and records, in pages."""

from collections.abc import Sequence

from handlers.core.callback_data import status_button
from handlers.core.context import Request
from handlers.core.messages import OutgoingMessage
from handlers.status import keyboards, revisions, texts, view
from handlers.status.keyboards import BRANCH, LIST, SHEET
from handlers.status.paging import PAGE_LINES, SPARE_LINES, page
from handlers.status.texts import Item
from handlers.status.view import View
from models.records import leave_requests
from models.rules.deliveries import ReplyContext
from models.rules.output.zh_text import short_day
from models.rules.people.permissions import Action
from models.rules.types import Subject, subject_of

MOST_SHEETS = 6


def detail(request: Request, shown: View, inquiry: int, number: int, place: int) -> OutgoingMessage:
    """One page of an organization's status: states, leave, changes, records and their sheets."""
    rows = view.held(request, shown)
    away = leave_requests.names(request.session, shown.ids)
    entries = texts.branch_detail(
        shown.items,
        [held for _, held in rows],
        request.today,
        away=_away(request, away, shown.items),
        standing=revisions.standing(request, shown),
    )
    remarks = revisions.remarks(request, shown)
    lines, more = page(entries, number, lines=PAGE_LINES - max(0, len(remarks) - SPARE_LINES))
    name = request.index.tree.name(place)
    when = texts.range_name(shown.first, shown.last, shown.today)
    heading = texts.head(f"{name} · {when}", shown.today)
    sheets = [
        status_button(f"{short_day(row.held_on)}{held.requirement}记录表", inquiry, SHEET, row.id)
        for row, held in rows[-MOST_SHEETS:]
    ]
    buttons = (
        *keyboards.in_rows(sheets, 2),
        (status_button("返回", inquiry, LIST), *keyboards.files(inquiry, place)),
        *keyboards.paging(inquiry, BRANCH, number, place, more=more),
        *([keyboards.altering(place, inquiry)] if place in request.scope(Action.APPROVE) else []),
        *keyboards.whole(inquiry, **view.narrowed_by(request, shown)),
    )
    text = "\n".join([heading, *(lines or ["这段时间没有应办事项，也没有记录。"]), *remarks])
    return OutgoingMessage(text, buttons, ReplyContext(inquiry_id=inquiry))


def _away(
    request: Request, away: dict[Subject, list[str]], items: Sequence[Item]
) -> list[tuple[str, int, list[str]]]:
    """Leave from coming items as (requirement, number, names); names only for reporters there."""
    reports_here = request.scope(Action.REPORT)
    return [
        (item.requirement, len(names), names if item.occurrence.organization_id in reports_here else [])
        for item in items
        if item.state in texts.COMING and (names := away.get(subject_of(item.occurrence), []))
    ]
