"""Pressed buttons: each kind of callback data and the conversation that it leads to."""

from handlers.calendar import month, preview
from handlers.core.callback_data import (
    ALTER,
    ALTER_OF,
    ANSWER,
    APPROVE,
    BIND,
    BROADCAST,
    CALENDAR,
    CLOSE,
    DECIDE,
    FIX,
    HISTORY,
    IMPORT,
    PHONE,
    PREVIEW,
    READ,
    STATUS,
    STOP,
    UNALTER,
    UNDO,
    URGE,
    URGE_OF,
    WAITING,
    NoButtonError,
    digits,
)
from handlers.core.context import Answers, Request
from handlers.leaders import approve_text, broadcast, close_month, nudge, read_receipts, waive_or_move
from handlers.people import bind_group, history, import_roster, new_phone, uncertain_delivery
from handlers.reports import correct, questions
from handlers.status import query

# What a petition's buttons settle; what buttons of two numbers lead to.
PETITIONS = {
    IMPORT: import_roster.pressed,
    BIND: bind_group.pressed,
    PHONE: new_phone.pressed,
    CLOSE: close_month.pressed,
    URGE: nudge.pressed,
    BROADCAST: broadcast.pressed,
    DECIDE: uncertain_delivery.pressed,
}
OF_REPORTS = (ANSWER, FIX, UNDO)
PAGES = {
    HISTORY: history.pressed,
    PREVIEW: preview.pressed,
    URGE_OF: nudge.under_status,
    ALTER_OF: waive_or_move.under_branch,
    ALTER: waive_or_move.pressed,
    UNALTER: waive_or_move.undone,
    STOP: broadcast.stopped,
}


def pressed(request: Request, data: str) -> Answers:
    """Data may be forged: what no button of ours could say gives nothing."""
    try:
        return _chosen(request, data)
    except NoButtonError:
        return []


def _chosen(request: Request, data: str) -> Answers:
    match data.split(":"):
        case [kind, report_id, *rest] if kind in OF_REPORTS:
            return _of_report(request, kind, digits(report_id), rest)
        case [kind, mark, choice] if kind == APPROVE:
            return approve_text.pressed(request, mark, choice)
        case [kind, petition_id, choice] if kind in PETITIONS:
            return PETITIONS[kind](request, digits(petition_id), choice)
        case [kind, one, other] if kind in PAGES:
            return PAGES[kind](request, digits(one), digits(other))
        case [kind, name] if kind == CALENDAR:
            return month.pressed(request, name)
        case [kind] if kind == READ:
            return read_receipts.pressed(request)
        case [kind] if kind == WAITING:
            return request.aside(questions.show_waiting(request))
        case [kind, inquiry, view, argument, page] if kind == STATUS:
            for part in (inquiry, argument, page):
                digits(part)
            return query.pressed(request, inquiry, view, argument, page)
    return []


def _of_report(request: Request, kind: str, report_id: int, rest: list[str]) -> Answers:
    match rest:
        case [number, choice] if kind == ANSWER:
            return request.here(questions.pressed(request, report_id, digits(number), choice))
        case [] if kind == FIX:
            return request.here(correct.fix_pressed(request, report_id))
        case [] if kind == UNDO:
            return correct.undo_pressed(request, report_id)
    return []
