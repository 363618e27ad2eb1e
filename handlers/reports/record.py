"""New reports, and messages that were edited after they were reported."""

from collections.abc import Sequence

from handlers.core.context import Answers, Request
from handlers.core.messages import OutgoingMessage
from handlers.reading.types import Reading
from handlers.reports import draft, texts
from handlers.reports.draft import Piece
from handlers.reports.save import NotAllowedError, ask_or_store, complete_piece
from models.records import completions, reports
from models.records.reports import Report
from models.rules.deliveries import ReplyContext
from models.rules.people.permissions import Action


def record_report(request: Request, reading: Reading, replied: ReplyContext) -> Answers:
    """Store one message as a report, or ask for what is missing."""
    if not request.scope(Action.REPORT):
        return [OutgoingMessage(texts.REPORTERS_ONLY)]
    pieces = [draft.build_piece(event, request.message.text) for event in reading.records]
    try:
        pieces = [complete_piece(request, piece, replied) for piece in pieces]
    except NotAllowedError as refused:
        return [OutgoingMessage(texts.format_not_allowed(refused.organization))]
    message = request.message
    row = reports.add_report(
        request.session,
        chat_id=request.place.id,
        message_key=message.message_key,
        member_id=request.speaker.id,
        text=message.text,
        said_at=message.at,
    )
    if row is not None:
        return ask_or_store(request, row, pieces, replied, new=True)
    row = reports.find_by_message(request.session, request.place.id, message.message_key)
    return (
        ask_or_store(request, row, pieces, replied) if row is not None else []
    )  # the same update, delivered twice


def apply_edit(request: Request, reading: Reading, replied: ReplyContext) -> Answers | None:
    """Change the record of an edited message; None where the message was no report."""
    row = reports.find_by_message(request.session, request.place.id, request.message.message_key)
    if row is None or row.member_id != request.speaker.id:
        return None
    if row.status == reports.WITHDRAWN:
        return None
    reports.add_revision(request.session, row.id, request.message.text, request.message.at)
    if not reading.records:
        return [OutgoingMessage(texts.EDIT_NOT_UNDERSTOOD, about=ReplyContext(report_id=row.id))]
    pieces = _keep_recorded_values(
        request, row, [draft.build_piece(event, request.message.text) for event in reading.records]
    )
    try:
        return ask_or_store(request, row, pieces, replied)
    except NotAllowedError as refused:
        return [OutgoingMessage(texts.format_not_allowed(refused.organization))]


def _keep_recorded_values(request: Request, row: Report, pieces: Sequence[Piece]) -> list[Piece]:
    """The pieces, with activity, branch and day from the record where the edit omits them."""
    before = [completions.to_entry(done) for done in completions.list_of_report(request.session, row.id)]
    if len(before) != len(pieces):
        return list(pieces)
    kept = []
    for piece, old in zip(pieces, before, strict=True):
        entry = piece.entry._replace(
            requirement=piece.entry.requirement or old.requirement,
            organization_id=piece.entry.organization_id or (None if piece.branch else old.organization_id),
        )
        if entry.held_on is None or "held_on" in piece.assumed:
            entry = entry._replace(held_on=old.held_on)
        ask = tuple(name for name in piece.ask if getattr(entry, name, None) is None)
        kept.append(piece._replace(entry=entry, ask=ask))
    return kept
