"""Status answers that are files: picture, workbook and record sheet."""

from handlers.core.context import Answers, Request
from handlers.core.messages import Attachment, OutgoingMessage
from handlers.exports.board_grid import MOST_ROWS, Board
from handlers.exports.ledger import Book, make_file_name
from handlers.exports.renderers import to_recipe
from handlers.reading.questions.read import PICTURE
from handlers.status import file_values, texts, view
from handlers.status.view import View
from models.records import record_history
from models.records.completions import to_entry
from models.rules.output.zh_text import escape, format_short_day
from models.rules.people.permissions import Action
from models.rules.types import get_subject
from models.tables.records import Completion


def build_file_answer(request: Request, shown: View, as_: str) -> OutgoingMessage:
    """The view as a picture or workbook; above MOST_ROWS organizations always as a workbook."""
    heading = texts.format_head(shown.title, shown.today)
    if not shown.blocks and not view.list_records(request, shown):
        return OutgoingMessage(f"{heading}\n{texts.NOTHING_DUE}")
    board = file_values.build_status_board(
        shown.title,
        shown.items,
        first=shown.first,
        last=shown.last,
        today=shown.today,
        groups=shown.groups,
    )
    caption = f"{heading}\n{texts.format_counts(shown.counts)}"
    if as_ == PICTURE and shown.items and len(shown.owing) <= MOST_ROWS:
        name = make_file_name(shown.title, f"{shown.today:%Y%m%d}", suffix=".png")
        return OutgoingMessage(caption, file=Attachment(name, recipe=to_recipe(board)))
    if as_ == PICTURE and shown.items:
        caption += f"\n超过{MOST_ROWS}个组织，图上看不清，给您表格。"
    name = make_file_name(f"台账-{shown.title}", f"{shown.today:%Y%m%d}", suffix=".xlsx")
    return OutgoingMessage(
        caption, file=Attachment(name, recipe=to_recipe(_build_book(request, shown, board)))
    )


def show_record_sheet(request: Request, completion_id: int) -> Answers:
    """The record sheet of one meeting; no answer for a record that the speaker may not see."""
    row = request.session.get(Completion, completion_id)
    if row is None or row.superseded_at is not None:
        return []
    if row.organization_id not in request.scope(Action.STATUS):
        return []
    organization = request.index.tree.get_name(row.organization_id)
    requirement = request.context.rules.get_name(row.requirement)
    meeting = file_values.build_meeting(organization, requirement, to_entry(row))
    day = format_short_day(row.held_on, request.today)
    text = f"{escape(organization)} · {escape(requirement)} · {day} 记录表"
    name = make_file_name(organization, requirement, f"{row.held_on:%Y%m%d}", suffix=".docx")
    remark = "没有登记的地方留空，请手写补上。"
    return [OutgoingMessage(f"{text}\n{remark}", file=Attachment(name, recipe=to_recipe(meeting)))]


def _build_book(request: Request, shown: View, board: Board) -> Book:
    subjects = {get_subject(item.occurrence) for item in shown.items}
    rules = request.context.rules
    shared = {rule.key for rule in rules.requirements if rule.covered_by_superior}
    found = record_history.load_of_subjects(
        request.session, subjects, ledger=request.index.ledger, shared=shared, known=shown.known
    )
    every = {row.id: row for rows in found.values() for row in rows}
    held = {row.id: one for row, one in view.build_records(request, list(every.values()))}
    tree = request.index.tree
    owed, _ = shown.subjects
    free = [
        (tree.get_name(row.organization_id), shown.groups.get(row.organization_id, ""), one, to_entry(row))
        for row, one in view.list_records(request, shown)
        if row.requirement not in owed
    ]
    return file_values.build_status_book(
        board,
        shown.where,
        shown.today,
        shown.items,
        held={subject: [(to_entry(row), held[row.id]) for row in rows] for subject, rows in found.items()},
        free=free,
        groups=shown.groups,
    )
