"""Revisions below a status: the closing of the month, and changes since then or a day."""

from datetime import date, datetime, timedelta

from handlers.core.context import Request
from handlers.leaders import texts as leader_texts, waive_texts
from handlers.status.view import View
from models.records import changes, closings, record_history
from models.register import members
from models.tables.closings import Closing
from models.tables.records import Completion, OccurrenceChange


def list_remarks(request: Request, shown: View) -> list[str]:
    """The lines below the status of a closed month or of an earlier day."""
    closing = _find_closing(request, shown)
    lines = [_format_closing(request, shown, closing)] if closing is not None else []
    if shown.known is not None:
        return lines + leader_texts.format_changes(_list_changes(request, shown, shown.known), "此后")
    if closing is not None:
        lines += leader_texts.format_changes(_list_changes(request, shown, closing.closed_at), "封账后")
    return lines


def list_current_changes(request: Request, shown: View) -> list[str]:
    """The current waivers and moves of the view, with their reasons and who made them."""
    _, periods = shown.subjects
    rows = [row for row in changes.list_current(request.session, shown.ids, periods) if row.reason]
    names = members.list_names(request.session, {row.by_member_id for row in rows if row.by_member_id})
    return [
        waive_texts.format_current_change(
            request.context.rules.get_name(row.requirement),
            row.period,
            row.moved_to,
            reason=row.reason or "",
            by=names.get(row.by_member_id or 0, ""),
            today=request.today,
        )
        for row in rows
    ]


def _find_closing(request: Request, shown: View) -> Closing | None:
    """The last closing of the shown month, for its organizations or for one above them all."""
    first, last = shown.first, shown.last
    whole = (first.day, (last + timedelta(days=1)).day) == (1, 1)
    if not whole or (first.year, first.month) != (last.year, last.month) or not shown.ids:
        return None
    tree = request.index.tree
    above = frozenset.intersection(*(frozenset((one, *tree.list_above(one))) for one in shown.ids))
    found = closings.find_newest(request.session, above, f"{first:%Y-%m}")
    return found if found is None or shown.known is None or found.closed_at <= shown.known else None


def _format_closing(request: Request, shown: View, closing: Closing) -> str:
    """When the month was closed; the figures where they are of just what is shown."""
    tree = request.index.tree
    same = not shown.asked.requirements and shown.ids == tree.list_below(closing.organization_id)
    counts = closing.figures["counts"] if same else None
    if len(shown.ids) == 1 and not shown.asked.requirements:
        counts = closing.figures["organizations"].get(tree.get_name(next(iter(shown.ids))), counts)
    return leader_texts.format_closed_before(
        closing.month, _to_civil_day(request, closing.closed_at), counts, shown.today
    )


def _list_changes(request: Request, shown: View, moment: datetime) -> list[str]:
    """Records and changes of what is shown that came or went after a moment, in that order."""
    wanted, periods = shown.subjects
    found = [
        (
            gone if (gone := _find_superseded_at(row, moment)) else row.known_at,
            _format_record(request, row, moment),
        )
        for row in record_history.list_changed_since(request.session, shown.ids, moment, periods=periods)
        if row.requirement in wanted
    ]
    found += [
        (row.made_at, _format_change(request, row))
        for row in changes.list_made_since(request.session, shown.ids, moment, periods=periods)
        if row.requirement in wanted
    ]
    return [line for _, line in sorted(found, key=lambda each: each[0])]


def _find_superseded_at(row: Completion, moment: datetime) -> datetime | None:
    """When a record that was known at the moment was superseded."""
    return row.superseded_at if row.known_at <= moment else None


def _format_record(request: Request, row: Completion, moment: datetime) -> str:
    where, what = (
        request.index.tree.get_name(row.organization_id),
        request.context.rules.get_name(row.requirement),
    )
    if gone := _find_superseded_at(row, moment):
        return leader_texts.format_record_removed(_to_civil_day(request, gone), where, what, request.today)
    return leader_texts.format_record_added(
        _to_civil_day(request, row.known_at), where, what, row.held_on, request.today
    )


def _format_change(request: Request, row: OccurrenceChange) -> str:
    return leader_texts.format_occurrence_changed(
        _to_civil_day(request, row.made_at),
        request.index.tree.get_name(row.organization_id),
        request.context.rules.get_name(row.requirement),
        row.moved_to,
        waived=row.waived,
        today=request.today,
    )


def _to_civil_day(request: Request, moment: datetime) -> date:
    return moment.astimezone(request.message.at.tzinfo).date()
