"""The status of one organization: states, changes and records, in pages."""

from collections.abc import Sequence

from handlers.core.callback_data import build_status_button
from handlers.core.context import Request
from handlers.core.messages import OutgoingMessage
from handlers.status import keyboards, revisions, texts, view
from handlers.status.keyboards import BRANCH, LIST, SHEET
from handlers.status.paging import PAGE_LINES, SPARE_LINES, get_page
from handlers.status.texts import Item
from handlers.status.view import View
from models.records import leave_requests
from models.rules.deliveries import ReplyContext
from models.rules.output.zh_text import format_short_day
from models.rules.people.permissions import Action
from models.rules.types import Subject, get_subject

MOST_SHEETS = 6


def show_organization(
    request: Request, shown: View, inquiry: int, number: int, place: int
) -> OutgoingMessage:
    """One page of an organization's status: states, leave, changes, records and their sheets."""
    rows = view.list_records(request, shown)
    away = leave_requests.list_names(request.session, shown.ids)
    entries = texts.list_branch_detail(
        shown.items,
        [held for _, held in rows],
        request.today,
        away=_list_leave(request, away, shown.items),
        standing=revisions.list_current_changes(request, shown),
    )
    remarks = revisions.list_remarks(request, shown)
    lines, more = get_page(entries, number, lines=PAGE_LINES - max(0, len(remarks) - SPARE_LINES))
    name = request.index.tree.get_name(place)
    when = texts.format_range(shown.first, shown.last, shown.today)
    heading = texts.format_head(f"{name} · {when}", shown.today)
    sheets = [
        build_status_button(
            f"{format_short_day(row.held_on)}{held.requirement}记录表", inquiry, SHEET, row.id
        )
        for row, held in rows[-MOST_SHEETS:]
    ]
    buttons = (
        *keyboards.split_rows(sheets, 2),
        (build_status_button("返回", inquiry, LIST), *keyboards.build_files(inquiry, place)),
        *keyboards.build_paging(inquiry, BRANCH, number, place, more=more),
        *([keyboards.build_waive_or_move(place, inquiry)] if place in request.scope(Action.APPROVE) else []),
        *keyboards.build_widening(inquiry, **view.get_limits(request, shown)),
    )
    text = "\n".join([heading, *(lines or ["这段时间没有应办事项，也没有记录。"]), *remarks])
    return OutgoingMessage(text, buttons, ReplyContext(inquiry_id=inquiry))


def _list_leave(
    request: Request, away: dict[Subject, list[str]], items: Sequence[Item]
) -> list[tuple[str, int, list[str]]]:
    """Leave from coming items as (requirement, number, names); names only for reporters there."""
    reports_here = request.scope(Action.REPORT)
    return [
        (item.requirement, len(names), names if item.occurrence.organization_id in reports_here else [])
        for item in items
        if item.state in texts.COMING and (names := away.get(get_subject(item.occurrence), []))
    ]
