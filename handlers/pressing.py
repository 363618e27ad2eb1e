"""Pressed buttons: each kind of callback data and the conversation that it leads to."""

from handlers import (
    altering,
    approving,
    asking,
    binding,
    broadcasting,
    calendar,
    closing,
    correcting,
    deciding,
    history,
    importing,
    overview,
    preview,
    receipting,
    telephones,
    urging,
)
from handlers.buttons import (
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
from handlers.desk import Answers, Turn

# What a petition's buttons settle; what buttons of two numbers lead to.
PETITIONS = {
    IMPORT: importing.pressed,
    BIND: binding.pressed,
    PHONE: telephones.pressed,
    CLOSE: closing.pressed,
    URGE: urging.pressed,
    BROADCAST: broadcasting.pressed,
    DECIDE: deciding.pressed,
}
OF_REPORTS = (ANSWER, FIX, UNDO)
PAGES = {
    HISTORY: history.pressed,
    PREVIEW: preview.pressed,
    URGE_OF: urging.under_status,
    ALTER_OF: altering.under_branch,
    ALTER: altering.pressed,
    UNALTER: altering.undone,
    STOP: broadcasting.stopped,
}


async def pressed(turn: Turn, data: str) -> Answers:
    """Data may be forged: what no button of ours could say gives nothing."""
    try:
        return await _chosen(turn, data)
    except NoButtonError:
        return []


async def _chosen(turn: Turn, data: str) -> Answers:
    match data.split(":"):
        case [kind, report_id, *rest] if kind in OF_REPORTS:
            return await _of_report(turn, kind, digits(report_id), rest)
        case [kind, mark, choice] if kind == APPROVE:
            return await approving.pressed(turn, mark, choice)
        case [kind, petition_id, choice] if kind in PETITIONS:
            return await PETITIONS[kind](turn, digits(petition_id), choice)
        case [kind, one, other] if kind in PAGES:
            return await PAGES[kind](turn, digits(one), digits(other))
        case [kind, month] if kind == CALENDAR:
            return await calendar.pressed(turn, month)
        case [kind] if kind == READ:
            return await receipting.pressed(turn)
        case [kind] if kind == WAITING:
            return turn.aside(await asking.show_waiting(turn))
        case [kind, inquiry, view, argument, page] if kind == STATUS:
            for part in (inquiry, argument, page):
                digits(part)
            return await overview.pressed(turn, inquiry, view, argument, page)
    return []


async def _of_report(turn: Turn, kind: str, report_id: int, rest: list[str]) -> Answers:
    match rest:
        case [number, choice] if kind == ANSWER:
            return turn.here(await asking.pressed(turn, report_id, digits(number), choice))
        case [] if kind == FIX:
            return turn.here(await correcting.fix_pressed(turn, report_id))
        case [] if kind == UNDO:
            return await correcting.undo_pressed(turn, report_id)
    return []
