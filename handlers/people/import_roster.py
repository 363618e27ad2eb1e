"""Roster import in the chat: an admin sends the file, checks the plan and confirms it."""

import hashlib

from handlers.core.callback_data import IMPORT, YES, build_confirmation_rows
from handlers.core.context import Answers, Request
from handlers.core.messages import File, OutgoingMessage
from handlers.people import texts as words
from models.register import confirmations, roster
from models.rules.people.permissions import Action
from models.rules.roster.files import find_parts, plan_from, read_file
from models.rules.roster.sheets import MOST_BYTES
from models.rules.roster.summary import format_summary
from models.rules.roster.types import ImportPlan
from models.tables.people import Confirmation

LINES_OF_A_KIND = 8
MOST_LINES = 1_000_000


def is_roster(request: Request, file: File) -> bool:
    """Whether this is a roster file that the speaker may import in this chat."""
    private = request.message.chat_kind == "private" and not request.message.edited
    fits = file.name.lower().endswith((".xlsx", ".csv", ".xls", ".txt"))
    return private and fits and request.person is not None and bool(request.scope(Action.ADMINISTER))


def ask_import(request: Request, file: File) -> Answers:
    """Show what the file would change and ask for confirmation; nothing is written yet."""
    if file.size > MOST_BYTES:
        return [OutgoingMessage(words.FILE_TOO_LARGE)]
    if file.content is None:
        return [OutgoingMessage(words.FILE_NOT_FETCHED)]
    plan = _plan_import(request, file.name, file.content)
    if plan.wrong or plan.nothing:
        return [OutgoingMessage(words.format_import_plan(_format_plan(plan), asks=False))]
    confirmation = confirmations.add_confirmation(
        request.session,
        confirmations.IMPORT,
        chat_id=request.place.id,
        member_id=request.speaker.id,
        detail={"name": file.name[:200], "digest": _hash_plan(plan)},
        content=file.content,
    )
    return [_ask_confirmation(confirmation, plan)]


def answer_press(request: Request, confirmation_id: int, choice: str) -> Answers:
    """确认 or 取消 by the admin who sent the file; planned again, since the register may have changed."""
    confirmation = confirmations.find_waiting(
        request.session, confirmation_id, confirmations.IMPORT, of=request.speaker.id
    )
    if confirmation is None or confirmation.chat_id != request.place.id:
        return []
    if not request.scope(Action.ADMINISTER) or confirmation.content is None:
        return []
    if choice != YES:
        confirmations.settle_confirmation(confirmation, by=request.speaker.id)
        return [OutgoingMessage(words.NOT_IMPORTED, edits=request.message.message_key)]
    roster.lock_imports(request.session)
    detail = confirmation.detail or {}
    plan = _plan_import(request, detail["name"], confirmation.content)
    if plan.wrong or plan.nothing:
        confirmations.settle_confirmation(confirmation, by=request.speaker.id)
        return [
            OutgoingMessage(
                words.format_import_plan(_format_plan(plan), asks=False), edits=request.message.message_key
            )
        ]
    if _hash_plan(plan) != detail["digest"]:
        confirmation.detail = {**detail, "digest": _hash_plan(plan)}
        return [_ask_confirmation(confirmation, plan, edits=request.message.message_key)]
    roster.apply_plan(request.session, plan, today=request.today, by=request.speaker.id, at=request.now)
    confirmations.settle_confirmation(confirmation, by=request.speaker.id)
    return [OutgoingMessage(words.format_imported(_format_plan(plan)), edits=request.message.message_key)]


def _plan_import(request: Request, name: str, content: bytes) -> ImportPlan:
    files = find_parts(read_file(name, content))
    return plan_from(roster.load_roster(request.session), files, today=request.today)


def _ask_confirmation(
    confirmation: Confirmation, plan: ImportPlan, edits: str | None = None
) -> OutgoingMessage:
    rows = build_confirmation_rows(IMPORT, confirmation.id, "确认导入", "取消")
    return OutgoingMessage(words.format_import_plan(_format_plan(plan), asks=True), rows, edits=edits)


def _format_plan(plan: ImportPlan) -> str:
    return format_summary(plan, LINES_OF_A_KIND)


def _hash_plan(plan: ImportPlan) -> str:
    """A hash of the whole summary of a plan, to compare two plans."""
    return hashlib.sha256(format_summary(plan, most=MOST_LINES).encode()).hexdigest()
